"""The rules refuse what Slack refuses, and let pass what Slack takes."""

import copy
import json
from typing import Any

import pytest

from handlers.views.rules import problems
from handlers.views.rules_blocks import BLOCKS
from handlers.views.rules_kinds import Walk

PLAIN = {"type": "plain_text", "text": "x"}
MRKDWN = {"type": "mrkdwn", "text": "x"}
OPTION = {"text": PLAIN, "value": "a"}
OTHER = {"text": {"type": "plain_text", "text": "y"}, "value": "b"}
BUTTON = {"type": "button", "action_id": "a", "text": PLAIN, "value": "v"}
SECTION = {"type": "section", "text": MRKDWN}
TEXT_INPUT = {"type": "plain_text_input", "action_id": "a"}
INPUT = {"type": "input", "block_id": "b", "label": PLAIN, "element": TEXT_INPUT}
CONFIRM = {"title": PLAIN, "text": PLAIN, "confirm": PLAIN, "deny": PLAIN}
RICH = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
}
IMAGE = {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "a"}


def modal(*blocks: Any, **changes: Any) -> dict[str, Any]:
    view = {"type": "modal", "title": PLAIN, "submit": PLAIN, "blocks": list(blocks) or [SECTION], **changes}
    return {key: value for key, value in view.items() if value is not ...}


def message(*blocks: Any, **changes: Any) -> dict[str, Any]:
    return {"text": "x", "channel": "C1", "blocks": list(blocks) or [SECTION], **changes}


def text(length: int, kind: str = "plain_text") -> dict[str, Any]:
    return {"type": kind, "text": "x" * length}


def select(**changes: Any) -> dict[str, Any]:
    made = {"type": "static_select", "action_id": "a", "options": [OPTION, OTHER], **changes}
    return {key: value for key, value in made.items() if value is not ...}


def beside(element: Any) -> dict[str, Any]:
    return {**SECTION, "accessory": element}


def asking(element: Any) -> dict[str, Any]:
    return {**INPUT, "element": element}


