"""Played on a disk of 512 KiB: it fills, writing stops with a sentence, room is made, writing goes on.

Run as `small_disk.py FOLDER`; prints what was seen as JSON.
"""

import asyncio
import json
import sys
from pathlib import Path

from storage import audit
from storage.db import Database
from storage.errors import StorageError
from tests.storage.rows import KEY, record


async def write(db: Database, op: str) -> str:
    try:
        await db.write(lambda s: record(s, op, reason="r" * 3000))
    except StorageError as error:
        return type(error).__name__
    return "ok"


async def story(folder: Path) -> dict[str, object]:
    seen: dict[str, object] = {}
    filler = folder / "filler"
    filler.write_bytes(b"x" * 500_000)
    db = Database(f"sqlite:///{folder / 'desk.db'}")
    await db.start()
    seen["full at the start"] = type(db.trouble).__name__
    filler.unlink()
    seen["after making room"] = [await write(db, "first"), db.epoch, db.writable]
    filler.write_bytes(b"x" * 300_000)
    answers = [await write(db, f"op{n}") for n in range(60)]
    seen["while filling"] = sorted(set(answers))
    seen["look-ups when full"] = await db.read(lambda s: audit.has_op(s, "first"))
    seen["told when full"] = [db.writable, type(db.trouble).__name__]
    filler.unlink()
    seen["after making room again"] = [await write(db, "last"), db.writable]
    verdict = await db.read(lambda s: audit.verify(s, [KEY]))
    seen["chain"] = [verdict.ok, verdict.rows - answers.count("ok")]
    await db.close()
    return seen


if __name__ == "__main__":
    print(json.dumps(asyncio.run(story(Path(sys.argv[1])))))
