"""The access token: imported from the settings once, kept encrypted, replaced only by a proven better one."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.audit import BOT, Act, Journal, Outcome, Record
from bot.cipher import Cipher
from bot.clock import Clock
from bot.graph.model import TokenInfo
from bot.secret import Secret
from storage import tokens
from storage.db import Database

EXTEND_WITHIN = timedelta(days=14)
IN_USE, FROM_SETTINGS = "default", "settings"  # slots of the token table


class Tokens:
    """Holds the token in use. The only reader of stored tokens."""

    def __init__(
        self, *, db: Database, cipher: Cipher, journal: Journal, clock: Clock, given: Secret
    ) -> None:
        self._db = db
        self._cipher = cipher
        self._journal = journal
        self._clock = clock
        self._given = given
        self._current = given
        self._is_new = False

    def current(self) -> Secret:
        return self._current

    async def load(self) -> None:
        """Take up the stored token, unless the settings now hold another one than was imported.

        Raises bot.cipher.WrongKey when SECRET_KEY does not open what is stored, StorageError when it
        cannot be read: then the given token stays in use.
        """
        stored, imported = await self._db.read(_stored)
        self._is_new = imported is None or self._cipher.decrypt(imported) != self._given
        if stored is not None and not self._is_new:
            self._current = self._cipher.decrypt(stored)

    async def take_in(self) -> None:
        """Keep a token that the settings hold for the first time. Raises StorageError."""
        if self._is_new:
            await self._db.write(self._import)
            self._is_new = False

    def _import(self, session: Session) -> None:
        now = self._clock.now()
        for slot in (FROM_SETTINGS, IN_USE):
            sealed = self._cipher.encrypt(self._given)
            tokens.save(
                session, slot=slot, ciphertext=sealed, app_id="", user_id="", kind="", expires_at=None, at=now
            )  # fmt: skip
        op = f"token.imported:{now.isoformat()}"
        self._journal.write(
            session,
            Record(op=op, kind="fact", act=Act.TOKEN_IMPORTED, person=BOT, at=now, outcome=Outcome.OK),
        )

    def keep(self, session: Session, token: Secret, info: TokenInfo) -> None:
        """Store a proven new token within the caller's transaction; call `use` after its commit."""
        tokens.save(
            session,
            slot=IN_USE,
            ciphertext=self._cipher.encrypt(token),
            at=self._clock.now(),
            app_id=info.app_id,
            user_id=info.user_id,
            kind=info.kind,
            expires_at=info.expires_at,
        )

    def use(self, token: Secret) -> None:
        self._current = token


def should_extend(info: TokenInfo, now: datetime) -> bool:
    """Whether the token can be extended and should be: valid, of a kind that expires, 14 days or less left.

    A token that never expires is never exchanged: that would turn it into a 60-day one.
    """
    expires = info.expires_at
    kind_ok = info.kind in ("USER", "SYSTEM_USER")
    return (
        info.is_valid
        and kind_ok
        and not info.never_expires
        and expires is not None
        and now < expires <= now + EXTEND_WITHIN
    )


def is_better(old: TokenInfo, new: TokenInfo, app_id: str) -> str:
    """ "" when `new` may replace `old`; else why not, in a sentence."""
    if not new.is_valid:
        return "Meta says the new token is not valid."
    if new.app_id != app_id:
        return "The new token belongs to another app."
    if new.user_id != old.user_id:
        return "The new token belongs to another user."
    if not new.scopes >= old.scopes:
        return f"The new token lacks: {', '.join(sorted(old.scopes - new.scopes))}."
    return ""


def _stored(session: Session) -> tuple[str | None, str | None]:
    in_use, imported = tokens.current(session, IN_USE), tokens.current(session, FROM_SETTINGS)
    return (in_use.ciphertext if in_use else None, imported.ciphertext if imported else None)