def pressing(*elements: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


SEVEN = {  # the faulty views that slack_sdk's models let pass
    "an unknown keyword": (modal(private_metdata="x"), "unknown_key"),
    "a duplicate block_id": (
        modal({**SECTION, "block_id": "b"}, {**SECTION, "block_id": "b"}),
        "duplicate_block_id",
    ),
    "an input without submit": (modal(INPUT, submit=...), "submit_missing"),
    "a field of 2,001 characters": (
        modal({"type": "section", "fields": [text(2001, "mrkdwn")]}),
        "too_long",
    ),
    "an empty text": (modal({"type": "section", "text": text(0, "mrkdwn")}), "empty"),
    "a modal without title": (modal(title=...), "missing"),
    "a select with no options": (modal(asking(select(options=[]))), "too_few"),
}

BAD_VIEWS = {
    **SEVEN,
    "a title of 25": (modal(title=text(25)), "too_long"),
    "a submit of 25": (modal(submit=text(25)), "too_long"),
    "a close of 25": (modal(close=text(25)), "too_long"),
    "a mrkdwn title": (modal(title=MRKDWN), "wrong_text_type"),
    "a title that is a string": (modal(title="x"), "not_a_text_object"),
    "no blocks": (modal(blocks=...), "missing"),
    "an empty list of blocks": (modal(blocks=[]), "too_few"),
    "101 blocks": (modal(*[SECTION] * 101), "too_many"),
    "a null block": (modal(None), "null"),
    "a block of an unknown type": (modal({"type": "sektion", "text": MRKDWN}), "not_allowed_here"),
    "a block without type": (modal({"text": MRKDWN}), "not_allowed_here"),
    "a block whose type is a list": (modal({"type": ["section"]}), "not_allowed_here"),
    "a table in a modal": (
        modal({"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}),
        "not_allowed_here",
    ),
    "markdown in a modal": (modal({"type": "markdown", "text": "x"}), "not_allowed_here"),
    "submit_disabled": (modal(submit_disabled=False), "unknown_key"),
    "private_metadata of 3,001": (modal(private_metadata="x" * 3001), "too_long"),
    "private_metadata that is an object": (modal(private_metadata={}), "wrong_type"),
    "a callback_id of 256": (modal(callback_id="x" * 256), "too_long"),
    "a block_id of 256": (modal({**SECTION, "block_id": "x" * 256}), "too_long"),
    "an action_id of 256": (modal(pressing({**BUTTON, "action_id": "x" * 256})), "too_long"),
    "the same action_id twice in a row": (modal(pressing(BUTTON, BUTTON)), "duplicate_action_id"),
    "clear_on_close as a word": (modal(clear_on_close="yes"), "wrong_type"),
    "a section of 3,001": (modal({"type": "section", "text": text(3001, "mrkdwn")}), "too_long"),
    "a section that says nothing": (modal({"type": "section"}), "missing"),
    "11 fields": (modal({"type": "section", "fields": [MRKDWN] * 11}), "too_many"),
    "an input element as accessory": (modal(beside(TEXT_INPUT)), "not_allowed_here"),
    "a header of 151": (modal({"type": "header", "text": text(151)}), "too_long"),
    "a mrkdwn header": (modal({"type": "header", "text": MRKDWN}), "wrong_text_type"),
    "a divider with text": (modal({"type": "divider", "text": PLAIN}), "unknown_key"),
    "11 context elements": (modal({"type": "context", "elements": [MRKDWN] * 11}), "too_many"),
    "a button in a context": (modal({"type": "context", "elements": [BUTTON]}), "not_allowed_here"),
    "26 buttons": (modal(pressing(*[{**BUTTON, "action_id": str(n)} for n in range(26)])), "too_many"),
    "a row of no buttons": (modal(pressing()), "too_few"),
    "a button label of 76": (modal(pressing({**BUTTON, "text": text(76)})), "too_long"),
    "a button without text": (modal(pressing({"type": "button", "action_id": "a"})), "missing"),
    "a mrkdwn button": (modal(pressing({**BUTTON, "text": MRKDWN})), "wrong_text_type"),
    "a button value of 2,001": (modal(pressing({**BUTTON, "value": "x" * 2001})), "too_long"),
    "a numeric button value": (modal(pressing({**BUTTON, "value": 7})), "wrong_type"),
    "a null button value": (modal(pressing({**BUTTON, "value": None})), "wrong_type"),
    "a default style": (modal(pressing({**BUTTON, "style": "default"})), "not_allowed"),
    "an onclick": (modal(pressing({**BUTTON, "onclick": "x"})), "unknown_key"),
    "a confirm without deny": (
        modal(pressing({**BUTTON, "confirm": {k: v for k, v in CONFIRM.items() if k != "deny"}})),
        "missing",
    ),
    "a confirm title of 101": (
        modal(pressing({**BUTTON, "confirm": {**CONFIRM, "title": text(101)}})),
        "too_long",
    ),
    "a confirm text of 301": (
        modal(pressing({**BUTTON, "confirm": {**CONFIRM, "text": text(301)}})),
        "too_long",
    ),
    "a confirm answer of 31": (
        modal(pressing({**BUTTON, "confirm": {**CONFIRM, "deny": text(31)}})),
        "too_long",
    ),
    "a label missing": (modal({k: v for k, v in INPUT.items() if k != "label"}), "missing"),
    "a mrkdwn label": (modal({**INPUT, "label": MRKDWN}), "wrong_text_type"),
    "a button as input": (modal(asking(BUTTON)), "not_allowed_here"),
    "a placeholder of 151": (modal(asking({**TEXT_INPUT, "placeholder": text(151)})), "too_long"),
    "max_length of 3,001": (modal(asking({**TEXT_INPUT, "max_length": 3001})), "out_of_range"),
    "max_length as a truth": (modal(asking({**TEXT_INPUT, "max_length": True})), "out_of_range"),
    "min above max": (modal(asking({**TEXT_INPUT, "min_length": 7, "max_length": 6})), "out_of_range"),
    "two fields with focus": (
        modal(
            asking({**TEXT_INPUT, "focus_on_load": True}),
            {**asking({**TEXT_INPUT, "focus_on_load": True}), "block_id": "c"},
        ),
        "focus_twice",
    ),
    "no options at all": (modal(asking(select(options=...))), "no_options"),
    "options and groups": (
        modal(asking(select(option_groups=[{"label": PLAIN, "options": [OPTION]}]))),
        "no_options",
    ),
    "101 options": (modal(asking(select(options=[OPTION] * 101))), "too_many"),
    "an option text of 76": (modal(asking(select(options=[{**OPTION, "text": text(76)}]))), "too_long"),
    "an option value of 151": (modal(asking(select(options=[{**OPTION, "value": "x" * 151}]))), "too_long"),
    "a mrkdwn option in a select": (
        modal(asking(select(options=[{**OPTION, "text": MRKDWN}]))),
        "wrong_text_type",
    ),
    "an initial option that is none": (
        modal(asking(select(initial_option={"text": PLAIN, "value": "z"}))),
        "initial_not_an_option",
    ),
    "an empty group": (
        modal(asking(select(options=..., option_groups=[{"label": PLAIN, "options": []}]))),
        "too_few",
    ),
    "options that are no list": (modal(asking(select(options=7, initial_option=OPTION))), "wrong_type"),
    "11 radio buttons": (modal(asking({"type": "radio_buttons", "options": [OPTION] * 11})), "too_many"),
    "6 overflow options": (modal(beside({"type": "overflow", "options": [OPTION] * 6})), "too_many"),
    "a date like 2.11.": (modal(asking({"type": "datepicker", "initial_date": "2.11.2026"})), "not_allowed"),
    "a number input without its flag": (modal(asking({"type": "number_input"})), "missing"),
    "an alert of 201": (modal({"type": "alert", "text": text(201)}), "too_long"),
    "an alert in pink": (modal({"type": "alert", "text": PLAIN, "level": "pink"}), "not_allowed"),
    "an image without alt": (modal({"type": "image", "image_url": "https://example.org"}), "missing"),
    "an image without source": (modal({"type": "image", "alt_text": "a"}), "missing"),
    "a wrong emoji flag": (modal({"type": "header", "text": {**PLAIN, "emoji": "no"}}), "wrong_type"),
    "verbatim on plain text": (modal({"type": "header", "text": {**PLAIN, "verbatim": True}}), "unknown_key"),
    "rich text of nothing known": (
        modal({**RICH, "elements": [{"type": "text", "text": "x"}]}),
        "not_allowed_here",
    ),
    "a view of 250 KB": (
        modal(*[{"type": "section", "text": text(3000, "mrkdwn")}] * 90),
        "view_too_large",
    ),
    "the wrong view type": (modal(type="home"), "not_allowed"),
}

BAD_MESSAGES = {
    "no text": ({"channel": "C1", "blocks": [SECTION]}, "missing"),
    "an empty text": (message(text=""), "empty"),
    "a text of 40,001": (message(text="x" * 40_001), "too_long"),
    "51 blocks": (message(*[SECTION] * 51), "too_many"),
    "an alert": (message({"type": "alert", "text": PLAIN}), "not_allowed_here"),
    "13,201 characters in all": (
        message(*[{"type": "section", "text": text(2641, "mrkdwn")}] * 5),
        "msg_blocks_too_long",
    ),
    "link_names": (message(link_names=True), "unknown_key"),
    "markdown of 12,001": (message({"type": "markdown", "text": "x" * 12_001}), "too_long"),
    "an uneven table": (
        message({"type": "table", "rows": [[{"type": "raw_text", "text": "x"}], []]}),
        "uneven_rows",
    ),
    "a carousel of none": (message({"type": "carousel", "elements": []}), "too_few"),
    "a card of nothing": (message({"type": "card"}), "missing"),
    "a card body of 201": (message({"type": "card", "body": text(201)}), "too_long"),
    "a container in a container": (
        message(
            {
                "type": "container",
                "title": PLAIN,
                "child_blocks": [{"type": "container", "title": PLAIN, "child_blocks": [SECTION]}],
            }
        ),
        "not_allowed_here",
    ),
    "a plan task of unknown state": (
        message(
            {
                "type": "plan",
                "title": "x",
                "tasks": [{"type": "task_card", "task_id": "1", "title": "x", "status": "late"}],
            }
        ),
        "not_allowed",
    ),
    "51 plan tasks": (
        message(
            {
                "type": "plan",
                "title": "x",
                "tasks": [{"type": "task_card", "task_id": "1", "title": "x"}] * 51,
            }
        ),
        "too_many",
    ),
    "6 context actions": (
        message(
            {
                "type": "context_actions",
                "elements": [{"type": "icon_button", "icon": "trash", "text": PLAIN}] * 6,
            }
        ),
        "too_many",
    ),
    "a chart of nothing": (
        message({"type": "data_visualization", "title": "x", "chart": {"type": "pie", "segments": []}}),
        "too_few",
    ),
    "a data table without caption": (
        message({"type": "data_table", "rows": [[{"type": "raw_text", "text": "x"}]] * 2}),
        "missing",
    ),
    "rich text in a data table's head": (
        message({"type": "data_table", "caption": "x", "rows": [[RICH], [RICH]]}),
        "not_allowed_here",
    ),
}


@pytest.mark.parametrize("fault", BAD_VIEWS)
def test_a_faulty_view_is_refused_for_its_fault(fault: str) -> None:
    view, rule = BAD_VIEWS[fault]
    assert rule in [problem.rule for problem in problems(view, "modal")]


@pytest.mark.parametrize("fault", BAD_MESSAGES)
def test_a_faulty_message_is_refused_for_its_fault(fault: str) -> None:
    payload, rule = BAD_MESSAGES[fault]
    assert rule in [problem.rule for problem in problems(payload, "message")]


def test_a_home_view_has_no_title_and_no_submit() -> None:
    rules = {
        p.path: p.rule
        for p in problems({"type": "home", "title": PLAIN, "submit": PLAIN, "blocks": []}, "home")
    }
    assert rules == {"title": "unknown_key", "submit": "unknown_key"}


GOOD_BLOCKS: dict[str, Any] = {
    "section": beside(BUTTON),
    "section with fields": {"type": "section", "fields": [MRKDWN] * 10},
    "section with image": beside(IMAGE),
    "section with overflow": beside({"type": "overflow", "action_id": "a", "options": [OPTION] * 5}),
    "actions": pressing(BUTTON, {**BUTTON, "action_id": "b", "style": "danger", "confirm": CONFIRM}),
    "context": {"type": "context", "elements": [MRKDWN, PLAIN, IMAGE]},
    "divider": {"type": "divider"},
    "header": {"type": "header", "text": text(150)},
    "image": {**IMAGE, "title": PLAIN},
    "input": {**INPUT, "hint": PLAIN, "optional": True, "dispatch_action": False},
    "select": asking(select(initial_option=OTHER, placeholder=PLAIN)),
    "grouped select": asking(select(options=..., option_groups=[{"label": PLAIN, "options": [OPTION] * 100}] * 10)),
    "multi select": asking({"type": "multi_users_select", "action_id": "a", "max_selected_items": 3}),
    "radio": asking({"type": "radio_buttons", "action_id": "a", "options": [OPTION, OTHER], "initial_option": OPTION}),
    "checkboxes": asking({"type": "checkboxes", "options": [{**OPTION, "description": MRKDWN}]}),
    "number": asking({"type": "number_input", "is_decimal_allowed": False, "initial_value": "7"}),
    "date": asking({"type": "datepicker", "initial_date": "2026-11-02"}),
    "date and time": asking({"type": "datetimepicker", "initial_date_time": 1_793_620_800}),
    "files": asking({"type": "file_input", "filetypes": ["png"], "max_files": 1}),
    "rich text": RICH,
    "video": {
        "type": "video", "title": PLAIN, "alt_text": "a", "video_url": "https://e.org", "thumbnail_url": "https://e.org",
    },
    "card": {"type": "card", "title": MRKDWN, "actions": [BUTTON]},
}  # fmt: skip

GOOD_MESSAGE_BLOCKS: dict[str, Any] = {
    "table": {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": "x"}, {"type": "raw_number", "value": 1}]],
    },
    "data table": {"type": "data_table", "caption": "c", "rows": [[{"type": "raw_text", "text": "x"}]] * 101},
    "chart": {
        "type": "data_visualization",
        "title": "t",
        "chart": {"type": "pie", "segments": [{"label": "a", "value": 1}]},
    },
    "markdown": {"type": "markdown", "text": "x" * 12_000},
    "carousel": {"type": "carousel", "elements": [{"type": "card", "title": PLAIN}] * 10},
    "container": {"type": "container", "title": PLAIN, "child_blocks": [SECTION, RICH]},
    "plan": {"type": "plan", "title": "p", "tasks": [{"type": "task_card", "task_id": "1", "title": "x"}]},
    "file": {"type": "file", "external_id": "x", "source": "remote"},
    "feedback": {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "positive_button": {"text": PLAIN, "value": "1"},
                "negative_button": {"text": PLAIN, "value": "0"},
            }
        ],
    },
}


@pytest.mark.parametrize("name", GOOD_BLOCKS)
def test_a_good_block_passes_in_a_modal_and_in_a_message(name: str) -> None:
    block = GOOD_BLOCKS[name]
    assert problems(modal(block), "modal") == []
    assert problems(message(block), "message") == []


@pytest.mark.parametrize("name", GOOD_MESSAGE_BLOCKS)
def test_a_good_message_block_passes_in_a_message_only(name: str) -> None:
    block = GOOD_MESSAGE_BLOCKS[name]
    assert problems(message(block), "message") == []
    assert problems(modal(block), "modal") != []


def test_there_are_enough_faults_and_enough_good_examples() -> None:
    assert len(BAD_VIEWS) + len(BAD_MESSAGES) >= 80
    assert len(GOOD_BLOCKS) + len(GOOD_MESSAGE_BLOCKS) >= 30


def test_an_alert_stands_in_modals_only() -> None:
    alert = {"type": "alert", "text": PLAIN, "level": "warning"}
    assert problems(modal(alert), "modal") == []
    assert problems(message(alert), "message") != []


def test_a_problem_names_the_place() -> None:
    view = modal(SECTION, pressing(BUTTON, {**BUTTON, "action_id": "b", "text": text(76)}))
    assert [p.path for p in problems(view, "modal")] == ["blocks[1].elements[1].text.text"]


def test_every_problem_is_told_not_only_the_first() -> None:
    view = modal(None, {"type": "header", "text": text(151)}, title=text(25), nonsense=1)
    assert {p.rule for p in problems(view, "modal")} == {"null", "too_long", "unknown_key"}


def test_validation_changes_nothing_in_the_payload() -> None:
    view = modal(*GOOD_BLOCKS.values())
    before = copy.deepcopy(view)
    problems(view, "modal")
    assert view == before


@pytest.mark.parametrize(
    "junk", [None, 7, "x", [], {}, [[]], {"type": None}, {"type": "section", "text": []}, True]
)
def test_junk_anywhere_gives_problems_and_never_an_exception(junk: Any) -> None:
    for block in GOOD_BLOCKS.values():
        for key in block:
            if key != "type":
                assert isinstance(problems(modal({**block, key: junk}), "modal"), list)
            element = block.get("element") or block.get("accessory")
            for inner in element or ():
                holder = "element" if "element" in block else "accessory"
                assert isinstance(problems(modal({**block, holder: {**element, inner: junk}}), "modal"), list)
    assert problems(modal(junk), "modal") != []


def blocks_of_all_kinds() -> list[Any]:
    bad = [
        block for view, _ in (*BAD_VIEWS.values(), *BAD_MESSAGES.values()) for block in view.get("blocks", ())
    ]
    good = [*GOOD_BLOCKS.values(), *GOOD_MESSAGE_BLOCKS.values()]
    junk = [
        {**block, key: value}
        for block in good
        for key in block
        for value in (None, 7, "", [], {})
        if key != "type"
    ]
    return [block for block in (*bad, *good, *junk) if isinstance(block, dict)]


def test_the_quick_look_and_the_explanation_agree() -> None:
    for block in blocks_of_all_kinds():
        rule = BLOCKS.get(block["type"]) if isinstance(block.get("type"), str) else None
        if rule:
            assert rule.good(block, Walk()) == (rule.check(block, Walk()) is None), block


def test_the_size_of_a_view_is_that_of_its_json() -> None:
    option = {"text": text(75), "value": "v" * 150}
    groups = [{"label": PLAIN, "options": [option] * 100}] * 100
    view = modal(asking(select(options=..., option_groups=groups)))
    assert len(json.dumps(view)) > 250_000
    assert [p.rule for p in problems(view, "modal")] == ["view_too_large"]
