"""The clock that the sandbox and its bot share."""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox.time import SharedClock
from tests.commands import environment

READ = "from bot.sandbox.time import SharedClock as C, Path; print(C(Path('clock')).now().timestamp())"


async def elsewhere(folder: Path) -> float:
    """What time another process reads."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", READ, cwd=folder, env=environment(), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    return float(out)


async def test_two_processes_agree_before_and_after_a_skip(tmp_path: Path):
    clock = SharedClock.make(tmp_path / "clock")
    for skip in (timedelta(), timedelta(minutes=10), timedelta(days=3)):
        clock.skip(skip)
        before = clock.now().timestamp()
        theirs = await elsewhere(tmp_path)
        assert before - 0.001 <= theirs <= clock.now().timestamp() + 0.001


def test_a_skip_is_seen_at_once_by_all_who_look(tmp_path: Path):
    mine = SharedClock.make(tmp_path / "clock")
    yours = SharedClock(tmp_path / "clock")
    yours.skip(timedelta(hours=72))
    assert abs(mine.now() - yours.now()) < timedelta(milliseconds=50)
    assert mine.skipped == timedelta(hours=72)
    mine.jump(datetime(2020, 1, 1, tzinfo=UTC))
    assert abs(yours.now() - datetime(2020, 1, 1, tzinfo=UTC)) < timedelta(seconds=1)
    with pytest.raises(ValueError, match="forwards"):
        mine.skip(timedelta(seconds=-1))


def test_until_somebody_skips_it_is_the_real_time(tmp_path: Path):
    clock = SharedClock.make(tmp_path / "clock")
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)
    assert os.path.getsize(tmp_path / "clock") < 100
