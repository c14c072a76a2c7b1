"""`ground`: bots of this very tree, and a folder to play in. Tests that need strace fail without it in CI."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.crash.scenarios import Ground
from tests.crash.tree import ROOT
from tests.crash.victim import Bots, strace


@pytest.fixture
def stracing() -> None:
    """This test needs strace."""
    if strace() is None:
        why = "strace is not installed (Debian: apt-get install strace): the bot cannot be killed at a chosen moment"
        if os.environ.get("CI"):
            pytest.fail(why)
        print(why)
        pytest.skip(why)


@pytest.fixture
async def ground(tmp_path: Path, empty_database: Path) -> AsyncIterator[Ground]:
    async with Bots(ROOT) as bots:
        yield Ground(bots, tmp_path / "stages", empty_database)
