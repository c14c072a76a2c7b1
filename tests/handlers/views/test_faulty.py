"""What Slack would refuse, its stand-in refuses on every way in, by error and path; what is good, it takes."""

import copy
import re
from typing import Any

import pytest

from handlers.views.rules_blocks import BLOCKS, SURFACES
from tests.handlers.views.faulty import GONE, HOMES, VIEWS, Fault
from tests.handlers.views.faulty_messages import MESSAGES
from tests.handlers.views.good import JSON, specimens
from tests.handlers.views.wire import wired

FAULTS = {
    **{f"{name} (message)" if name in VIEWS else name: fault for name, fault in MESSAGES.items()},
    **VIEWS,
    **HOMES,
}
GOOD = {name: (surface, payload) for name, surface, payload in specimens(SURFACES)}


def changed(fault: Fault) -> JSON:
    """The good payload with the fault's one change."""
    made: Any = copy.deepcopy(fault.base)
    *way, last = [int(key) if key.isdigit() else key for key in re.findall(r"[^.\[\]]+", fault.at)]
    holder = made
    for key in way:
        holder = holder.setdefault(key, {}) if isinstance(holder, dict) else holder[key]
    if fault.to is GONE:
        del holder[last]
    else:
        holder[last] = fault.to
    return dict(made)


@pytest.mark.parametrize("name", FAULTS)
async def test_one_change_makes_slack_refuse_a_payload_it_took_before(name: str) -> None:
    fault = FAULTS[name]
    faulty = changed(fault)
    async with wired() as wire:
        for way, send in wire.ways[fault.surface].items():
            if way == "chat.update" and fault.at == "text" and fault.to in ("", GONE):
                continue  # what is left out stays as it was
            assert await send(fault.base) == "", (way, wire.slack.refusals)
            assert wire.slack.refusals == []
            assert await send(faulty) == fault.refused_as, (way, wire.slack.refusals)
            [refusal] = wire.slack.refusals
            lines = [line for line in refusal.problems if line.startswith(f"{fault.named}: {fault.rule}")]
            assert len(lines) >= 1, (way, refusal.problems)
            wire.slack.refusals.clear()


@pytest.mark.parametrize("name", GOOD)
async def test_what_is_good_is_taken_on_every_way(name: str) -> None:
    surface, payload = GOOD[name]
    async with wired() as wire:
        for way, send in wire.ways[surface].items():
            assert await send(payload) == "", (way, wire.slack.refusals)
        assert wire.slack.refusals == []


def test_the_good_ones_are_of_every_block_on_every_surface_that_takes_it() -> None:
    shown = {(surface, block["type"]) for surface, payload in GOOD.values() for block in payload["blocks"]}
    assert {(surface, kind) for surface, kinds in SURFACES.items() for kind in kinds} <= shown
    assert {kind for _, kind in shown} == set(BLOCKS)


def test_there_are_more_than_enough_of_both() -> None:
    assert len(FAULTS) >= 100
    assert len(GOOD) >= 60
