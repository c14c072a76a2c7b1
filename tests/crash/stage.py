"""A Slack, a Meta and a database file that outlive the bot, and a witness at Meta's door."""

import asyncio
import contextlib
import secrets
import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.clock import Clock
from bot.sandbox.meta import seed
from bot.sandbox.meta.calls import Call
from bot.sandbox.meta.server import FakeMeta
from bot.sandbox.slack.fake import FakeSlack
from bot.sandbox.world import bot_settings
from bot.secret import Secret
from tests.crash.victim import Bot, Bots
from tests.desk import SECRET_KEY, SLACK_WAITS_S

READY_WITHIN_S = 20.0
DEEDS: Mapping[str, str] = {
    # the last part of a write's path → the act its intent names
    "request_code": "code.request",
    "verify_code": "code.verify",
    "register": "number.register",
    "subscribed_apps": "webhook.subscribe",
}
OPEN_INTENTS = """
SELECT i.op FROM audit AS i WHERE i.kind = 'intent' AND i.action = ? AND (i.number_id = ? OR ?)
AND NOT EXISTS (SELECT 1 FROM audit AS o WHERE o.op = i.op AND o.kind = 'outcome')
"""


class Stage:
    """Everything but the bot. `found`: what the witness at Meta's door objected to."""

    def __init__(
        self, bots: Bots, folder: Path, template: Path, *, world: seed.Seed | None = None, **settings: str
    ) -> None:
        self._bots = bots
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "desk.db"
        shutil.copyfile(template, self.path)
        self.seed = canaries(world or seed.small_world(Clock()))
        self.slack = FakeSlack(clock=self.seed.world.clock, ack_s=SLACK_WAITS_S, trigger_s=SLACK_WAITS_S)
        self.meta = FakeMeta(world=self.seed.world)
        self.meta.on_write = self._witness
        self._settings = settings
        self.found: list[str] = []
        self.used: set[str] = set()  # ops whose one write has arrived
        self.deaths = 0
        self.unclean: list[str] = []
        tokens = {f"xoxb-{secrets.token_hex(20)}": "bot_token", f"xapp-{secrets.token_hex(20)}": "app_token"}
        for text, attribute in tokens.items():
            setattr(self.slack, attribute, text)
            self.slack.tokens[text] = ""

    @property
    def log(self) -> Path:
        return self.folder / "bot.log"

    def settings(self) -> dict[str, str]:
        """The bot's environment. No waits between codes: a point must not last minutes."""
        return {
            **bot_settings(self.slack, self.meta, self.seed, self.path, SECRET_KEY),
            "WHATSAPP_OPERATORS": "U0ANA,U0LUIS",
            "CODE_WAITS": "0",
            "CODES_PER_DAY": "20",
            "TRIES_PER_DAY": "20",
            "PIN_GUESSES": "3",
            "REGISTERS_PER_72H": "9",
            "LOG_LEVEL": "INFO",
            **self._settings,
        }

    async def __aenter__(self) -> "Stage":
        await self.slack.start()
        await self.meta.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.slack.close()
        await self.meta.close()

    async def at_the_door(self) -> Bot:
        """A bot that has not begun yet: strace may take hold of it before `go`."""
        return await self._bots.make(self.settings(), self.folder)

    async def go(self, bot: Bot) -> bool:
        """Let it run; whether it came up (False: it died on the way)."""
        since = self.slack.delivery.links.opened
        self._bots.go(bot)
        return await self.came_up(bot, since)

    async def came_up(self, bot: Bot, since: int) -> bool:
        """Until it is connected to Slack or dead."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(READY_WITHIN_S):
                while bot.lives:
                    with contextlib.suppress(TimeoutError):
                        await self.slack.connected(since=since, timeout_s=0.1)
                        return True
        return False

    async def start(self) -> Bot:
        """A bot that is up. AssertionError when it does not come up."""
        bot = await self.at_the_door()
        assert await self.go(bot), f"the bot did not come up (exit code {bot.status}): {self.log_tail()}"
        return bot

    def log_tail(self) -> str:
        return self.log.read_text()[-1500:] if self.log.exists() else ""

    # -- the witness (I1) ---------------------------------------------------------------------------

    async def _witness(self, call: Call) -> None:
        """A write has arrived: its intent must be in the file by now, and must not have been used before."""
        *_, number_id, last = ["", *call.path.split("/")]
        act = DEEDS.get(last, "pin.set")
        number_id = last if act == "pin.set" else number_id
        ops = self.open_intents(act, number_id, anywhere=act == "webhook.subscribe")
        fresh = [op for op in ops if op not in self.used]
        if fresh:
            self.used.add(fresh[0])
        else:
            self.found.append(
                f"{act} reached Meta a second time" if ops else f"{act} reached Meta unrecorded"
            )

    def open_intents(self, act: str, number_id: str, *, anywhere: bool = False) -> list[str]:
        """Read from the bot's file, as it is now."""
        try:
            return _ask(f"file:{self.path}?mode=ro", act, number_id, anywhere)
        except sqlite3.OperationalError:  # a journal left by a killed bot: let SQLite roll back a copy
            copy = self.folder / f"witness-{secrets.token_hex(4)}.db"
            shutil.copyfile(self.path, copy)
            journal = self.path.with_name(self.path.name + "-journal")
            if journal.exists():
                shutil.copyfile(journal, copy.with_name(copy.name + "-journal"))
            return _ask(f"file:{copy}", act, number_id, anywhere)


def _ask(uri: str, *parameters: object) -> list[str]:
    link = sqlite3.connect(uri, uri=True, timeout=2)
    try:
        return [op for (op,) in link.execute(OPEN_INTENTS, parameters)]
    finally:
        link.close()


def canaries(world: seed.Seed) -> seed.Seed:
    """Secrets of this run only: a token, an app secret, and PINs; and a Meta without pauses between tries."""
    token = f"EAAG{secrets.token_hex(32)}"
    app_secret = secrets.token_hex(16)
    old = world.world.tokens.pop(world.token.reveal())
    soon = world.world.clock.now() + timedelta(days=9)  # so that the refresh extends it
    world.world.add_token(replace(old, text=token, expires_at=soon))
    world.world.apps[world.app_id].secret = app_secret
    pins = {name: Secret(six_digits()) for name in world.pins}
    for name, pin in pins.items():
        world.world.number(name).set_pin(pin.reveal())
    for number in world.world.numbers.values():
        rules = number.rules
        rules.min_gap = rules.pin_gap = timedelta()
        rules.max_codes, rules.max_wrong, rules.pin_guesses = 40, 40, 20
    for account in world.world.accounts.values():
        account.unsubscribe_app(world.app_id)
    return replace(world, token=Secret(token), app_secret=Secret(app_secret), pins=pins)


def six_digits() -> str:
    """No zero in front and no pattern people choose."""
    return str(200_000 + secrets.randbelow(700_000))
