"""The elements of Block Kit as tables: which keys each has, and the limit of each key.

Sources: docs.slack.dev/reference/block-kit, slack_sdk 3.47 models, @slack/types (read November 2026).
"""

from typing import Any

from handlers.views.rules_kinds import TYPE, Choice, Focus, Found, Rule, Str, Test, Text, Walk, Whole, one
from handlers.views.rules_objects import (
    CONFIRM,
    DATE,
    DISPATCH,
    FILTER,
    FLAG,
    GROUP,
    ID,
    MENU_OPTION,
    NUMERAL,
    OPTION,
    PLACEHOLDER,
    RICH_OPTION,
    STYLE,
    TIME,
    URL,
)
from handlers.views.rules_shapes import Many, OneOf, Shape


def _list(value: dict[str, Any], key: str) -> list[Any]:
    found = value.get(key)
    return found if isinstance(found, list) else []


def _options(value: dict[str, Any]) -> list[Any]:
    groups = [group for group in _list(value, "option_groups") if isinstance(group, dict)]
    return _list(value, "options") + [option for group in groups for option in _list(group, "options")]


def _choices(value: dict[str, Any], walk: Walk) -> Found:
    """Options or groups but not both, and what is chosen at first is one of them."""
    if ("options" in value) == ("option_groups" in value):
        return one("no_options", "needs options or option_groups, one of the two")
    return _initial(value, walk)


def _initial(value: dict[str, Any], walk: Walk) -> Found:
    wanted = [value["initial_option"]] if "initial_option" in value else _list(value, "initial_options")
    if wanted and not all(option in _options(value) for option in wanted):
        return one("initial_not_an_option", "what is chosen at first must be exactly one of the options")
    return None


def _lengths(value: dict[str, Any], walk: Walk) -> Found:
    least, most = value.get("min_length", 0), value.get("max_length", 3000)
    if isinstance(least, int) and isinstance(most, int) and least > most:
        return one("out_of_range", "min_length is above max_length", "min_length")
    return None


def image_source(value: dict[str, Any], walk: Walk) -> Found:
    if ("image_url" in value) == ("slack_file" in value):
        return one("missing", "needs image_url or slack_file, one of the two", "image_url")
    return None


def _kind(keys: dict[str, Rule | int], **more: Any) -> Shape:
    return Shape({"type": TYPE, "action_id": ID, **keys}, **more)


def _picker(keys: dict[str, Rule | int], **more: Any) -> Shape:
    common: dict[str, Rule | int] = {"focus_on_load": Focus(), "confirm": CONFIRM, "placeholder": PLACEHOLDER}
    return _kind({**common, **keys}, **more)


def _field(keys: dict[str, Rule | int], **more: Any) -> Shape:
    common: dict[str, Rule | int] = {
        "focus_on_load": Focus(),
        "placeholder": PLACEHOLDER,
        "dispatch_action_config": DISPATCH,
    }
    return _kind({**common, **keys}, **more)


_MOST = Whole(1, 100)
_SELECT: dict[str, Rule | int] = {"options": Many(OPTION, 1, 100), "option_groups": Many(GROUP, 1, 100)}
_SLACK_FILE = Shape({"id": ID, "url": URL})
_RICH_TEXT = Test(lambda v: isinstance(v, dict) and v.get("type") == "rich_text", "must be a rich_text block")
_FEEDBACK = Shape({"text": Text(75), "value": 2000, "accessibility_label": 75}, required=("text", "value"))

IMAGE = Shape(
    {"type": TYPE, "image_url": URL, "slack_file": _SLACK_FILE, "alt_text": 2000},
    required=("alt_text",),
    also=image_source,
)
BUTTON = _kind(
    {
        "text": Text(75),
        "value": 2000,
        "url": URL,
        "style": STYLE,
        "confirm": CONFIRM,
        "accessibility_label": 75,
        "agent_prompt": 4000,
        "agent_prompt_display": 4000,
        "visible_to_user_ids": Many(ID, 1, 1000),
    },
    required=("text",),
)
ICON_BUTTON = _kind(
    {
        "icon": Choice("trash"),
        "text": Text(75),
        "value": 2000,
        "confirm": CONFIRM,
        "accessibility_label": 75,
        "visible_to_user_ids": Many(ID, 1, 10),
    },
    required=("icon", "text"),
)
FEEDBACK_BUTTONS = _kind(
    {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK},
    required=("positive_button", "negative_button"),
)
OVERFLOW = _kind({"options": Many(MENU_OPTION, 1, 5), "confirm": CONFIRM}, required=("options",))
_WORKFLOW = Shape({"trigger": Test(lambda v: isinstance(v, dict), "must be an object")})
WORKFLOW_BUTTON = _kind(
    {"text": Text(75), "workflow": _WORKFLOW, "style": STYLE, "accessibility_label": 75},
    required=("text", "workflow"),
)
_TICKS: dict[str, Rule | int] = {
    "options": Many(RICH_OPTION, 1, 10),
    "focus_on_load": Focus(),
    "confirm": CONFIRM,
}

