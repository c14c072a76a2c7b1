"""The disk answers with an error: once, or from a moment on until it is well again (reliability.md F19, F20).

The bot goes on: it says so, does nothing that it cannot record, and heals without a restart.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.invariants import findings, rows
from tests.crash.player import Player
from tests.crash.points import delivered
from tests.crash.scenarios import Ground
from tests.crash.stage import Stage
from tests.crash.victim import Strace

# Only SQLite makes these calls: what the bot logs and sends goes out by others.
CALLS = ("fdatasync", "pwrite64", "ftruncate")
ERRORS = ("EIO", "ENOSPC")
ILL_FOR_S = 3.0  # how long a lasting trouble is looked at before the disk is well again
OPEN_INTENTS = """SELECT op FROM audit WHERE kind = 'intent'
    AND op NOT IN (SELECT op FROM audit WHERE kind = 'outcome')"""
HEALS_WITHIN_S = 25.0  # with all that is left of the wizard


@dataclass(frozen=True, slots=True)
class Trouble:
    """`error` at the `at`-th `syscall` of the wizard; `lasting`: and at each one after it."""

    syscall: str
    at: int
    error: str = "EIO"
    lasting: bool = False

    def options(self, into: Path) -> tuple[str, ...]:
        """For strace."""
        when = f"{self.at}+" if self.lasting else str(self.at)
        inject = f"inject={self.syscall}:error={self.error}:when={when}"
        return ("-o", str(into), "-e", f"trace={self.syscall}", "-e", "signal=none", "-e", inject)


SAMPLE = (
    Trouble("fdatasync", 9),
    Trouble("fdatasync", 22, lasting=True),
    Trouble(
        "fdatasync", 55
    ),  # the last sync of a commit: it fails, and the intent of a check stands all the same
    Trouble("pwrite64", 150, "ENOSPC"),
    Trouble("pwrite64", 80, "ENOSPC", lasting=True),
)


@dataclass(slots=True)
class Verdict:
    """`struck`: how many calls failed; none when the trouble lay beyond the wizard's end."""

    trouble: Trouble
    struck: int = 0
    found: list[str] = field(default_factory=list)


def every(entries: dict[str, int], wanted: int) -> list[Trouble]:
    """At `wanted` entries (0: at every one), in turn each error, once and lasting."""
    places = [(name, at) for name in CALLS for at in range(1, entries.get(name, 0) + 1)]
    if 0 < wanted < len(places):
        share = max(1, wanted // len(CALLS))
        places = sorted(
            {
                (n, 1 + i * entries.get(n, 0) // share)
                for n in CALLS
                for i in range(min(share, entries.get(n, 0)))
            }
        )
    return [
        Trouble(name, at, ERRORS[index % 2], lasting=index % 4 >= 2)
        for index, (name, at) in enumerate(places)
    ]


async def suffer_all(
    ground: Ground, troubles: Iterable[Trouble], *, jobs: int = 2
) -> AsyncGenerator[Verdict, None]:
    """Each on a stage of its own, `jobs` at a time."""
    places = asyncio.Semaphore(jobs)

    async def one(index: int, trouble: Trouble) -> Verdict:
        async with places:
            return await suffer(ground, ground.folder / f"io-{index}", trouble)

    for verdict in asyncio.as_completed([one(index, each) for index, each in enumerate(troubles)]):
        yield await verdict


async def quickly(ground: Ground) -> list[str]:
    """What the sample found."""
    return [found async for verdict in suffer_all(ground, SAMPLE) for found in verdict.found]


async def suffer(ground: Ground, folder: Path, trouble: Trouble) -> Verdict:
    """Play until the disk fails, while it does, and on to the end when it is well again."""
    verdict, trace = Verdict(trouble), folder / "trace.txt"
    async with Stage(ground.bots, folder, ground.template) as stage:
        player = Player(stage)
        bot = await stage.start()
        async with Strace(bot, *trouble.options(trace)):
            with contextlib.suppress(AssertionError):  # while the disk is ill, one does not get to the end
                await player.play(within_s=ILL_FOR_S if trouble.lasting else HEALS_WITHIN_S)
        verdict.struck = trace.read_text().count("(INJECTED)")
        if not bot.lives:
            verdict.found.append(f"the bot ended with {bot.status}: {stage.log_tail()}")
            return verdict
        try:
            await player.play(within_s=HEALS_WITHIN_S)
            await _written_down(stage)
            await delivered(stage)
        except (AssertionError, TimeoutError) as stuck:
            verdict.found.append(f"it did not heal: {type(stuck).__name__} {stuck}")
        if await bot.stop() != 0:
            stage.unclean.append(f"the bot ended with {bot.status}")
        verdict.found += findings(stage, [player])
    return verdict


async def _written_down(stage: Stage) -> None:
    """An outcome that the disk refused is written a second later, and owed to Slack only then."""
    async with asyncio.timeout(HEALS_WITHIN_S):
        while rows(stage, OPEN_INTENTS):
            await asyncio.sleep(0.1)
