"""One kill point: the wizard is played, the bot dies at one system call, and everything must still hold."""

import asyncio
import contextlib
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.invariants import findings
from tests.crash.player import WAYS_ON, Player
from tests.crash.stage import Stage
from tests.crash.victim import KILLED, Bot, Bots, Strace, counting, killing

# What the bot calls between the first click and “Connected” (found with `python -m tests.crash --count`).
SYSCALLS = (
    "sendto", "recvfrom", "epoll_wait", "fdatasync", "pwrite64", "ftruncate", "connect", "write", "fcntl", "openat",
)  # fmt: skip
DELIVERED_WITHIN_S = 15.0


@dataclass(frozen=True, slots=True)
class Point:
    """Die at the `at`-th `syscall` of the wizard; then, unless 0, at the `again`-th of the next start."""

    syscall: str
    at: int
    again: int = 0
    new_pin: bool = False

    @property
    def way_on(self) -> str:
        return WAYS_ON[self.at % len(WAYS_ON)]


@dataclass(slots=True)
class Verdict:
    """`died`: whether the victim did (else the point lies beyond the wizard's end)."""

    point: Point
    died: bool = False
    died_again: bool = False
    up_in_s: float = 0.0
    found: list[str] = field(default_factory=list)


async def try_point(bots: Bots, folder: Path, template: Path, point: Point) -> Verdict:
    """Play it on a stage of its own."""
    verdict = Verdict(point)
    async with Stage(bots, folder, template) as stage:
        player = Player(stage, new_pin="482915" if point.new_pin else "")
        try:
            await _through(stage, player, verdict)
        except AssertionError as stuck:
            verdict.found.append(f"stuck: {stuck}")
        verdict.found += findings(stage, [player])
    return verdict


async def _through(stage: Stage, player: Player, verdict: Verdict) -> None:
    point = verdict.point
    bot = await stage.start()
    async with Strace(bot, *killing(point.syscall, point.at)):
        verdict.died = await until_dead_or_done(stage, bot, player)
    if not verdict.died:
        verdict.died = await _died_last(stage, bot)
    if not verdict.died:
        return
    if point.again:
        verdict.died_again = await _die_while_starting(stage, point)
    begun = asyncio.get_running_loop().time()
    bot = await stage.start()
    verdict.up_in_s = asyncio.get_running_loop().time() - begun
    await player.play(way_on=point.way_on)
    await delivered(stage)
    if await bot.stop() != 0:
        stage.unclean.append(f"the bot ended with {bot.status}")


async def _died_last(stage: Stage, bot: Bot) -> bool:
    """Stop it. The point may have been reached while strace was letting go."""
    status = await bot.stop()
    if status not in (0, KILLED):
        stage.unclean.append(f"the bot ended with {status}")
    stage.deaths += status == KILLED
    return status == KILLED


async def until_dead_or_done(stage: Stage, bot: Bot, player: Player, *, within_s: float = 15.0) -> bool:
    """Play until the victim dies (True) or the person is through (False)."""
    playing, dying = asyncio.ensure_future(player.play(within_s=within_s)), asyncio.ensure_future(bot.wait())
    await asyncio.wait({playing, dying}, return_when=asyncio.FIRST_COMPLETED)
    if playing.done():
        dying.cancel()
        playing.result()
        with contextlib.suppress(TimeoutError):  # the outbox may still reach the point
            await delivered(stage, bot)
        if bot.lives:
            return False
    playing.cancel()
    await asyncio.gather(playing, dying, return_exceptions=True)
    assert bot.status == KILLED, f"the bot was to be killed, and ended with {bot.status}: {stage.log_tail()}"
    stage.deaths += 1
    return True


async def _die_while_starting(stage: Stage, point: Point) -> bool:
    """The compound fault (F3): the next start dies too, somewhere in opening, verifying or recovering."""
    bot = await stage.at_the_door()
    async with Strace(bot, *killing(point.syscall, point.again)):
        if await stage.go(bot) and await bot.stop() == 0:
            return False
    assert bot.status == KILLED, f"the bot was to be killed while starting, and ended with {bot.status}"
    stage.deaths += 1
    return True


async def delivered(stage: Stage, bot: Bot | None = None) -> None:
    """Until nothing is owed to Slack any more (or the bot is dead)."""
    async with asyncio.timeout(DELIVERED_WITHIN_S):
        while _owed(stage) and (bot is None or bot.lives):
            await asyncio.sleep(0.03)


def _owed(stage: Stage) -> int:
    link = sqlite3.connect(f"file:{stage.path}?mode=ro", uri=True, timeout=2)
    try:
        return int(link.execute("SELECT count(*) FROM outbox WHERE sent_at IS NULL").fetchone()[0])
    except sqlite3.OperationalError:
        return 1
    finally:
        link.close()


async def count(bots: Bots, folder: Path, template: Path, syscalls: Iterable[str]) -> dict[str, int]:
    """How often the busiest thread enters each syscall while the wizard is played undisturbed."""
    trace = folder / "count.txt"
    async with Stage(bots, folder, template) as stage:
        bot = await stage.start()
        async with Strace(bot, *counting(tuple(syscalls), trace)):
            await Player(stage).play()
            await delivered(stage)
        await bot.stop()
    return entries(trace.read_text())


def entries(trace: str) -> dict[str, int]:
    """Entries of each syscall, by the thread that has most of them."""
    by_thread: Counter[tuple[str, str]] = Counter()
    for line in trace.splitlines():
        thread, _, rest = line.partition(" ")
        name, bracket, _ = rest.strip().partition("(")
        if bracket and name.isidentifier():
            by_thread[name, thread] += 1
    most: dict[str, int] = {}
    for (name, _), times in by_thread.items():
        most[name] = max(most.get(name, 0), times)
    return most
