"""The real commands (`python -m bot …`) as processes of their own, with an environment made for them."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import forks

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


class Forked:
    """`python -m bot …` whose imports were made before (see tests/forks.py): as asyncio's own Process."""

    def __init__(self, pid: int, stdin: asyncio.StreamWriter, told: "Told") -> None:
        self.pid, self.stdin = pid, stdin
        self.stdout, self.stderr = told.stdout, told.stderr
        self.returncode: int | None = None
        self._ended = asyncio.create_task(self._end(told))

    async def _end(self, told: "Told") -> None:
        self.returncode = int(await told.of_it.readline())
        told.line.close()

    async def wait(self) -> int | None:
        await asyncio.shield(self._ended)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def communicate(self, typed: bytes = b"") -> tuple[bytes, bytes]:
        self.stdin.write(typed)
        self.stdin.close()
        out, err, _ = await asyncio.gather(self.stdout.read(), self.stderr.read(), self.wait())
        return out, err


@dataclass(frozen=True, slots=True)
class Told:
    """What a command says, and what the server says of it on `line`, which is kept open."""

    stdout: asyncio.StreamReader
    stderr: asyncio.StreamReader
    of_it: asyncio.StreamReader
    line: asyncio.StreamWriter


async def forked(arguments: Sequence[str], folder: Path, env: Mapping[str, str]) -> Forked:
    (stdin, to), (out, stdout), (err, stderr) = os.pipe(), os.pipe(), os.pipe()
    asked = forks.ask(arguments, folder, env, (stdin, stdout, stderr))
    for theirs in (stdin, stdout, stderr):
        os.close(theirs)
    told = Told(await reader(out), await reader(err), *await asyncio.open_unix_connection(sock=asked))
    return Forked(int(await told.of_it.readline()), await writer(to), told)


async def reader(number: int) -> asyncio.StreamReader:
    stream = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(number, "rb", 0)
    )
    return stream


async def writer(number: int) -> asyncio.StreamWriter:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.connect_write_pipe(
        asyncio.streams.FlowControlMixin, os.fdopen(number, "wb", 0)
    )
    return asyncio.StreamWriter(transport, protocol, None, loop)


Command = asyncio.subprocess.Process | Forked


@asynccontextmanager
async def running(
    *arguments: str, folder: Path, settings: Mapping[str, str] = {}, new: bool = False
) -> AsyncIterator[Command]:
    """The command while it runs; killed at the end if it still does.

    `new`: in a new Python, as people start it, which takes a second longer: once for each command is enough.
    """
    process: Command
    if new:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments,
            cwd=folder, env=environment(settings), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
    else:
        process = await forked(arguments, folder, environment(settings))
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def command(
    *arguments: str,
    folder: Path,
    settings: Mapping[str, str] = {},
    typed: str = "",
    new: bool = False,
) -> Done:
    """Run it to its end, with `typed` on its standard input."""
    async with running(*arguments, folder=folder, settings=settings, new=new) as process:
        async with asyncio.timeout(60):
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
