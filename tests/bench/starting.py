"""P11: start → Socket Mode ready, and resident memory, against a no-op Bolt app and Bolt for JavaScript."""

import shutil
import tempfile
from pathlib import Path

from storage import schema
from tests.bench import rig
from tests.bench.result import Result, median

ROUNDS = 7


async def measure() -> list[Result]:
    folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    schema.ensure(folder / "template.db", busy_timeout_s=1.5)
    commands = {"ours": rig.OURS, "Bolt async": rig.PEERS["Bolt async as documented"]}
    node = rig.node_peer()
    if node:
        commands["Bolt for JavaScript"] = node
    ready: dict[str, list[float]] = {name: [] for name in commands}
    memory: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(ROUNDS):
        for name, command in commands.items():
            path = folder / f"{turn}.db"
            shutil.copyfile(folder / "template.db", path)
            async with rig.running(command, database=path) as target:
                ready[name].append(target.ready_s)
                memory[name].append(target.memory_mb)
    shutil.rmtree(folder, ignore_errors=True)
    start = median([a / b for a, b in zip(ready["ours"], ready["Bolt async"], strict=True)])
    size = median([a / b for a, b in zip(memory["ours"], memory["Bolt async"], strict=True)])
    each = "; ".join(f"{n}: {median(ready[n]):.2f} s, {median(memory[n]):.0f} MB" for n in commands)
    figures = f"{each}: {start:.2f} × start, {size:.2f} × memory of Bolt async; Errbot and opsdroid not measured here"
    js_ok = "Bolt for JavaScript" not in memory or median(memory["ours"]) < median(
        memory["Bolt for JavaScript"]
    )
    asked = "≤ 2.5 × / ≤ 1.8 × Bolt async; below Errbot, opsdroid and Bolt JS in memory"
    why = "" if start <= 2.5 and size <= 1.8 else (
        "SQLModel brings SQLAlchemy and pydantic: together more than half of the start and of the memory."
    )  # fmt: skip
    return [
        Result(
            "P11",
            "start → ready / resident memory",
            asked,
            figures,
            start <= 2.5 and size <= 1.8 and js_ok,
            why,
        )
    ]
