"""The small objects that elements are made of: options, confirmations, filters, dates and numerals."""

from typing import Any

from handlers.views.rules_kinds import Choice, Flag, Test, Text
from handlers.views.rules_shapes import Many, Shape

ID = 255
URL = 3000
FLAG = Flag()
STYLE = Choice("primary", "danger")
PLACEHOLDER = Text(150)

CONFIRM = Shape(
    {
        "title": Text(100),
        "text": Text(300, mrkdwn=True),
        "confirm": Text(30),
        "deny": Text(30),
        "style": STYLE,
    },
    required=("title", "text", "confirm", "deny"),
)
OPTION = Shape({"text": Text(75), "value": 150, "description": Text(75)}, required=("text", "value"))
RICH_OPTION = Shape(  # of radio buttons and checkboxes, where mrkdwn is allowed
    {"text": Text(75, mrkdwn=True), "value": 150, "description": Text(75, mrkdwn=True)},
    required=("text", "value"),
)
MENU_OPTION = Shape(  # of an overflow menu, where url is allowed
    {"text": Text(75), "value": 150, "description": Text(75), "url": URL}, required=("text", "value")
)
GROUP = Shape({"label": Text(75), "options": Many(OPTION, 1, 100)}, required=("label", "options"))
DISPATCH = Shape(
    {"trigger_actions_on": Many(Choice("on_enter_pressed", "on_character_entered"), 1, 2)},
    required=("trigger_actions_on",),
)
FILTER = Shape(
    {
        "include": Many(Choice("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": FLAG,
        "exclude_bot_users": FLAG,
    }
)


def _matches(value: Any, form: str) -> bool:
    """Whether `value` has the form "0000-00-00": digits where the form has 0, the rest equal."""
    return (
        isinstance(value, str)
        and len(value) == len(form)
        and all(c.isascii() and c.isdigit() if f == "0" else c == f for c, f in zip(value, form, strict=True))
    )


def _numeral(value: Any) -> bool:
    try:
        return isinstance(value, str) and float(value) == float(value)
    except ValueError:
        return False


DATE = Test(lambda v: _matches(v, "0000-00-00"), "must be YYYY-MM-DD")
TIME = Test(lambda v: _matches(v, "00:00"), "must be HH:mm")
NUMERAL = Test(_numeral, "must be a number, written as a string")
