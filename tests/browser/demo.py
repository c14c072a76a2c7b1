"""The process that `make demo` starts, from its first line to the end of it and of its bot."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.commands import environment, line_with

STOPS_WITHIN_S = 15.0


@dataclass(frozen=True, slots=True)
class Demo:
    """`address` of the page, without a slash at its end."""

    address: str
    process: asyncio.subprocess.Process

    @property
    def bots(self) -> list[int]:
        """The process ids it has started itself."""
        return _children(self.process.pid)


@asynccontextmanager
async def running_demo(folder: Path) -> AsyncIterator[Demo]:
    """Start it; at the end stop it as a person or the system does, and see that nothing is left."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--no-open", "--port", "0",
        cwd=folder, env=environment(), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        said = await line_with("http://127.0.0.1:", process.stdout)
        (address,) = re.findall(r"http://127\.0\.0\.1:\d+", said)
        yield Demo(address, process)
        await _stop(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _stop(process: asyncio.subprocess.Process) -> None:
    bots = _children(process.pid)
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(STOPS_WITHIN_S):
        await process.wait()
    assert [pid for pid in bots if _lives(pid)] == [], "its bot outlived it"


def _lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]
