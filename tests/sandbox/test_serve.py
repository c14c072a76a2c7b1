"""`whatsapp-bot sandbox`: both fakes for whatever client one likes."""

import asyncio
import signal
import socket
from io import StringIO
from pathlib import Path

import aiohttp
import pytest
from dotenv import dotenv_values
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import Config
from bot.sandbox import serve
from tests.commands import command, line_with, running
from tests.desk import utc


async def test_its_settings_are_a_dotenv_file_that_slack_and_meta_clients_can_use(tmp_path: Path):
    async with running("sandbox", "--slack-port", "0", folder=tmp_path, new=True) as sandbox:
        assert sandbox.stdout
        snippet = ""
        while "PINs" not in snippet:
            snippet += await line_with("", sandbox.stdout)
        env = {name: value or "" for name, value in dotenv_values(stream=StringIO(snippet)).items()}
        config = Config.from_env(env, today=utc(2026, 11, 22).date())
        slack = AsyncWebClient(token=env["SLACK_BOT_TOKEN"], base_url=config.slack_api_url)
        assert (await slack.auth_test())["ok"]
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{config.graph_api_url}/_sandbox/state") as answer,
        ):
            assert len((await answer.json())["numbers"]) == 9
        sandbox.send_signal(signal.SIGINT)
        async with asyncio.timeout(30):
            assert await sandbox.wait() == 0


@pytest.mark.parametrize("option", ["--slack-port", "--graph-port"])
def test_a_taken_port_gets_a_sentence(option: str, capsys: pytest.CaptureFixture[str]):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert serve.main([option, str(port)]) == serve.PORT_TAKEN
    said = capsys.readouterr()
    assert f"Port {port} cannot be used" in said.err
    assert option in said.err
    assert said.out == ""


async def test_a_port_that_is_none_gets_a_sentence(tmp_path: Path):
    said = await command("sandbox", "--slack-port", "99999", folder=tmp_path)
    assert said.code == 2
    assert "a port is a number from 0 to 65535" in said.err
