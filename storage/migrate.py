"""Bring a database to the newest schema: `python -m storage.migrate sqlite:////path/to/file.db`."""

import sqlite3
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.exc import DBAPIError

SCRIPTS = Path(__file__).parent / "migrations"


def config_for(url: str) -> Config:
    """Alembic's settings, without a file of them."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["url"] = url
    return config


def main(url: str) -> int:
    """0, or 1 with SQLite's name for what went wrong on the last line of standard output."""
    try:
        command.upgrade(config_for(url), "head")
    except (sqlite3.Error, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        print(getattr(cause, "sqlite_errorname", "SQLITE_ERROR"))  # noqa: T201  read by storage.schema
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
