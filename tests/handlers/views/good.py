"""Good specimens, written by hand: every block on every surface, every element in every place it may stand."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

JSON = dict[str, Any]


def text(words: str = "Words") -> JSON:
    return {"type": "plain_text", "text": words}


def mrkdwn(words: str = "*Words*") -> JSON:
    return {"type": "mrkdwn", "text": words}


def option(value: str, **more: Any) -> JSON:
    return {"text": text(value.capitalize()), "value": value, **more}


def confirm() -> JSON:
    return {"title": text("Sure?"), "text": mrkdwn("It rings."), "confirm": text("Yes"), "deny": text("No")}


def rich(*elements: JSON) -> JSON:
    return {
        "type": "rich_text",
        "elements": list(elements)
        or [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
    }


def cell(words: str = "x") -> JSON:
    return {"type": "raw_text", "text": words}


ONE, TWO = option("one"), option("two")
URL = "https://example.org/a.png"
IMAGE = {"type": "image", "image_url": URL, "alt_text": "A picture"}
BUTTON = {"type": "button", "action_id": "press", "text": text("Press"), "value": "1"}
FILTER = {"include": ["public", "im"], "exclude_bot_users": True}


def _named(kind: str, **more: Any) -> JSON:
    return {"type": kind, "action_id": kind, **more}


PRESSED = {
    "button": {**BUTTON, "style": "danger", "confirm": confirm(), "accessibility_label": "Press it"},
    "overflow": _named("overflow", options=[ONE, {**TWO, "url": URL}], confirm=confirm()),
    "workflow_button": _named("workflow_button", text=text(), workflow={"trigger": {"url": URL}}),
}
PICKERS = {
    "static_select": _named("static_select", options=[ONE, TWO], initial_option=TWO, placeholder=text()),
    "multi_static_select": _named(
        "multi_static_select",
        option_groups=[{"label": text("Group"), "options": [ONE, TWO]}],
        initial_options=[ONE],
        max_selected_items=2,
    ),
    "external_select": _named("external_select", min_query_length=0, initial_option=ONE),
    "multi_external_select": _named("multi_external_select", min_query_length=3, max_selected_items=1),
    "users_select": _named("users_select", initial_user="U0ANA", confirm=confirm()),
    "multi_users_select": _named("multi_users_select", initial_users=["U0ANA"]),
    "conversations_select": _named(
        "conversations_select", default_to_current_conversation=True, filter=FILTER
    ),
    "multi_conversations_select": _named("multi_conversations_select", initial_conversations=["C0GENERAL"]),
    "channels_select": _named("channels_select", initial_channel="C0GENERAL"),
    "multi_channels_select": _named("multi_channels_select", max_selected_items=3),
    "datepicker": _named("datepicker", initial_date="2026-11-22", placeholder=text()),
    "timepicker": _named("timepicker", initial_time="23:59", timezone="Europe/Madrid"),
    "checkboxes": _named(
        "checkboxes", options=[{**ONE, "description": mrkdwn()}, TWO], initial_options=[TWO]
    ),
    "radio_buttons": _named("radio_buttons", options=[ONE, TWO], initial_option=ONE),
}
DATETIME = _named("datetimepicker", initial_date_time=1_793_620_800)
RICH_INPUT = _named("rich_text_input", initial_value=rich(), min_lines=2)
FIELDS = {
    "plain_text_input": _named(
        "plain_text_input", min_length=6, max_length=6, multiline=False, focus_on_load=True,
        dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"]},
    ),
    "number_input": _named("number_input", is_decimal_allowed=True, min_value="-1", max_value="7.5"),
    "email_text_input": _named("email_text_input", placeholder=text("you@example.org")),
    "url_text_input": _named("url_text_input", initial_value=URL),
    "rich_text_input": RICH_INPUT,
    "file_input": _named("file_input", filetypes=["png"], max_files=10),
    "datetimepicker": DATETIME,
}  # fmt: skip
FEEDBACK = _named(
    "feedback_buttons",
    positive_button={"text": text("Good"), "value": "1"},
    negative_button={"text": text("Bad"), "value": "0"},
)
CARD = {"type": "card", "title": mrkdwn(), "subtitle": text(), "body": mrkdwn(), "actions": [BUTTON]}
TASK = {"type": "task_card", "task_id": "1", "title": "Read", "status": "complete", "output": rich()}
SPANS: list[JSON] = [
    {"type": "text", "text": "bold", "style": {"bold": True, "code": True}},
    {"type": "link", "url": URL, "text": "here"},
    {"type": "emoji", "name": "wave", "skin_tone": 2},
    {"type": "user", "user_id": "U0ANA"},
    {"type": "channel", "channel_id": "C0GENERAL"},
    {"type": "usergroup", "usergroup_id": "S0"},
    {"type": "broadcast", "range": "here"},
    {"type": "color", "value": "#112233"},
    {"type": "date", "timestamp": 1_793_620_800, "format": "{date_short}", "fallback": "then"},
]
PARTS: list[JSON] = [
    {"type": "rich_text_section", "elements": SPANS},
    {"type": "rich_text_quote", "elements": SPANS[:1], "border": 1},
    {"type": "rich_text_preformatted", "elements": SPANS[:1], "language": "python"},
    {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [
        {"type": "rich_text_section", "elements": SPANS[:2]},
    ]},
]  # fmt: skip
SERIES = {"name": "Codes", "data": [{"label": "Mon", "value": 1}]}

BLOCKS: dict[str, JSON] = {
    "section": {"type": "section", "text": mrkdwn(), "fields": [mrkdwn(), text()], "accessory": BUTTON},
    "actions": {"type": "actions", "block_id": "row", "elements": [BUTTON, PICKERS["users_select"]]},
    "context": {"type": "context", "elements": [mrkdwn(), text(), IMAGE]},
    "context_actions": {
        "type": "context_actions",
        "elements": [FEEDBACK, _named("icon_button", icon="trash", text=text("Delete"))],
    },
    "divider": {"type": "divider", "block_id": "line"},
    "header": {"type": "header", "text": text()},
    "image": {**IMAGE, "title": text()},
    "input": {"type": "input", "block_id": "b", "label": text(), "element": FIELDS["plain_text_input"]},
    "alert": {"type": "alert", "text": mrkdwn(), "level": "warning"},
    "rich_text": rich(*PARTS),
    "markdown": {"type": "markdown", "text": "# Words"},
    "file": {"type": "file", "external_id": "F1", "source": "remote"},
    "call": {"type": "call", "call_id": "R1"},
    "video": {
        "type": "video", "alt_text": "A film", "title": text(), "thumbnail_url": URL, "video_url": URL,
        "author_name": "Ana", "provider_name": "Example", "description": text(),
    },
    "table": {"type": "table", "rows": [[cell(), rich()], [cell(), {"type": "raw_number", "value": 7}]]},
    "data_table": {"type": "data_table", "caption": "Numbers", "rows": [[cell()], [cell()]], "page_size": 5},
    "data_visualization": {
        "type": "data_visualization", "title": "Codes",
        "chart": {"type": "line", "series": [SERIES], "axis_config": {"categories": ["Mon"]}},
    },
    "card": CARD,
    "carousel": {"type": "carousel", "elements": [CARD, {"type": "card", "body": text()}]},
    "container": {
        "type": "container", "title": text(), "child_blocks": [{"type": "divider"}], "is_collapsible": True,
    },
    "task_card": TASK,
    "plan": {"type": "plan", "title": "The plan", "tasks": [TASK]},
    "auth_provider": {"type": "auth_provider", "value": "meta", "name": text("Meta"), "is_connected": False},
}  # fmt: skip


def modal(*blocks: JSON, **more: Any) -> JSON:
    return {
        "type": "modal", "title": text("A window"), "submit": text("Send"), "close": text("Close"),
        "blocks": list(blocks), "callback_id": "window", "private_metadata": "7", "notify_on_close": True, **more,
    }  # fmt: skip


def home(*blocks: JSON, **more: Any) -> JSON:
    return {"type": "home", "callback_id": "home", "blocks": list(blocks), **more}


def message(*blocks: JSON, **more: Any) -> JSON:
    return {"text": "The same in words", "blocks": list(blocks), **more}


def asking(element: JSON) -> JSON:
    return {"type": "input", "block_id": "b", "label": text(), "hint": text(), "element": element}


def beside(element: JSON) -> JSON:
    return {"type": "section", "text": mrkdwn(), "accessory": element}


def row(*elements: JSON) -> JSON:
    return {"type": "actions", "block_id": "row", "elements": list(elements)}


ON = {"modal": modal, "home": home, "message": message}
IN_SECTION = {**PRESSED, **PICKERS, "image": IMAGE}
IN_ACTIONS = {**PRESSED, **PICKERS, "datetimepicker": DATETIME, "rich_text_input": RICH_INPUT}
IN_INPUT = {**PICKERS, **FIELDS}
PLACES = (("section", beside, IN_SECTION), ("actions", row, IN_ACTIONS), ("input", asking, IN_INPUT))


def specimens(surfaces: dict[str, frozenset[str]]) -> Iterator[tuple[str, str, JSON]]:
    """(name, surface, payload): each block on each surface that takes it; each element in each of its places,
    inputs in modals, the others on one surface after the other."""
    for surface, kinds in surfaces.items():
        for kind in sorted(kinds):
            yield f"{kind} in a {surface}", surface, ON[surface](BLOCKS[kind])
    for place, put, elements in PLACES:
        for surface, (kind, element) in zip(cycle(ON), elements.items(), strict=False):
            on = "modal" if place == "input" else surface
            yield f"{kind} in {place} in a {on}", on, ON[on](put(element))
