"""Run every measurement and write BENCHMARKS.md. `python -m tests.bench [P1 P7 …]` runs some and prints."""

import asyncio
import os
import platform
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import ack, board, diagnosing, page, reads, records, rendering, starting, webhook
from tests.bench.result import Result, percentile

MEASURES: tuple[tuple[frozenset[str], Callable[[], Awaitable[list[Result]]]], ...] = (
    (frozenset({"P1", "P2", "P3"}), ack.measure),
    (frozenset({"P4"}), board.measure),
    (frozenset({"P6"}), reads.measure),
    (frozenset({"P7"}), records.measure),
    (frozenset({"P10"}), rendering.measure),
    (frozenset({"P11"}), starting.measure),
    (frozenset({"P13", "P14"}), page.measure),
    (frozenset({"P15"}), webhook.measure),
    (frozenset({"P16", "P17"}), diagnosing.measure),
)


def noise() -> str:
    """How much the same small piece of work varies on this machine: median and the slowest 1 %."""
    times = []
    for _ in range(400):
        before = time.perf_counter()
        sum(range(20_000))
        times.append(time.perf_counter() - before)
    middle = percentile(times, 0.5)
    return f"median {middle * 1e6:.0f} µs, p99 {percentile(times, 0.99) / middle:.2f} × the median"


def written(results: list[Result], before: str, after: str) -> str:
    lines = [
        "# Benchmarks",
        "",
        "Made by `make bench`. Only the ratios count: each was measured side by side in one run, with durability,",
        "role checks and redaction on. Absolute times differ from machine to machine.",
        "",
        f"{datetime.now(UTC):%d %B %Y}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{platform.system()}.",
        f"Noise of the machine (the same loop 400 times): before {before}; after {after}.",
        "",
        "| # | what | asked | measured | met |",
        "|---|---|---|---|---|",
    ]
    for r in results:
        met = {True: "yes", False: "**no**", None: "not measured"}[r.met]
        lines.append(f"| {r.target} | {r.what} | {r.asked} | {r.figures} | {met} |")
    lines += ["", *(f"{r.target} missed: {r.why or 'see the figures'}" for r in results if r.met is False)]
    return "\n".join(lines).rstrip() + "\n"


async def main(wanted: set[str]) -> None:
    before = noise()
    results: list[Result] = []
    for targets, measure in MEASURES:
        if wanted and not targets & wanted:
            continue
        for result in await measure():
            results.append(result)
            print(f"{result.target}: {result.figures} [{'met' if result.met else 'MISSED'}]", flush=True)
    if not wanted:
        path = Path(__file__).parents[2] / "BENCHMARKS.md"
        path.write_text(written(results, before, noise()), encoding="utf-8")
        print(f"written: {path.name}")


if __name__ == "__main__":
    asyncio.run(main(set(sys.argv[1:])))
