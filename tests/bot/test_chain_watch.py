"""The records are verified while the bot runs, not only at its start."""

import sqlite3
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.flows.recovery import Start
from storage.db import Database
from storage.errors import Corrupt
from tests.storage.rows import KEY, record


async def test_a_record_changed_from_outside_ends_all_writing_within_the_hour(
    db: Database, tmp_path: Path
) -> None:
    acts: Any = SimpleNamespace(blocked=None)
    start = Start(
        acts=acts, db=db, keys=[KEY], tokens=cast(Any, None), app_wait=cast(Any, None), also=cast(Any, None)
    )  # fmt: skip
    await db.write(lambda s: [record(s, f"op{n}") for n in range(2_100)])  # more than one page
    await start.look_again()
    assert acts.blocked is None
    with sqlite3.connect(tmp_path / "records.db", timeout=5) as link:
        link.execute("DROP TRIGGER audit_no_update")
        link.execute("UPDATE audit SET actor = 'U0EVE' WHERE seq = 2050")
    link.close()
    await start.look_again()
    assert "Row 2050 was changed" in acts.blocked.sentence
    with pytest.raises(Corrupt):
        await db.write(lambda s: record(s, "later"))
