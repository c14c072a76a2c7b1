"""A database of its own for each test."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.db import Database


@pytest.fixture
async def db(tmp_path: Path, empty_database: Path) -> AsyncIterator[Database]:
    path = tmp_path / "records.db"
    shutil.copyfile(empty_database, path)
    database = Database(f"sqlite:///{path}")
    await database.start()
    yield database
    await database.close()
