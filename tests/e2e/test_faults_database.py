"""A database that is locked, full, read-only, damaged, too new or taken: no act without a record, look-ups go on."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from bot import run
from bot.config import Config
from tests.desk import Desk
from tests.e2e.steps import at_the_pin, choosing, seen, title, window_says, with_a_code_out
from tests.e2e.trouble import BRISK, assert_records_hold, assert_told_well, idle, outcomes, types
from tests.storage.unprivileged import no_override

MakeDesk = Callable[..., Awaitable[Desk]]
NOT_DONE = (
    "What cannot be recorded is not done: nothing was sent to Meta just now. Looking things up still works."
)


@pytest.fixture
async def desk(a_desk: MakeDesk) -> AsyncIterator[Desk]:
    desk = await a_desk(tempo=BRISK)
    yield desk
    await assert_records_hold(desk)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program holds the file."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


async def looks_up(desk: Desk) -> None:
    """Help, the board and a card work, whatever the database does."""
    assert "WhatsApp help" in await types(desk, desk.vik, "/whatsapp help")
    assert "9 numbers" in await types(desk, desk.vik, "/whatsapp status")
    assert "Sales" in await types(desk, desk.vik, "/whatsapp status 4821")


@pytest.mark.parametrize("step", ["code", "check", "register"])
async def test_a_locked_file_stops_the_act_before_meta_and_keeps_what_was_typed(desk, step):
    ana = desk.ana
    field, values, path, then = await before(desk, step)
    with locked(desk.path):
        ack = await ana.submit(values)
        assert ack.ok
        assert ack.latency_s < 3.0
        busy = "The database is busy with another program. Nothing was done. Try again in a moment."
        await ana.wait_until(lambda: busy in ana.sees(), what=busy)
        assert NOT_DONE in ana.sees()
        kept = bool(ana.modal.errors)  # else the machine was too slow for an answer within two seconds
        if kept and values:
            assert ana.modal.fields[field] == values[field]
        if step == "code":
            await looks_up(desk)
            assert "The database is busy" in await types(desk, ana, "/whatsapp budget 4821")
    assert desk.writes(path) == 0
    if not kept:
        await ana.type("/whatsapp reconnect 4821")
        await idle(desk)
    await ana.submit(values)
    await ana.wait_for_window(then)
    assert desk.writes(path) == 1


async def before(desk: Desk, step: str) -> tuple[str, dict[str, str], str, str]:
    """(field, values, Meta's path, the window after it); the person stands right before the step."""
    if step == "code":
        await choosing(desk.ana)
        return "", {}, "request_code", "Enter the code"
    if step == "check":
        await with_a_code_out(desk.ana)
        code = {"Verification code": desk.meta.phone("Sales").latest_code()}
        return "Verification code", code, "verify_code", "Connect the number"
    await at_the_pin(desk, desk.ana)
    return "Two-step PIN", {"Two-step PIN": desk.seed.sales_pin}, "/register", "Connected"


@pytest.mark.parametrize("step", ["code", "register"])
async def test_a_file_locked_while_meta_acts_keeps_the_outcome_and_tells_it_honestly(desk, step):
    ana = desk.ana
    _, values, path, _ = await before(desk, step)
    known = len(outcomes(desk))
    other = sqlite3.connect(desk.path, isolation_level=None, check_same_thread=False)

    async def lock(_call: object) -> None:
        if not other.in_transaction:
            other.execute("BEGIN EXCLUSIVE")

    desk.meta.on_write = lock
    await ana.submit(values)
    await window_says(ana, "Meta accepted. I cannot write that down at the moment and keep trying.")
    assert "Do not press again" in seen(ana)
    await ana.click("Continue")
    await window_says(ana, "The database is busy")
    desk.meta.on_write = None
    other.execute("ROLLBACK")
    other.close()
    await idle(desk)
    assert outcomes(desk)[known] == "ok"
    assert desk.writes(path) == 1
    await ana.type("/whatsapp reconnect 4821")
    await idle(desk)
    assert title(ana) in {"code": ("Enter the code",), "check": ("Connect the number",),
                          "register": ("Connected",)}[step]  # fmt: skip
    assert desk.writes(path) == 1


async def test_a_late_file_is_acknowledged_in_time_and_the_answer_is_drawn_when_it_comes(desk):
    await with_a_code_out(desk.ana)
    other = sqlite3.connect(desk.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    submitted = asyncio.create_task(
        desk.ana.submit({"Verification code": desk.meta.phone("Sales").latest_code()})
    )
    await asyncio.sleep(1.0)
    other.execute("ROLLBACK")
    other.close()
    ack = await submitted
    assert ack.ok
    assert ack.latency_s < 3.0
    await desk.ana.wait_for_window("Connect the number")


async def test_a_file_that_becomes_read_only_stops_acts_and_heals_without_a_restart(a_desk, tmp_path):
    with no_override():
        desk = await a_desk(tempo=BRISK)
        await choosing(desk.ana)
        with read_only(desk.path):
            await desk.ana.submit()
            await desk.ana.wait_until(lambda: _stopped_or_late(desk), what="a sentence about the file")
            await desk.vik.type("/whatsapp status")
            await desk.vik.wait_for("9 numbers")
        await idle(desk)
        await desk.ana.type("/whatsapp reconnect 4821")
        await idle(desk)
        if desk.writes("request_code") == 0:
            await desk.ana.submit()
        await desk.ana.wait_for_window("Enter the code")
        assert desk.writes("request_code") == 1
        await assert_records_hold(desk)


def _stopped_or_late(desk: Desk) -> bool:
    """Before the call, or after it when the connection could still write the claim."""
    said = desk.ana.sees()
    if desk.writes("request_code"):
        return "Meta accepted. I cannot write that down at the moment and keep trying." in said
    return "read-only: I can't record actions right now, so I won't act." in said


@contextmanager
def read_only(path: Path) -> Iterator[None]:
    """The file and its folder may not be written to."""
    os.chmod(path, 0o444)
    os.chmod(path.parent, 0o555)
    try:
        yield
    finally:
        os.chmod(path.parent, 0o755)
        os.chmod(path, 0o644)


async def test_a_file_that_is_read_only_at_the_start_lets_look_ups_through_and_heals(a_desk):
    with no_override():
        desk = await a_desk(tempo=BRISK)
        await with_a_code_out(desk.ana)
        await desk.stop()
        with read_only(desk.path):
            await desk.start()
            await looks_up(desk)
            await desk.ana.type("/whatsapp reconnect 4821")
            await idle(desk)
            assert "read-only: I can't record actions right now" in desk.ana.sees()
        await asyncio.sleep(2.3)  # it looks again every two seconds
        await desk.ana.type("/whatsapp reconnect 4821")
        await desk.ana.wait_for_window("Enter the code")
        await assert_records_hold(desk)


async def test_a_damaged_record_stops_every_act_and_no_look_up(a_desk):
    desk = await a_desk(tempo=BRISK)
    await with_a_code_out(desk.ana)
    await desk.stop()
    with sqlite3.connect(desk.path) as link:
        link.execute("DROP TRIGGER IF EXISTS audit_no_update")
        for (name,) in link.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            link.execute(f"DROP TRIGGER {name}")
        link.execute("UPDATE audit SET actor = 'U0MALLORY' WHERE seq = 2")
    link.close()
    before = contents(desk.path)
    await desk.start()
    await looks_up(desk)
    said = await types(desk, desk.ana, "/whatsapp reconnect 4821")
    assert "The records do not verify" in said
    assert "so I only look things up." in said
    await asyncio.sleep(0.1)
    assert contents(desk.path) == before
    assert desk.writes("request_code") == 1
    assert_told_well(desk)


def contents(path: Path) -> list[str]:
    """Every row, except the count of starts, which is written before the records are looked through."""
    link = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    found = [line for line in link.iterdump() if 'INTO "meta"' not in line]
    link.close()
    return found


async def test_random_bytes_in_the_file_stop_every_act_and_no_look_up_of_meta(a_desk):
    desk = await a_desk(tempo=BRISK)
    await with_a_code_out(desk.ana)
    await desk.stop()
    whole = bytearray(desk.path.read_bytes())
    whole[4096:] = os.urandom(len(whole) - 4096)
    desk.path.write_bytes(bytes(whole))
    await desk.start()
    await looks_up(desk)
    said = await types(desk, desk.ana, "/whatsapp reconnect Berlin")
    assert "The database is damaged, so I won't write to it and won't act." in said
    assert desk.writes("request_code") == 1
    assert desk.path.read_bytes() == bytes(whole)
    assert_told_well(desk)


async def test_a_file_damaged_while_running_stops_every_act(a_desk):
    desk = await a_desk(tempo=BRISK)
    await with_a_code_out(desk.ana)
    whole = bytearray(desk.path.read_bytes())
    whole[4096:] = os.urandom(len(whole) - 4096)
    desk.path.write_bytes(bytes(whole))
    code = desk.meta.phone("Sales").latest_code()
    await desk.ana.submit({"Verification code": code})
    await idle(desk)
    seen = desk.ana.sees()  # which of the two depends on the first random page that SQLite trips over
    assert "The database is damaged" in seen or "The database is not available" in seen
    assert desk.writes("verify_code") == 0
    await looks_up(desk)
    assert_told_well(desk)


async def test_a_full_disk_stops_acts_and_goes_on_when_there_is_room(desk):
    """SQLite's own limit on pages stands for the disk; it is the writer's connection that meets it."""
    await choosing(desk.ana)
    pages = await desk.bot.services.db.write(_fill)
    assert pages > 0
    await desk.ana.submit()
    await idle(desk)
    if desk.writes("request_code") == 0:
        assert "The disk is full" in desk.ana.sees()
        await looks_up(desk)
        await desk.ana.submit()
    await desk.ana.wait_for_window("Enter the code")
    assert desk.writes("request_code") == 1


def _fill(session):
    raw = session.info["driver"]
    (pages,) = raw.execute("PRAGMA page_count").fetchone()
    raw.execute(f"PRAGMA max_page_count = {pages}").fetchone()
    return pages


# -- at the start -----------------------------------------------------------------------------------------


async def exit_code(desk: Desk, **settings: str) -> int:
    config = Config.from_env({**desk.settings(), **settings}, today=date(2026, 11, 22))
    return await run.serve(config)


async def test_a_second_process_on_the_same_file_is_refused_with_a_sentence(desk, capsys):
    assert await exit_code(desk) == 3
    assert "Another process of this bot is using the database." in capsys.readouterr().err


async def test_a_database_of_a_newer_version_is_refused_untouched(a_desk, capsys):
    desk = await a_desk(tempo=BRISK)
    await desk.stop()
    with sqlite3.connect(desk.path) as link:
        link.execute("UPDATE alembic_version SET version_num = '9999_from_the_future'")
    link.close()
    whole = desk.path.read_bytes()
    assert await exit_code(desk) == 3
    assert "newer" in capsys.readouterr().err
    assert desk.path.read_bytes() == whole


async def test_another_secret_key_is_refused_with_what_to_do(a_desk, capsys):
    desk = await a_desk(tempo=BRISK)
    await desk.stop()
    assert await exit_code(desk, SECRET_KEY="another key that is long enough to be one") == 2
    assert "SECRET_KEY does not open what is stored" in capsys.readouterr().err


async def test_a_restored_backup_goes_on_from_where_it_stood(a_desk, tmp_path):
    desk = await a_desk(tempo=BRISK)
    await with_a_code_out(desk.ana)
    await desk.stop()
    backup = tmp_path / "backup.db"
    shutil.copyfile(desk.path, backup)
    desk.path.write_bytes(os.urandom(20_000))
    await desk.start()
    assert "damaged" in await types(desk, desk.ana, "/whatsapp reconnect 4821")
    await desk.stop()
    shutil.copyfile(backup, desk.path)
    await desk.start()
    await desk.ana.type("/whatsapp reconnect 4821")
    await desk.ana.wait_for_window("Enter the code")
    await assert_records_hold(desk)
