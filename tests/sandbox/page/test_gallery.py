"""The gallery has every type on every surface where Slack takes it, and the page knows each of them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import page
from handlers.views import rules_elements as elements
from handlers.views.rules import problems
from handlers.views.rules_blocks import BLOCKS, SURFACES
from tests.sandbox.page.gallery import GALLERY

_PLACES = {
    "section": elements.IN_SECTION,
    "actions": elements.IN_ACTIONS,
    "input": elements.IN_INPUT,
    "context": elements.IN_CONTEXT,
    "context_actions": elements.IN_CONTEXT_ACTIONS,
}
BLOCK_JS = Path(page.__file__).parent / "static" / "blocks"


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _objects(item)


def _blocks(surface: str) -> Iterator[dict[str, Any]]:
    for payload in GALLERY[surface]:
        for block in payload["blocks"]:
            yield from (found for found in _objects(block) if found.get("type") in BLOCKS)


def _inside(block: dict[str, Any]) -> set[str]:
    held = [block.get("accessory"), block.get("element"), *(block.get("elements") or [])]
    return {element["type"] for element in held if element}


@pytest.mark.parametrize("surface", sorted(SURFACES))
def test_slack_would_take_every_payload_of_the_gallery(surface: str) -> None:
    assert [problem for payload in GALLERY[surface] for problem in problems(payload, surface)] == []


@pytest.mark.parametrize("surface", sorted(SURFACES))
def test_every_block_type_of_a_surface_is_in_the_gallery(surface: str) -> None:
    assert {block["type"] for block in _blocks(surface)} == SURFACES[surface]


@pytest.mark.parametrize("surface", sorted(SURFACES))
@pytest.mark.parametrize("place", sorted(_PLACES))
def test_every_element_type_of_a_block_is_in_the_gallery(surface: str, place: str) -> None:
    if place not in SURFACES[surface]:
        assert place == "context_actions"
        return
    shown = {kind for block in _blocks(surface) if block["type"] == place for kind in _inside(block)}
    assert shown == set(_PLACES[place].shapes)


def _keys(file: str, table: str) -> set[str]:
    """The keys of an object literal of the page's JavaScript."""
    body = re.search(rf"const {table} = {{\n(.*?)\n}};", (BLOCK_JS / file).read_text(), re.DOTALL)
    assert body, f"{table} is not in {file}"
    return set(re.findall(r"(?:^|, )\s*(\w+)(?=[,:]|$)", body[1], re.MULTILINE))


def test_each_block_type_is_drawn_or_named_by_the_page_and_never_both() -> None:
    drawn, named = _keys("index.js", "DRAWING"), _keys("named.js", "NAMING")
    assert drawn | named == set(BLOCKS)
    assert not drawn & named


def test_each_element_type_is_drawn_by_the_page() -> None:
    known = {kind for place in _PLACES.values() for kind in place.shapes} - {"plain_text", "mrkdwn"}
    assert known == _keys("elements.js", "ELEMENTS")
