"""One example of every element and every composite of Block Kit, for the gallery."""

from typing import Any

JSON = dict[str, Any]


def plain(text: str) -> JSON:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> JSON:
    return {"type": "mrkdwn", "text": text}


def option(text: str, *, about: str = "") -> JSON:
    described = {"description": plain(about)} if about else {}
    return {"text": plain(text), "value": text.lower().replace(" ", "-"), **described}


def rich(*parts: JSON) -> JSON:
    return {"type": "rich_text", "elements": list(parts)}


def line(*spans: JSON, kind: str = "section", **more: Any) -> JSON:
    return {"type": f"rich_text_{kind}", "elements": list(spans), **more}


def span(text: str, *styles: str) -> JSON:
    return {"type": "text", "text": text, **({"style": dict.fromkeys(styles, True)} if styles else {})}


CONFIRM: JSON = {
    "title": plain("Are you sure?"),
    "text": mrkdwn("This *cannot* be undone."),
    "confirm": plain("Do it"),
    "deny": plain("Leave it"),
    "style": "danger",
}
COLOURS = [option("Red"), option("Green", about="like grass"), option("Blue")]
GROUPS: list[JSON] = [
    {"label": plain("Warm"), "options": [option("Red"), option("Orange")]},
    {"label": plain("Cold"), "options": [option("Blue"), option("Violet")]},
]
# More than a native select should list: the page draws them as they are searched, so they are no words.
MANY: list[JSON] = [
    {"label": plain(f"{hundred}00"), "options": [option(f"{hundred}{n:02}") for n in range(1, 31)]}
    for hundred in range(1, 6)
]
PICTURE: JSON = {
    "type": "image",
    "image_url": "https://pictures.example.com/cat.png",
    "alt_text": "A cat asleep",
}
_FIRST = {"placeholder": plain("Pick one")}

PRESSED: dict[str, JSON] = {
    "button": {"type": "button", "text": plain("Press me :tada:"), "style": "primary", "value": "go"},
    "overflow": {
        "type": "overflow",
        "options": [option("Rename"), {**option("Read more"), "url": "https://example.com/"}],
    },
    "workflow_button": {
        "type": "workflow_button",
        "text": plain("Start workflow"),
        "workflow": {"trigger": {"url": "https://slack.com/shortcuts/Ft0/1"}},
    },
}
PICKERS: dict[str, JSON] = {
    "static_select": {"type": "static_select", "options": COLOURS, "initial_option": COLOURS[1], **_FIRST},
    "multi_static_select": {
        "type": "multi_static_select",
        "option_groups": GROUPS,
        "initial_options": [option("Blue")],
        **_FIRST,
    },
    "external_select": {
        "type": "external_select",
        "min_query_length": 1,
        "placeholder": plain("Find a city"),
    },
    "multi_external_select": {
        "type": "multi_external_select",
        "min_query_length": 0,
        "initial_options": [option("Madrid")],
        "placeholder": plain("Find cities"),
    },
    "users_select": {"type": "users_select", "initial_user": "U0LUIS", "placeholder": plain("A person")},
    "multi_users_select": {"type": "multi_users_select", "initial_users": ["U0ANA", "U0MAYA"]},
    "conversations_select": {
        "type": "conversations_select",
        "filter": {"include": ["public", "im"]},
        "placeholder": plain("A conversation"),
    },
    "multi_conversations_select": {
        "type": "multi_conversations_select",
        "initial_conversations": ["C0GENERAL"],
    },
    "channels_select": {"type": "channels_select", "initial_channel": "C0GENERAL"},
    "multi_channels_select": {"type": "multi_channels_select", "initial_channels": ["C0RANDOM"]},
    "datepicker": {"type": "datepicker", "initial_date": "2026-11-22", "confirm": CONFIRM},
    "timepicker": {"type": "timepicker", "initial_time": "09:30"},
    "checkboxes": {
        "type": "checkboxes",
        "options": [{"text": mrkdwn("*Bold* one"), "value": "one"}, option("Two", about="the second")],
        "initial_options": [option("Two", about="the second")],
    },
    "radio_buttons": {"type": "radio_buttons", "options": COLOURS, "initial_option": COLOURS[2]},
}
MOMENT: JSON = {"type": "datetimepicker", "initial_date_time": 1_795_340_400}
NOTES: JSON = {"type": "rich_text_input", "initial_value": rich(line(span("Some notes"))), "min_lines": 2}
FIELDS: dict[str, JSON] = {
    "plain_text_input": {
        "type": "plain_text_input",
        "placeholder": plain("Six digits"),
        "min_length": 6,
        "max_length": 6,
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    },
    "number_input": {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": "1",
        "initial_value": "7",
    },
    "email_text_input": {"type": "email_text_input", "initial_value": "ana@example.com"},
    "url_text_input": {"type": "url_text_input", "placeholder": plain("https://")},
    "rich_text_input": NOTES,
    "file_input": {"type": "file_input", "filetypes": ["txt", "csv"], "max_files": 2},
    "datetimepicker": MOMENT,
}
IN_CONTEXT_ACTIONS: dict[str, JSON] = {
    "feedback_buttons": {
        "type": "feedback_buttons",
        "positive_button": {"text": plain("Good answer"), "value": "good"},
        "negative_button": {"text": plain("Bad answer"), "value": "bad"},
    },
    "icon_button": {"type": "icon_button", "icon": "trash", "text": plain("Delete"), "confirm": CONFIRM},
}

