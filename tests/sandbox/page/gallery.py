"""Every block and element type that Slack allows on a message, a modal and the Home tab, as payloads."""

from collections.abc import Iterator, Mapping

from tests.sandbox.page import gallery_parts as parts
from tests.sandbox.page.gallery_parts import JSON, mrkdwn, option, plain, rich, span

_IN_ACTIONS = {
    **parts.PRESSED,
    **parts.PICKERS,
    "datetimepicker": parts.MOMENT,
    "rich_text_input": parts.NOTES,
}
_IN_SECTION = {**parts.PRESSED, **parts.PICKERS, "image": parts.PICTURE}
_IN_INPUT = {**parts.PICKERS, **parts.FIELDS}


def _named(element: JSON, action_id: str) -> JSON:
    return element if element["type"] == "image" else {**element, "action_id": action_id}


def _sections() -> Iterator[JSON]:
    for kind, element in _IN_SECTION.items():
        yield {
            "type": "section",
            "block_id": f"section.{kind}",
            "text": mrkdwn(f"A section with *{kind}*"),
            "accessory": _named(element, f"accessory.{kind}"),
        }


def _actions() -> Iterator[JSON]:
    shown = [_named(element, f"action.{kind}") for kind, element in _IN_ACTIONS.items()]
    hidden = {
        "type": "button",
        "text": plain("Only for managers"),
        "visible_to_user_ids": ["U0MAYA"],
        "action_id": "action.hidden",
    }
    asked = {
        "type": "button",
        "text": plain("Delete"),
        "style": "danger",
        "confirm": parts.CONFIRM,
        "action_id": "action.asked",
    }
    yield {"type": "actions", "block_id": "actions", "elements": [*shown, hidden, asked]}


def _inputs() -> Iterator[JSON]:
    for kind, element in _IN_INPUT.items():
        yield {
            "type": "input",
            "block_id": f"input.{kind}",
            "label": plain(kind.replace("_", " ").capitalize()),
            "hint": plain("A hint that helps."),
            "element": _named(element, f"value.{kind}"),
            "optional": kind != "plain_text_input",
            "dispatch_action": kind in ("plain_text_input", "external_select"),
        }
    many = {"type": "static_select", "option_groups": parts.MANY, "action_id": "value.many"}
    yield {
        "type": "input",
        "block_id": "input.many",
        "label": plain("Many"),
        "element": many,
        "optional": True,
    }


def _texts() -> Iterator[JSON]:
    yield {"type": "header", "text": plain("The gallery :art:")}
    yield {"type": "section", "text": mrkdwn(parts.MARKUP)}
    yield {"type": "section", "fields": [mrkdwn("*Number*\n+34 600 000 000"), plain("State\nconnected")]}
    yield {"type": "divider"}
    yield {"type": "context", "elements": [parts.PICTURE, plain("a plain text"), mrkdwn("and *marked up*")]}
    yield {**parts.PICTURE, "title": plain("The office cat")}
    yield parts.RICH_TEXT


_CARD: JSON = {
    "type": "card",
    "hero_image": parts.PICTURE,
    "icon": parts.PICTURE,
    "title": plain("A card"),
    "subtitle": mrkdwn("with a *subtitle*"),
    "body": plain("And a body."),
}


def _card(name: str) -> JSON:
    button = {"type": "button", "text": plain(f"Open {name}"), "action_id": f"card.{name}"}
    return {**_CARD, "block_id": f"card.{name}", "actions": [button]}


_VIDEO: JSON = {
    "type": "video",
    "alt_text": "How it works",
    "title": plain("How it works"),
    "thumbnail_url": "https://pictures.example.com/v.png",
    "video_url": "https://video.example.com/v",
}


def _everywhere() -> list[JSON]:
    return [*_texts(), *_sections(), *_actions(), *_inputs(), _card("one"), _VIDEO]


