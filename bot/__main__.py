"""`whatsapp-bot <command>` (= `python -m bot <command>`): find the command's module and run it.

A command's module is imported only when it is asked for, so that `run` starts without the sandbox.
"""

import gc
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

COMMANDS = {
    # command: (module with main(arguments) -> exit code, what it does)
    "run": ("bot.run", "run the bot (the default), with settings from the environment and .env"),
    "demo": (
        "bot.sandbox.demo",
        "try the bot in the browser, between a Slack and a Meta on this machine",
    ),
    "sandbox": ("bot.sandbox.serve", "serve the fake Slack and the fake Meta for other clients"),
    "doctor": ("bot.doctor", "check the settings, Slack, Meta and the database, and say what to do"),
    "secrets": ("bot.rotation", "rotate: encrypt what is stored with the newest key of SECRET_KEY"),
    "secret-key": ("bot.secret_key", "make a new SECRET_KEY"),
}


def main() -> int:
    """Run the command named first on the command line; its exit code."""
    name, *arguments = sys.argv[1:] or ["run"]
    if name in ("help", "-h", "--help"):
        return _help()
    if name not in COMMANDS:
        print(f"whatsapp-bot: there is no command “{name}”.\n", file=sys.stderr)  # noqa: T201
        _help()
        return 2
    return _imported(COMMANDS[name][0])(arguments)


def _imported(module: str) -> Callable[[Sequence[str]], int]:
    """Its `main`. What is imported stays: to look through it for garbage takes a quarter of the start,
    and tens of milliseconds of somebody's wait each time after that."""
    gc.disable()
    try:
        run: Callable[[Sequence[str]], int] = import_module(module).main
    finally:
        gc.freeze()
        gc.enable()
    return run


def _help() -> int:
    print("whatsapp-bot <command>\n")  # noqa: T201
    for name, (_, about) in COMMANDS.items():
        print(f"  {name:<11} {about}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
