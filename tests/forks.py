"""Commands started quickly: one process imports the bot once for a whole test run and forks for each command.

What a fork runs is `python -m bot …`, from the first line of bot/__main__.py to the end of its interpreter.
Arguments, environment, folder, standard streams, process id, signals and exit code are its own; only what it
imports was imported before, which is more than a second of CPU for each.
"""

import contextlib
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parent.parent
WHERE = "BOT_TESTS_FORKS"  # the environment tells the test processes of one run where their server listens
LONGEST = 65_536  # bytes of what is asked


@contextlib.contextmanager
def served() -> Iterator[None]:
    """A server for this process and those it starts; it ends with them. It imports when it is first asked."""
    with tempfile.TemporaryDirectory(prefix="forks-") as folder, socket.socket(socket.AF_UNIX) as listener:
        os.environ[WHERE] = f"{folder}/ask"
        listener.bind(os.environ[WHERE])
        listener.listen(64)
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.forks", str(listener.fileno())],
            cwd=ROOT, pass_fds=[listener.fileno()], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield
        finally:
            del os.environ[WHERE]
            server.communicate()  # its standard input ends, and it with that


def ask(
    arguments: Sequence[str], folder: Path, env: Mapping[str, str], streams: Sequence[int]
) -> socket.socket:
    """Start a command on these three standard streams. What is returned says its process id, and, when it
    has ended, its exit code (negative: the signal that ended it), a line each."""
    asker = socket.socket(socket.AF_UNIX)
    asker.connect(os.environ[WHERE])
    said = json.dumps({"arguments": arguments, "folder": str(folder), "env": dict(env)}).encode()
    assert len(said) < LONGEST
    socket.send_fds(asker, [said], streams)
    return asker


class Server:
    """Listens, forks, and tells how each fork ended."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._running: dict[int, socket.socket] = {}
        self._died, self._bell = os.pipe()
        os.set_blocking(self._bell, False)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for pytest, which ends us
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._bell)

    def serve(self) -> list[str] | None:
        """Until standard input ends: None. Returns in each fork, too: the arguments of what it is to be."""
        while True:
            ready, _, _ = select.select([0, self._listener, self._died], [], [])
            if self._died in ready:
                os.read(self._died, 4096)
                self._bury()
            if 0 in ready:
                break
            if self._listener in ready and (arguments := self._start()) is not None:
                return arguments
        for pid in self._running:
            os.kill(pid, signal.SIGKILL)
        return None

    def _bury(self) -> None:
        while self._running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            with self._running.pop(pid) as asker, contextlib.suppress(OSError):
                asker.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))

    def _start(self) -> list[str] | None:
        asker, _ = self._listener.accept()
        said, streams, _, _ = socket.recv_fds(asker, LONGEST, 3)
        asked = json.loads(said)
        _import_all()
        pid = os.fork()
        if pid == 0:
            self._running[0] = asker
            self._leave()
            return _become(asked, streams)
        for stream in streams:
            os.close(stream)
        self._running[pid] = asker
        asker.sendall(b"%d\n" % pid)
        return None

    def _leave(self) -> None:
        """In a fork: nothing of the server's is left open, no signal is taken otherwise than by a new Python."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for each in (self._listener, *self._running.values()):
            each.close()
        os.close(self._died)
        os.close(self._bell)


def _import_all() -> None:
    """Without looking for garbage in it, which would copy its pages in each fork."""
    from bot.__main__ import COMMANDS

    gc.disable()
    for module, _ in COMMANDS.values():
        import_module(module)
    gc.freeze()
    del sys.modules["bot.__main__"]  # each fork is to be it


def _become(asked: dict[str, object], streams: Sequence[int]) -> list[str]:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(str(asked["folder"]))
    os.environ.clear()
    os.environ.update(asked["env"])
    gc.enable()
    return list(asked["arguments"])


if __name__ == "__main__":
    command = Server(socket.socket(fileno=int(sys.argv[1]))).serve()
    if command is not None:
        sys.argv = ["bot", *command]
        runpy.run_module("bot", run_name="__main__", alter_sys=True)
