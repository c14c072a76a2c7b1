"""Would Slack take this view or message? Every reason why not, found before it is sent.

The limits are Slack's (slack.md §2.2-2.4); where Slack is silent the stricter reading is used. Used before
sending, by the sandbox's Slack, and by the tests.
"""

import json
from collections.abc import Mapping
from typing import Any

from handlers.views.rules_blocks import BLOCKS, SURFACES
from handlers.views.rules_kinds import Found, Many, OneOf, Problem, Shape, Str, Test, Text, Walk, one
from handlers.views.rules_objects import FLAG, ID

__all__ = ["Problem", "problems"]

MESSAGE_CHARS = 13_200  # of all text in a message's blocks: msg_blocks_too_long beyond
VIEW_BYTES = 250_000
_BYTES_PER_CHAR = 12  # the most JSON makes of one: a surrogate pair, escaped


class _Blocks(OneOf):
    """A block that may stand on the surface, with a block_id no other block has."""

    def __init__(self, surface: str) -> None:
        super().__init__({name: BLOCKS[name] for name in SURFACES[surface]})

    def good(self, value: Any, walk: Walk) -> bool:
        try:
            if not self.shapes[value["type"]].good(value, walk):
                return False
        except (KeyError, TypeError):
            return False
        name = value.get("block_id")
        if name is None:
            return True
        known = name in walk.block_ids
        walk.block_ids.add(name)
        return not known

    def check(self, value: Any, walk: Walk) -> Found:
        found = super().check(value, walk)
        name = value.get("block_id") if isinstance(value, dict) else None
        if isinstance(name, str):
            if name in walk.block_ids:
                found = (found or []) + one("duplicate_block_id", "another block has this id", "block_id")
            walk.block_ids.add(name)
        return found


def _needs_submit(view: dict[str, Any], walk: Walk) -> Found:
    blocks = view.get("blocks")
    if "submit" in view or not isinstance(blocks, list):
        return None
    if any(isinstance(block, dict) and block.get("type") == "input" for block in blocks):
        return one("submit_missing", "a view with an input block needs a submit button", "submit")
    return None


def _short_enough(message: dict[str, Any], walk: Walk) -> Found:
    if walk.chars > MESSAGE_CHARS:
        return one("msg_blocks_too_long", f"{walk.chars} characters of text in all blocks", "blocks")
    return None


def _small_enough(view: dict[str, Any], walk: Walk) -> Found:
    most = (
        walk.size + 6 * walk.chars
    ) * _BYTES_PER_CHAR  # 5 more for the braces round a text of one character
    if most <= VIEW_BYTES or len(json.dumps(view, default=str)) <= VIEW_BYTES:
        return None
    return one("view_too_large", f"more than {VIEW_BYTES} bytes as JSON")


def _view_rules(view: dict[str, Any], walk: Walk) -> Found:
    return ((_needs_submit(view, walk) or []) + (_small_enough(view, walk) or [])) or None


_ANY = Test(lambda value: value is not None, "must not be null")
_VIEW: dict[str, Any] = {"type": 40, "private_metadata": Str(0, 3000), "callback_id": ID, "external_id": ID}
_SHAPES = {
    "modal": Shape(
        {
            **_VIEW,
            "title": Text(24),
            "submit": Text(24),
            "close": Text(24),
            "blocks": Many(_Blocks("modal"), 1, 100),
            "clear_on_close": FLAG,
            "notify_on_close": FLAG,
        },
        required=("type", "title", "blocks"),
        also=_view_rules,
    ),
    "home": Shape(
        {**_VIEW, "blocks": Many(_Blocks("home"), 0, 100)}, required=("type", "blocks"), also=_small_enough
    ),
    "message": Shape(  # link_names and parse are left out on purpose: they would wake up names in data
        {
            "text": 40_000,
            "blocks": Many(_Blocks("message"), 0, 50),
            "attachments": Many(_ANY, 0, 100),
            "metadata": _ANY,
            **dict.fromkeys(("unfurl_links", "unfurl_media", "mrkdwn", "reply_broadcast", "as_user"), FLAG),
            **dict.fromkeys(("replace_original", "delete_original"), FLAG),
            **dict.fromkeys(("channel", "user", "ts", "thread_ts", "response_type", "token"), ID),
            **dict.fromkeys(("username", "icon_emoji", "client_msg_id"), ID),
            "icon_url": 3000,
        },
        required=("text",),
        also=_short_enough,
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
