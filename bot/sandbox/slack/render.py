"""Blocks, modals and messages as lines of text for a terminal: JSON in, lines out, nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any

from bot.sandbox.slack import rich_text
from bot.sandbox.slack import values as inputs
from bot.sandbox.slack.model import JSON
from bot.sandbox.slack.mrkdwn import NameOf, emoji, plain, unescape

LINE = "─" * 32


@dataclass(frozen=True, slots=True)
class Look:
    """How it looks to one person: who is called what, their time zone, what they entered, what is wrong.

    `viewer` is the user id; buttons meant for others are left out.
    """

    name_of: NameOf = str
    zone: tzinfo = UTC
    values: inputs.Values = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    viewer: str = ""

    def text(self, object_: Any) -> str:
        """A text object, or a bare string of mrkdwn."""
        if isinstance(object_, dict):
            text = str(object_.get("text", ""))
            if object_.get("type") == "mrkdwn":
                return plain(text, self.name_of, self.zone)
            return unescape(text if object_.get("emoji") is False else emoji(text))
        return plain(str(object_ or ""), self.name_of, self.zone)


def view(shown: JSON, look: Look, trouble: str = "") -> list[str]:
    """A modal or a Home tab: title, body, what is wrong, the buttons below."""
    title = [look.text(shown.get("title") or {"text": "Home"}), LINE]
    below = [f"[{look.text(shown[key])}]" for key in ("close", "submit") if shown.get(key)]
    warning = [f"! {trouble}"] if trouble else []
    return [
        *title,
        *warning,
        *blocks(shown.get("blocks", []), look),
        *([LINE, " ".join(below)] if below else []),
    ]


def message(text: str, shown: list[JSON], look: Look) -> list[str]:
    """A message's blocks, or its text when it has none."""
    return blocks(shown, look) if shown else look.text(text).split("\n")


def blocks(shown: list[JSON], look: Look) -> list[str]:
    return [line for block in shown for line in _block(block, look)]


def _block(block: JSON, look: Look) -> list[str]:
    draw = _DRAWN.get(str(block.get("type")))
    lines = draw(block, look) if draw else [f"({block.get('type')})"]
    wrong = look.errors.get(str(block.get("block_id")))
    return [*lines, f"  ! {wrong}"] if wrong else lines


def _header(block: JSON, look: Look) -> list[str]:
    text = look.text(block["text"])
    return ["", text, "─" * len(text)]


def _section(block: JSON, look: Look) -> list[str]:
    lines = look.text(block["text"]).split("\n") if block.get("text") else []
    for cell in block.get("fields", []):
        lines.append("  " + look.text(cell).replace("\n", " "))
    accessory = block.get("accessory")
    return lines + (element(accessory, block, look) if accessory else [])


def _context(block: JSON, look: Look) -> list[str]:
    parts = [
        look.text(e) if e["type"] in ("mrkdwn", "plain_text") else _image_name(e) for e in block["elements"]
    ]
    return ["  " + "  ".join(parts).replace("\n", "\n  ")]


def _actions(block: JSON, look: Look) -> list[str]:
    drawn = [element(e, block, look) for e in block.get("elements", [])]
    single = [lines[0] for lines in drawn if len(lines) == 1]
    longer = [line for lines in drawn if len(lines) > 1 for line in lines]
    return [*longer, " ".join(single)] if single else longer


def _input(block: JSON, look: Look) -> list[str]:
    label = look.text(block["label"]) + (" (optional)" if block.get("optional") else "")
    label += "" if label.endswith(("?", ":", "…")) else ":"
    hint = [f"  {look.text(block['hint'])}"] if block.get("hint") else []
    return [label, *("  " + line for line in element(block["element"], block, look)), *hint]


def _image_name(block: JSON) -> str:
    return f"(image: {block.get('alt_text', '')})"


def _image(block: JSON, look: Look) -> list[str]:
    return [look.text(block["title"])] * bool(block.get("title")) + [_image_name(block)]


def _alert(block: JSON, look: Look) -> list[str]:
    level = str(block.get("level") or block.get("style") or "info").upper()
    return [f"{level}: {look.text(block.get('text'))}"]