PICKERS: dict[str, Rule] = {
    "static_select": _picker({**_SELECT, "initial_option": OPTION}, also=_choices),
    "multi_static_select": _picker(
        {**_SELECT, "initial_options": Many(OPTION, 1, 100), "max_selected_items": _MOST}, also=_choices
    ),
    "external_select": _picker({"initial_option": OPTION, "min_query_length": Whole(0, 100)}),
    "multi_external_select": _picker(
        {
            "initial_options": Many(OPTION, 1, 100),
            "min_query_length": Whole(0, 100),
            "max_selected_items": _MOST,
        }
    ),
    "users_select": _picker({"initial_user": ID}),
    "multi_users_select": _picker({"initial_users": Many(ID, 1, 100), "max_selected_items": _MOST}),
    "conversations_select": _picker(
        {
            "initial_conversation": ID,
            "default_to_current_conversation": FLAG,
            "response_url_enabled": FLAG,
            "filter": FILTER,
        }
    ),
    "multi_conversations_select": _picker(
        {
            "initial_conversations": Many(ID, 1, 100),
            "default_to_current_conversation": FLAG,
            "filter": FILTER,
            "max_selected_items": _MOST,
        }
    ),
    "channels_select": _picker({"initial_channel": ID, "response_url_enabled": FLAG}),
    "multi_channels_select": _picker({"initial_channels": Many(ID, 1, 100), "max_selected_items": _MOST}),
    "datepicker": _picker({"initial_date": DATE}),
    "timepicker": _picker({"initial_time": TIME, "timezone": 100}),
    "checkboxes": _kind(
        {**_TICKS, "initial_options": Many(RICH_OPTION, 1, 10)}, required=("options",), also=_initial
    ),
    "radio_buttons": _kind({**_TICKS, "initial_option": RICH_OPTION}, required=("options",), also=_initial),
}
_DATETIME = _kind(
    {"initial_date_time": Whole(10**9, 10**10 - 1), "focus_on_load": Focus(), "confirm": CONFIRM}
)
_RICH_FIELD = _field({"initial_value": _RICH_TEXT, "min_lines": Whole(1, 100), "max_lines": Whole(1, 100)})
FIELDS: dict[str, Rule] = {
    "plain_text_input": _field(
        {
            "initial_value": Str(0, 3000),
            "multiline": FLAG,
            "min_length": Whole(0, 3000),
            "max_length": Whole(1, 3000),
        },
        also=_lengths,
    ),
    "number_input": _field(
        {
            "is_decimal_allowed": FLAG,
            "initial_value": NUMERAL,
            "min_value": NUMERAL,
            "max_value": NUMERAL,
        },
        required=("is_decimal_allowed",),
    ),
    "email_text_input": _field({"initial_value": Str(0, 3000)}),
    "url_text_input": _field({"initial_value": Str(0, 3000)}),
    "rich_text_input": _RICH_FIELD,
    "file_input": _kind({"filetypes": Many(20, 1, 100), "max_files": Whole(1, 10)}),
    "datetimepicker": _DATETIME,
}
_PRESSED: dict[str, Rule] = {"button": BUTTON, "overflow": OVERFLOW, "workflow_button": WORKFLOW_BUTTON}

IN_SECTION = OneOf({**_PRESSED, **PICKERS, "image": IMAGE})
IN_ACTIONS = OneOf({**_PRESSED, **PICKERS, "datetimepicker": _DATETIME, "rich_text_input": _RICH_FIELD})
IN_INPUT = OneOf({**PICKERS, **FIELDS})
IN_CONTEXT = OneOf({"image": IMAGE, "plain_text": Text(3000), "mrkdwn": Text(3000, mrkdwn=True)})
IN_CONTEXT_ACTIONS = OneOf({"feedback_buttons": FEEDBACK_BUTTONS, "icon_button": ICON_BUTTON})
