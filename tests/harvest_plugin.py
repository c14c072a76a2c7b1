"""Gathers the harvest of all processes of a test run; a full run that leaves gaps in it fails."""

from pathlib import Path
from typing import Any

import pytest

from tests.harvest import HARVEST, Harvest
from tests.harvest_known import unseen
from tests.place import ROOT

FEWEST = 60
SAID = pytest.StashKey[list[str]]()  # what is told at the end
APART = (
    "tests/browser",
    "tests/javascript",
)  # may be left out of a full run: no bot of a desk speaks in them


def pytest_configure(config: pytest.Config) -> None:
    config.stash[HARVEST] = Harvest()
    config.stash[SAID] = []


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """A worker of pytest-xdist has ended."""
    told = getattr(node, "workeroutput", {}).get("harvest")
    if told:
        node.config.stash[HARVEST].join(told)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    config = session.config
    harvest = config.stash[HARVEST]
    if hasattr(config, "workeroutput"):
        config.workeroutput["harvest"] = harvest.tell()
    elif exitstatus == pytest.ExitCode.OK and _is_full(config):
        gaps = missing(harvest)
        if gaps:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        else:
            harvest.keep()
        count = f"harvest: {len(harvest.seen)} views and messages"
        config.stash[SAID] = [*gaps, f"{count}, {'with gaps' if gaps else 'all accepted'}"]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for line in config.stash[SAID]:
        terminalreporter.write_line(line)


def missing(harvest: Harvest) -> list[str]:
    """Everything that keeps this harvest from being whole."""
    gaps = [
        f"harvest: {name} is not good: {line}" for name, lines in harvest.refused().items() for line in lines
    ]
    gaps += [f"harvest: never sent in any test: {line}" for line in unseen(harvest.said)]
    if len(harvest.seen) < FEWEST:
        gaps.append(f"harvest: only {len(harvest.seen)} views and messages, at least {FEWEST} are expected")
    return gaps


def _is_full(config: pytest.Config) -> bool:
    """Every test was asked for: no folder, no name, no mark, not only those that failed last."""
    options = ("keyword", "markexpr", "deselect", "lf", "collectonly")
    asked = {Path(config.invocation_params.dir, arg).resolve() for arg in config.args}
    ignored = {
        Path(config.invocation_params.dir, path).resolve() for path in config.getoption("ignore") or ()
    }
    return (
        asked <= {ROOT, ROOT / "tests"}
        and all(any(ROOT / apart in (path, *path.parents) for apart in APART) for path in ignored)
        and not any(config.getoption(name) for name in options)
    )
