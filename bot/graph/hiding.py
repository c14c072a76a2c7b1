"""Take secrets out of text that came from outside, before it is kept, logged or shown.

Meta quotes a token in some refusals ("Malformed access token EAAG…"), and an error may repeat the
address it was asked at.
"""

import re
from collections.abc import Iterable

from bot.secret import Secret

HIDDEN = "…"

_TOKEN = re.compile(r"\bEAA[A-Za-z0-9_-]{8,}")
_PARAMETER = re.compile(
    r"\b(access_token|input_token|fb_exchange_token|client_secret|appsecret_proof|code_verifier|verify_token|code|pin)=[^&\s\"'<>]+",
    re.IGNORECASE,
)


def hide(text: str, secrets: Iterable[Secret] = ()) -> str:
    """`text` without anything that looks like a token, and without each of `secrets`."""
    for secret in secrets:
        if secret:
            # A six-digit code inside a longer number is a coincidence, not the code.
            text = re.sub(rf"(?<!\d){re.escape(secret.reveal())}(?!\d)", HIDDEN, text)
    return _PARAMETER.sub(rf"\1={HIDDEN}", _TOKEN.sub(HIDDEN, text))


def one_line(text: str, *, longest: int = 80) -> str:
    """`text` fit for a log line: printable, on one line, cut."""
    return "".join(c if c.isprintable() else "?" for c in text[:longest])