def _card(block: JSON, look: Look) -> list[str]:
    texts = [look.text(block[key]) for key in ("title", "subtitle", "body") if block.get(key)]
    buttons = [line for e in block.get("actions", []) for line in element(e, block, look)]
    return [*texts, *([" ".join(buttons)] if buttons else [])]


def _container(block: JSON, look: Look) -> list[str]:
    title = [look.text(block["title"])] if block.get("title") else []
    inner = block.get("child_blocks") or block.get("elements") or []
    return [*title, *("  " + line for line in blocks(inner, look))]


def _table(block: JSON, look: Look) -> list[str]:
    rows = [[_cell(cell, look) for cell in row] for row in block.get("rows", [])]
    columns = max((len(row) for row in rows), default=0)
    widths = [max((len(row[i]) for row in rows if i < len(row)), default=0) for i in range(columns)]
    drawn = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=False)).rstrip()
        for row in rows
    ]
    caption = [look.text(block["caption"])] if block.get("caption") else []
    return [*caption, *drawn[:1], *(["  ".join("─" * w for w in widths)] if drawn else []), *drawn[1:]]


def _cell(cell: JSON | None, look: Look) -> str:
    if not cell:
        return ""
    if cell.get("type") == "rich_text":
        return rich_text.inline(cell, look.name_of, look.zone)
    return str(cell.get("text", cell.get("value", "")))


# -- elements -----------------------------------------------------------------------------------------


def element(shown: JSON, block: JSON, look: Look) -> list[str]:
    """An interactive element with what stands in it: [Button], ( ) radio, [x] box, [text____]."""
    kind = str(shown["type"])
    if kind in ("button", "workflow_button", "icon_button"):
        only = shown.get("visible_to_user_ids")
        return [] if only and look.viewer not in only else [f"[{look.text(shown['text'])}]"]
    if kind == "overflow":
        return ["[… " + " | ".join(look.text(o["text"]) for o in shown["options"]) + "]"]
    if kind == "image":
        return [_image_name(shown)]
    if kind not in inputs.VALUE_KEY:
        return [f"({kind})"]
    value = inputs.current(look.values, inputs.Slot(block, shown))
    if kind in ("radio_buttons", "checkboxes"):
        return [_choice(option, kind, value, look) for option in shown["options"]]
    return [_box(shown, kind, value, look)]


def _choice(option: JSON, kind: str, value: Any, look: Look) -> str:
    chosen = [o["value"] for o in (value if isinstance(value, list) else [value]) if o]
    marks = ("(•)", "( )") if kind == "radio_buttons" else ("[x]", "[ ]")
    mark = marks[0] if option["value"] in chosen else marks[1]
    described = f" – {look.text(option['description'])}" if option.get("description") else ""
    return f"{mark} {look.text(option['text'])}{described}"


def _box(shown: JSON, kind: str, value: Any, look: Look) -> str:
    arrow = " ▾" if "select" in kind or "picker" in kind else ""
    if not value:
        placeholder = look.text(shown["placeholder"]) if shown.get("placeholder") else ""
        return f"[{placeholder or '____'}{arrow}]"
    picked = value if isinstance(value, list) else [value]
    return f"[{', '.join(_said(item, look) for item in picked)}{arrow}]"


def _said(item: Any, look: Look) -> str:
    if isinstance(item, dict):
        return look.text(item["text"]) if "text" in item else rich_text.inline(item, look.name_of, look.zone)
    return look.name_of(str(item))


_DRAWN: dict[str, Callable[[JSON, Look], list[str]]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "context_actions": _actions,
    "input": _input,
    "divider": lambda block, look: [LINE],
    "image": _image,
    "video": lambda block, look: [f"(video: {look.text(block.get('title'))})"],
    "rich_text": lambda block, look: rich_text.lines(block, look.name_of, look.zone),
    "markdown": lambda block, look: str(block.get("text", "")).split("\n"),
    "alert": _alert,
    "card": _card,
    "carousel": _container,
    "container": _container,
    "table": _table,
    "data_table": _table,
}
