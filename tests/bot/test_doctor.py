"""`whatsapp-bot doctor`: what it sees, what it says to do, and that it changes nothing."""

import asyncio
import hashlib
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.app import Tempo
from bot.checkup import clock, database, settings
from bot.checkup.finding import Finding, Mark
from bot.config import Config
from tests.commands import command
from tests.desk import Desk, closed_port
from tests.web.meta import VERIFY_TOKEN, WEB


async def test_beside_a_running_bot_it_finds_all_well_and_disturbs_nothing(
    a_desk: Callable[..., Awaitable[Desk]], tmp_path: Path
):
    desk = await a_desk(tempo=Tempo(token_look_s=3600))  # the bot itself writes nothing meanwhile
    await desk.told()
    before, posted = _hash(desk.path), len(desk.slack.called("chat.postMessage"))
    there = {**desk.settings(), "WHATSAPP_OPERATORS": "S0OPERATORS"}
    said = await command("doctor", folder=tmp_path, settings=there, new=True)
    assert said.code == 0, said.out + said.err
    for words in (
        "Settings: complete", "v25.0, alive until 29 July 2028", "Slack bot token: accepted; workspace T0DESK",
        "Slack app token: accepted", "C0AUDIT is there and the bot is in it", "S0OPERATORS is readable, members: 2",
        "valid, of kind USER", "WhatsApp accounts: 2", "numbers: 6", "numbers: 3", "our app is not subscribed",
        "desk.db is sound and writable", "unbroken up to #", "Messages owed: none", "Clock, against Slack",
    ):  # fmt: skip
        assert words in said.out, words
    assert _hash(desk.path) == before
    assert len(desk.slack.called("chat.postMessage")) == posted
    assert desk.writes("") == 0
    await desk.ana.type("/whatsapp reconnect Sales")  # the bot still writes
    await desk.ana.wait_for("How should Meta send the code?")
    for secret in (
        desk.slack.bot_token,
        desk.slack.app_token,
        desk.seed.token.reveal(),
        desk.seed.app_secret.reveal(),
    ):
        assert secret not in said.out + said.err


async def test_every_problem_outside_is_named_with_what_to_do(desk: Desk, tmp_path: Path):
    desk.slack.channel("#whatsapp-audit").members.discard("U0DESK")
    desk.meta.token("main").remove_scope("whatsapp_business_messaging")
    desk.meta.number("Sales").refuse_field("status")
    env = {**desk.settings(), "WHATSAPP_MANAGERS": "S0NOBODY", "GRAPH_API_VERSION": "v26.0",
           "WHATSAPP_NICKNAMES": "sales=106540352242922,lost=99999"}  # fmt: skip
    said = await command("doctor", folder=tmp_path, settings=env)
    assert said.code == 1, said.out
    assert "✗ problem        Audit channel" in said.out
    assert "✗ problem        User group" in said.out
    assert "missing: whatsapp_business_messaging" in said.out
    assert "no number fits: lost" in said.out
    assert "to solve" in said.out
    lines = said.out.splitlines()
    assert all(lines[i + 1].lstrip().startswith("→") for i, line in enumerate(lines) if line.startswith("✗"))


async def test_dead_tokens_are_problems_and_silence_is_not(desk: Desk, tmp_path: Path):
    desk.slack.revoke(desk.slack.bot_token, "account_inactive")
    desk.meta.token("main").revoke_token()
    said = await command("doctor", folder=tmp_path, settings=desk.settings())
    assert said.code == 1
    assert "SLACK_BOT_TOKEN is not accepted by Slack (account_inactive)" in said.out
    assert "Meta access token: not valid" in said.out
    await desk.meta.close()
    desk.slack.revoke(desk.slack.bot_token, "")
    said = await command("doctor", folder=tmp_path, settings=desk.settings())
    assert said.code == 0, said.out
    assert "? could not tell Meta access token" in said.out


async def test_wrong_settings_end_it_with_code_2_and_all_their_names(tmp_path: Path):
    said = await command("doctor", folder=tmp_path, settings={"LOG_LEVEL": "loud"})
    assert said.code == 2
    assert "✗ problem        Settings: LOG_LEVEL must be" in said.out
    assert said.out.count("is missing") == 6
    assert "Traceback" not in said.err


def test_a_version_is_judged_by_its_end():
    assert settings.version("v24.0", date(2026, 1, 1)).mark is Mark.OK
    assert settings.version("v24.0", date(2028, 2, 19)).mark is Mark.PROBLEM
    assert settings.version("v99.0", date(2026, 1, 1)).mark is Mark.UNKNOWN


@pytest.mark.parametrize(
    ("seconds", "mark"), [(1, Mark.OK), (20, Mark.WARNING), (3600, Mark.PROBLEM), (None, Mark.UNKNOWN)]
)
def test_a_clock_is_judged_by_how_far_it_is_off(seconds: int | None, mark: Mark):
    assert clock.judge("Clock", None if seconds is None else timedelta(seconds=seconds)).mark is mark


# -- the database, without the rest ---------------------------------------------------------------------


async def _stopped(desk: Desk) -> Config:
    """The settings of a desk with some records, after its bot has ended."""
    await desk.ana.type("/whatsapp reconnect Sales")
    await desk.ana.wait_for("How should Meta send the code?")
    await desk.told()
    await desk.stop()
    return Config.from_env(desk.settings(), today=date(2026, 11, 22))


def _found(config: Config, what: str) -> Finding:
    findings, _ = database.look(config)
    return next(finding for finding in findings if finding.what == what)


