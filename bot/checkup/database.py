"""Is the database file sound, ours, unbroken and writable? Looked at without touching it."""

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlmodel import Session

from bot.checkup.finding import Finding, ok, problem, unknown, warning
from bot.cipher import Cipher, WrongKey
from bot.config import Config
from bot.secret import Secret
from bot.token_held import FROM_SETTINGS, IN_USE
from storage import audit, outbox, sealed, tokens
from storage.connect import engine_over
from storage.db import path_of
from storage.errors import Corrupt, Locked, StorageError, told
from storage.schema import HEAD, REVISIONS

FILE, SCHEMA, RECORDS, OWED, KEY = "Database", "Database version", "Records", "Messages owed", "SECRET_KEY"
WAIT_S = 5.0


def look(config: Config, *, wait_s: float = WAIT_S) -> tuple[list[Finding], Secret]:
    """What was found, and the Meta token in use: the stored one, or else the one in the settings.

    `wait_s`: how long to wait while somebody else writes.
    """
    path = path_of(config.database_url)
    if not path.exists():
        return [_to_be_made(path)], config.meta_access_token
    try:
        copy = _copied(path, wait_s)
    except sqlite3.Error as error:
        return [_unreadable(error)], config.meta_access_token
    try:
        return _examined(config, path, copy)
    except sqlite3.Error as error:
        return [_unreadable(error)], config.meta_access_token
    finally:
        copy.close()


def _to_be_made(path: Path) -> Finding:
    if os.access(path.parent, os.W_OK):
        return ok(FILE, f"{path.name} will be made at the first start")
    return problem(
        FILE,
        f"the folder of {path.name} is missing or may not be written",
        "Create it, or change DATABASE_URL.",
    )


def _copied(path: Path, wait_s: float) -> sqlite3.Connection:
    """All of it in memory: a running bot waits for one copying, not for the long looking that follows."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    try:
        source = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro", uri=True, timeout=wait_s, isolation_level=None
        )
        try:
            source.execute("BEGIN")
            source.execute(
                "SELECT 1 FROM sqlite_schema"
            ).fetchone()  # takes the lock: backup would wait for ever
            source.backup(copy)
        finally:
            source.close()
    except BaseException:
        copy.close()
        raise
    return copy


def _unreadable(error: sqlite3.Error) -> Finding:
    if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY_ROLLBACK:
        return unknown(
            FILE,
            "the last run was cut off in the middle of a write",
            "Start the bot once: it puts that right.",
        )
    kind = told(error)
    said = kind.sentence if isinstance(kind, StorageError) else "it cannot be read"
    if isinstance(kind, Locked):
        return unknown(FILE, "another program holds it", "Try again in a moment.")
    if isinstance(kind, Corrupt):
        return problem(FILE, said, "Stop the bot, restore a backup, start it again.")
    return problem(FILE, said, "Check that the bot's user may read the file and its folder.")


def _examined(config: Config, path: Path, copy: sqlite3.Connection) -> tuple[list[Finding], Secret]:
    if copy.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
        return [
            problem(FILE, "it is damaged", "Stop the bot, restore a backup, start it again.")
        ], config.meta_access_token
    found = [_writable(path), schema(copy)]
    if found[-1].mark.name != "OK":
        return found, config.meta_access_token
    cipher = Cipher(config.secret_keys)
    engine = engine_over(lambda: copy)
    with engine.connect() as link, Session(link) as session:
        key, token = _token(session, cipher, config.meta_access_token)
        return [*found, _records(session, cipher), _owed(session), key], token


def _writable(path: Path) -> Finding:
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        return problem(
            FILE, "the file or its folder may not be written", "Make both writable for the bot's user."
        )
    return ok(FILE, f"{path.name} is sound and writable")


def schema(copy: sqlite3.Connection) -> Finding:
    """The version of the tables, compared with what this bot knows."""
    tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if "alembic_version" not in tables:
        if tables:
            return problem(
                SCHEMA, "the file belongs to another program", "Choose another file in DATABASE_URL."
            )
        return unknown(SCHEMA, "the file is empty", "The tables are made at the first start.")
    row = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    version = str(row[0])[:40] if row else "none"
    if version == HEAD:
        return ok(SCHEMA, version)
    if version in REVISIONS:
        return unknown(SCHEMA, f"{version}, older than {HEAD}", "It is brought up to date at the next start.")
    return problem(
        SCHEMA, f"{version} was written by a newer bot", "Install that version, or restore a backup."
    )


def _records(session: Session, cipher: Cipher) -> Finding:
    verdict = audit.verify(session, cipher.chain_keys)
    if not verdict.ok:
        said = f"the chain does not verify. {verdict.problem}"
        return problem(RECORDS, said, "Check SECRET_KEY (new,old); else keep the file and restore a backup.")
    return ok(RECORDS, f"{verdict.rows}, unbroken up to #{verdict.head_seq}")


def _owed(session: Session) -> Finding:
    backlog = outbox.backlog(session)
    if not backlog.count:
        return ok(OWED, "none")
    since = f", the oldest since {backlog.oldest_at:%d %B %Y %H:%M} UTC" if backlog.oldest_at else ""
    return warning(
        OWED, f"{backlog.count}{since}", "They are sent while the bot runs; if not, see the audit channel."
    )


def _token(session: Session, cipher: Cipher, given: Secret) -> tuple[Finding, Secret]:
    """As bot.tokens.Tokens.load chooses, without writing."""
    imported, stored = tokens.current(session, FROM_SETTINGS), tokens.current(session, IN_USE)
    try:
        as_given = imported is not None and cipher.decrypt(imported.ciphertext) == given
        token = cipher.decrypt(stored.ciphertext) if stored and (as_given or not given) else given
        for row in tokens.in_use(session):
            cipher.decrypt(row.ciphertext)
    except WrongKey:
        todo = "Put the key it was written with behind a comma: SECRET_KEY=new,old."
        return problem(KEY, "it does not open what is stored in the database", todo), given
    old = sum(not cipher.is_newest(text) for text in sealed.all_texts(session))
    if old:
        said = f"opens what is stored, but {old} of it {'is' if old == 1 else 'are'} under an older key"
        return warning(KEY, said, "Stop the bot, run `whatsapp-bot secrets rotate`, start it again."), token
    return ok(KEY, "opens what is stored"), token
