"""kill -9 at random moments while eight people reconnect eight numbers (F2); and recovery of a full file."""

import asyncio
import random
import sys
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from bot.audit import Act, Journal, Outcome, Record
from bot.cipher import Cipher
from bot.clock import Clock
from bot.numbers import NumberRef
from bot.roles import Person, Role
from bot.sandbox.meta import seed
from bot.sandbox.meta.calls import Call
from bot.secret import Secret
from storage.db import Database
from tests.crash.invariants import findings, rows
from tests.crash.player import WAYS_ON, Player
from tests.crash.points import delivered, until_dead_or_done
from tests.crash.scenarios import Ground
from tests.crash.stage import Stage
from tests.desk import SECRET_KEY

USERS = 8
KILLS_PER_STAGE = 4
OPEN = """SELECT count(*) FROM (SELECT op FROM audit WHERE kind <> 'fact' GROUP BY op
HAVING sum(kind = 'intent') > sum(kind = 'outcome'))"""


@dataclass(slots=True)
class Strain:
    """What came of it. `slowest_s`: the longest time from start to connected."""

    stages: int = 0
    deaths: int = 0
    slowest_s: float = 0.0
    unknown: int = 0
    found: list[str] = field(default_factory=list)


async def random_kills(ground: Ground, wanted: int, *, seed_of_dice: int = 7) -> Strain:
    """At least `wanted` deaths, a few on each stage; everybody gets to “Connected” all the same."""
    strain, dice = Strain(), random.Random(seed_of_dice)
    while strain.deaths < wanted:
        await _one_stage(ground, strain, dice)
    return strain


def branches() -> seed.Seed:
    """Eighty numbers, of which every tenth is disconnected and has a PIN."""
    world = seed.many(USERS * 10, clock=Clock())
    names = [number.verified_name for number in world.world.numbers.values() if number.status != "CONNECTED"]
    return replace(world, pins=dict.fromkeys(names, Secret("000000")))


async def _one_stage(ground: Ground, strain: Strain, dice: random.Random) -> None:
    names = [f"user{i}" for i in range(USERS)]
    operators = ",".join(f"U0{name.upper()}" for name in names)
    world = branches()
    folder = ground.folder / f"load-{strain.stages}"
    async with Stage(
        ground.bots, folder, ground.template, world=world, WHATSAPP_OPERATORS=operators
    ) as stage:
        players = []
        for name, number in zip(names, stage.seed.pins, strict=True):
            stage.slack.workspace.add_person(name)
            players.append(Player(stage, who=name, number=number))
        for kill in range(KILLS_PER_STAGE):
            bot = await _started(stage, strain)
            playing = [
                asyncio.ensure_future(p.play(way_on=dice.choice(WAYS_ON), within_s=60)) for p in players
            ]
            await asyncio.sleep(dice.uniform(0.05, 1.2) if kill else dice.uniform(0.2, 1.5))
            bot.kill()
            await bot.wait()
            for task in playing:
                task.cancel()
            await asyncio.gather(*playing, return_exceptions=True)
            stage.deaths += 1
        bot = await _started(stage, strain)
        try:
            await asyncio.gather(*(p.play(within_s=60) for p in players))
            await delivered(stage)
        except (AssertionError, TimeoutError) as stuck:
            strain.found.append(f"stuck: {stuck}")
        if await bot.stop() != 0:
            stage.unclean.append(f"the bot ended with {bot.status}")
        strain.found += findings(stage, players)
        ((unknown,),) = rows(stage, "SELECT count(*) FROM audit WHERE outcome = 'unknown'")
        strain.unknown += int(str(unknown))
    strain.stages += 1
    strain.deaths += KILLS_PER_STAGE


async def _started(stage: Stage, strain: Strain):  # type: ignore[no-untyped-def]  # a Bot
    begun = time.monotonic()
    bot = await stage.start()
    strain.slowest_s = max(strain.slowest_s, time.monotonic() - begun)
    return bot


async def fill(path: Path, records: int, orphans: int) -> None:
    """`records` lines of history, all still owed to Slack, and `orphans` intents without an outcome."""
    journal = Journal(key=Cipher((Secret(SECRET_KEY),)).chain_key, channel="C0AUDIT")
    ref = NumberRef("106540352242922", "102290129340398", "Sales", "15550104821", "+1 555-010-4821")
    ana, begun = Person(id="U0ANA", name="ana", role=Role.OPERATOR), Clock().now() - timedelta(days=90)
    db = Database(f"sqlite:///{path}")
    await db.start()

    def record(i: int, kind: str, outcome: Outcome = Outcome.NONE) -> Record:
        at = begun + timedelta(minutes=min(i, records))
        return Record(
            op=f"code.request:{i}", kind=kind, act=Act.CODE_REQUEST, person=ana, at=at, ref=ref,
            flow_id=f"f{i // 20}", outcome=outcome,
        )  # fmt: skip

    def page(at: int):  # type: ignore[no-untyped-def]  # a work
        def work(session):
            for i in range(at, at + 500):
                journal.write(session, record(i, "intent"))
                journal.write(session, record(i, "outcome", Outcome.OK))

        return work

    for at in range(0, records // 2, 500):
        await db.write(page(at))
    await db.write(lambda s: [journal.write(s, record(records + i, "intent")) for i in range(orphans)])
    await db.close()


async def recovery_of_a_full_file(
    ground: Ground, *, records: int = 10_000, orphans: int = 50
) -> dict[str, float]:
    """Seconds from the start of `python -m bot run` (a cold process) to: no open intent; connected; all told."""
    template = ground.folder / "full.db"
    ground.folder.mkdir(parents=True, exist_ok=True)
    template.write_bytes(ground.template.read_bytes())
    async with Stage(ground.bots, ground.folder / "full", template) as stage:
        player = Player(stage)
        bot = await stage.start()
        witness = stage.meta.on_write
        assert witness is not None

        async def on_write(call: Call) -> None:
            bot.kill()

        stage.meta.on_write = on_write
        await until_dead_or_done(stage, bot, player)
        await fill(stage.path, records, orphans)
        ((open_before,),) = rows(stage, OPEN)
        took = {"open intents before": float(str(open_before))}
        begun = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=stage.folder, stderr=asyncio.subprocess.DEVNULL,
            env={**stage.settings(), "PYTHONPATH": str(ground.bots.tree)},
        )  # fmt: skip
        try:
            await _until(stage, OPEN)
            took["closed after (s)"] = time.monotonic() - begun
            await stage.slack.connected(since=1, timeout_s=30)
            took["connected after (s)"] = time.monotonic() - begun
            await _until(stage, "SELECT count(*) FROM outbox WHERE sent_at IS NULL", within_s=300)
            took["backlog told after (s)"] = time.monotonic() - begun
        finally:
            process.terminate()
            await process.wait()
        took["messages for the backlog"] = float(len(stage.slack.called("chat.postMessage")))
    return took


async def _until(stage: Stage, statement: str, *, within_s: float = 60.0) -> None:
    async with asyncio.timeout(within_s):
        while rows(stage, statement) != [(0,)]:
            await asyncio.sleep(0.02)
