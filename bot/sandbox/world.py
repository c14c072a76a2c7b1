"""The whole sandbox: a fake Slack, a fake Meta, and the unmodified bot between them."""

import asyncio
import secrets
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.sandbox.bot_process import BotProcess
from bot.sandbox.meta.seed import LOGIN_CONFIG_ID, Seed, small_world
from bot.sandbox.meta.server import FakeMeta
from bot.sandbox.meta.world import Door
from bot.sandbox.slack.fake import FakeSlack
from bot.sandbox.slack.person import Person
from bot.sandbox.time import SharedClock

READY_WITHIN_S = 30.0
AUDIT_CHANNEL = "#whatsapp-audit"


class Sandbox:
    """`start` it, act through `person(…)`, look at `slack` and `meta`, `stop` it. Everything is on loopback
    ports of its own and in a temporary folder, so any number of them run side by side."""

    def __init__(self, *, settings: Mapping[str, str] | None = None) -> None:
        self._temporary = TemporaryDirectory(prefix="whatsapp-desk-")
        self.folder = Path(self._temporary.name)
        clock_file = self.folder / "clock"
        self.clock = SharedClock.make(clock_file)
        self.seed = small_world(self.clock)
        self.slack = FakeSlack(clock=self.clock)
        self.meta = FakeMeta(clock=self.clock, world=self.seed.world)
        self.bot = BotProcess(self.folder, clock_file)
        self.is_starting = False  # the bot: not connected yet
        self._secret_key = secrets.token_urlsafe(32)
        self._verify_token = secrets.token_urlsafe(16)
        # Kept while the bot does not listen on it: else any connection that begins meanwhile may be given it.
        self._kept_port = _bound()
        self._port = int(self._kept_port.getsockname()[1])
        if sys.platform != "linux":  # elsewhere nobody could listen there as long as it is bound
            self._kept_port.close()
        self._more = dict(settings or {})

    @property
    def public_url(self) -> str:
        """Where the bot's own HTTP server is: on this machine only, on the same port at every start."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def settings(self) -> dict[str, str]:
        """The bot's environment variables. Known once the fakes listen."""
        database = self.folder / "desk.db"
        of_the_door = {
            "META_LOGIN_CONFIG_ID": LOGIN_CONFIG_ID,
            "META_VERIFY_TOKEN": self._verify_token,
            "PUBLIC_URL": self.public_url,
            "HTTP_PORT": str(self._port),
        }
        usual = bot_settings(self.slack, self.meta, self.seed, database, self._secret_key)
        return usual | of_the_door | self._more

    def person(self, name: str) -> Person:
        """ana, luis, maya, vik, ada, guest or foreign. KeyError for anybody else."""
        return self.slack.person(name)

    async def start(self) -> None:
        """Both fakes and the bot. Raises BotDied, or TimeoutError when it does not connect."""
        await self.slack.start()
        await self.meta.start()
        self._introduce()
        await self.start_bot()

    def _introduce(self) -> None:
        """What an operator enters in the app's settings at Meta: the bot's webhook and where logins end."""
        door = Door(
            app_id=self.seed.app_id,
            callback_url=f"{self.public_url}/webhooks/whatsapp",
            redirect_uri=f"{self.public_url}/oauth/meta/callback",
        )
        self.meta.world.open_door(door)

    async def start_bot(self) -> None:
        """Start it and wait until it is connected to Slack."""
        since = self.slack.delivery.links.opened
        self.is_starting = True
        try:
            await self.bot.start(self.settings)
            await self._connected(since)
        finally:
            self.is_starting = False
            self.bot.tell()

    async def _connected(self, since: int) -> None:
        """Until the bot has a socket, or raise how it ended."""
        connected = asyncio.create_task(self.slack.connected(since=since, timeout_s=READY_WITHIN_S))
        ended = asyncio.create_task(self.bot.ended())
        try:
            await asyncio.wait({connected, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not self.bot.is_running:
                raise self.bot.died()
            await connected
        finally:
            for task in (connected, ended):
                task.cancel()
            await asyncio.gather(connected, ended, return_exceptions=True)

    async def restart_bot(self) -> None:
        """Stop it in order and start it again on the same database."""
        await self.bot.stop()
        await self.start_bot()

    async def kill_bot(self) -> None:
        """End it without a word; `start_bot` starts it again on the same database."""
        await self.bot.kill()

    async def stop(self) -> None:
        """End the bot and both fakes, and remove the temporary folder."""
        try:
            await self.bot.stop()
        finally:
            await self.bot.kill()
            await self.slack.close()
            await self.meta.close()
            self._kept_port.close()
            self._temporary.cleanup()

    async def until(self, true: Callable[[], bool], *, timeout_s: float = 10.0) -> bool:
        """Wait until `true()`, asked again at everything that happens in Slack. False: in vain."""
        return await self.slack.workspace.happenings.until(true, timeout_s=timeout_s)


def _bound() -> socket.socket:
    """A port that nobody else is given, and that a listener which may reuse addresses can still listen on."""
    kept = socket.socket()
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kept.bind(("127.0.0.1", 0))
    return kept


ROLES: Mapping[str, str] = {
    # setting: who is in that list; luis is in none: he only holds the phone
    "WHATSAPP_VIEWERS": "vik",
    "WHATSAPP_OPERATORS": "ana",
    "WHATSAPP_MANAGERS": "maya",
    "WHATSAPP_ADMINS": "ada",
}


def bot_settings(
    slack: FakeSlack, meta: FakeMeta, seed: Seed, database: Path, secret_key: str
) -> dict[str, str]:
    """The environment of a bot between these two, with the usual people in the usual roles."""
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "META_ACCESS_TOKEN": seed.token.reveal(),
        "META_APP_ID": seed.app_id,
        "META_APP_SECRET": seed.app_secret.reveal(),
        "GRAPH_API_URL": meta.url,
        "META_DIALOG_URL": meta.url,
        "DATABASE_URL": f"sqlite:///{database}",
        "SECRET_KEY": secret_key,
        "AUDIT_CHANNEL": slack.channel(AUDIT_CHANNEL).id,
        **{role: slack.person(name).id for role, name in ROLES.items()},
    }
