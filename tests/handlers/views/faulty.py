"""Faulty payloads: each a good one with one change, Slack's error for it, and the path that is named."""

from dataclasses import dataclass
from typing import Any

from tests.handlers.views import good
from tests.handlers.views.good import (
    BLOCKS,
    BUTTON,
    JSON,
    ONE,
    PICKERS,
    URL,
    asking,
    beside,
    home,
    mrkdwn,
    row,
    text,
)

GONE: Any = object()  # the change is that the key is not there


@dataclass(frozen=True, slots=True)
class Fault:
    """`base` with `to` at `at`. `path`: what Slack's answer points to, `at` when it is not given."""

    base: JSON
    at: str
    to: Any
    rule: str
    path: str = ""
    error: str = ""

    @property
    def surface(self) -> str:
        return str(self.base.get("type", "message"))

    @property
    def named(self) -> str:
        return self.path or self.at

    @property
    def refused_as(self) -> str:
        return self.error or ("invalid_blocks" if self.surface == "message" else "invalid_arguments")


def modal(*blocks: JSON) -> JSON:
    return good.modal(*blocks or (BLOCKS["section"],))


def message(*blocks: JSON) -> JSON:
    return good.message(*blocks or (BLOCKS["section"],))


def field(kind: str) -> JSON:
    return modal(asking(good.IN_INPUT[kind]))


def of(kind: str) -> JSON:
    return message(BLOCKS[kind])


LONG = "x" * 3001
PRESS = modal(row(BUTTON, {**BUTTON, "action_id": "other"}))
SURE = modal(row(good.PRESSED["button"]))
TWICE = modal({"type": "divider", "block_id": "one"}, {"type": "divider", "block_id": "two"})
ELEMENT = "blocks[0].element"
FIRST = "blocks[0].elements[0]"

