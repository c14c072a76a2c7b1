"""The file is of our version, or it is left alone."""

import hashlib
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from storage import schema, tables
from storage.connect import connect, engine_over
from storage.db import Database, path_of
from storage.errors import NewerSchema, NotOurs
from storage.migrate import config_for


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_migrations_make_exactly_the_tables_of_the_models(path: Path) -> None:
    assert tables.AuditRow.__tablename__ == "audit"
    with engine_over(lambda: connect(path, busy_timeout_s=1)).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_what_the_comparison_cannot_see_is_there_too(path: Path) -> None:
    sql = dict(sqlite3.connect(path).execute("SELECT name, sql FROM sqlite_schema").fetchall())
    assert "WHERE active = 1" in sql["flow_one_active_per_number"]
    assert "WHERE retired_at IS NULL" in sql["token_one_current_per_slot"]
    assert {"audit_no_update", "audit_no_delete", "audit_no_replace"} <= set(sql)
    assert all("AUTOINCREMENT" in sql[table] for table in ("audit", "outbox", "token"))


def test_the_list_of_revisions_is_the_list_of_scripts() -> None:
    scripts = ScriptDirectory.from_config(config_for("sqlite://")).walk_revisions()
    assert tuple(reversed([script.revision for script in scripts])) == schema.REVISIONS


def test_a_file_of_the_first_version_is_brought_to_the_newest_with_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.touch()
    command.upgrade(config_for(f"sqlite:///{path}"), "0001")
    with sqlite3.connect(path) as raw:
        raw.execute("INSERT INTO meta VALUES ('kept', 'yes')")
    raw.close()
    schema.ensure(path, busy_timeout_s=1)
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == (schema.HEAD,)
    assert raw.execute("SELECT value FROM meta WHERE key = 'kept'").fetchone() == ("yes",)
    assert raw.execute("SELECT 1 FROM sqlite_schema WHERE name = 'audit_no_replace'").fetchone()
    raw.close()


def test_a_file_of_the_third_version_keeps_its_rows_and_loses_the_texts_of_replaced_tokens(
    tmp_path: Path,
) -> None:
    path = tmp_path / "old.db"
    path.touch()
    command.upgrade(config_for(f"sqlite:///{path}"), "0003")
    with sqlite3.connect(path) as raw:
        for text, retired in (("old", "2026-01-01T00:00:00.000000Z"), ("new", None)):
            raw.execute(
                "INSERT INTO token (slot, ciphertext, app_id, user_id, kind, created_at, retired_at) "
                "VALUES ('default', ?, '', '', '', '2026-01-01T00:00:00.000000Z', ?)",
                (text, retired),
            )
        raw.execute("INSERT INTO notice VALUES ('told', '2026-01-01T00:00:00.000000Z')")
    raw.close()
    for _ in range(2):  # once more changes nothing
        schema.ensure(path, busy_timeout_s=1)
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT ciphertext FROM token ORDER BY id").fetchall() == [("",), ("new",)]
    assert raw.execute("SELECT count(*) FROM notice").fetchone() == (1,)
    assert {"event_inbound", "event_failed"} <= {n for (n,) in raw.execute("SELECT name FROM sqlite_schema")}
    raw.close()


def test_a_new_file_is_for_its_owner_only(migrated: Path) -> None:
    assert stat.S_IMODE(migrated.stat().st_mode) == 0o600


async def test_a_database_of_a_newer_version_is_refused_and_not_touched(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '0099'")
    raw.close()
    before = fingerprint(path)
    with pytest.raises(NewerSchema, match=r"newer version of this bot \(schema 0099\).*nothing was changed"):
        await Database(f"sqlite:///{path}").start()
    assert fingerprint(path) == before


async def test_a_file_of_another_program_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("CREATE TABLE songs (title)")
    raw.close()
    before = fingerprint(path)
    with pytest.raises(NotOurs):
        await Database(f"sqlite:///{path}").start()
    assert fingerprint(path) == before


async def test_the_epoch_rises_with_every_start(tmp_path: Path, migrated: Path) -> None:
    path = tmp_path / "odd name %20 #1.db"
    shutil.copyfile(migrated, path)
    for epoch in (1, 2, 3):
        db = Database(f"sqlite:///{path}")
        await db.start()
        assert (db.epoch, db.trouble) == (epoch, None)
        await db.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "desk.db",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://localhost/x",
        "sqlite:///file:x?uri=true",
    ],
)
def test_an_address_that_is_no_sqlite_file_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(ValueError, match=r"sqlite:///whatsapp\.db"):
        path_of(url)
