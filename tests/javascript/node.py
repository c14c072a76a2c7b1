"""Slack's JavaScript clients as a process: where they are installed, how it starts, and that it ends."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.sandbox.slack import FakeSlack

HERE = Path(__file__).parent
VARIABLE = "WHATSAPP_JS_MODULES"
OLDEST = 20
HOW = (
    "Slack's JavaScript clients are not tried: {why}. To try them (Node 20 or newer): "
    "cp tests/javascript/package*.json tests/javascript/.npmrc FOLDER; npm ci --prefix FOLDER; "
    f"{VARIABLE}=FOLDER make test"
)


def node() -> str:
    """The path of Node. Skips with what to do when it or the clients are missing; in CI that is a failure."""
    found, folder = shutil.which("node"), os.environ.get(VARIABLE, "")
    if not found:
        why = "there is no Node"
    elif _version(found) < OLDEST:
        why = "this Node is too old for them"
    elif not folder or not (Path(folder) / "node_modules" / "@slack" / "bolt").is_dir():
        why = f"{VARIABLE} names no folder with node_modules/@slack/bolt"
    else:
        return found
    if os.environ.get("CI"):
        pytest.fail(HOW.format(why=why))
    pytest.skip(HOW.format(why=why))


def _version(path: str) -> int:
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    return int(told.removeprefix("v").partition(".")[0])


@asynccontextmanager
async def running(
    script: str, slack: FakeSlack, *, complains_of: str = ""
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`script` connected to `slack`, with its output to be read. Another complaint than expected fails the test."""
    process = await asyncio.create_subprocess_exec(
        node(), str(HERE / script), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        limit=1 << 20,
        env={
            "PATH": os.environ["PATH"],
            VARIABLE: os.environ[VARIABLE],
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
        },
    )  # fmt: skip
    connected = asyncio.ensure_future(slack.connected(timeout_s=20))
    ended = asyncio.ensure_future(process.wait())
    complaints = ""
    try:
        await asyncio.wait([connected, ended], return_when=asyncio.FIRST_COMPLETED)
        if connected.done() and connected.exception() is None:
            yield process
    finally:
        connected.cancel()
        if process.returncode is None:
            process.terminate()
        complaints = (await process.communicate())[1].decode()
        await ended
    assert [line for line in complaints.splitlines() if not complains_of or complains_of not in line] == []
