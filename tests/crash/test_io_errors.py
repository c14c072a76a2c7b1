"""A disk that fails in the middle of the wizard: nothing unrecorded is done, and it heals without a restart.

A sample of what `python -m tests.crash --io 60` does at night.
"""

import pytest

from tests.crash import tree
from tests.crash.io_errors import SAMPLE, quickly, suffer_all
from tests.crash.scenarios import Ground
from tests.crash.seeded import BUGS, Bug
from tests.crash.victim import Bots


@pytest.mark.usefixtures("stracing")
async def test_a_disk_that_fails_once_or_for_a_while_costs_nothing_but_time(ground: Ground) -> None:
    verdicts = [verdict async for verdict in suffer_all(ground, SAMPLE)]
    assert [(v.trouble, found) for v in verdicts for found in v.found] == []
    assert all(v.struck for v in verdicts), "the troubles lie beyond the wizard: choose others"


@pytest.mark.usefixtures("stracing")
@pytest.mark.parametrize("bug", [bug for bug in BUGS if bug.by == "failing disk"], ids=lambda bug: bug.name)
async def test_a_commit_that_failed_and_is_believed_is_found(bug: Bug, tmp_path, empty_database) -> None:
    async with Bots(tree.copy(tmp_path / "tree", bug.patches)) as bots:
        assert await quickly(Ground(bots, tmp_path / "stages", empty_database)) != []
