"""The bot as a process of its own: started, watched, stopped, and killed by strace at a chosen system call."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ATTACH_WITHIN_S = 10.0
STOP_WITHIN_S = 20.0
KILLED = -signal.SIGKILL


@dataclass(slots=True, eq=False)
class Bot:
    """One run of the bot. `status` is its exit code once `ended` is set: -9 when it was killed."""

    pid: int
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    status: int | None = None

    @property
    def lives(self) -> bool:
        return not self.ended.is_set()

    async def wait(self) -> int:
        await self.ended.wait()
        assert self.status is not None
        return self.status

    def kill(self) -> None:
        """kill -9, now."""
        if self.lives:
            os.kill(self.pid, signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM, and its exit code."""
        if self.lives:
            os.kill(self.pid, signal.SIGTERM)
        async with asyncio.timeout(STOP_WITHIN_S):
            return await self.wait()


class Bots:
    """Starts bots from one source tree."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        self._server: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._bots: dict[int, Bot] = {}
        self._started: asyncio.Queue[int] = asyncio.Queue()
        self._asking = asyncio.Lock()

    async def __aenter__(self) -> "Bots":
        self._server = await asyncio.create_subprocess_exec(
            sys.executable, str(Path(__file__).with_name("fork_server.py")),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(self.tree)},
        )  # fmt: skip
        assert self._server.stdout is not None
        told = json.loads(await self._server.stdout.readline() or "{}")
        assert Path(told.get("from", "/")).is_relative_to(self.tree), f"bots of another tree: {told}"
        self._reader = asyncio.create_task(self._read(self._server.stdout))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None and self._server.stdin is not None:
            self._server.stdin.close()
            await self._server.wait()
        if self._reader is not None:
            self._reader.cancel()

    async def make(self, env: Mapping[str, str], folder: Path) -> Bot:
        """A bot that stands at the door: it runs after `go`."""
        async with self._asking:
            self._tell({"env": dict(env), "log": str(folder / "bot.log"), "cwd": str(folder)})
            async with asyncio.timeout(ATTACH_WITHIN_S):
                pid = await self._started.get()
        return self._bots[pid]

    def go(self, bot: Bot) -> None:
        self._tell({"go": bot.pid})

    def _tell(self, what: Mapping[str, object]) -> None:
        assert self._server is not None
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(what).encode() + b"\n")

    async def _read(self, lines: asyncio.StreamReader) -> None:
        while line := await lines.readline():
            told = json.loads(line)
            if "started" in told:
                self._bots[told["started"]] = Bot(told["started"])
                self._started.put_nowait(told["started"])
            else:
                bot = self._bots.pop(told["ended"])
                bot.status = told["status"]
                bot.ended.set()


def strace() -> str | None:
    """Where strace is; None when it is not installed."""
    return shutil.which("strace")


class Strace:
    """strace holding on to a running bot. Use as a context; leaving it lets go of the bot.

    Never `--seccomp-bpf`: with it nothing is injected and every run passes (reliability.md §3.1).
    """

    def __init__(self, bot: Bot, *options: str) -> None:
        self._bot = bot
        self._options = options
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> "Strace":
        path = strace()
        assert path is not None, "strace is not installed"
        self._process = await asyncio.create_subprocess_exec(
            path, "-f", *self._options, "-p", str(self._bot.pid), stderr=asyncio.subprocess.PIPE
        )
        assert self._process.stderr is not None
        async with asyncio.timeout(ATTACH_WITHIN_S):
            while b"attached" not in (line := await self._process.stderr.readline()):
                assert line, "strace could not attach"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGINT)  # send_signal would reap it under asyncio's feet
        await self._process.wait()


def killing(syscall: str, at: int) -> tuple[str, ...]:
    """strace options: kill -9 at the `at`-th entry of `syscall` by one thread, counted from attaching."""
    return ("-o", "/dev/null", "-e", f"trace={syscall}", "-e", f"inject={syscall}:signal=KILL:when={at}")


def counting(syscalls: tuple[str, ...], into: Path) -> tuple[str, ...]:
    return ("-o", str(into), "-e", "trace=" + ",".join(syscalls), "-e", "signal=none")
