"""`whatsapp-bot sandbox`: the fake Slack and the fake Meta alone, for whatever client one likes."""

import argparse
import asyncio
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.clock import Clock
from bot.sandbox.ending import until_signal
from bot.sandbox.meta.seed import LOGIN_CONFIG_ID, Seed, small_world
from bot.sandbox.meta.server import FakeMeta
from bot.sandbox.meta.world import Door
from bot.sandbox.slack.fake import FakeSlack
from bot.sandbox.world import bot_settings

OK, PORT_TAKEN = 0, 3
BOTS_PORT = 8080
PUBLIC_URL = f"http://127.0.0.1:{BOTS_PORT}"


def main(arguments: Sequence[str]) -> int:
    """Until Ctrl-C or SIGTERM: exit code 0. 3: a port is taken."""
    asked = _parser().parse_args(arguments)
    code = until_signal(_serve(asked.slack_port, asked.graph_port))
    return OK if code > 128 else code  # a signal is how it is meant to end


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="whatsapp-bot sandbox",
        description="Serve a fake Slack and a fake Meta on 127.0.0.1 for other clients, and print the settings to use.",
    )
    parser.add_argument("--slack-port", type=_port, default=0, help="0 (the default): any free one")
    parser.add_argument("--graph-port", type=_port, default=0, help="0 (the default): any free one")
    return parser


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


async def _serve(slack_port: int, graph_port: int) -> int:
    clock = Clock()
    seed = small_world(clock)
    slack, meta = FakeSlack(clock=clock), FakeMeta(clock=clock, world=seed.world)
    seed.world.open_door(
        Door(seed.app_id, f"{PUBLIC_URL}/webhooks/whatsapp", f"{PUBLIC_URL}/oauth/meta/callback")
    )
    try:
        for start, port, option in (
            (slack.start, slack_port, "--slack-port"),
            (meta.start, graph_port, "--graph-port"),
        ):
            try:
                await start(port)
            except OSError as error:
                why = error.strerror or type(error).__name__
                print(f"Port {port} cannot be used ({why}): choose another with {option}.", file=sys.stderr)  # noqa: T201
                return PORT_TAKEN
        print("\n".join(snippet(slack, meta, seed)), flush=True)  # noqa: T201
        await asyncio.Event().wait()
        return OK
    finally:
        await slack.close()
        await meta.close()


def snippet(slack: FakeSlack, meta: FakeMeta, seed: Seed) -> list[str]:
    """A ready .env. Its secrets open nothing but this sandbox."""
    settings = bot_settings(slack, meta, seed, Path("sandbox.db"), secrets.token_urlsafe(32)) | {
        "META_LOGIN_CONFIG_ID": LOGIN_CONFIG_ID,
        "META_VERIFY_TOKEN": secrets.token_urlsafe(16),
        "PUBLIC_URL": PUBLIC_URL,
        "HTTP_PORT": str(BOTS_PORT),
    }
    return [
        "# The sandbox serves until Ctrl-C. Settings for the bot, or for any other client:",
        *(f"{name}={value}" for name, value in settings.items()),
        f"# WhatsApp accounts: {', '.join(seed.account_ids)}; numbers and their states: {meta.url}/_sandbox/state",
        f"# Webhooks: POST {{}} as JSON to {meta.url}/_sandbox/events/Support/message",
        f"# The SMS and calls of a number: {meta.url}/_sandbox/phones/Sales",
        f"# Two-step PINs: {', '.join(f'{name} {pin.reveal()}' for name, pin in seed.pins.items())}",
    ]
