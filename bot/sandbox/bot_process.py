"""The bot as its operator runs it: unmodified, in a process of its own, on a clock the sandbox can move."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import bot

_LOG_BYTES = 32_768  # of the end of the log, for people to look at
GRACE_S = 20.0  # the bot itself takes up to 12 s to finish what it acknowledged
_FROM_OURS = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ", "VIRTUAL_ENV")


class BotDied(Exception):
    """The bot ended by itself. `log`: its last lines, for people."""

    def __init__(self, exit_code: int | None, log: list[str]) -> None:
        super().__init__(f"The bot ended by itself (exit code {exit_code}).")
        self.log = log


class BotProcess:
    """One bot at a time, started and ended as often as wanted, on the clock of this file (see SharedClock).

    Its log goes to `folder`/bot.log. `on_change` is called when it has started and when it has ended."""

    def __init__(self, folder: Path, clock_file: Path) -> None:
        self._folder = folder
        self._clock_file = clock_file
        self._log = folder / "bot.log"
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self.on_change: Callable[[], None] | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self.is_running else None

    @property
    def exit_code(self) -> int | None:
        """Of the last one; negative: ended by that signal. None: it runs, or never did."""
        return self._process.returncode if self._process else None

    async def start(self, settings: Mapping[str, str]) -> None:
        """Start it with these settings only: neither our environment's nor those of a `.env` file here."""
        source = str(Path(str(bot.__file__)).parent.parent)
        ours = {name: os.environ[name] for name in _FROM_OURS if name in os.environ}
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot.sandbox.clocked", str(self._clock_file),
                cwd=self._folder,  # where no .env file is
                env={**ours, **settings, "PYTHONPATH": source},
                stdin=asyncio.subprocess.PIPE, stdout=log, stderr=log,
                start_new_session=True,  # a Ctrl-C here is for us; we end the bot in order
            )  # fmt: skip
        self._watch = asyncio.create_task(self._tell_when_ended(self._process))
        self.tell()

    async def _tell_when_ended(self, process: asyncio.subprocess.Process) -> None:
        await process.wait()
        self.tell()

    def tell(self) -> None:
        """Say that something about it changed."""
        if self.on_change is not None:
            self.on_change()

    async def ended(self) -> int | None:
        """Wait until it has ended; its exit code."""
        if self._process:
            await self._process.wait()
        return self.exit_code

    async def stop(self, *, grace_s: float = GRACE_S) -> int | None:
        """SIGTERM, and SIGKILL when it has not ended `grace_s` later. Its exit code."""
        if self._process is None or not self.is_running:
            return self.exit_code
        self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(grace_s):
                await self._process.wait()
        except TimeoutError:
            pass
        finally:
            if self.is_running:
                self._process.kill()
        return await self.ended()

    async def kill(self) -> None:
        """SIGKILL: what a power cut or the kernel's memory killer would do."""
        if self._process and self.is_running:
            self._process.kill()
            await self._process.wait()

    def log_tail(self, most: int = 12) -> list[str]:
        """The last lines of its log, readable."""
        if not self._log.exists():
            return []
        with self._log.open("rb") as log:
            log.seek(max(0, self._log.stat().st_size - _LOG_BYTES))
            lines = log.read().decode("utf-8", "replace").splitlines()
        return [_readable(line) for line in lines[-most:]]

    def died(self) -> BotDied:
        return BotDied(self.exit_code, self.log_tail())


def _readable(line: str) -> str:
    try:
        entry = json.loads(line)
        return f"{entry['level']} {entry['from']}: {entry['says']}"
    except (ValueError, KeyError, TypeError):
        return line
