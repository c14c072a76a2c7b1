"""No code, PIN or token anywhere (I4, G6): wizards with every fault, and every byte of them searched."""

import asyncio
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot.sandbox.meta.calls import Call
from bot.sandbox.meta.faults import KINDS, Fault
from tests.crash import tap
from tests.crash.canary import Sweep
from tests.crash.player import Player
from tests.crash.points import delivered, until_dead_or_done
from tests.crash.scenarios import Ground
from tests.crash.stage import Stage
from tests.crash.victim import Strace

LEVELS = ("INFO", "DEBUG")
SLACK_FAULTS = ("429", "500", "503", "garbage", "reset_before", "reset_after", "error")
SLOW = frozenset({"hang", "hang_before", "hang_after", "slow_loris"})  # ten seconds each
NEW_PIN = "482915"


@dataclass(frozen=True, slots=True)
class Run:
    """One wizard. `dies_at`: the write during which it is killed with -9 ("": none)."""

    level: str = "DEBUG"
    meta: str = ""
    slack: str = ""
    dies_at: str = ""
    new_pin: bool = False


@dataclass(slots=True)
class Swept:
    """`searched` bytes; `hits` must be empty; `allowed`: secrets in their one place, which proves they were there."""

    runs: int = 0
    finished: int = 0
    searched: int = 0
    cut: int = 0
    hits: list[str] = field(default_factory=list)
    allowed: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Swept") -> None:
        self.runs += other.runs
        self.finished += other.finished
        self.searched += other.searched
        self.cut += other.cut
        self.hits += other.hits
        self.allowed.update(other.allowed)


def every_run() -> Iterator[Run]:
    """Each fault of Meta's and Slack's, at both log levels, and deaths in the middle of each write."""
    for level in LEVELS:
        yield Run(level)
        yield Run(level, new_pin=True)
        yield from (Run(level, meta=kind) for kind in KINDS)
        yield from (Run(level, slack=kind) for kind in SLACK_FAULTS)
        yield from (Run(level, dies_at=at) for at in ("verify_code", "register", "request_code"))


async def sweep(ground: Ground, runs: Iterable[Run], *, jobs: int = 2) -> Swept:
    total, places = Swept(), asyncio.Semaphore(jobs)

    async def one(index: int, run: Run) -> None:
        async with places:
            total.add(await sweep_one(ground, ground.folder / str(index), run))

    await asyncio.gather(*(one(index, run) for index, run in enumerate(runs)))
    return total


async def quickly(ground: Ground) -> list[str]:
    """One wizard at each log level: what was found."""
    found = []
    for level in LEVELS:
        found += (await sweep_one(ground, ground.folder / level, Run(level))).hits
    return found


async def sweep_one(ground: Ground, folder: Path, run: Run) -> Swept:
    """Play one wizard under strace, and look at all that it wrote, logged and sent."""
    swept, traces = Swept(runs=1), [folder / "trace-0.txt", folder / "trace-1.txt"]
    async with Stage(ground.bots, folder, ground.template, LOG_LEVEL=run.level) as stage:
        player = Player(stage, new_pin=NEW_PIN if run.new_pin else "")
        _arm(stage, run)
        try:
            await _play(stage, player, run, traces)
            swept.finished = 1
        except (AssertionError, TimeoutError):
            pass  # some faults leave no way to the end; what was written up to there counts
        _search(stage, player, traces, swept)
    return swept


def _arm(stage: Stage, run: Run) -> None:
    if run.meta:
        on = (
            ("verify_code", "register")
            if run.meta in SLOW
            else ("request_code", "verify_code", "/register", "GET /v")
        )
        for match in on:
            stage.meta.add_fault(Fault(run.meta, match, retry_after="1"))
    if run.slack:
        for method in ("chat.postMessage", "views.update"):
            stage.slack.add_fault(method, run.slack, times=2, skip=1)


async def _play(stage: Stage, player: Player, run: Run, traces: list[Path]) -> None:
    bot = await stage.at_the_door()
    async with Strace(bot, "-o", str(traces[0]), *tap.RECORD):
        assert await stage.go(bot)
        if run.dies_at:
            _kill_at(stage, bot.kill, run.dies_at)
        died = await until_dead_or_done(stage, bot, player, within_s=60)
        if not died:
            await delivered(stage)
            await bot.stop()
    if died:
        bot = await stage.at_the_door()
        async with Strace(bot, "-o", str(traces[1]), *tap.RECORD):
            assert await stage.go(bot)
            await player.play()
            await delivered(stage)
            await bot.stop()


def _kill_at(stage: Stage, kill: Callable[[], None], last: str) -> None:
    """The bot dies while Meta has its request and no answer has left."""
    witness = stage.meta.on_write
    assert witness is not None

    async def on_write(call: Call) -> None:
        await witness(call)
        if call.path.endswith(last):
            stage.meta.on_write = witness
            kill()
            await asyncio.sleep(0.05)

    stage.meta.on_write = on_write


def _search(stage: Stage, player: Player, traces: list[Path], swept: Swept) -> None:
    codes = [("a code or PIN", text) for text in dict.fromkeys(player.secrets())]
    tokens = [
        *stage.seed.world.tokens,
        stage.seed.app_secret.reveal(),
        stage.slack.bot_token,
        stage.slack.app_token,
    ]
    looking = Sweep([*codes, *(("a token", text) for text in tokens)])
    for file in itertools.chain(sorted(stage.folder.glob("desk.db*")), [stage.log]):
        looking.look(f"the file {file.name}", file.read_bytes())
    for call in stage.slack.calls:
        looking.look(f"{call.method}", json.dumps(call.payload, ensure_ascii=False).encode())
    for envelope in stage.slack.envelopes:
        looking.look("an acknowledgement", json.dumps(envelope.payload, ensure_ascii=False).encode())
    ports = {
        "meta_port": urlsplit(stage.meta.url).port or 0,
        "slack_port": urlsplit(stage.slack.url).port or 0,
    }
    for trace in filter(Path.exists, traces):
        heard = tap.heard(trace, **ports)
        swept.allowed.update(heard.allowed)
        swept.cut += heard.cut
        for where, data in heard.pieces:
            looking.look(where, data)
    swept.searched += looking.bytes
    swept.hits += looking.hits