async def test_a_changed_record_a_newer_schema_and_damage_are_told_apart(desk: Desk):
    config = await _stopped(desk)
    assert _found(config, database.RECORDS).mark is Mark.OK
    with sqlite3.connect(desk.path) as raw:
        raw.execute("DROP TRIGGER audit_no_update")
        raw.execute("UPDATE audit SET actor = 'U0EVIL' WHERE seq = 1")
    assert _found(config, database.RECORDS).says == "the chain does not verify. Row 1 was changed."
    with sqlite3.connect(desk.path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "written by a newer bot" in _found(config, database.SCHEMA).says
    desk.path.write_bytes(desk.path.read_bytes()[:-9000])
    assert _found(config, database.FILE).mark is Mark.PROBLEM
    desk.path.write_bytes(b"no database at all, but some text" * 100)
    assert "damaged" in _found(config, database.FILE).says


async def test_a_file_somebody_holds_cannot_be_told_about(desk: Desk):
    config = await _stopped(desk)
    holder = sqlite3.connect(desk.path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    findings, _ = database.look(config, wait_s=0.05)
    holder.close()
    assert [(f.mark, f.says) for f in findings] == [(Mark.UNKNOWN, "another program holds it")]


async def test_another_secret_key_does_not_open_it(a_desk, desk: Desk):
    await _stopped(desk)
    env = {**desk.settings(), "SECRET_KEY": "another key that is long enough to be one"}
    config = Config.from_env(env, today=date(2026, 11, 22))
    assert _found(config, database.KEY).mark is Mark.PROBLEM
    assert "not known here" in _found(config, database.RECORDS).says


async def test_what_is_owed_is_counted(desk: Desk):
    await desk.told()
    desk.slack.add_fault("chat.postMessage", "500", times=None)
    await desk.ana.type("/whatsapp reconnect Sales")
    await desk.ana.wait_for("How should Meta send the code?")
    config = Config.from_env(desk.settings(), today=date(2026, 11, 22))
    owed = await asyncio.to_thread(_found, config, database.OWED)
    assert owed.mark is Mark.WARNING
    assert owed.says.startswith("1, the oldest since")


async def test_a_file_that_is_not_there_yet_is_fine_if_it_can_be_made(desk: Desk, tmp_path: Path):
    for url, mark in (
        (f"sqlite:///{tmp_path}/new.db", Mark.OK),
        (f"sqlite:///{tmp_path}/no/new.db", Mark.PROBLEM),
    ):
        config = Config.from_env({**desk.settings(), "DATABASE_URL": url}, today=date(2026, 11, 22))
        assert _found(config, database.FILE).mark is mark
    assert not (tmp_path / "new.db").exists()


async def test_the_token_in_use_is_the_one_looked_at(desk: Desk):
    config = await _stopped(desk)
    _, token = database.look(config)
    assert token == desk.seed.token


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


async def test_it_says_what_to_enter_at_meta_and_who_listens(
    a_desk: Callable[..., Awaitable[Desk]], tmp_path: Path
):
    desk = await a_desk(**WEB)
    there = {**desk.settings(), "PUBLIC_URL": desk.web_url, "HTTP_PORT": desk.web_url.rsplit(":", 1)[1]}
    said = await command("doctor", "--reach", folder=tmp_path, settings=there)
    for words in (
        f"HTTP server: the bot listens on {desk.web_url.removeprefix('http://')}",
        f"Meta's callback URL is {desk.web_url}/webhooks/whatsapp", "the valid OAuth redirect URI is",
        "PUBLIC_URL from here: the handshake is answered, a wrong token refused",
    ):  # fmt: skip
        assert words in said.out, said.out
    assert VERIFY_TOKEN not in said.out + said.err
    other = {**there, "META_VERIFY_TOKEN": "another-token-of-somebody"}
    assert (
        "✗ problem        PUBLIC_URL from here: the handshake was answered 403"
        in (await command("doctor", "--reach", folder=tmp_path, settings=other)).out
    )


async def test_it_asks_the_internet_for_the_webhook_only_on_request(desk: Desk, tmp_path: Path):
    there = {**desk.settings(), **WEB, "HTTP_PORT": str(closed_port())}
    said = await command("doctor", folder=tmp_path, settings=there)
    assert "is free for it" in said.out
    assert "PUBLIC_URL from here" not in said.out
    there["HTTP_PORT"] = desk.slack.url.rsplit(":", 1)[1]
    said = await command("doctor", "--reach", folder=tmp_path, settings=there)
    assert "✗ problem        HTTP server: something else listens on" in said.out
    assert "? could not tell PUBLIC_URL from here: no answer" in said.out
    assert (
        "off, as PUBLIC_URL is empty"
        in (await command("doctor", folder=tmp_path, settings=desk.settings())).out
    )


async def test_it_says_whether_the_apps_webhook_leads_to_this_bot(
    a_desk: Callable[..., Awaitable[Desk]], tmp_path: Path
):
    desk = await a_desk(**WEB)
    app, there = desk.meta.world.apps[desk.seed.app_id], {**desk.settings(), "HTTP_PORT": str(closed_port())}
    ours = there["PUBLIC_URL"] + "/webhooks/whatsapp"

    async def said() -> str:
        out = (await command("doctor", folder=tmp_path, settings=there)).out
        return next(line for line in out.splitlines() if "The app's webhook at Meta" in line)

    app.take_over_callback("https://tenant.example/wa")
    assert "! warning" in await said()
    assert "events go to tenant.example, not to this bot" in await said()
    app.take_over_callback(ours)
    app.drop_field("account_update")
    assert (await said()).endswith("not subscribed: account_update.")
    app.listen_to("account_update")
    app.disable_callback()
    assert (await said()).endswith("it is switched off.")
    app.enable_callback()
    assert "✓ ok" in await said()
