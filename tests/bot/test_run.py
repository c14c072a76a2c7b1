"""`whatsapp-bot run` as an operator meets it: what it says when it cannot start, and how it stops."""

import asyncio
import os
import signal
import stat
from pathlib import Path

import pytest

from bot.config import SETTINGS
from tests.commands import command, line_with, running
from tests.desk import Desk

WRONG = {
    "SLACK_BOT_TOKEN": "xoxp-not-a-bot", "SLACK_API_URL": "slack.example", "META_ACCESS_TOKEN": "two words",
    "META_APP_ID": "my app", "META_WABA_IDS": "12,abc", "GRAPH_API_URL": "ftp://x", "GRAPH_API_VERSION": "25",
    "DATABASE_URL": "mysql://x", "SECRET_KEY": "short", "AUDIT_CHANNEL": "#general", "WHATSAPP_CHANNELS": "x",
    "WHATSAPP_NICKNAMES": "sales", "WHATSAPP_OPERATORS": "ana", "CODES_PER_DAY": "many", "CODE_WAITS": "soon",
    "LOG_LEVEL": "loud",
}  # fmt: skip


async def test_every_wrong_and_missing_setting_is_named_at_once(tmp_path: Path):
    said = await command("run", folder=tmp_path, settings=WRONG)
    assert said.code == 2
    for name in (*WRONG, "SLACK_APP_TOKEN is missing", "META_APP_SECRET is missing"):
        assert f"  - {name}" in said.err, name
    assert said.err.count("  - ") == len(WRONG) + 2
    assert "Traceback" not in said.err
    assert "xoxp-not-a-bot" not in said.err
    assert os.listdir(tmp_path) == []


async def test_a_dotenv_file_is_read_and_the_environment_wins(tmp_path: Path):
    (tmp_path / ".env").write_text("LOG_LEVEL=loud\nCODES_PER_DAY=many\n")
    said = await command("run", folder=tmp_path, settings={"LOG_LEVEL": "INFO"})
    assert said.code == 2
    assert "CODES_PER_DAY must be" in said.err
    assert "LOG_LEVEL" not in said.err
    required = [setting.name for setting in SETTINGS if setting.default is None]
    assert [name for name in required if f"{name} is missing" not in said.err] == []


async def test_tokens_slack_does_not_know_end_the_start_with_code_3(desk: Desk, tmp_path: Path):
    desk.slack.revoke(desk.slack.bot_token, "token_revoked")
    desk.slack.revoke(desk.slack.app_token, "invalid_auth")
    said = await command("run", folder=tmp_path, settings=_settings(desk, tmp_path))
    assert said.code == 3
    assert "SLACK_BOT_TOKEN is not accepted by Slack (token_revoked)" in said.err
    assert "SLACK_APP_TOKEN is not accepted by Slack (invalid_auth)" in said.err
    assert "Traceback" not in said.err


async def test_a_second_bot_on_the_same_database_is_refused(desk: Desk, tmp_path: Path):
    said = await command("run", folder=tmp_path, settings=desk.settings())
    assert said.code == 3
    assert "Another process of this bot is using the database" in said.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_it_in_order_with_code_0(desk: Desk, tmp_path: Path, number: signal.Signals):
    await desk.stop()
    new = number == signal.SIGTERM
    async with running("run", folder=tmp_path, settings=_settings(desk, tmp_path), new=new) as bot:
        await line_with('"ready"', bot.stderr)
        await desk.ana.type("/whatsapp status")
        bot.send_signal(number)
        await line_with('"stopped"', bot.stderr)
        async with asyncio.timeout(30):
            assert await bot.wait() == 0
    await desk.ana.wait_for("WhatsApp numbers")  # what was acknowledged was answered


async def test_the_database_is_for_its_owner_only(desk: Desk, tmp_path: Path):
    await desk.stop()
    async with running("run", folder=tmp_path, settings=_settings(desk, tmp_path)) as bot:
        await line_with('"ready"', bot.stderr)
        assert stat.S_IMODE(os.stat(tmp_path / "own.db").st_mode) == 0o600


def _settings(desk: Desk, folder: Path) -> dict[str, str]:
    return {**desk.settings(), "DATABASE_URL": f"sqlite:///{folder / 'own.db'}"}
