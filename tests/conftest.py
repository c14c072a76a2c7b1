"""`desk`: the whole bot on fakes. `a_desk(world=…, **settings)`: the same, made to order."""

import contextlib
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.app import USUAL, Tempo
from tests import forks
from tests.desk import Desk
from tests.harvest import HARVEST
from tests.template_db import template

pytest_plugins = ["tests.harvest_plugin"]


def pytest_configure(config: pytest.Config) -> None:
    """One server that forks commands, for all test processes of this run."""
    if not hasattr(config, "workerinput"):
        forking = contextlib.ExitStack()
        forking.enter_context(forks.served())
        config.add_cleanup(forking.close)


def pytest_collection_finish() -> None:
    """What is imported and collected stays: to look through it for garbage again and again is 4 % of a run."""
    gc.freeze()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without a row; copied for each desk."""
    return template(tmp_path_factory)


@pytest.fixture
async def a_desk(
    tmp_path: Path, empty_database: Path, pytestconfig: pytest.Config
) -> AsyncIterator[Callable[..., Awaitable[Desk]]]:
    """Make desks; all are closed at the end."""
    made: list[Desk] = []

    async def make(world: object = "small", tempo: Tempo = USUAL, **settings: str) -> Desk:
        desk = Desk(tmp_path, empty_database, world, settings)
        desk.tempo = tempo
        made.append(desk)
        pytestconfig.stash[HARVEST].watch(desk.slack)
        await desk.open()
        return desk

    yield make
    for desk in made:
        await desk.close()


@pytest.fixture
async def desk(a_desk: Callable[..., Awaitable[Desk]]) -> Desk:
    return await a_desk()
