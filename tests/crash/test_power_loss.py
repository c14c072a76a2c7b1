"""The power goes the moment a write leaves for Meta: the intent of that write is on the disk, whatever got there."""

from pathlib import Path

import pytest

from tests.crash import power, tree
from tests.crash.scenarios import Ground
from tests.crash.seeded import BUGS
from tests.crash.victim import Bots

UNSYNCED = next(bug for bug in BUGS if "NORMAL" in bug.name)


async def _lose_power(bots: Bots, folder: Path, template: Path) -> power.Outcome:
    trace, before = await power.record(bots, folder / "run", template)
    images = folder / "images"
    images.mkdir()
    return power.replay(trace, before, images, each=10)


@pytest.mark.usefixtures("stracing")
async def test_no_write_leaves_before_its_intent_would_survive_a_power_cut(ground: Ground) -> None:
    seen = await _lose_power(ground.bots, ground.folder, ground.template)
    assert seen.writes >= 6
    assert (seen.lost, seen.broken) == (0, 0)


@pytest.mark.usefixtures("stracing")
async def test_the_replay_sees_commits_that_were_not_synced(tmp_path: Path, empty_database: Path) -> None:
    """The control: with synchronous=NORMAL in WAL, as many projects run SQLite, intents are lost."""
    async with Bots(tree.copy(tmp_path / "tree", UNSYNCED.patches)) as bots:
        seen = await _lose_power(bots, tmp_path, empty_database)
    assert seen.lost > seen.images // 4
