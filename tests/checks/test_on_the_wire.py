"""The same scenarios with a fake Meta in that state, read over HTTP by the bot's own client."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import pytest

from bot.diagnosis.examine import examine
from bot.evidence.reading import Reading, answered
from bot.evidence.snapshot import NEEDED_FIELDS, Snapshot
from bot.graph.client import Graph, Limits, open_http
from bot.graph.errors import GraphError
from bot.numbers import NumberRef
from bot.sandbox.meta.seed import Seed, small_world
from bot.sandbox.meta.server import FakeMeta
from tests.checks.healthy import URL
from tests.checks.scenario import Scenario, app, shop, support
from tests.checks.scenarios_token import HEALTHY
from tests.checks.scenarios_webhook import SCENARIOS

T = TypeVar("T")
# What this bot has no end point of its own for, and what only its own records tell, is not in a fake Meta's world.
WITH_A_WORLD = [HEALTHY, *(scenario for scenario in SCENARIOS if scenario.world)]


async def reading(how: str, seed: Seed, asked: Awaitable[T]) -> Reading[T]:
    try:
        return answered(how, seed.world.clock.now(), await asked)
    except GraphError as error:
        return Reading(how, seed.world.clock.now(), 0.0, None, error)


async def read(graph: Graph, seed: Seed, number_id: str, account_id: str) -> Snapshot:
    number, account, apps, token, subscription = await asyncio.gather(
        reading(f"GET /{number_id}", seed, graph.number(number_id)),
        reading(f"GET /{account_id}", seed, graph.account(account_id)),
        reading(f"GET /{account_id}/subscribed_apps", seed, graph.subscribed_apps(account_id)),
        reading("GET /debug_token", seed, graph.inspect_token()),
        reading(f"GET /{seed.app_id}/subscriptions", seed, graph.app_subscription()),
    )
    return Snapshot(
        ref=NumberRef(number_id, account_id, "Support", "12025550121"),
        now=seed.world.clock.now(),
        app_id=seed.app_id,
        webhook_url=URL,
        token=token,
        number=number,
        account=account,
        apps=apps,
        subscription=subscription,
    )


@pytest.mark.parametrize("scenario", WITH_A_WORLD, ids=lambda s: s.name)
async def test_the_fake_meta_in_that_state_is_told_by_the_same_cause(scenario: Scenario) -> None:
    seed = small_world()
    number_id, account_id = support(seed).id, shop(seed).id
    app(seed).callback_url, app(seed).subscribed_fields = URL, NEEDED_FIELDS
    if scenario.world:
        scenario.world(seed)
    meta = FakeMeta(world=seed.world)
    await meta.start()
    try:
        async with open_http(Limits()) as http:
            graph = Graph(
                base_url=meta.url,
                version="v25.0",
                app_id=seed.app_id,
                app_secret=seed.app_secret,
                token=lambda _node: seed.token,
                http=http,
                clock=seed.world.clock,
            )
            report = examine(await read(graph, seed, number_id, account_id))
    finally:
        await meta.close()
    assert report.code == scenario.code, [(c.slug, c.answer, c.note) for c in report.checks]