SPANS: list[JSON] = [
    span("plain "),
    *(span(f"{style} ", style) for style in ("bold", "italic", "strike", "code", "underline", "highlight")),
    {"type": "link", "url": "https://example.com/a", "text": "a link", "style": {"bold": True}},
    {"type": "emoji", "name": "rocket"},
    {"type": "user", "user_id": "U0ANA"},
    {"type": "channel", "channel_id": "C0GENERAL"},
    {"type": "usergroup", "usergroup_id": "S0MANAGERS"},
    {"type": "team", "team_id": "T0SANDBOX"},
    {"type": "broadcast", "range": "here"},
    {"type": "color", "value": "#c0392b"},
    {"type": "date", "timestamp": 1_795_340_400, "format": "{date_short} at {time}", "fallback": "a day"},
]
RICH_TEXT: JSON = rich(
    line(*SPANS),
    {"type": "rich_text_list", "style": "ordered", "elements": [line(span("one")), line(span("two"))]},
    {
        "type": "rich_text_list",
        "style": "bullet",
        "indent": 1,
        "border": 1,
        "elements": [line(span("deeper"))],
    },
    line(span("somebody said this"), kind="quote"),
    line(span("$ make demo\nready"), kind="preformatted"),
)
MARKUP = (
    "*bold* _italic_ ~struck~ `code *not bold*` *_both_* :white_check_mark: 2 &lt; 3 &amp; 5 &gt; 4\n"
    "<https://example.com/x|a link> and https://example.com/bare. <@U0ANA> in <#C0GENERAL>, "
    "<!subteam^S0MANAGERS>, <!here>\n&gt; quoted *twice*\n&gt; and again\nOn "
    "<!date^1795340400^{date_short_pretty} at {time}|a day>\n```\nfenced <b>not html</b>\n```\nsnake_case_stays"
)
MARKDOWN = (
    "# Heading\nSome **bold**, *italic*, ~~struck~~ `code` and [a link](https://example.com/).\n\n"
    "- one\n  - deeper\n- [x] done\n- [ ] open\n\n1. first\n2. second\n\n> quoted\n\n```python\nprint(1)\n```\n\n"
    "| Name | Count |\n| --- | ---: |\n| Ana | 3 |\n\n---\nlast"
)
