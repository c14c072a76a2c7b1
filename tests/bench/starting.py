"""P11: start → Socket Mode ready, and resident memory, against a no-op Bolt app and three other bots."""

import shutil
import sys
import tempfile
from pathlib import Path

from storage import schema
from tests.bench import rig
from tests.bench.result import Result, median

ROUNDS = 7
PEERS = rig.HERE / "peers"
OTHERS = {  # name: (script, its packages); none of them is a part of ours
    "Errbot": ("errbot_slack.py", ("errbot==6.2.1", "errbot-backend-slackv3==0.3.2")),
    "opsdroid": ("opsdroid_slack.py", ("opsdroid==0.31.0", "slack_sdk", "emoji", "certifi", "setuptools<81")),
}
WHY = (
    "The packages of the fixed choice alone (Bolt, SQLModel with SQLAlchemy and pydantic, httpx on aiohttp, "
    "cryptography, phonenumbers) are 81 MB and four fifths of the CPU of a start before a line of ours is read: 1.9 × "
    "the memory of Bolt's echo; what is ours is about 9 MB."
)


async def measure() -> list[Result]:
    """Ours and Bolt run in what requirements.txt installs, as in the image: no tools of the developers."""
    python = rig.python_of("ours", "--require-hashes", "-r", "requirements.txt") or sys.executable
    commands = {"ours": (python, *rig.OURS[1:]), "Bolt async": (python, str(PEERS / "bolt_documented.py"))}
    node = rig.node_peer()
    if node:
        commands["Bolt for JavaScript"] = node
    ready, memory = await _in_turn(commands)
    start = median([a / b for a, b in zip(ready["ours"], ready["Bolt async"], strict=True)])
    size = median([a / b for a, b in zip(memory["ours"], memory["Bolt async"], strict=True)])
    others = {name: median(figures) for name, figures in memory.items() if name not in ("ours", "Bolt async")}
    others.update(await _others())
    each = "; ".join(f"{n}: {median(ready[n]):.2f} s, {median(memory[n]):.0f} MB" for n in commands)
    told = "; ".join(
        f"{n}: {others[n]:.0f} MB" if n in others else f"{n}: cannot be installed here" for n in OTHERS
    )
    figures = f"{each}; {told}: {start:.2f} × start, {size:.2f} × memory of Bolt async"
    met = start <= 2.5 and size <= 1.8 and all(median(memory["ours"]) < other for other in others.values())
    asked = "≤ 2.5 × / ≤ 1.8 × Bolt async; below Errbot, opsdroid and Bolt JS in memory"
    return [Result("P11", "start → ready / resident memory", asked, figures, met, WHY)]


async def _in_turn(
    commands: dict[str, tuple[str, ...]],
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Seconds until connected, and MB then, of each; in turn, so that a drift of the machine meets all of them."""
    folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    schema.ensure(folder / "template.db", busy_timeout_s=1.5)
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
    return ready, memory


async def _others() -> dict[str, float]:
    """MB of each that can be installed, running with its part for Slack (opsdroid's does not always connect)."""
    found: dict[str, float] = {}
    for name, (script, packages) in OTHERS.items():
        python = rig.python_of(name, *packages)
        if python:
            async with rig.running((python, str(PEERS / script)), connects=False) as target:
                found[name] = target.memory_mb
    return found
