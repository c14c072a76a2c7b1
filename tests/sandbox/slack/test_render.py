"""Block Kit as text in a terminal."""

from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.slack import render
from bot.sandbox.slack.mrkdwn import plain
from tests.sandbox.slack.conftest import actions, button, field, modal, section, text

NAMES = {"U0ANA": "@ana", "C0AUDIT": "#audit", "S0OPS": "@ops"}
LOOK = render.Look(name_of=lambda id_: NAMES.get(id_, id_), zone=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("markup", "read"),
    [
        ("<@U0ANA> in <#C0AUDIT|audit>, <!subteam^S0OPS>", "@ana in #audit, @ops"),
        ("<!channel> <!here|here>", "@channel @here"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<https://example.org|the page> <https://example.org>", "the page (https://example.org) https://example.org"),
        ("<!date^1795339800^{date_short_pretty} at {time}|then>", "Nov 22, 2026 at 10:30"),
        ("<!date^99999999999999999^{time}|long ago>", "long ago"),
        ("5 < 6 > 4", "5 < 6 > 4"),
        ("*Sales* _now_ ~old~ *_both_* 2*3*4 a_b_c * x *", "Sales now old both 2*3*4 a_b_c * x *"),
        (":red_circle: *Down* :unheard_of: 10:30:15", "🔴 Down :unheard_of: 10:30:15"),
    ],
)  # fmt: skip
def test_markup_is_read_as_people_read_it(markup, read):
    assert plain(markup, LOOK.name_of, LOOK.zone) == read


def test_a_window_is_drawn_with_its_values_errors_and_buttons():
    sms = {"text": text("SMS"), "value": "sms", "description": text("cheap")}
    call = {"text": text("Voice call"), "value": "call"}
    view = modal(
        {"type": "header", "text": text("Sales")},
        section("*Now* the phone must be at hand"),
        field("how", "How?", kind="radio_buttons", options=[sms, call]),
        field("code", "Code", optional=True, placeholder=text("six digits")),
        actions(button("Send again"), button("Call instead", "call")),
        title="Reconnect",
        close=text("Cancel"),
    )
    values = {"how": {"value": {"type": "radio_buttons", "selected_option": call}}}
    look = render.Look(values=values, errors={"code": "Too short."})
    assert render.view(view, look, "Trouble.") == [
        "Reconnect",
        render.LINE,
        "! Trouble.",
        "",
        "Sales",
        "─────",
        "Now the phone must be at hand",
        "How?",
        "  ( ) SMS – cheap",
        "  (•) Voice call",
        "Code (optional):",
        "  [six digits]",
        "  ! Too short.",
        "[Send again] [Call instead]",
        render.LINE,
        "[Cancel] [Send]",
    ]


def test_a_view_that_was_never_opened_shows_its_initial_values():
    view = modal(field("a", "A", initial_value="one"), submit=None)
    del view["blocks"][0]["block_id"], view["blocks"][0]["element"]["action_id"]
    assert render.view(view, LOOK)[2:] == ["A:", "  [one]"]


def test_tables_line_up():
    cell = lambda words: {"type": "raw_text", "text": words}  # noqa: E731
    rich = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "ok"}]}],
    }
    table = {"type": "table", "rows": [[cell("Number"), cell("State")], [cell("…4821"), rich]]}
    assert render.blocks([table], LOOK) == ["Number  State", "──────  ─────", "…4821   ok"]


def test_rich_text_keeps_its_lists_quotes_and_dates():
    def run(*elements):
        return {"type": "rich_text_section", "elements": list(elements)}

    words = [{"type": "text", "text": "to "}, {"type": "user", "user_id": "U0ANA"}]
    date = {"type": "date", "timestamp": 1795339800, "format": "{time}", "fallback": "then"}
    block = {
        "type": "rich_text",
        "elements": [
            run(*words, {"type": "link", "url": "https://example.org", "text": " page"}),
            {"type": "rich_text_list", "style": "ordered", "elements": [run(date), run(*words)]},
            {"type": "rich_text_quote", "elements": words},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a\nb"}]},
        ],
    }
    assert render.blocks([block], LOOK) == [
        "to @ana page (https://example.org)",
        "1. 10:30",
        "2. to @ana",
        "> to @ana",
        "    a",
        "    b",
    ]


def test_every_other_block_says_what_it_is():
    image = {"type": "image", "image_url": "https://example.org/x.png", "alt_text": "a chart"}
    shown = [
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "checked <@U0ANA>"}, image]},
        {"type": "section", "fields": [text("Token"), text("yes")], "accessory": button("View")},
        {"type": "image", "title": text("Chart"), **{k: image[k] for k in ("image_url", "alt_text")}},
        {"type": "alert", "level": "warning", "text": text("Careful")},
        {"type": "markdown", "text": "**bold**"},
        {"type": "card", "title": text("Card"), "body": text("Body"), "actions": [button("Do")]},
        {"type": "container", "title": text("Box"), "child_blocks": [section("inside")]},
        {"type": "video", "title": text("Film")},
        {"type": "unheard_of"},
    ]
    assert render.blocks(shown, LOOK) == [
        render.LINE,
        "  checked @ana  (image: a chart)",
        "  Token",
        "  yes",
        "[View]",
        "Chart",
        "(image: a chart)",
        "WARNING: Careful",
        "**bold**",
        "Card",
        "Body",
        "[Do]",
        "Box",
        "  inside",
        "(video: Film)",
        "(unheard_of)",
    ]


def test_elements_show_what_stands_in_them():
    options = [{"text": text(w), "value": w} for w in ("A", "B")]
    shown = actions(
        {"type": "static_select", "action_id": "s", "options": options, "placeholder": text("Pick")},
        {"type": "checkboxes", "action_id": "c", "options": options},
        {"type": "overflow", "action_id": "o", "options": options},
        {"type": "datepicker", "action_id": "d"},
    )
    values = {
        "buttons": {
            "c": {"type": "checkboxes", "selected_options": options[:1]},
            "d": {"type": "datepicker", "selected_date": "2026-11-22"},
        }
    }
    assert render.blocks([shown], render.Look(values=values)) == [
        "[x] A",
        "[ ] B",
        "[Pick ▾] [… A | B] [2026-11-22 ▾]",
    ]
