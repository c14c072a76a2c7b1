"""Ids, timestamps and hashes that look like Slack's and never repeat."""

import itertools
import secrets
import string

from bot.sandbox.slack.model import Now

_ALPHABET = string.ascii_uppercase + string.digits


class Ids:
    """Hands out ids. `ts` grows strictly even when the clock stands still."""

    def __init__(self, clock: Now) -> None:
        self._clock = clock
        self._count = itertools.count(1)

    def new(self, prefix: str) -> str:
        return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(10))

    def ts(self) -> str:
        """A message timestamp; sorts by time of creation within one run."""
        return f"{int(self._clock.now().timestamp())}.{next(self._count):06d}"

    def trigger(self) -> str:
        return f"{next(self._count)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"

    def short(self) -> str:
        """What Slack puts where a block_id or action_id is left out: another one at every update."""
        return secrets.token_urlsafe(4)