_TABLE: JSON = {
    "type": "table",
    "column_settings": [{"align": "left"}, {"align": "right"}, {"is_wrapped": True}],
    "rows": [
        [{"type": "raw_text", "text": text} for text in ("Name", "Count", "Note")],
        [
            {"type": "raw_text", "text": "Ana"},
            {"type": "raw_number", "value": 3},
            rich(parts.line(span("bold", "bold"))),
        ],
    ],
}
_DATA_TABLE: JSON = {
    "type": "data_table",
    "caption": "Numbers by country",
    "page_size": 3,
    "row_header_column_index": 0,
    "rows": [
        [{"type": "raw_text", "text": "Country"}, {"type": "raw_text", "text": "Numbers"}],
        *(
            [{"type": "raw_text", "text": f"Country {n}"}, {"type": "raw_number", "value": n}]
            for n in range(1, 8)
        ),
    ],
}
_CHART: JSON = {
    "type": "data_visualization",
    "title": "Codes a day",
    "chart": {"type": "pie", "segments": [{"label": "SMS", "value": 3}]},
}
_TASK: JSON = {
    "type": "task_card",
    "task_id": "t1",
    "title": "Ask Meta for a code",
    "status": "complete",
    "details": rich(parts.line(span("by SMS"))),
    "output": rich(parts.line(span("sent"))),
    "sources": [{"type": "url", "url": "https://example.com/docs", "text": "Docs"}],
}


def _larger() -> list[JSON]:
    container: JSON = {
        "type": "container",
        "title": plain("A container"),
        "subtitle": plain("that can be folded"),
        "is_collapsible": True,
        "width": "wide",
        "has_header_divider": True,
        "child_blocks": [
            {"type": "section", "text": mrkdwn("inside"), "block_id": "child"},
            {"type": "divider"},
        ],
    }
    carousel = {"type": "carousel", "elements": [_card(name) for name in ("two", "three", "four")]}
    return [_TABLE, _DATA_TABLE, _CHART, container, carousel]


def _message_only() -> list[JSON]:
    shown = [_named(e, f"feedback.{kind}") for kind, e in parts.IN_CONTEXT_ACTIONS.items()]
    return [
        {"type": "markdown", "text": parts.MARKDOWN},
        {"type": "context_actions", "block_id": "feedback", "elements": shown},
        {"type": "file", "external_id": "report-7", "source": "remote"},
        {"type": "call", "call_id": "R0CALL"},
        {
            "type": "plan",
            "title": "Reconnect the number",
            "tasks": [
                _TASK,
                *(
                    {**_TASK, "task_id": f"t.{s}", "title": f"A task {s}", "status": s}
                    for s in ("pending", "in_progress", "error")
                ),
            ],
        },
        _TASK,
        {"type": "auth_provider", "value": "crm", "name": plain("Our CRM"), "is_connected": False},
    ]


def _alerts() -> list[JSON]:
    levels = ("default", "info", "warning", "error", "success")
    return [{"type": "alert", "level": level, "text": mrkdwn(f"An alert of *{level}*")} for level in levels]


def _messages() -> Iterator[JSON]:
    yield {"text": "A message takes one table only", "blocks": [_TABLE]}
    blocks = [*_everywhere(), *_larger()[1:], *_message_only()]
    for start in range(0, len(blocks), 25):
        yield {"text": "The gallery", "blocks": blocks[start : start + 25]}


def _modal(blocks: list[JSON]) -> JSON:
    return {"type": "modal", "title": plain("Gallery"), "submit": plain("Save"), "blocks": blocks}


GALLERY: Mapping[str, list[JSON]] = {
    "message": list(_messages()),
    "modal": [_modal([*_alerts(), *_everywhere()])],
    "home": [{"type": "home", "blocks": [*_everywhere(), *_larger()]}],
}
# What a sandbox's external select may answer to anything typed.
CITIES = [option(city) for city in ("Madrid", "Málaga", "Manila", "Berlin", "Bogotá")]
