"""The clock's look at the tokens: extend what will end, and warn of it at 14, 7, 3 and 1 days, once each."""

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from bot.audit import BOT, Act, Record
from bot.flows.act import Acts
from bot.flows.extending import Extending
from bot.graph.client import Graph
from bot.graph.errors import GraphError
from bot.graph.model import TokenInfo
from bot.token_held import Held
from bot.token_rules import WARN_DAYS, end_of
from bot.tokens import Tokens
from storage import notices
from storage.errors import StorageError

FIRST_AFTER_S, EVERY_S = 20.0, 3600.0

log = logging.getLogger(__name__)


class TokenWatch:
    """Looks at every token once an hour. Only an answer of Meta's makes it act: a silence changes nothing."""

    def __init__(
        self,
        *,
        acts: Acts,
        graph: Graph,
        tokens: Tokens,
        extending: Extending,
        first_after_s: float = FIRST_AFTER_S,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._acts = acts
        self._graph = graph
        self._tokens = tokens
        self._extending = extending
        self._first_after_s = first_after_s
        self._chance = chance

    async def run(self) -> None:
        wait_s = self._first_after_s
        while True:
            await asyncio.sleep(wait_s * (0.5 + self._chance()))
            await self.look()
            wait_s = EVERY_S

    async def look(self) -> None:
        """Every token, now. Never raises: what could not be looked at is looked at the next time."""
        for held in self._tokens.all():
            try:
                await self._look_at(held)
            except GraphError as error:
                log.info("a token could not be looked at: %s", error.message)
            except StorageError as error:
                log.warning("what a token needs could not be recorded: %s", error.sentence)

    async def _look_at(self, held: Held) -> None:
        if not held.id:
            return  # not stored: the settings' own, while the database could not be written
        info = await self._graph.inspect_token(held.token)
        if not info.is_valid:
            return  # whoever uses it is told; nothing can be done from here
        await self._acts.write(lambda session: self._tokens.describe(session, held, info))
        if (await self._extending.when_due(held, info)).ok:
            return
        now, end = self._acts.clock.now(), end_of(info)
        if end is not None and end > now and (end - now).days < max(WARN_DAYS):
            await self._acts.tell(lambda session: self._warn(session, held, info, end, now))

    def _warn(self, session: Session, held: Held, info: TokenInfo, end: datetime, now: datetime) -> None:
        """Tell the nearest mark that was passed; the ones before it count as told, too."""
        passed = [days for days in WARN_DAYS if (end - now).total_seconds() <= days * 86400]
        fresh = [days for days in passed if notices.first_time(session, _key(held, end, days), at=now)]
        if min(passed, default=0) not in fresh:
            return
        what = "the token" if end == info.expires_at else "the token's access to data"
        details = {
            "token": self._tokens.fingerprint(held), "whose": held.label, "what": f"{what} ends",
            "when": _in_words(end, now), "do": "“Reconnect with Meta” in /whatsapp token, before it ends",
        }  # fmt: skip
        record = Record(
            op=f"{Act.TOKEN_ENDING.value}:{held.id}:{now.isoformat()}", kind="fact", act=Act.TOKEN_ENDING,
            person=BOT, at=now, details={key: text for key, text in details.items() if text},
        )  # fmt: skip
        self._acts.journal.write(session, record)


def _key(held: Held, end: datetime, days: int) -> str:
    """Of this very token and this end: a new token is warned of anew."""
    return f"token {held.id} ends {end:%Y-%m-%dT%H}: {days}"


def _in_words(end: datetime, now: datetime) -> str:
    hours = int((end - now).total_seconds() // 3600)
    if hours < 48:
        return f"in {hours} hours" if hours != 1 else "in 1 hour"
    return f"in {hours // 24} days"
