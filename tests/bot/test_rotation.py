"""`whatsapp-bot secrets rotate`: everything stored goes under the newest key, in one step or not at all."""

import asyncio
import shutil
import sqlite3
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import Session

from bot import rotation
from bot.checkup import database
from bot.checkup.finding import Mark
from bot.cipher import Cipher
from bot.config import Config
from bot.secret import Secret
from storage import audit, logins, tokens
from storage.db import Database
from tests.commands import command, running
from tests.desk import SECRET_KEY, utc

NOW = utc(2026, 11, 22, 12, 0)
NEW = "a newer key for tests only and long enough to be one"
TOKENS = ("EAAGfirst0000000000000000000", "EAAGsecond000000000000000000", "EAAGother0000000000000000000")


def settings(path: Path, key: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": "xoxb-1-test-token", "SLACK_APP_TOKEN": "xapp-1-test-token",
        "META_APP_ID": "670843887433847",
        "META_APP_SECRET": "0123456789abcdef0123456789abcdef", "DATABASE_URL": f"sqlite:///{path}", "SECRET_KEY": key,
        "AUDIT_CHANNEL": "C0AUDIT", "WHATSAPP_ADMINS": "U0ADA",
    }  # fmt: skip


def config(path: Path, key: str) -> Config:
    return Config.from_env(settings(path, key), today=date(2026, 11, 22))


def keep(session: Session, *, slot: str, ciphertext: str) -> int:
    return tokens.save(
        session, slot=slot, ciphertext=ciphertext, app_id="", user_id="", kind="", expires_at=None, at=NOW
    )


@pytest.fixture
async def stored(tmp_path: Path, empty_database: Path) -> Path:
    """Three tokens, and a login under way, under the old key."""
    path = tmp_path / "desk.db"
    shutil.copyfile(empty_database, path)
    cipher, db = Cipher([Secret(SECRET_KEY)]), Database(f"sqlite:///{path}")
    await db.start()
    for slot, text in zip(("default", "settings", "user-7"), TOKENS, strict=True):
        await db.write(partial(keep, slot=slot, ciphertext=cipher.encrypt(Secret(text))))
    verifier = cipher.encrypt(Secret("verifier"))
    await db.write(
        lambda s: logins.make(
            s, state_hash="h", person="U0ADA", account_id="1", number_id="2", about={}, verifier=verifier, at=NOW,
            until=NOW + timedelta(minutes=15),
        )
    )  # fmt: skip
    await db.close()
    return path


def run(
    path: Path, key: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    for name, value in settings(path, key).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(path.parent)
    code = rotation.main(["rotate"])
    said = capsys.readouterr()
    return code, said.out + said.err


def texts(path: Path) -> list[str]:
    link = sqlite3.connect(path)
    rows = [
        *link.execute("SELECT ciphertext FROM token ORDER BY id"),
        *link.execute("SELECT verifier FROM login_link"),
    ]
    link.close()
    return [text for (text,) in rows]


def opened(path: Path, key: str) -> list[str]:
    cipher = Cipher([Secret(key)])
    return [cipher.decrypt(text).reveal() for text in texts(path)]


def test_everything_is_encrypted_with_the_newest_key_and_counted(
    stored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(stored, f"{NEW},{SECRET_KEY}", monkeypatch, capsys)
    assert code == rotation.OK
    assert "4 stored secrets encrypted with the newest key; 0 were already." in said
    assert opened(stored, NEW) == [*TOKENS, "verifier"]
    assert not any(secret in said for secret in (*TOKENS, NEW, SECRET_KEY))


def test_again_it_changes_nothing(
    stored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    both = f"{NEW},{SECRET_KEY}"
    run(stored, both, monkeypatch, capsys)
    before = texts(stored)
    code, said = run(stored, both, monkeypatch, capsys)
    assert (code, "0 stored secrets encrypted with the newest key; 4 were already." in said) == (
        rotation.OK,
        True,
    )
    assert texts(stored) == before


async def test_it_is_on_record_in_an_unbroken_chain_with_the_count(
    stored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    both = f"{NEW},{SECRET_KEY}"
    await asyncio.to_thread(run, stored, both, monkeypatch, capsys)
    db = Database(f"sqlite:///{stored}")
    await db.start()
    keys = Cipher([Secret(NEW), Secret(SECRET_KEY)]).chain_keys
    verdict = await db.read(lambda s: audit.verify(s, keys))
    await db.close()
    assert (verdict.ok, verdict.rows) == (True, 1)
    link = sqlite3.connect(stored)
    assert link.execute("SELECT action, details FROM audit").fetchall() == [
        ("secrets.rotated", '{"stored_secrets":"4"}')
    ]
    link.close()


def test_without_the_old_key_nothing_is_changed(
    stored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = texts(stored)
    code, said = run(stored, NEW, monkeypatch, capsys)
    assert code == rotation.CANNOT
    assert "A stored token was encrypted with a key that is not in SECRET_KEY." in said
    assert texts(stored) == before


async def test_it_refuses_while_the_bot_runs(
    stored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before, db = texts(stored), Database(f"sqlite:///{stored}")
    await db.start()
    code, said = await asyncio.to_thread(run, stored, f"{NEW},{SECRET_KEY}", monkeypatch, capsys)
    await db.close()
    assert code == rotation.RUNNING
    assert "The bot is running on this database." in said
    assert texts(stored) == before


def test_without_a_database_there_is_nothing_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(tmp_path / "none.db", NEW, monkeypatch, capsys)
    assert (code, said) == (rotation.OK, "There is no database yet, so nothing is stored.\n")


def test_wrong_settings_have_their_own_exit_code(
    stored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(stored, "short", monkeypatch, capsys)
    assert (code, "SECRET_KEY" in said) == (rotation.BAD_SETTINGS, True)


def test_doctor_names_what_is_still_under_an_older_key(
    stored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    both = f"{NEW},{SECRET_KEY}"
    found = {each.what: each for each in database.look(config(stored, both))[0]}["SECRET_KEY"]
    assert (found.mark, "4 of it are under an older key" in found.says) == (Mark.WARNING, True)
    assert "whatsapp-bot secrets rotate" in found.todo
    run(stored, both, monkeypatch, capsys)
    found = {each.what: each for each in database.look(config(stored, both))[0]}["SECRET_KEY"]
    assert (found.mark, found.says) == (Mark.OK, "opens what is stored")


@pytest.mark.parametrize("after_ms", [0, 20, 40, 60, 80, 120])
async def test_killed_anywhere_it_has_happened_whole_or_not_at_all(stored: Path, after_ms: int) -> None:
    there = settings(stored, f"{NEW},{SECRET_KEY}")
    async with running("secrets", "rotate", folder=stored.parent, settings=there) as rotating:
        await asyncio.sleep(after_ms / 1000)
        rotating.kill()
        await rotating.wait()
    link = sqlite3.connect(stored)  # a hot journal is rolled back by whoever opens it next
    link.execute("SELECT 1 FROM token").fetchone()
    link.close()
    new = Cipher([Secret(NEW)])
    assert len({new.is_newest(text) for text in texts(stored)}) == 1
    again = await command("secrets", "rotate", folder=stored.parent, settings=there, new=after_ms == 0)
    assert again.code == 0, again.err
    assert opened(stored, NEW) == [*TOKENS, "verifier"]
