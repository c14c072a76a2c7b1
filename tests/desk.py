"""The whole bot on the wire fakes, a person at it, and a restart whenever a story needs one."""

import asyncio
import shutil
import socket
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.app import USUAL, Tempo, build
from bot.config import Config
from bot.running import Bot
from bot.sandbox.meta import seed
from bot.sandbox.meta.server import FakeMeta
from bot.sandbox.slack.fake import FakeSlack
from bot.sandbox.slack.happenings import PATIENCE_S
from bot.sandbox.slack.person import Person
from bot.sandbox.time import MovableClock
from bot.sandbox.world import bot_settings

# Slack waits three seconds. A machine with other work than this test needs more for the same; how soon the bot
# acknowledges is measured where a test is about that, and by the bench.
SLACK_WAITS_S = 10.0
SECRET_KEY = "a key for tests only and long enough to be one"


class Desk:
    """A FakeSlack, a FakeMeta, a database file, and the unmodified bot between them."""

    def __init__(
        self, folder: Path, template: Path, world: str | seed.Seed, settings: Mapping[str, str]
    ) -> None:
        self.clock = MovableClock()
        self.path = folder / "desk.db"
        shutil.copyfile(template, self.path)
        self.seed = world if isinstance(world, seed.Seed) else seed.small_world(self.clock)
        self.slack = FakeSlack(clock=self.clock, ack_s=SLACK_WAITS_S, trigger_s=SLACK_WAITS_S)
        self.meta = FakeMeta(clock=self.clock, world=self.seed.world)
        self.tempo: Tempo = USUAL
        self._settings = dict(settings)
        self._bot: Bot | None = None

    @property
    def bot(self) -> Bot:
        assert self._bot is not None, "the bot is not running"
        return self._bot

    def change(self, **settings: str) -> None:
        """Other settings, from the next start on."""
        self._settings |= settings

    def settings(self) -> dict[str, str]:
        """The environment the bot is started with."""
        return bot_settings(self.slack, self.meta, self.seed, self.path, SECRET_KEY) | self._settings

    async def open(self) -> None:
        await self.slack.start()
        await self.meta.start()
        await self.start()

    async def start(self) -> None:
        """Start the bot, as `whatsapp-bot run` does after reading its settings."""
        config = Config.from_env(self.settings(), today=date(2026, 11, 22))
        self._bot = await build(config, clock=self.clock, tempo=self.tempo)
        since = self.slack.delivery.links.opened
        await self._bot.start()
        if config.signing_secret:
            self.slack.send_to(f"{self.web_url}/slack/events")
        else:
            await self.slack.connected(since=since)

    @property
    def web_url(self) -> str:
        """The bot's own server; it has one when PUBLIC_URL is set (HTTP_PORT=0: on any free port)."""
        assert self.bot.web is not None, "the bot has no server: set PUBLIC_URL"
        return f"http://127.0.0.1:{self.bot.web.port}"

    async def stop(self) -> None:
        if self._bot:
            bot, self._bot = self._bot, None
            await bot.close()

    async def restart(self) -> None:
        """Stop gracefully and start again on the same file."""
        await self.stop()
        await self.start()

    async def close(self) -> None:
        await self.stop()
        await self.slack.close()
        await self.meta.close()

    def skip(self, **span: float) -> None:
        """Let time pass for everybody: the bot, Slack and Meta."""
        self.clock.skip(timedelta(**span))

    def person(self, name: str) -> Person:
        return self.slack.person(name)

    @property
    def ana(self) -> Person:
        """An operator."""
        return self.person("ana")

    @property
    def luis(self) -> Person:
        """A colleague without a role: holds the phone."""
        return self.person("luis")

    @property
    def maya(self) -> Person:
        """A manager; reads #whatsapp-audit."""
        return self.person("maya")

    @property
    def vik(self) -> Person:
        """A viewer."""
        return self.person("vik")

    def writes(self, path: str) -> int:
        """How many writes whose path ends in `path` reached Meta."""
        return sum(1 for call in self.meta.calls if call.method == "POST" and call.path.endswith(path))

    async def told(self) -> None:
        """Until everything owed to Slack was delivered."""
        async with asyncio.timeout(PATIENCE_S):
            while (await self.bot.services.db.read(_backlog)) > 0:
                await asyncio.sleep(0.01)


def _backlog(session):
    from storage import outbox

    return outbox.backlog(session).count


def closed_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)
