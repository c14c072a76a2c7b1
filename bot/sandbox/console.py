"""Lines from whoever types: with history and completion at a terminal, plain ones from a pipe."""

import asyncio
import contextlib
import os
import readline
import sys
import termios
import threading
from collections.abc import Callable

Suggest = Callable[[str], list[str]]  # what was typed so far → whole lines it could become


class Console:
    """`ask` waits without holding up the event loop, and may be cancelled."""

    def __init__(self, suggest: Suggest) -> None:
        self._is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
        self._modes = termios.tcgetattr(sys.stdin) if self._is_terminal else None
        self._unread = b""
        self._suggest = suggest
        if self._is_terminal:
            readline.set_completer_delims("")  # a suggestion is a whole line
            readline.set_completer(self._complete)
            readline.parse_and_bind("tab: complete")

    async def ask(self, prompt: str) -> str | None:
        """The next line; None at the end of input."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[str | None] = loop.create_future()

        def settle(line: str | None) -> None:
            if not answer.done():
                answer.set_result(line)

        def wait() -> None:
            line = self._from_terminal(prompt) if self._is_terminal else self._from_pipe()
            with contextlib.suppress(RuntimeError):  # the loop is gone: nobody waits any more
                loop.call_soon_threadsafe(settle, line)

        threading.Thread(target=wait, daemon=True).start()
        return await answer

    def close(self) -> None:
        """Leave the terminal as it was, also when a line was being typed."""
        if self._modes is not None:
            termios.tcsetattr(sys.stdin, termios.TCSANOW, self._modes)

    def _from_terminal(self, prompt: str) -> str | None:
        try:
            return input(prompt)
        except EOFError:
            return None

    def _from_pipe(self) -> str | None:
        # not through sys.stdin: a thread left waiting in it breaks the interpreter's shutdown
        while b"\n" not in self._unread:
            more = os.read(sys.stdin.fileno(), 4096)
            if not more:
                rest, self._unread = self._unread, b""
                return rest.decode("utf-8", "replace") if rest else None
            self._unread += more
        line, _, self._unread = self._unread.partition(b"\n")
        return line.decode("utf-8", "replace")

    def _complete(self, typed: str, place: int) -> str | None:
        found = [line for line in self._suggest(typed) if line.casefold().startswith(typed.casefold())]
        return found[place] if place < len(found) else None
