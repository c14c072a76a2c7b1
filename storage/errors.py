"""What can go wrong with the database, in sentences for people: never SQL, never a value.

StorageError(sentence)   operational: nothing was recorded, so nothing may be done
├ Locked                 another program holds the file; passes by itself
├ DiskFull · ReadOnly    heals without a restart once the cause is gone
├ Corrupt                damaged: never written again before a restart with a sound file
├ NewerSchema · NotOurs  refused at the start, untouched
├ InUse                  another process of this bot holds it
└ Unavailable            anything else; `code` is SQLite's own name for it
Conflict(holder)         a version guard or a unique rule lost; the database is well
NotFound                 the row is not there; the database is well
"""

import errno
import sqlite3

from sqlalchemy.exc import StatementError


class StorageError(Exception):
    """The database could not do it. `sentence` may be shown to anyone; `code` is for the log."""

    default = "The database is not available, so nothing was recorded and nothing was done."

    def __init__(self, sentence: str = "", *, code: str = "") -> None:
        self.sentence = sentence or self.default
        self.code = code
        super().__init__(self.sentence)


class Locked(StorageError):
    default = "The database is busy with another program. Nothing was done. Try again in a moment."


class DiskFull(StorageError):
    default = (
        "The disk is full: I can't record actions right now, so I won't act. Look-ups still work. "
        "Free some space; no restart is needed."
    )


class ReadOnly(StorageError):
    default = (
        "The database file is read-only: I can't record actions right now, so I won't act. "
        "Look-ups still work. Make the file and its folder writable; no restart is needed."
    )


class Corrupt(StorageError):
    default = (
        "The database is damaged, so I won't write to it and won't act. "
        "Stop the bot, restore a backup, start it again."
    )


class NewerSchema(StorageError):
    pass


class NotOurs(StorageError):
    default = (
        "The database file belongs to another program (it holds tables, but none of this bot's). "
        "Choose another file in DATABASE_URL; nothing was changed."
    )


class InUse(StorageError):
    default = (
        "Another process of this bot is using the database. "
        "Stop that one first, or give this one a file of its own."
    )


class Unavailable(StorageError):
    pass


class Conflict(Exception):
    """Somebody was faster. `holder` is the id of the row that stands in the way, where one is known."""

    def __init__(
        self, sentence: str = "Somebody else was faster; nothing was changed.", *, holder: str = ""
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.holder = holder


class NotFound(Exception):
    def __init__(self, sentence: str = "That record does not exist.") -> None:
        super().__init__(sentence)
        self.sentence = sentence


_KINDS: dict[int, type[StorageError]] = {
    sqlite3.SQLITE_BUSY: Locked,
    sqlite3.SQLITE_LOCKED: Locked,
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_READONLY: ReadOnly,
    sqlite3.SQLITE_CORRUPT: Corrupt,
    sqlite3.SQLITE_NOTADB: Corrupt,
}
_LOST = frozenset(
    {
        sqlite3.SQLITE_CONSTRAINT_UNIQUE,
        sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
        sqlite3.SQLITE_CONSTRAINT_ROWID,
    }
)
# After these the transaction stands as it was; after any other it may be gone (SQLite rolls back by itself).
_OWN_FAULT = frozenset(
    {
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_MISUSE,
        sqlite3.SQLITE_RANGE,
        sqlite3.SQLITE_TOOBIG,
    }
)


def by_code(number: int, name: str) -> StorageError | Conflict:
    """The error for SQLite's extended result code `number`, called `name`."""
    if number in _LOST:
        return Conflict()
    return _KINDS.get(number & 0xFF, Unavailable)(code=name)


_BY_ERRNO: dict[int, type[StorageError]] = {
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
    errno.EROFS: ReadOnly,
    errno.EACCES: ReadOnly,
    errno.EPERM: ReadOnly,
}


def by_errno(error: OSError) -> StorageError:
    """The error for a file that could not be made or opened."""
    name = errno.errorcode.get(error.errno or 0, "")
    if error.errno == errno.ENOENT:
        return Unavailable(
            "The folder of the database does not exist. Create it, or change DATABASE_URL.", code=name
        )
    return _BY_ERRNO.get(error.errno or 0, Unavailable)(code=name)


def told(error: BaseException) -> BaseException:
    """`error` as its caller may see it: the driver's become ours, a work's own stay themselves."""
    cause = error.orig if isinstance(error, StatementError) and error.orig else error
    if isinstance(cause, sqlite3.Error):
        number = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_MISUSE)
        return by_code(number, getattr(cause, "sqlite_errorname", type(cause).__name__))
    return RuntimeError("a work raised StopIteration") if isinstance(cause, StopIteration) else cause


def is_own_fault(error: BaseException) -> bool:
    """Whether only the work that met `error` has failed, and the transaction around it stands."""
    cause = error.orig if isinstance(error, StatementError) and error.orig else error
    if not isinstance(cause, sqlite3.Error):
        return True
    return getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_MISUSE) & 0xFF in _OWN_FAULT
