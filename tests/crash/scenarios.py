"""Ways to put the bot under strain, each answering with what was found wrong."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.meta.faults import Fault
from bot.sandbox.slack.person import Person
from tests.crash.invariants import findings, rows
from tests.crash.player import Player
from tests.crash.points import Point, Verdict, delivered, try_point
from tests.crash.stage import Stage, six_digits
from tests.crash.victim import Bots

WRITES = ("request_code", "verify_code", "register", "subscribed_apps", "oauth/access_token")
TRIES = 2  # in 24 hours, for the greedy one


@dataclass(frozen=True, slots=True)
class Ground:
    """Where scenarios are played."""

    bots: Bots
    folder: Path
    template: Path


async def kill_all(
    ground: Ground, points: Iterable[Point], *, jobs: int = 2
) -> AsyncGenerator[Verdict, None]:
    """Every point, `jobs` at a time, each as soon as it is done."""
    waiting = iter(list(enumerate(points)))
    running: set[asyncio.Task[Verdict]] = set()
    try:
        while True:
            while len(running) < jobs and (following := next(waiting, None)) is not None:
                index, point = following
                folder = ground.folder / f"{index}-{point.syscall}-{point.at}-{point.again}"
                running.add(asyncio.ensure_future(try_point(ground.bots, folder, ground.template, point)))
            if not running:
                return
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                yield task.result()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def kills(ground: Ground) -> list[str]:
    """Die at every message out, and at some syncs, until something is found."""
    order = sorted(range(1, 45), key=lambda at: at * 7 % 45)  # far apart first
    points = [Point("sendto", at) for at in order]
    points += [Point("fdatasync", at) for at in range(1, 120, 9)]
    async with contextlib.aclosing(kill_all(ground, points)) as verdicts:
        async for verdict in verdicts:
            if verdict.found:
                return verdict.found
    return []


async def lost_answers(ground: Ground) -> list[str]:
    """Meta does what it was asked and the answer never arrives; also: it is not reached at all."""
    found: list[str] = []
    for number, match in enumerate(WRITES):
        for kind in ("reset_after", "reset_before", "http_500"):
            async with Stage(ground.bots, ground.folder / f"{number}-{kind}", ground.template) as stage:
                stage.meta.add_fault(Fault(kind, match))
                found += await play_through(stage, Player(stage))
    return found


async def impatience(ground: Ground) -> list[str]:
    """Every window is submitted twice in one tick."""
    async with Stage(ground.bots, ground.folder / "twice", ground.template) as stage:
        return await play_through(stage, Player(stage, twice=True))


async def greed(ground: Ground) -> list[str]:
    """Somebody guesses codes and asks for new ones in between: the tries of a day must not come back."""
    async with Stage(
        ground.bots, ground.folder / "greed", ground.template, TRIES_PER_DAY=str(TRIES)
    ) as stage:
        bot = await stage.start()
        ana = stage.slack.person("ana")
        await ana.type("/whatsapp reconnect 4821")
        await ana.wait_for("How should Meta send the code?")
        await ana.submit()
        for _ in range(TRIES + 1):
            await ana.wait_until(lambda: _at_rest(ana))
            if ana.modal is not None and ana.modal.submit == "Verify":
                await ana.submit({"Verification code": six_digits()})
                await ana.wait_until(lambda: _at_rest(ana))
            if ana.modal is None or "Send again" not in ana.modal.buttons:
                break  # held back: a code that nobody may type is not asked for either
            sent = len(stage.meta.phone("Sales").messages)
            await ana.click("Send again")
            await ana.wait_until(lambda n=sent: len(stage.meta.phone("Sales").messages) > n)
            await asyncio.sleep(0.1)
        await bot.stop()
        ((tried,),) = rows(
            stage, "SELECT count(*) FROM audit WHERE action = 'code.verify' AND kind = 'intent'"
        )
        return (
            [f"{tried} wrong codes were tried, {TRIES} are allowed in a day"]
            if int(str(tried)) > TRIES
            else []
        )


def _at_rest(person: Person) -> bool:
    """Whether the code box is there, or what stands in its place when no try is left."""
    buttons = person.modal.buttons if person.modal else []
    return "Send again" in buttons or "Check status" in buttons


async def play_through(stage: Stage, player: Player) -> list[str]:
    """The wizard from end to end without a death, and what is wrong afterwards."""
    bot = await stage.start()
    try:
        await player.play()
        await delivered(stage)
    except (AssertionError, TimeoutError) as stuck:
        stage.unclean.append(f"stuck: {type(stuck).__name__} {str(stuck)[:300]}")
    if await bot.stop() != 0:
        stage.unclean.append(f"the bot ended with {bot.status}")
    return findings(stage, [player])


SCENARIOS: Mapping[str, Callable[[Ground], Awaitable[list[str]]]] = {
    "kill points": kills,
    "lost answers": lost_answers,
    "double submits": impatience,
    "greedy guesser": greed,
}