VIEWS: dict[str, Fault] = {
    "no title": Fault(modal(), "title", GONE, "missing"),
    "a null title": Fault(modal(), "title", None, "not_a_text_object"),
    "a title of 25": Fault(modal(), "title.text", "x" * 25, "too_long"),
    "an empty title": Fault(modal(), "title.text", "", "empty"),
    "a mrkdwn title": Fault(modal(), "title.type", "mrkdwn", "wrong_text_type"),
    "a submit of 25": Fault(modal(), "submit.text", "x" * 25, "too_long"),
    "a close of 25": Fault(modal(), "close.text", "x" * 25, "too_long"),
    "an input without submit": Fault(field("plain_text_input"), "submit", GONE, "submit_missing"),
    "no blocks": Fault(modal(), "blocks", GONE, "missing"),
    "blocks that are null": Fault(modal(), "blocks", None, "wrong_type"),
    "an empty list of blocks": Fault(modal(), "blocks", [], "too_few"),
    "101 blocks": Fault(modal(), "blocks", [BLOCKS["header"]] * 101, "too_many"),
    "a null block": Fault(modal(), "blocks[0]", None, "null"),
    "a list as block": Fault(modal(), "blocks[0]", [], "wrong_type"),
    "an unknown block": Fault(modal(), "blocks[0].type", "sektion", "not_allowed_here"),
    "an unknown key of the view": Fault(modal(), "private_metdata", "7", "unknown_key"),
    "submit_disabled": Fault(modal(), "submit_disabled", False, "unknown_key"),
    "an unknown key of a block": Fault(modal(), "blocks[0].color", "red", "unknown_key"),
    "an unknown key of a text": Fault(modal(), "blocks[0].text.emoji", True, "unknown_key"),
    "the same block_id twice": Fault(TWICE, "blocks[1].block_id", "one", "duplicate_block_id"),
    "the same action_id twice": Fault(PRESS, "blocks[0].elements[1].action_id", "press", "duplicate_action_id",
                                      "blocks[0].elements"),
    "private_metadata of 3,001": Fault(modal(), "private_metadata", LONG, "too_long"),
    "private_metadata as object": Fault(modal(), "private_metadata", {"flow": 7}, "wrong_type"),
    "a callback_id of 256": Fault(modal(), "callback_id", "x" * 256, "too_long"),
    "an external_id of 256": Fault(modal(), "external_id", "x" * 256, "too_long"),
    "a block_id of 256": Fault(TWICE, "blocks[0].block_id", "x" * 256, "too_long"),
    "an action_id of 256": Fault(PRESS, f"{FIRST}.action_id", "x" * 256, "too_long"),
    "clear_on_close as a word": Fault(modal(), "clear_on_close", "yes", "wrong_type"),
    "a view of 250 KB": Fault(modal(), "blocks", [{"type": "section", "text": mrkdwn("x" * 3000)}] * 90,
                              "view_too_large", error="view_too_large"),
    "a table in a modal": Fault(modal(), "blocks[0]", BLOCKS["table"], "not_allowed_here", "blocks[0].type"),
    "markdown in a modal": Fault(modal(), "blocks[0]", BLOCKS["markdown"], "not_allowed_here", "blocks[0].type"),
    "a container in a modal": Fault(modal(), "blocks[0]", BLOCKS["container"], "not_allowed_here", "blocks[0].type"),
    "a carousel in a modal": Fault(modal(), "blocks[0]", BLOCKS["carousel"], "not_allowed_here", "blocks[0].type"),
    "a section of 3,001": Fault(modal(), "blocks[0].text.text", LONG, "too_long"),
    "a section that says nothing": Fault(modal({"type": "section", "text": mrkdwn()}), "blocks[0].text", GONE,
        "missing"),
    "11 fields": Fault(modal(), "blocks[0].fields", [mrkdwn()] * 11, "too_many"),
    "a field of 2,001": Fault(modal(), "blocks[0].fields[1].text", "x" * 2001, "too_long"),
    "a header of 151": Fault(modal(BLOCKS["header"]), "blocks[0].text.text", "x" * 151, "too_long"),
    "a mrkdwn header": Fault(modal(BLOCKS["header"]), "blocks[0].text", mrkdwn(), "wrong_text_type",
        "blocks[0].text.type"),
    "11 context elements": Fault(modal(BLOCKS["context"]), "blocks[0].elements", [mrkdwn()] * 11, "too_many"),
    "a button in a context": Fault(modal(BLOCKS["context"]), FIRST, BUTTON, "not_allowed_here", f"{FIRST}.type"),
    "26 buttons": Fault(PRESS, "blocks[0].elements", [{**BUTTON, "action_id": str(n)} for n in range(26)], "too_many"),
    "a row of nothing": Fault(PRESS, "blocks[0].elements", [], "too_few"),
    "a button label of 76": Fault(PRESS, f"{FIRST}.text.text", "x" * 76, "too_long"),
    "a button value of 2,001": Fault(PRESS, f"{FIRST}.value", "x" * 2001, "too_long"),
    "a button url of 3,001": Fault(PRESS, f"{FIRST}.url", LONG, "too_long"),
    "an accessibility_label of 76": Fault(PRESS, f"{FIRST}.accessibility_label", "x" * 76, "too_long"),
    "a green button": Fault(PRESS, f"{FIRST}.style", "green", "not_allowed"),
    "a confirm without deny": Fault(SURE, f"{FIRST}.confirm.deny", GONE, "missing"),
    "a confirm title of 101": Fault(SURE, f"{FIRST}.confirm.title.text", "x" * 101, "too_long"),
    "a confirm text of 301": Fault(SURE, f"{FIRST}.confirm.text.text", "x" * 301, "too_long"),
    "a confirm answer of 31": Fault(SURE, f"{FIRST}.confirm.confirm.text", "x" * 31, "too_long"),
    "an input without label": Fault(field("plain_text_input"), "blocks[0].label", GONE, "missing"),
    "a label of 2,001": Fault(field("plain_text_input"), "blocks[0].label.text", "x" * 2001, "too_long"),
    "a hint of 2,001": Fault(field("plain_text_input"), "blocks[0].hint.text", "x" * 2001, "too_long"),
    "a button as input": Fault(field("plain_text_input"), ELEMENT, BUTTON, "not_allowed_here", f"{ELEMENT}.type"),
    "a text input beside a section": Fault(modal(beside(BUTTON)), "blocks[0].accessory",
        good.FIELDS["plain_text_input"],
                                           "not_allowed_here", "blocks[0].accessory.type"),
    "max_length of 3,001": Fault(field("plain_text_input"), f"{ELEMENT}.max_length", 3001, "out_of_range"),
    "min above max": Fault(field("plain_text_input"), f"{ELEMENT}.min_length", 7, "out_of_range"),
    "a placeholder of 151": Fault(field("email_text_input"), f"{ELEMENT}.placeholder.text", "x" * 151, "too_long"),
    "no flag for decimals": Fault(field("number_input"), f"{ELEMENT}.is_decimal_allowed", GONE, "missing"),
    "a lowest that is a number": Fault(field("number_input"), f"{ELEMENT}.min_value", 1, "not_allowed"),
    "11 files": Fault(field("file_input"), f"{ELEMENT}.max_files", 11, "out_of_range"),
    "no options": Fault(field("static_select"), f"{ELEMENT}.options", GONE, "no_options", ELEMENT),
    "an empty list of options": Fault(field("radio_buttons"), f"{ELEMENT}.options", [], "too_few"),
    "101 options": Fault(field("static_select"), f"{ELEMENT}.options", [ONE, good.TWO] * 51, "too_many"),
    "101 groups": Fault(field("multi_static_select"), f"{ELEMENT}.option_groups",
                        [{"label": text(), "options": [ONE]}] * 101, "too_many"),
    "an option text of 76": Fault(field("static_select"), f"{ELEMENT}.options[0].text.text", "x" * 76, "too_long"),
    "an option value of 151": Fault(field("static_select"), f"{ELEMENT}.options[0].value", "x" * 151, "too_long"),
    "an option description of 76": Fault(field("checkboxes"), f"{ELEMENT}.options[0].description.text", "x" * 76,
        "too_long"),
    "a first choice that is none": Fault(field("static_select"), f"{ELEMENT}.initial_option", good.option("three"),
                                         "initial_not_an_option", ELEMENT),
    "11 radio buttons": Fault(field("radio_buttons"), f"{ELEMENT}.options", [ONE] * 11, "too_many"),
    "11 checkboxes": Fault(field("checkboxes"), f"{ELEMENT}.options", [good.TWO] * 11, "too_many"),
    "6 in an overflow": Fault(modal(beside(good.PRESSED["overflow"])), "blocks[0].accessory.options", [ONE] * 6,
        "too_many"),
    "a url in a select": Fault(field("static_select"), f"{ELEMENT}.options[0].url", URL, "unknown_key"),
    "a date like 22.11.": Fault(field("datepicker"), f"{ELEMENT}.initial_date", "22.11.2026", "not_allowed"),
    "a time like 9:5": Fault(field("timepicker"), f"{ELEMENT}.initial_time", "9:5", "not_allowed"),
    "a date and time in milliseconds": Fault(field("datetimepicker"), f"{ELEMENT}.initial_date_time", 10**12,
        "out_of_range"),
    "an alert of 201": Fault(modal(BLOCKS["alert"]), "blocks[0].text.text", "x" * 201, "too_long"),
    "an alert in pink": Fault(modal(BLOCKS["alert"]), "blocks[0].level", "pink", "not_allowed"),
    "an image without alt text": Fault(modal(BLOCKS["image"]), "blocks[0].alt_text", GONE, "missing"),
    "an alt text of 2,001": Fault(modal(BLOCKS["image"]), "blocks[0].alt_text", "x" * 2001, "too_long"),
    "an image without source": Fault(modal(BLOCKS["image"]), "blocks[0].image_url", GONE, "missing"),
    "two fields with the focus": Fault(
        modal(asking(good.FIELDS["plain_text_input"]), {**asking(PICKERS["static_select"]), "block_id": "c"}),
        "blocks[1].element.focus_on_load", True, "focus_twice"),
}  # fmt: skip

HOMES: dict[str, Fault] = {
    "a Home with a title": Fault(home(), "title", text(), "unknown_key"),
    "a Home with a submit": Fault(home(), "submit", text(), "unknown_key"),
    "a Home with a close": Fault(home(), "close", text(), "unknown_key"),
    "a Home that wants its closing told": Fault(home(), "notify_on_close", True, "unknown_key"),
    "an alert at Home": Fault(home(BLOCKS["divider"]), "blocks[0]", BLOCKS["alert"], "not_allowed_here",
        "blocks[0].type"),
    "markdown at Home": Fault(home(BLOCKS["divider"]), "blocks[0]", BLOCKS["markdown"], "not_allowed_here",
        "blocks[0].type"),
    "101 blocks at Home": Fault(home(), "blocks", [BLOCKS["header"]] * 101, "too_many"),
    "a null block at Home": Fault(home(BLOCKS["divider"]), "blocks[0]", None, "null"),
    "a Home of no type": Fault(home(), "type", GONE, "missing"),
}  # fmt: skip
