"""Would Slack take this view or message? Every reason why not, found before it is sent.

The limits are Slack's (slack.md §2.2-2.4); where Slack is silent the stricter reading is used. Used before
sending, by the sandbox's Slack, and by the tests.
"""

import json
from collections.abc import Mapping
from typing import Any

from handlers.views.rules_blocks import BLOCKS, SURFACES
from handlers.views.rules_kinds import TYPE, Found, Problem, Str, Test, Text, Walk, one
from handlers.views.rules_objects import FLAG, ID
from handlers.views.rules_shapes import Many, OneOf, Shape

__all__ = ["Problem", "problems"]

MESSAGE_CHARS = 13_200  # of all text in a message's blocks: msg_blocks_too_long beyond
MARKDOWN_CHARS = 12_000  # of all markdown blocks of a message together
_FEW = (("only_one_table_allowed", ("table", "data_table"), 1), ("too_many", ("data_visualization",), 2))
_COUNTED = frozenset(kind for _, kinds, _ in _FEW for kind in kinds)
VIEW_BYTES = 250_000


class _Blocks(Many):
    """Blocks that may stand on the surface, each with a block_id no other block has."""

    def __init__(self, surface: str, least: int, most: int) -> None:
        self.shapes = {name: BLOCKS[name] for name in SURFACES[surface]}
        super().__init__(OneOf(self.shapes), least, most)

    def good(self, value: Any, walk: Walk) -> bool:
        if not isinstance(value, list) or not self.least <= len(value) <= self.most:
            return False
        shapes, ids, named = self.shapes, walk.block_ids, 0
        try:
            for block in value:
                if not shapes[block["type"]].good(block, walk):
                    return False
                if "block_id" in block:
                    ids.add(block["block_id"])
                    named += 1
        except (KeyError, TypeError):
            return False
        return len(ids) == named

    def check(self, value: Any, walk: Walk) -> Found:
        found = super().check(value, walk) or []
        for index, block in enumerate(value if isinstance(value, list) else ()):
            name = block.get("block_id") if isinstance(block, dict) else None
            if isinstance(name, str):
                if name in walk.block_ids:
                    path = f"[{index}].block_id"
                    found += one("duplicate_block_id", "another block has this id", path)
                walk.block_ids.add(name)
        return found or None


def _needs_submit(view: dict[str, Any], walk: Walk) -> Found:
    blocks = view.get("blocks")
    if "submit" in view or not isinstance(blocks, list):
        return None
    if any(isinstance(block, dict) and block.get("type") == "input" for block in blocks):
        return one("submit_missing", "a view with an input block needs a submit button", "submit")
    return None


def _message_rules(message: dict[str, Any], walk: Walk) -> Found:
    """What counts over all blocks of a message: characters, markdown, tables and charts."""
    blocks = message.get("blocks")
    kinds = (
        [b.get("type") if isinstance(b, dict) else None for b in blocks] if isinstance(blocks, list) else []
    )
    found = []
    if walk.chars > MESSAGE_CHARS:
        found += one("msg_blocks_too_long", f"{walk.chars} characters of text in all blocks", "blocks")
    if walk.markdown > MARKDOWN_CHARS:
        found += one("too_long", f"{walk.markdown} characters in all markdown blocks", "blocks")
    for rule, names, most in _FEW if not _COUNTED.isdisjoint(kinds) else ():
        at = [index for index, kind in enumerate(kinds) if kind in names]
        if len(at) > most:
            found += one(rule, f"{len(at)} in one message, {most} allowed", f"blocks[{at[most]}]")
    return found or None


def _small_enough(view: dict[str, Any], walk: Walk) -> Found:
    if len(json.dumps(view, default=str)) <= VIEW_BYTES:
        return None
    return one("view_too_large", f"more than {VIEW_BYTES} bytes as JSON", "blocks")


def _view_rules(view: dict[str, Any], walk: Walk) -> Found:
    return ((_needs_submit(view, walk) or []) + (_small_enough(view, walk) or [])) or None


_ANY = Test(lambda value: value is not None, "must not be null")
_VIEW: dict[str, Any] = {"type": TYPE, "private_metadata": Str(0, 3000), "callback_id": ID, "external_id": ID}
_SHAPES = {
    "modal": Shape(
        {
            **_VIEW,
            "title": Text(24),
            "submit": Text(24),
            "close": Text(24),
            "blocks": _Blocks("modal", 1, 100),
            "clear_on_close": FLAG,
            "notify_on_close": FLAG,
        },
        required=("type", "title", "blocks"),
        also=_view_rules,
    ),
    "home": Shape(
        {**_VIEW, "blocks": _Blocks("home", 0, 100)}, required=("type", "blocks"), also=_small_enough
    ),
    "message": Shape(  # link_names and parse are left out on purpose: they would wake up names in data
        {
            "text": 40_000,
            "blocks": _Blocks("message", 0, 50),
            "attachments": Many(_ANY, 0, 100),
            "metadata": _ANY,
            **dict.fromkeys(("unfurl_links", "unfurl_media", "mrkdwn", "reply_broadcast", "as_user"), FLAG),
            **dict.fromkeys(("replace_original", "delete_original"), FLAG),
            **dict.fromkeys(("channel", "user", "ts", "thread_ts", "response_type", "token"), ID),
            **dict.fromkeys(("username", "icon_emoji", "client_msg_id"), ID),
            "icon_url": 3000,
        },
        required=("text",),
        also=_message_rules,
    ),
}


def problems(payload: Mapping[str, Any], surface: str) -> list[Problem]:
    """All problems of a view ("modal", "home") or of a message's arguments ("message"); none = good."""
    whole = payload if isinstance(payload, dict) else dict(payload)
    if surface != "message" and whole.get("type") not in (surface, None):
        return [Problem("type", "not_allowed", f"must be {surface}")]
    shape = _SHAPES[surface]
    if shape.good(whole, Walk()):
        return []
    return shape.check(whole, Walk()) or []
