"""`whatsapp-bot secrets rotate`: encrypt everything stored with the newest key of SECRET_KEY (new,old)."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlmodel import Session

from bot.audit import BOT, Act, Journal, Outcome, Record
from bot.cipher import Cipher, WrongKey
from bot.config import Config, ConfigError
from bot.run import environment
from storage import audit, sealed
from storage.db import Database, path_of
from storage.errors import InUse, StorageError
from storage.sealed import Resealed

OK, CANNOT, BAD_SETTINGS, RUNNING = 0, 1, 2, 3  # exit codes
STOP_IT = "The bot is running on this database. Stop it, run this again, start it again. Nothing was changed."
LACKING = (
    "A stored {what} was encrypted with a key that is not in SECRET_KEY. Write SECRET_KEY=new,old with the key it was "
    "written with. Nothing was changed."
)


def main(arguments: Sequence[str]) -> int:
    """Exit code 0: everything is under the newest key; 1: it could not be; 2: settings; 3: the bot runs."""
    parser = argparse.ArgumentParser(
        prog="whatsapp-bot secrets",
        description="Encrypt everything stored with the newest key of SECRET_KEY (new,old). One transaction: it may be "
        "repeated, and cut off at any moment.",
    )
    parser.add_argument("what", choices=["rotate"])
    parser.parse_args(arguments)
    logging.getLogger().addHandler(logging.NullHandler())  # what matters is told below
    now = datetime.now(UTC)
    try:
        config = Config.from_env(environment(), today=now.date())
    except ConfigError as error:
        return _say(BAD_SETTINGS, "The settings cannot be used:", *(f"  - {one}" for one in error.problems))
    if not path_of(config.database_url).exists():
        return _say(OK, "There is no database yet, so nothing is stored.")
    return asyncio.run(_rotate(config, now))


async def _rotate(config: Config, now: datetime) -> int:
    db = Database(config.database_url)
    try:
        await db.start()
        if db.trouble:
            raise db.trouble
        done = await db.write(lambda session: _reseal(session, config, now))
    except InUse:
        return _say(RUNNING, STOP_IT)
    except StorageError as error:
        return _say(CANNOT, f"{error.sentence} Nothing was changed.")
    except LookupError as lacking:
        return _say(CANNOT, LACKING.format(what=lacking.args[0]))
    except _Broken as broken:
        return _say(CANNOT, f"The records do not verify ({broken}). Nothing was changed.")
    finally:
        await db.close()
    return _say(OK, _told(done))


class _Broken(Exception):
    """The chain of records does not verify, so nothing may be written to it."""


def _reseal(session: Session, config: Config, now: datetime) -> Resealed:
    """All of it and its record, in one transaction: cut off anywhere, nothing has happened."""
    cipher = Cipher(config.secret_keys)
    verdict = audit.verify(session, cipher.chain_keys)
    if not verdict.ok:
        raise _Broken(verdict.problem)

    def anew(text: str) -> str | None:
        try:
            return cipher.encrypt(cipher.decrypt(text))
        except WrongKey:
            return None

    done = sealed.reseal_all(session, is_newest=cipher.is_newest, anew=anew)
    if done.changed:
        journal = Journal(key=cipher.chain_key, channel=config.audit_channel)
        journal.write(
            session,
            Record(
                op=f"{Act.SECRETS_ROTATED.value}:{now.isoformat()}", kind="fact", act=Act.SECRETS_ROTATED,
                person=BOT, at=now, outcome=Outcome.OK, details={"stored_secrets": str(done.changed)},
            ),
        )  # fmt: skip
    return done


def _told(done: Resealed) -> str:
    return (
        f"{done.changed} stored secret{'' if done.changed == 1 else 's'} encrypted with the newest key; "
        f"{done.kept} {'was' if done.kept == 1 else 'were'} already. "
        "Keep the old key in SECRET_KEY: it seals the older records."
    )


def _say(code: int, *lines: str) -> int:
    print(*lines, sep="\n", file=sys.stderr if code else sys.stdout)
    return code
