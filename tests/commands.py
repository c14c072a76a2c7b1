"""The real commands (`python -m bot …`) as processes of their own, with an environment made for them."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Done:
    """What a command said and how it ended."""

    code: int | None
    out: str
    err: str


def environment(settings: Mapping[str, str] = {}) -> dict[str, str]:
    """Only these settings; nothing of the developer's own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1", **settings}


@asynccontextmanager
async def running(
    *arguments: str, folder: Path, settings: Mapping[str, str] = {}
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The command while it runs; killed at the end if it still does."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments,
        cwd=folder, env=environment(settings), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def command(
    *arguments: str, folder: Path, settings: Mapping[str, str] = {}, typed: str = "", timeout_s: float = 60
) -> Done:
    """Run it to its end, with `typed` on its standard input."""
    async with running(*arguments, folder=folder, settings=settings) as process, asyncio.timeout(timeout_s):
        out, err = await process.communicate(typed.encode())
    return Done(process.returncode, out.decode(), err.decode())


async def line_with(words: str, stream: asyncio.StreamReader | None, timeout_s: float = 30) -> str:
    """The next line of output that holds `words`. AssertionError with all there was when none does."""
    assert stream is not None
    seen: list[str] = []
    async with asyncio.timeout(timeout_s):
        async for line in stream:
            seen.append(line.decode())
            if words in seen[-1]:
                return seen[-1]
    raise AssertionError(f"{words!r} was never said, only:\n{''.join(seen)}")
