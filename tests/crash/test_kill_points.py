"""The bot dies at a system call in the middle of the wizard; nothing is done twice, lost or left open.

A sample of what `python -m tests.crash --points 150` does at night.
"""

import pytest

from tests.crash import tree
from tests.crash.points import Point
from tests.crash.scenarios import SCENARIOS, Ground, kill_all
from tests.crash.seeded import BUGS, Bug
from tests.crash.victim import Bots

SAMPLE = (
    Point("sendto", 11, new_pin=True),
    Point("sendto", 17),
    Point("fdatasync", 31, again=2),
    Point("epoll_wait", 155),
    Point("recvfrom", 90, again=3),
)
QUICK = {
    # bug: a scenario of a few seconds that must find it
    "a second click counts as a second wish": "double submits",
    "tries come back with each new code": "greedy guesser",
}


@pytest.mark.usefixtures("stracing")
async def test_killed_anywhere_nothing_is_done_twice_lost_or_left_open(ground: Ground) -> None:
    verdicts = [verdict async for verdict in kill_all(ground, SAMPLE)]
    assert [(v.point, found) for v in verdicts for found in v.found] == []
    assert sum(v.died for v in verdicts) >= len(SAMPLE) - 1, "the points lie beyond the wizard: choose others"
    assert max(v.up_in_s for v in verdicts) < 5


def test_every_seeded_bug_still_fits_the_product(tmp_path) -> None:
    """Otherwise `python -m tests.crash --seeded` would prove nothing."""
    for number, bug in enumerate(BUGS):
        tree.copy(tmp_path / str(number), bug.patches)


@pytest.mark.parametrize("bug", [bug for bug in BUGS if bug.name in QUICK], ids=lambda bug: bug.name)
async def test_the_harness_finds_a_bug_put_in(bug: Bug, tmp_path, empty_database) -> None:
    async with Bots(tree.copy(tmp_path / "tree", bug.patches)) as bots:
        found = await SCENARIOS[QUICK[bug.name]](Ground(bots, tmp_path / "stages", empty_database))
    assert found != []
