"""Keys made from SECRET_KEY: one to encrypt what must be kept, one to seal the audit chain."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.secret import Secret
from storage.audit import ChainKey

_LETTERS = str.maketrans("0123456789", "ghijklmnop")  # a fingerprint is never taken for a code


class WrongKey(Exception):
    """What is stored was encrypted with a SECRET_KEY that is not among the ones given."""


class Cipher:
    """Encrypts with the first of `keys` (SECRET_KEY, newest first), decrypts with any of them."""

    def __init__(self, keys: Sequence[Secret]) -> None:
        self._fernet = MultiFernet([Fernet(base64.urlsafe_b64encode(_derive(key, b"store"))) for key in keys])
        self._newest = Fernet(base64.urlsafe_b64encode(_derive(keys[0], b"store")))
        self._marks = _derive(keys[-1], b"fingerprint")  # the oldest: a rotation changes no fingerprint
        self.chain_keys = tuple(_chain_key(key) for key in keys)

    @property
    def chain_key(self) -> ChainKey:
        """The key that seals new audit records."""
        return self.chain_keys[0]

    def encrypt(self, secret: Secret) -> str:
        return self._fernet.encrypt(secret.reveal().encode()).decode("ascii")

    def decrypt(self, text: str) -> Secret:
        """Raises WrongKey when no key fits."""
        try:
            return Secret(self._fernet.decrypt(text.encode("ascii")).decode())
        except (InvalidToken, UnicodeDecodeError):
            raise WrongKey("no SECRET_KEY given opens what is stored") from None

    def is_newest(self, text: str) -> bool:
        """Whether it was encrypted with the newest key."""
        try:
            self._newest.decrypt(text.encode("ascii"))
        except InvalidToken:
            return False
        return True

    def fingerprint(self, secret: Secret) -> str:
        """Eight letters that tell one secret from another, and nothing about either."""
        digest = hmac.new(self._marks, secret.reveal().encode(), hashlib.sha256).hexdigest()
        return digest[:8].translate(_LETTERS)


def _derive(key: Secret, purpose: bytes) -> bytes:
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"whatsapp-desk " + purpose)
    return hkdf.derive(key.reveal().encode())


def _chain_key(key: Secret) -> ChainKey:
    material = _derive(key, b"audit chain")
    return ChainKey(id=hmac.new(material, b"id", hashlib.sha256).hexdigest()[:8], key=material)
