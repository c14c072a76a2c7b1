"""Starts bots quickly: imports `bot.run` once, then forks one process per bot that is asked for.

Speaks lines of JSON: {"env": …, "log": …, "cwd": …} → {"started": pid}; {"go": pid} lets it run;
{"ended": pid, "status": …} when it is gone. What runs in the fork is the `bot.run.main` of `python -m bot run`.
"""

import ctypes
import json
import os
import select
import signal
import sys

import bot.run

PR_SET_PDEATHSIG, PR_SET_PTRACER = 1, 0x59616D61


def main() -> None:
    """Serve until standard input ends; then end every bot that still runs."""
    print(json.dumps({"from": bot.run.__file__}), flush=True)
    gates: dict[int, int] = {}
    heard = b""
    while True:
        readable, _, _ = select.select([0], [], [], 0.01)
        if readable:
            piece = os.read(0, 65536)  # not sys.stdin: its buffer hides lines from select
            if not piece:
                break
            *lines, heard = (heard + piece).split(b"\n")
            for line in lines:
                serve(json.loads(line), gates)
        report(gates)
    for pid in gates:
        os.kill(pid, signal.SIGKILL)


def serve(asked: dict[str, object], gates: dict[int, int]) -> None:
    if "go" in asked:
        os.write(gates[int(str(asked["go"]))], b"g")
        return
    gate, opener = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(opener)
        become_bot(asked, gate)
    os.close(gate)
    gates[pid] = opener
    print(json.dumps({"started": pid}), flush=True)


def become_bot(asked: dict[str, object], gate: int) -> None:
    """Wait for the gate, then be `python -m bot run`."""
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    libc.prctl(PR_SET_PTRACER, ctypes.c_ulong(-1))  # strace may attach although it is not our parent
    log = os.open(str(asked["log"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(str(asked["cwd"]))
    os.environ.clear()
    environment = asked["env"]
    assert isinstance(environment, dict)
    os.environ.update(environment)
    os.read(gate, 1)
    code = 70
    try:
        code = bot.run.main([])
    finally:
        sys.stderr.flush()
        os._exit(code)


def report(gates: dict[int, int]) -> None:
    while gates:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        os.close(gates.pop(pid))
        print(json.dumps({"ended": pid, "status": os.waitstatus_to_exitcode(status)}), flush=True)


if __name__ == "__main__":
    main()
