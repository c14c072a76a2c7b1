"""`whatsapp-bot demo`: the bot between a Slack and a Meta on this machine, on a page or at the terminal."""

import argparse
import asyncio
import os
import sys
import webbrowser
from collections.abc import Mapping, Sequence

from bot.sandbox import terminal
from bot.sandbox.bot_process import BotDied
from bot.sandbox.ending import until_signal
from bot.sandbox.page.server import PageServer
from bot.sandbox.paper import Paper
from bot.sandbox.world import Sandbox

OK, FAILED, PORT_TAKEN = 0, 1, 3
USUAL_PORT = 7777


def main(arguments: Sequence[str]) -> int:
    """Exit code 0, also when a signal ended the page, which has no other end; 1 when the story did not end as
    it should or the bot died; 3 when the port asked for is taken; 128+n when signal n cut a story short."""
    asked = _parser().parse_args(arguments)
    code = until_signal(_demo(asked, Paper(sys.stdout, os.environ)))
    return OK if code > 128 and not _is_at_terminal(asked) else code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="whatsapp-bot demo",
        description="Try the bot in the browser, against a Slack and a Meta on this machine, until Ctrl-C. "
        "No account is needed, nothing is kept.",
    )
    parser.add_argument("--port", type=_port, help=f"of the page; 0: any free one; usually {USUAL_PORT}")
    parser.add_argument("--no-open", action="store_true", help="open no browser, only print the address")
    parser.add_argument("--terminal", action="store_true", help="no page: a story here, then a prompt")
    parser.add_argument(
        "--story", choices=sorted(terminal.STORIES), help="no page: play this story and say how it ended"
    )
    parser.add_argument("--prompt", action="store_true", help="no page and no story: the prompt at once")
    return parser


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _is_at_terminal(asked: argparse.Namespace) -> bool:
    return bool(asked.terminal or asked.prompt or asked.story)


async def _demo(asked: argparse.Namespace, paper: Paper) -> int:
    sandbox = Sandbox()
    try:
        if _is_at_terminal(asked):
            return await terminal.perform(sandbox, paper, told=asked.story, prompt=asked.prompt)
        return await _serve(sandbox, asked.port, opens=not asked.no_open)
    except BotDied as died:
        paper.line(str(died), "bad")
        paper.box("The end of the bot's log", died.log, style="bad")
        return FAILED
    except TimeoutError:
        paper.line("The bot did not connect in time.", "bad")
        paper.box("The end of the bot's log", sandbox.bot.log_tail(), style="bad")
        return FAILED
    finally:
        await sandbox.stop()


async def _serve(sandbox: Sandbox, port: int | None, *, opens: bool) -> int:
    """The page, until it is cancelled."""
    page = PageServer(sandbox)
    try:
        try:
            await page.start(USUAL_PORT if port is None else port)
        except OSError as error:
            why = error.strerror or type(error).__name__
            if port is not None:
                print(f"Port {port} cannot be used ({why}): choose another with --port.", file=sys.stderr)  # noqa: T201
                return PORT_TAKEN
            await page.start(0)
            print(f"Port {USUAL_PORT} cannot be used ({why}), so the page has another one today.", flush=True)  # noqa: T201
        await sandbox.start()
        print(f"Open {page.url} in a browser. Ctrl-C ends it.", flush=True)  # noqa: T201
        if opens and sys.stdout.isatty() and _has_display(os.environ, sys.platform):
            await asyncio.to_thread(webbrowser.open, page.url)
        await asyncio.Event().wait()
        return OK
    finally:
        await page.close()


def _has_display(environment: Mapping[str, str], platform: str) -> bool:
    """Somebody who sees a browser's window; a browser in the terminal would only be in the way."""
    if environment.get("CI"):
        return False
    return platform in ("darwin", "win32") or bool(
        environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    )
