"""One way to open the file: safe against power loss, and leaving no deleted bytes behind."""

import sqlite3
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.util import LRUCache

from storage.errors import Unavailable

# TRUNCATE + FULL: clean in every simulated power loss, faster than WAL here, and free of the WAL-reset
# bug of SQLite before 3.51.3 (reliability.md §0.1, §0.9). temp_store: no customer data in temporary files.
_PRAGMAS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA mmap_size=0",
    "PRAGMA trusted_schema=OFF",
)
_STATEMENTS = 500  # compiled ones kept, as SQLAlchemy keeps by itself for each engine


def open_as_is(path: Path, *, busy_timeout_s: float) -> sqlite3.Connection:
    """Open an existing file in autocommit mode, without changing anything about it."""
    return sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw",
        uri=True,
        isolation_level=None,
        timeout=busy_timeout_s,
        check_same_thread=False,
        cached_statements=256,
    )


def connect(path: Path, *, busy_timeout_s: float, query_only: bool = False) -> sqlite3.Connection:
    """Open an existing file as the bot uses it; transactions are ours, not the driver's.

    Raises sqlite3.Error, or Unavailable when the file refuses the journal mode that keeps it safe.
    """
    raw = open_as_is(path, busy_timeout_s=busy_timeout_s)
    try:
        for pragma in _PRAGMAS:
            raw.execute(pragma)
        (mode,) = raw.execute("PRAGMA journal_mode=TRUNCATE").fetchone()
        if mode != "truncate":
            raise Unavailable("The database file is in a mode this bot does not use. Nothing was changed.")
        if query_only:
            raw.execute("PRAGMA query_only=ON")
    except BaseException:
        raw.close()
        raise
    return raw


def engine_over(opener: Callable[[], sqlite3.Connection]) -> Engine:
    """SQLAlchemy over connections of ours; it shows no values in its errors and keeps no pool.

    All of them share one dialect and one cache of compiled statements: what the reader has compiled, the
    writer does not compile once more, nor does a database opened after this one.
    """
    model, options = _model()
    pool = NullPool(opener, dialect=model.dialect)  # type: ignore[arg-type]  # sqlite3's types say less
    return Engine(pool, model.dialect, model.url, hide_parameters=True, execution_options=options)


@cache
def _model() -> tuple[Engine, dict[str, object]]:
    """An engine over nothing, connected once so that its dialect knows this SQLite; and the shared options."""
    model = create_engine("sqlite://", poolclass=NullPool)
    model.connect().close()
    return model, {"compiled_cache": LRUCache(_STATEMENTS)}


def raw_of(link: Connection) -> sqlite3.Connection:
    """The driver's connection under SQLAlchemy's."""
    raw = link.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        raise TypeError("not a connection to an SQLite database")
    return raw
