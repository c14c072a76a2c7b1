"""The running bot: what is started, what loops beside it, and how it stops."""

import asyncio
import logging
from dataclasses import dataclass

import aiohttp
import httpx

from bot.errors import BotError
from bot.flows.recovery import Start
from bot.forgetting import Forgetting
from bot.graph.errors import GraphError
from bot.outbox import Outbox
from bot.services import Services
from bot.web.server import WebServer
from bot.web.slack import SlackHttp
from handlers.front import Front
from handlers.link import Link
from handlers.people import REFRESH_EVERY, People
from handlers.preflight import Identity
from storage.errors import Conflict, StorageError

EXPIRE_EVERY_S = 15.0
VERIFY_EVERY_S = 3600.0
ANSWERS_WITHIN_S = 2.5  # Slack waits three seconds for an acknowledgement
DRAIN_WITHIN_S = 12.0  # longer than one call to Meta may take
POSTS_WITHIN_S = 3.0  # a post that is cut off is made again at the next start

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """What `Bot` starts and closes."""

    services: Services
    opening: Start
    forgetting: Forgetting
    outbox: Outbox
    people: People
    front: Front
    link: Link | SlackHttp
    web: WebServer | None  # only with PUBLIC_URL
    session: aiohttp.ClientSession
    http: httpx.AsyncClient


class Bot:
    """The running bot. `start` brings it up, `wait` ends when it cannot go on, `close` stops it."""

    def __init__(self, parts: Parts, identity: Identity) -> None:
        self._parts = parts
        self._identity = identity
        self._loops: list[asyncio.Task[None]] = []
        self._watch: asyncio.Task[None] | None = None

    @property
    def services(self) -> Services:
        return self._parts.services

    @property
    def web(self) -> WebServer | None:
        return self._parts.web

    async def start(self) -> None:
        """Listen, connect to Slack and start the loops. Recovery was done while building. Raises CannotListen."""
        if self._parts.web:
            await self._parts.web.start()
        self._loops = [
            asyncio.create_task(self._parts.opening.until_done(), name="opening"),
            asyncio.create_task(self._parts.outbox.run(), name="outbox"),
            asyncio.create_task(self._expire(), name="expire"),
            asyncio.create_task(self._verify(), name="verify"),
            asyncio.create_task(self._read_groups(), name="groups"),
            asyncio.create_task(self._look_at_token(), name="token"),
            asyncio.create_task(self._parts.services.token_watch.run(), name="tokens"),
            asyncio.create_task(self._parts.services.happened.run(), name="happened"),
            asyncio.create_task(self._parts.forgetting.run(), name="forgetting"),
        ]
        await self._parts.link.start(self._identity.socket_url)
        self._watch = asyncio.create_task(self._parts.link.watch(), name="watchdog")

    async def wait(self) -> None:
        """Until the watchdog or a loop ends by an exception; raises it (LinkLost, WrongKey, or a bug).

        A loop that is gone would not be missed by anybody: better a process that ends and is started again.
        """
        going = {*self._loops, *([self._watch] if self._watch else [])}
        ended, _ = await asyncio.wait(going, return_when=asyncio.FIRST_EXCEPTION)
        for loop in ended:
            loop.result()

    async def close(self) -> None:
        """Stop: end the link, finish what was acknowledged, then close the rest."""
        self._parts.services.stopping.set()
        if self._watch:
            self._watch.cancel()
        await self._parts.front.answered(within_s=ANSWERS_WITHIN_S)
        await self._parts.link.close()
        if self._parts.web:
            await self._parts.web.close()
        late = await self._parts.services.tasks.drain(within_s=DRAIN_WITHIN_S)
        if late:
            log.warning("%d task(s) were cut off; recovery will close them", late)
        await self._parts.outbox.finish(within_s=POSTS_WITHIN_S)
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        await self._parts.services.db.close()
        await self._parts.http.aclose()
        await self._parts.session.close()

    async def _expire(self) -> None:
        while True:
            await asyncio.sleep(EXPIRE_EVERY_S)
            try:
                await self._parts.services.opening.expire()
            except StorageError as error:
                log.warning("flows could not be looked through: %s", error.sentence)
            except (BotError, Conflict) as error:  # a flow moved on while it was looked at
                log.info("a flow was not ended: %s", error)
            try:
                await self._parts.services.logins.expire()
            except StorageError as error:
                log.warning("links could not be looked through: %s", error.sentence)

    async def _verify(self) -> None:
        """The records, hourly: a change from outside is noticed before the next start (reliability.md I16)."""
        while True:
            await asyncio.sleep(VERIFY_EVERY_S)
            try:
                await self._parts.opening.look_again()
            except StorageError as error:
                log.warning("the records could not be verified: %s", error.sentence)

    async def _read_groups(self) -> None:
        while self._parts.people.groups:
            await asyncio.sleep(REFRESH_EVERY.total_seconds())
            await self._parts.people.read_groups()

    async def _look_at_token(self) -> None:
        """A dead Meta token at the start is told in the log; the bot still runs, to say so in Slack."""
        try:
            await self._parts.services.directory.account_ids()
        except GraphError as error:
            log.warning("Meta at the start: %s (code %s)", error.message, error.code)
        except Exception as error:  # noqa: BLE001  # only a warning: the same question is asked again on use
            log.warning("Meta at the start: %s", error)
