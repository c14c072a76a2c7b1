"""Is the file sound, ours, and of this version? Asked at every start, without importing Alembic."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

from storage.connect import open_as_is
from storage.errors import (
    Corrupt,
    NewerSchema,
    NotOurs,
    StorageError,
    Unavailable,
    by_code,
    by_errno,
)

REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0004",
)  # every migration, oldest first; a test compares them with the scripts
HEAD = REVISIONS[-1]
_MIGRATION_S = 600
_CODE = re.compile(r"SQLITE_[A-Z_]+")


def ensure(path: Path, *, busy_timeout_s: float) -> None:
    """Check the file and bring it to HEAD. Raises StorageError; a damaged or newer file is not touched."""
    _create_private(path)
    raw = open_as_is(path, busy_timeout_s=busy_timeout_s)
    try:
        _check_sound(raw)
        found = _revision(raw)
    finally:
        raw.close()
    if found is not None and found not in REVISIONS:
        raise NewerSchema(
            f"The database was written by a newer version of this bot (schema {found[:40]}). "
            "Install that version or restore a backup; nothing was changed."
        )
    if found != HEAD:
        _migrate(path)


def _create_private(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        if not path.exists():
            raise by_errno(error) from None  # a file that is there may still be read


def _check_sound(raw: sqlite3.Connection) -> None:
    # integrity_check, not quick_check: the quick one missed 139 of 324 damages (reliability.md §0.10)
    if raw.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
        raise Corrupt(code="integrity_check")


def _revision(raw: sqlite3.Connection) -> str | None:
    tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if "alembic_version" not in tables:
        if tables:
            raise NotOurs
        return None
    row = raw.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _migrate(path: Path) -> None:
    """In a process of its own: Alembic would cost every ordinary start its import."""
    command = [sys.executable, "-m", "storage.migrate", f"sqlite:///{path}"]
    home = Path(__file__).parent.parent
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter, our own module
            command, cwd=home, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_MIGRATION_S
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(code="migration timed out") from None
    if done.returncode != 0:
        raise _failure(done.stdout)


def _failure(output: str) -> StorageError:
    """The kind of failure the migration named on its last line."""
    names = _CODE.findall(output)
    name = names[-1] if names else ""
    error = by_code(getattr(sqlite3, name, sqlite3.SQLITE_ERROR), name or "migration")
    return error if isinstance(error, StorageError) else Unavailable(code=name)
