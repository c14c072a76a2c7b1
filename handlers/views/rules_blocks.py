"""The blocks of Block Kit as tables, and the surfaces each may stand on.

Sources: docs.slack.dev/reference/block-kit/blocks, slack_sdk 3.47 models, @slack/types (November 2026).
"""

from typing import Any

from handlers.views.rules_content import (
    CELL,
    CHART,
    COLUMN,
    RICH_TEXT,
    Markdown,
    block,
    plain_head,
    table_rules,
)
from handlers.views.rules_elements import (
    BUTTON,
    IMAGE,
    IN_ACTIONS,
    IN_CONTEXT,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    OVERFLOW,
    image_source,
)
from handlers.views.rules_kinds import Choice, Found, Problem, Rule, Text, Walk, Whole, one
from handlers.views.rules_objects import FLAG, ID, URL
from handlers.views.rules_shapes import Many, OneOf, Shape


def _distinct_actions(value: dict[str, Any], walk: Walk) -> Found:
    key = "actions" if "actions" in value else "elements"
    elements = value.get(key)
    if not isinstance(elements, list) or len(elements) < 2:
        return None
    try:
        if len({element["action_id"] for element in elements}) == len(elements):
            return None  # as nearly always
    except (KeyError, TypeError):  # an id is left out, or is no text
        pass
    seen = set()
    for element in elements:
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if isinstance(action_id, str):
            if action_id in seen:
                break
            seen.add(action_id)
    else:
        return None
    return one("duplicate_action_id", "each action_id may stand once in a block", key)


def _files(value: dict[str, Any], walk: Walk) -> Found:
    return None if value.get("source") == "remote" else [Problem("source", "not_allowed", "must be remote")]


_RICH = OneOf({"rich_text": RICH_TEXT})
_IMAGE = OneOf({"image": IMAGE})
_WIDE = Text(2000, mrkdwn=True)
_TITLE = Text(150, mrkdwn=True)
_TASK = block(
    {
        "task_id": ID,
        "title": 3000,
        "details": _RICH,
        "output": _RICH,
        "sources": Many(Shape({"type": Choice("url"), "url": URL, "text": 3000}, required=("url",)), 0, 100),
        "status": Choice("pending", "in_progress", "complete", "error"),
    },
    required=("task_id", "title"),
)
_CARD = block(
    {
        "hero_image": _IMAGE,
        "icon": _IMAGE,
        "title": _TITLE,
        "subtitle": _TITLE,
        "body": Text(200, mrkdwn=True),
        "actions": Many(OneOf({"button": BUTTON}), 1, 3),
    },
    any_of=("title", "hero_image", "actions", "body"),
    also=_distinct_actions,
)
_INSIDE: dict[str, Rule] = {}  # what a container may hold; filled below

BLOCKS: dict[str, Rule] = {
    "section": block(
        {
            "text": Text(3000, mrkdwn=True),
            "fields": Many(_WIDE, 1, 10),
            "accessory": IN_SECTION,
            "expand": FLAG,
        },
        any_of=("text", "fields"),
    ),
    "actions": block({"elements": Many(IN_ACTIONS, 1, 25)}, required=("elements",), also=_distinct_actions),
    "context": block({"elements": Many(IN_CONTEXT, 1, 10)}, required=("elements",)),
    "context_actions": block(
        {"elements": Many(IN_CONTEXT_ACTIONS, 1, 5)}, required=("elements",), also=_distinct_actions
    ),
    "divider": block({}),
    "header": block({"text": Text(150)}, required=("text",)),
    "image": block(
        {
            "image_url": URL,
            "slack_file": Shape({"id": ID, "url": URL}),
            "alt_text": 2000,
            "title": Text(2000),
        },
        required=("alt_text",),
        also=image_source,
    ),
    "input": block(
        {
            "label": Text(2000),
            "hint": Text(2000),
            "element": IN_INPUT,
            "optional": FLAG,
            "dispatch_action": FLAG,
        },
        required=("label", "element"),
    ),
    "alert": block(
        {
            "text": Text(200, mrkdwn=True),
            "level": Choice("default", "info", "warning", "error", "success"),
        },
        required=("text",),
    ),
    "rich_text": RICH_TEXT,
    "markdown": block({"text": Markdown(1, 12_000)}, required=("text",)),
    "file": block({"external_id": ID, "source": 40}, required=("external_id", "source"), also=_files),
    "call": block({"call_id": ID, "api_decoration_available": FLAG}, required=("call_id",)),
    "video": block(
        {
            "alt_text": 2000,
            "author_name": 49,
            "description": Text(200),
            "provider_icon_url": URL,
            "provider_name": 50,
            "title": Text(199),
            "title_url": URL,
            "thumbnail_url": URL,
            "video_url": URL,
        },
        required=("alt_text", "title", "thumbnail_url", "video_url"),
    ),
    "table": block(
        {"rows": Many(Many(CELL, 1, 20), 1, 100), "column_settings": Many(COLUMN, 0, 20)},
        required=("rows",),
        also=table_rules,
    ),
    "data_table": block(
        {
            "rows": Many(Many(CELL, 1, 20), 2, 101),
            "caption": 3000,
            "page_size": Whole(1, 100),
            "row_header_column_index": Whole(0, 19),
        },
        required=("rows", "caption"),
        also=plain_head,
    ),
    "data_visualization": block({"title": 50, "chart": CHART}, required=("title", "chart")),
    "card": _CARD,
    "carousel": block({"elements": Many(OneOf({"card": _CARD}), 1, 10)}, required=("elements",)),
    "container": block(
        {
            "title": Text(150),
            "rich_text_title": _RICH,
            "subtitle": _TITLE,
            "child_blocks": Many(OneOf(_INSIDE), 1, 10),
            "width": Choice("narrow", "standard", "wide", "full"),
            "icon": _IMAGE,
            "is_collapsible": FLAG,
            "default_collapsed": FLAG,
            "has_header_divider": FLAG,
        },
        required=("child_blocks",),
        any_of=("title", "rich_text_title"),
    ),
    "task_card": _TASK,
    "plan": block({"title": 3000, "tasks": Many(OneOf({"task_card": _TASK}), 0, 50)}, required=("title",)),
    "auth_provider": block(
        {
            "value": 150,
            "name": Text(75),
            "is_connected": FLAG,
            "description": Text(150),
            "icon_url": URL,
            "auth_url": URL,
            "disconnect_url": URL,
            "connected_identity": Text(75),
            "connected_context": Text(75),
            "accessory": OneOf({"overflow": OVERFLOW}),
            "fallback": Many(Shape({}), 0, 50),
        },
        required=("value", "name", "is_connected"),
    ),
}
_EVERYWHERE = frozenset(
    {"actions", "card", "context", "divider", "header", "image", "input", "rich_text", "section", "video"}
)
_HOME = _EVERYWHERE | {"carousel", "container", "data_table", "data_visualization", "table"}
SURFACES: dict[str, frozenset[str]] = {
    "modal": _EVERYWHERE | {"alert"},
    "home": _HOME,
    "message": frozenset(BLOCKS) - {"alert"},
}
_INSIDE.update({name: BLOCKS[name] for name in _HOME - {"container", "carousel", "input"}})
