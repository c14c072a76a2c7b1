"""`python -m tests.crash`: the long runs, by hand or at night, with tables of what was measured."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from storage import schema
from tests.crash import io_errors, load, power, sweep, tree
from tests.crash.points import SYSCALLS, Point, count
from tests.crash.scenarios import SCENARIOS, Ground, kill_all
from tests.crash.seeded import BUGS
from tests.crash.victim import Bots

ALL = {**SCENARIOS, "byte sweep": sweep.quickly, "failing disk": io_errors.quickly}
HEAD = "system call  entries points  died again slowest start findings"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument(
        "--points", type=int, metavar="N", help="kill at N points of the wizard (0: at every one)"
    )
    parser.add_argument(
        "--calls", default=",".join(SYSCALLS), help="system calls to kill at, separated by commas"
    )
    parser.add_argument("--count", action="store_true", help="count the system calls of one wizard")
    parser.add_argument("--seeded", action="store_true", help="put bugs in, and see each found")
    parser.add_argument(
        "--power", type=int, metavar="N", help="lose power: N disk images at each write to Meta"
    )
    parser.add_argument("--sweep", action="store_true", help="search every byte of wizards with every fault")
    parser.add_argument(
        "--load", type=int, metavar="N", help="N random kills under eight people; a full file"
    )
    parser.add_argument(
        "--io", type=int, metavar="N", help="the disk fails at N calls of the wizard (0: at every one)"
    )
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        return asyncio.run(run(asked, Path(folder)))


async def run(asked: argparse.Namespace, folder: Path) -> int:
    template = folder / "template.db"
    schema.ensure(template, busy_timeout_s=1.5)
    if asked.seeded:
        return await show_seeded(folder, template)
    if asked.power:
        return await show_power(folder, template, asked.power)
    async with Bots(tree.copy(folder / "tree")) as bots:
        ground = Ground(bots, folder / "stages", template)
        if asked.count:
            ground.folder.mkdir()
            counted = await count(bots, ground.folder, template, ("all",))
            for name, times in sorted(counted.items(), key=lambda pair: -pair[1]):
                print(f"{times:6} {name}")
            return 0
        if asked.load:
            return await show_load(ground, asked.load)
        if asked.io is not None:
            return await show_io(ground, asked.io, jobs=asked.jobs)
        if asked.sweep:
            return await show_sweep(ground, jobs=asked.jobs)
        return await show_points(ground, asked.points or 0, asked.calls.split(","), jobs=asked.jobs)


async def show_points(ground: Ground, wanted: int, calls: Sequence[str], *, jobs: int) -> int:
    """One line per system call: points, deaths, deaths while starting, slowest recovery, findings."""
    entries = await count(ground.bots, ground.folder / "count", ground.template, calls)
    points = choose(entries, wanted)
    begun, verdicts = time.monotonic(), []
    async for verdict in kill_all(ground, points, jobs=jobs):
        verdicts.append(verdict)
        for found in verdict.found:
            print(f"  FOUND at {verdict.point}: {found}", flush=True)
    print(HEAD)
    for name in calls:
        mine = [v for v in verdicts if v.point.syscall == name]
        print(
            f"{name:<12} {entries.get(name, 0):>7} {len(mine):>6} {sum(v.died for v in mine):>5} "
            f"{sum(v.died_again for v in mine):>5} {max((v.up_in_s for v in mine), default=0):>11.2f} s "
            f"{sum(len(v.found) for v in mine):>8}"
        )
    died, wrong = sum(v.died for v in verdicts), sum(len(v.found) for v in verdicts)
    again = sum(v.died_again for v in verdicts)
    took = time.monotonic() - begun
    print(f"{len(verdicts)} points in {took:.0f} s: {died} deaths, {again} second deaths, {wrong} findings")
    return 1 if wrong or not died else 0


def choose(entries: dict[str, int], wanted: int) -> list[Point]:
    """`wanted` points (0: every entry): half spread over all entries, half over the calls, so that rare ones count.

    Every third dies once more while starting; every fifth person sets a new PIN.
    """
    chosen = [(name, at) for name, entered in entries.items() for at in range(1, entered + 1)]
    if 0 < wanted < len(chosen):
        share = max(1, wanted // 2 // len(entries))
        by_call = [(n, 1 + i * e // share) for n, e in entries.items() for i in range(min(share, e))]
        chosen = sorted({*by_call, *chosen[:: 2 * len(chosen) // wanted]})
    return [
        Point(name, at, again=1 + at % 7 if index % 3 == 2 else 0, new_pin=index % 5 == 4)
        for index, (name, at) in enumerate(chosen)
    ]


async def show_power(folder: Path, template: Path, each: int) -> int:
    """The product must lose nothing; the same replay must see through commits that are not synced."""
    bad = 0
    controls = [bug for bug in BUGS if bug.by == "power"]
    for index, bug in enumerate([None, *controls]):
        home = folder / f"power-{index}"
        async with Bots(tree.copy(home / "tree", bug.patches if bug else ())) as bots:
            outcomes = []
            for run, new_pin in enumerate(("", "482915")):
                trace, before = await power.record(bots, home / f"run-{run}", template, new_pin=new_pin)
                images = home / f"images-{run}"
                images.mkdir()
                outcomes.append(power.replay(trace, before, images, each=each))
        seen = power.total(outcomes)
        print(
            f"{bug.name if bug else '(as it is)':<44} {seen.writes} writes to Meta, {seen.images} images: "
            f"{seen.lost} without the intent, {seen.broken} unsound",
            flush=True,
        )
        wrong = seen.lost + seen.broken
        bad += bool(wrong) if bug is None else not wrong
    return 1 if bad else 0


async def show_io(ground: Ground, wanted: int, *, jobs: int) -> int:
    """One line per kind of trouble: how many were tried, how many calls failed, what was found."""
    entries = await count(ground.bots, ground.folder / "count", ground.template, io_errors.CALLS)
    seen: Counter[tuple[str, str, bool]] = Counter()
    struck, wrong = Counter(seen), Counter(seen)
    async for verdict in io_errors.suffer_all(ground, io_errors.every(entries, wanted), jobs=jobs):
        kind = (verdict.trouble.syscall, verdict.trouble.error, verdict.trouble.lasting)
        seen[kind] += 1
        struck[kind] += verdict.struck
        wrong[kind] += len(verdict.found)
        for found in verdict.found:
            print(f"  FOUND at {verdict.trouble}: {found}", flush=True)
    for kind in sorted(seen):
        name, error, lasting = kind
        long = "lasting" if lasting else "once"
        tried = f"{seen[kind]:>4} tried {struck[kind]:>5} calls failed {wrong[kind]:>3} findings"
        print(f"{name:<12} {error:<7} {long:<8} {tried}")
    print(f"{seen.total()} troubles, {wrong.total()} findings")
    return 1 if wrong.total() or not struck.total() else 0


async def show_load(ground: Ground, kills: int) -> int:
    strain = await load.random_kills(ground, kills)
    for found in strain.found:
        print(f"  FOUND: {found}")
    print(
        f"{strain.deaths} deaths at random on {strain.stages} stages of {load.USERS} people: {len(strain.found)} "
        f"findings, {strain.unknown} outcomes unknown, slowest start {strain.slowest_s:.2f} s"
    )
    for what, figure in (await load.recovery_of_a_full_file(ground)).items():
        print(f"{what:<28} {figure:8.2f}")
    return 1 if strain.found else 0


async def show_sweep(ground: Ground, *, jobs: int) -> int:
    """How much was searched, and what was found; the secrets in their one place show that they were there."""
    swept = await sweep.sweep(ground, sweep.every_run(), jobs=jobs)
    for hit in swept.hits:
        print(f"  HIT: {hit}")
    print(
        f"{swept.runs} wizards ({swept.finished} to the end), {swept.searched / 1e6:.0f} MB searched, {swept.cut} cut"
    )
    print(
        "in their one place:", ", ".join(f"{name} {times}" for name, times in sorted(swept.allowed.items()))
    )
    print(f"{len(swept.hits)} hits")
    return 1 if swept.hits or swept.cut else 0


async def show_seeded(folder: Path, template: Path) -> int:
    missed = 0
    async with Bots(tree.copy(folder / "clean")) as bots:
        for name, scenario in ALL.items():
            found = await scenario(Ground(bots, folder / "clean-stages" / name, template))
            print(
                f"{'(no bug)':<52} {name:<15} {len(found)} findings {found[:1] if found else ''}", flush=True
            )
            missed += bool(found)
    for index, bug in enumerate(BUGS):
        if bug.by == "power":
            continue
        home = folder / f"bug-{index}"
        async with Bots(tree.copy(home / "tree", bug.patches)) as bots:
            found = await ALL[bug.by](Ground(bots, home / "stages", template))
        found.sort(key=lambda words: words.startswith("stuck"))
        first = found[0].splitlines()[0][:110] if found else "MISSED"
        print(f"{bug.name:<52} {bug.by:<15} {len(found):>3} findings, first: {first}", flush=True)
        missed += not found
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
