"""The only place where Block Kit is made: one function a block, strict keywords, cut and escaped inside.

A `str` given for mrkdwn is escaped; finished `Markup` (handlers/views/text.py) is taken as it is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from handlers.views.text import Markup, cut_markup, esc, plain

Block = dict[str, Any]
Element = dict[str, Any]
View = dict[str, Any]


class Message(TypedDict):
    """What chat.postMessage, respond() and an ack take; `text` is the fallback that notifies."""

    text: str
    blocks: list[Block]


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button: its wire id, its words, the opaque value it carries back.

    `ask`: a question that must be answered with yes before the click counts. `url`: what it opens in the browser;
    the click is told to us as well.
    """

    action_id: str
    label: str
    value: str = ""
    style: str = ""  # "primary" or "danger"
    ask: str = ""
    url: str = field(default="", repr=False)


def plain_text(text: str, limit: int) -> Element:
    return {"type": "plain_text", "text": plain(text, limit, empty="–"), "emoji": False}


def _mrkdwn(text: str, limit: int) -> Element:
    if text.__class__ is Markup and 0 < len(text) <= limit:
        return {"type": "mrkdwn", "text": text, "verbatim": True}
    done = cut_markup(text, limit) if isinstance(text, Markup) else esc(text, limit, lines=True)
    return {"type": "mrkdwn", "text": done or "–", "verbatim": True}


def section(
    text: str,
    *,
    block_id: str = "",
    fields: Sequence[str] = (),
    press: Press | None = None,
    beside: Element | None = None,
) -> Block:
    """A paragraph; `fields` (at most ten) in two columns below it; a button or another element beside it."""
    block: Block = {"type": "section", "text": _mrkdwn(text, 3000)}
    if block_id:
        block["block_id"] = block_id
    if fields:
        block["fields"] = [_mrkdwn(field, 2000) for field in fields[:10]]
    if press:
        block["accessory"] = button(press)
    elif beside:
        block["accessory"] = beside
    return block


def context(*lines: str) -> Block:
    """Small print, at most ten pieces."""
    return {"type": "context", "elements": [_mrkdwn(line, 2000) for line in lines[:10]]}


def divider() -> Block:
    return {"type": "divider"}


def header(text: str) -> Block:
    return {"type": "header", "text": plain_text(text, 150)}


def button(press: Press) -> Element:
    made: Element = {
        "type": "button",
        "action_id": press.action_id,
        "text": plain_text(press.label, 75),
    }
    if press.value:
        made["value"] = press.value
    if press.url:
        made["url"] = press.url
    if press.style:
        made["style"] = press.style
    if press.ask:
        made["confirm"] = confirm(press.ask, yes=press.label, style=press.style)
    return made


def stamp(press: Press) -> Callable[[str], Element]:
    """A maker of the same button with different values, for long lists."""
    made = button(press)
    return lambda value: {**made, "value": value}


def confirm(question: str, *, yes: str, style: str = "") -> Element:
    """The dialog before a click counts. Slack allows 300 characters and 30 for each answer."""
    asked: Element = {
        "title": plain_text("Are you sure?", 100),
        "text": plain_text(question, 300),
        "confirm": plain_text(yes, 30),
        "deny": plain_text("No", 30),
    }
    return {**asked, "style": style} if style else asked


def actions(*presses: Press, block_id: str = "") -> Block:
    """A row of buttons, at most 25, each action_id once."""
    block = row(*[button(press) for press in presses])
    return {**block, "block_id": block_id} if block_id else block


def row(*elements: Element) -> Block:
    """A row of elements made before, each action_id once."""
    return {"type": "actions", "elements": list(elements)}


def option(label: str, value: str, *, about: str = "") -> Element:
    made: Element = {"text": plain_text(label, 75), "value": value}
    return {**made, "description": plain_text(about, 75)} if about else made


def select(*, action_id: str, options: Sequence[Element], placeholder: str, chosen: str = "") -> Element:
    """A menu; beyond 100 options they stand in groups of 100. `chosen`: the value that is preselected."""
    made: Element = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain_text(placeholder, 150),
    }
    if len(options) <= 100:
        made["options"] = list(options)
    else:
        made["option_groups"] = [
            {
                "label": plain_text(f"{at + 1} to {min(at + 100, len(options))}", 75),
                "options": list(options[at : at + 100]),
            }
            for at in range(0, min(len(options), 10_000), 100)
        ]
    first = next((one for one in options if one["value"] == chosen), None) if chosen else None
    return {**made, "initial_option": first} if first else made


def radio(*, action_id: str, options: Sequence[Element], chosen: str) -> Element:
    first = next(one for one in options if one["value"] == chosen)
    return {
        "type": "radio_buttons",
        "action_id": action_id,
        "options": list(options),
        "initial_option": first,
    }


def modal(
    *,
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    about: str = "",
    submit: str = "",
    close: str = "Close",
    notify_on_close: bool = False,
) -> View:
    """A window. `about`: the one opaque id it is about (flow or number), kept in private_metadata."""
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text(title, 24),
        "blocks": list(blocks)[:100],
        "private_metadata": about,
        "close": plain_text(close, 24),
        "notify_on_close": notify_on_close,
    }
    return {**view, "submit": plain_text(submit, 24)} if submit else view


def home(blocks: Sequence[Block]) -> View:
    """The Home tab. It has no title and no submit; Slack takes a hundred blocks."""
    return {"type": "home", "callback_id": "home", "blocks": list(blocks)[:100]}


def message(text: str, blocks: Sequence[Block]) -> Message:
    """A message. `text` is escaped and cut like everything else, because it notifies."""
    done = cut_markup(text, 3000) if isinstance(text, Markup) else esc(text, 3000, lines=True)
    return {"text": done or "WhatsApp", "blocks": list(blocks)[:50]}


def flow_id(view: Mapping[str, Any]) -> str:
    """The opaque id the window is about: all that private_metadata ever holds."""
    return str(view.get("private_metadata") or "")
