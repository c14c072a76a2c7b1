"""What the windows of the wizard say and offer, and that each reader reads what its window drew."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from bot.budget import Allowance, Budget
from bot.errors import BadInput
from bot.flows.state import Step
from handlers.views import budget, menu, reconnect, reconnect_ids, refresh, status
from tests.handlers.views.ugly import NOW, allowance, flow, ref, report, row, texts_of

FULL = Budget(*[Allowance(3, 3, "24 hours")] * 5)


def with_codes(left: int, *, closed: bool = False, manager: bool = False) -> Budget:
    rest = Allowance(3, 3, "24 hours")
    return Budget(allowance(left, closed=closed, manager=manager), rest, rest, rest, rest)


def says(view: Mapping[str, Any]) -> str:
    return "\n".join(text for _, text in texts_of(view))


def buttons(view: Mapping[str, Any]) -> dict[str, str]:
    """label → value of every button."""
    found = {}
    for block in view["blocks"]:
        for element in [*block.get("elements", ()), block.get("accessory")]:
            if element and element["type"] == "button":
                found[element["text"]["text"]] = element.get("value", "")
    return found


def inputs(view: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """label → the input block, as a person sees them."""
    return {b["label"]["text"]: b for b in view["blocks"] if b["type"] == "input"}


def filled(view: Mapping[str, Any], **answers: Any) -> dict[str, Any]:
    """The view as Slack sends it back: initial choices, then `answers` by the start of a label."""
    values: dict[str, Any] = {}
    for label, block in inputs(view).items():
        element = block["element"]
        answer = next(
            (
                a
                for start, a in answers.items()
                if label.replace("-", " ").startswith(start.replace("_", " "))
            ),
            None,
        )
        state: dict[str, Any] = {"type": element["type"]}
        if element["type"] == "plain_text_input":
            state["value"] = answer
        elif element["type"] == "users_select":
            state["selected_user"] = answer
        elif element["type"] == "checkboxes":
            state["selected_options"] = element["options"] if answer else []
        else:
            options = element["options"]
            chosen = [o for o in options if o["text"]["text"] == answer] or [element.get("initial_option")]
            state["selected_option"] = chosen[0]
        values[block["block_id"]] = {element["action_id"]: state}
    return {**view, "state": {"values": values}}


def test_the_first_window_asks_and_warns_in_the_agreed_words() -> None:
    view = reconnect.choose(
        flow(Step.CHOOSE, "Sales"), now=NOW, budget=FULL, advice="This looks like a landline."
    )
    assert view["title"]["text"] == "Reconnect number"
    assert view["submit"]["text"] == "Send code"
    assert list(inputs(view)) == ["How should Meta send the code?", "Language of the message"]
    assert "must be able to receive SMS or calls now" in says(view)
    assert "This looks like a landline." in says(view)
    assert "3 of 3 codes left in 24 hours" in says(view)


def test_sms_and_english_are_chosen_at_first() -> None:
    chosen = reconnect.read_choose(filled(reconnect.choose(flow(Step.CHOOSE, "Sales"), now=NOW)))
    assert (chosen.number_id, chosen.method, chosen.language) == ("", "SMS", "en_US")


def test_a_voice_call_in_another_language_is_read_back() -> None:
    view = reconnect.choose(flow(Step.CHOOSE, "Sales"), now=NOW)
    chosen = reconnect.read_choose(filled(view, How="Voice call", Language="German"))
    assert (chosen.method, chosen.language) == ("VOICE", "de_DE")


def test_without_a_number_the_window_asks_for_it_first() -> None:
    view = reconnect.choose(now=NOW, numbers=[ref("Sales", "11"), ref("Support", "22")])
    assert next(iter(inputs(view))) == "Number"
    assert reconnect.read_choose(filled(view, Number="Support …0198")).number_id == "22"
    with pytest.raises(BadInput, match="Choose the number"):
        reconnect.read_choose(
            {**view, "state": {"values": {**filled(view)["state"]["values"], "reconnect.number": {}}}}
        )


def test_a_language_that_was_never_offered_is_refused() -> None:
    view = filled(reconnect.choose(flow(Step.CHOOSE, "Sales"), now=NOW))
    view["state"]["values"]["reconnect.language"]["reconnect.language.choice"]["selected_option"]["value"] = (
        "xx_XX"
    )
    with pytest.raises(BadInput) as caught:
        reconnect.read_choose(view)
    assert caught.value.field == "reconnect.language"


def test_more_numbers_than_a_select_takes_are_grouped() -> None:
    view = reconnect.choose(now=NOW, numbers=[ref(f"Sales {n}", str(n)) for n in range(250)])
    groups = inputs(view)["Number"]["element"]["option_groups"]
    assert [len(group["options"]) for group in groups] == [100, 100, 50]
    assert groups[2]["label"]["text"] == "201 to 250"


def test_a_spent_budget_shows_the_time_and_no_submit() -> None:
    view = reconnect.choose(flow(Step.CHOOSE, "Sales"), now=NOW, budget=with_codes(0, closed=True))
    assert "submit" not in view
    assert "next in 0:43 (at <!date^" in says(view)


def test_at_the_guard_line_a_manager_may_go_on_and_others_may_not() -> None:
    spent = with_codes(0, manager=True)
    one = flow(Step.CHOOSE, "Sales")
    assert "submit" not in reconnect.choose(one, now=NOW, budget=spent)
    assert reconnect.choose(one, now=NOW, budget=spent, may_overrule=True)["submit"]["text"] == "Send code"


def test_the_code_box_shows_what_is_left_and_the_ways_on() -> None:
    view = reconnect.enter(flow(Step.SENT, "Sales"), budget=with_codes(4, closed=True), now=NOW)
    assert view["title"]["text"] == "Enter the code"
    assert view["submit"]["text"] == "Verify"
    assert inputs(view)["Verification code"]["element"]["focus_on_load"] is True
    assert set(buttons(view)) >= {"Send again", "Call instead", "Someone else has the phone"}
    assert "Time left: 8:00" in says(view)
    assert "“Send again” and “Call instead” open in 0:43" in says(view)
    assert "3 of 3 tries left" in says(view)
    assert set(buttons(view).values()) == {"f" * 32}


def test_the_colleague_gets_the_box_without_the_ways_on() -> None:
    view = reconnect.enter(
        flow(Step.SENT, "Sales", holder="U0LUIS", reason=""), budget=FULL, now=NOW, as_holder=True
    )
    assert "Verification code" in inputs(view)
    assert "Time left: 8:00" in says(view)
    assert buttons(view) == {}


def test_the_colleague_with_a_dead_code_is_told_whom_to_ask() -> None:
    dead = flow(Step.SENT, "Sales", holder="U0LUIS", code_sent_at=NOW - timedelta(minutes=10))
    view = reconnect.enter(dead, budget=FULL, now=NOW, as_holder=True)
    assert "Ask <@U0ANA> for a new one." in says(view)
    unsure = flow(Step.SENT, "Sales", holder="U0LUIS", code_unsure=True)
    said = says(reconnect.enter(unsure, budget=FULL, now=NOW, as_holder=True))
    assert "wait and ask <@U0ANA> for another." in said
    assert "Send again" not in said


def test_when_the_tries_of_the_day_are_gone_a_manager_has_the_box_and_others_are_not_sent_for_a_code() -> (
    None
):
    gone, used = allowance(0, closed=True, manager=True), Allowance(0, 3, "this code")
    money = Budget(FULL.codes, gone, FULL.tries_of_code, FULL.pins, FULL.registers)
    one = flow(Step.SENT, "Sales")
    manager = reconnect.at(one, budget=money, now=NOW, viewer=one.owner, may_overrule=True)
    assert manager["submit"]["text"] == "Verify"
    assert "you may go on as a manager" in says(manager)
    both = Budget(FULL.codes, gone, used, FULL.pins, FULL.registers)
    other = reconnect.at(one, budget=both, now=NOW, viewer=one.owner)
    assert "*No tries now.*" in says(other)
    assert "No tries left for this code" not in says(other)
    assert set(buttons(other)) == {"Check status", "Stop reconnecting"}


def test_the_starter_sees_who_has_the_box_and_can_take_it_back() -> None:
    one = flow(Step.SENT, "Sales", holder="U0LUIS", holder_since=NOW)
    view = reconnect.at(one, budget=FULL, now=NOW, viewer="U0ANA")
    assert "Waiting for <@U0LUIS>" in says(view)
    assert buttons(view)["Take back"] == one.id
    assert "Verification code" in inputs(reconnect.at(one, budget=FULL, now=NOW, viewer="U0LUIS"))


def test_a_code_that_is_not_six_digits_is_asked_about_once_more_and_kept_only_by_slack() -> None:
    first = reconnect.enter(flow(Step.SENT, "Sales"), budget=FULL, now=NOW)
    typed = reconnect.read_code(filled(first, Verification="1234"))
    assert (typed.code.reveal(), typed.odd, typed.confirmed) == ("1234", True, False)
    again = reconnect.enter(flow(Step.SENT, "Sales"), budget=FULL, now=NOW, not_six=True)
    ids = [(v["blocks"], inputs(v)["Verification code"]) for v in (first, again)]
    assert ids[0][1]["block_id"] == ids[1][1]["block_id"]  # so that Slack keeps what was typed
    assert "initial_value" not in ids[1][1]["element"]
    assert "1234" not in str(again)
    assert "Nothing was sent, no try was used. Compare it with the message;" in says(again)
    called = reconnect.enter(flow(Step.SENT, "Sales", method="VOICE"), budget=FULL, now=NOW, not_six=True)
    assert "Compare it with the call;" in says(called)
    assert reconnect.read_code(filled(again, Verification="1234", Not="yes")).confirmed is True
    assert reconnect.read_code(filled(again, Verification="123456")).odd is False


@pytest.mark.parametrize(
    ("changes", "money", "said"),
    [
        ({"code_sent_at": NOW - timedelta(minutes=10)}, FULL, "This code has expired"),
        (
            {},
            Budget(FULL.codes, FULL.tries, Allowance(0, 3, "this code"), FULL.pins, FULL.registers),
            "No tries left",
        ),
    ],
)
def test_a_dead_code_leaves_no_box_but_the_ways_on(changes: dict[str, Any], money: Budget, said: str) -> None:
    view = reconnect.enter(flow(Step.SENT, "Sales", **changes), budget=money, now=NOW)
    assert said in says(view)
    assert "submit" not in view
    assert "Send again" in buttons(view)


def test_an_unsure_code_is_told_as_may_or_may_not_have_been_sent() -> None:
    view = reconnect.enter(flow(Step.SENT, "Sales", code_unsure=True), budget=FULL, now=NOW)
    assert "may or may not have been sent" in says(view)


def test_a_colleague_is_chosen_by_name() -> None:
    view = reconnect.pick_holder(flow(Step.SENT, "Sales"))
    assert reconnect.read_holder(filled(view, Who="U0LUIS")) == "U0LUIS"
    with pytest.raises(BadInput):
        reconnect.read_holder(filled(view))


@pytest.mark.parametrize(
    ("exists", "hint"), [(True, "has a PIN already"), (False, "No PIN is set"), (None, "could not")]
)
def test_the_pin_window_says_which_pin_is_meant(exists: bool | None, hint: str) -> None:
    view = reconnect.pin(flow(Step.PIN, "Sales", pin_exists=exists), budget=FULL, now=NOW)
    assert view["title"]["text"] == "Connect the number"
    assert hint in inputs(view)["Two-step PIN"]["hint"]["text"]
    assert ("Set a new PIN" in buttons(view)) is (exists is not False)
    assert "guesses left" in says(view)
    assert "registrations left" in says(view)
    assert reconnect.read_pin(filled(view, Two="012 345")).reveal() == "012345"


def test_a_wait_set_by_meta_says_when_and_how_the_field_comes_back() -> None:
    shut = Allowance(0, 3, "72 hours", NOW + timedelta(minutes=5), why="133009")
    money = Budget(FULL.codes, FULL.tries, FULL.tries_of_code, FULL.pins, shut)
    view = reconnect.pin(flow(Step.PIN, "Sales"), budget=money, now=NOW)
    assert "next in 5:00" in says(view)
    assert (
        "a wait set by Meta (Meta's code 133009): the PIN was tried too quickly. Press “Check status” then"
        in says(view)
    )
    assert "Check status" in buttons(view)


def test_nothing_is_offered_while_the_display_name_is_not_ready() -> None:
    view = reconnect.pin(flow(Step.PIN, "Sales"), budget=FULL, now=NOW, name_ready=False)
    assert "submit" not in view
    assert "Set a new PIN" not in buttons(view)
    assert "display name is not ready" in says(view)


def test_a_new_pin_needs_the_tick() -> None:
    view = reconnect.new_pin(flow(Step.PIN, "Sales"))
    assert view["title"]["text"] == "Set a new PIN"
    assert reconnect.read_new_pin(filled(view, New="135790", This="yes")).reveal() == "135790"
    with pytest.raises(BadInput) as caught:
        reconnect.read_new_pin(filled(view, New="135790"))
    assert caught.value.field == "reconnect.sure"


@pytest.mark.parametrize("easy", ["000000", "777777", "123456", "345678", "654321", "098765", "567890"])
def test_a_new_pin_that_everybody_guesses_is_refused_and_an_old_one_is_not(easy: str) -> None:
    asked, typed = (
        reconnect.new_pin(flow(Step.PIN, "Sales")),
        reconnect.pin(flow(Step.PIN, "Sales"), budget=FULL, now=NOW),
    )
    with pytest.raises(BadInput, match="easy to guess") as refused:
        reconnect.read_new_pin(filled(asked, New=easy, This="yes"))
    assert refused.value.field == reconnect_ids.FRESH_PIN.block_id
    with pytest.raises(BadInput, match="easy to guess") as refused:
        reconnect.read_pin(filled(typed, Two=easy), becomes_new=True)
    assert refused.value.field == reconnect_ids.PIN.block_id
    assert reconnect.read_pin(filled(typed, Two=easy)).reveal() == easy


@pytest.mark.parametrize(
    "after", [Step.SENDING, Step.CHECKING, Step.SETTING_PIN, Step.REGISTERING, Step.REFRESHING, None]
)
def test_unknown_stays_unknown_in_words(after: Step | None) -> None:
    view = reconnect.unsure(flow(Step.UNSURE, "", unsure_after=after), now=NOW)
    assert "may or may not have been" in says(view)
    assert set(buttons(view)) == {"Check status", "Stop reconnecting"}


def test_the_second_person_sees_who_holds_the_number_since_when_and_until_when() -> None:
    view = reconnect.busy(flow(Step.SENT, "Sales"), now=NOW, until=NOW + timedelta(minutes=9))
    assert "<@U0ANA> is reconnecting this number since <!date^" in says(view)
    assert "at least until <!date^" in says(view)
    assert set(buttons(view)) == {"Join as code holder"}
    manager = reconnect.busy(flow(Step.SENT, "Sales"), now=NOW, until=None, may_take_over=True)
    assert set(buttons(manager)) == {"Join as code holder", "Take over"}


def test_the_last_window_says_connected_and_how_long_it_took() -> None:
    view = reconnect.connected(flow(Step.CONNECTED, "Sales"), now=NOW, report=report("Token", 3))
    assert view["title"]["text"] == "Connected"
    assert "*Connected*" in says(view)
    assert "It took 4 min" in says(view)


@pytest.mark.parametrize("step", [Step.STOPPED, Step.CANCELLED, Step.EXPIRED])
def test_another_end_never_says_connected(step: Step) -> None:
    view = reconnect.ended(flow(step, "Meta has banned this number."), now=NOW)
    assert view["title"]["text"] != "Connected"
    assert "*Connected*" not in says(view)
    assert "Meta has banned this number." in says(view)


def test_the_board_has_view_and_reconnect_and_pages() -> None:
    rows = tuple(row("Sales", id_=str(n)) for n in range(30))
    first = status.board(status.Board(rows), now=NOW)
    assert {"View", "Reconnect", "Next", "Check now"} <= set(buttons(first))
    assert "Previous" not in buttons(first)
    last = status.board(status.Board(rows), now=NOW, page=2)
    assert buttons(last)["Previous"] == "1"
    assert "Next" not in buttons(last)
    assert "read 12 s ago" in says(first)
    assert "30 numbers: 30 Disconnected. Page 1 of 3." in first["text"]


def test_a_viewer_is_not_offered_what_only_operators_may() -> None:
    board = status.Board((row("Sales"),))
    assert "Reconnect" not in buttons(status.board(board, now=NOW, may_reconnect=False))


def test_the_card_tells_each_fact_apart_with_a_word() -> None:
    facts = (
        status.Fact("Registered", status.Answer.NO, "DISCONNECTED"),
        status.Fact("PIN set", status.Answer.UNKNOWN),
    )
    card = status.card(status.Card(row("Sales"), facts, (("Quality", "GREEN"),)), now=NOW)
    assert "*Registered:* :x: no (Meta: DISCONNECTED)" in says(card)
    assert "*PIN set:* :grey_question: could not tell" in says(card)
    assert "Quality: *GREEN*" in says(card)
    assert set(buttons(card)) == {
        "Reconnect",
        "Diagnose",
        "Try refreshing permissions",
        "Budget",
        "Check now",
    }


def test_the_refresh_shows_before_and_after_in_two_columns() -> None:
    view = refresh.result(report("messages", 4), now=NOW)
    lines = [block for block in view["blocks"] if "fields" in block]
    assert [len(line["fields"]) for line in lines] == [2, 2, 2, 2]
    assert "1 changed, 1 fine as they were, 1 for a person to fix, 1 could not be told" in says(view)


def test_the_budget_says_when_it_comes_back() -> None:
    spent = with_codes(0, closed=True)
    assert "*Codes:* 0 of 5 codes left in 24 hours; next in 0:43" in says(
        budget.budget_message(ref("Sales"), spent, now=NOW)
    )


def test_clicks_on_pickers_are_read_back() -> None:
    message = menu.picker(verb="status", title="Which number?", numbers=[ref("Sales", "11")])
    element = message["blocks"][0]["accessory"]
    click = {"action_id": menu.PICK, "selected_option": element["options"][0]}
    assert menu.read_value(click) == ("status", "11")
    assert menu.read_value({"value": "reconnect 22"}) == ("reconnect", "22")
    for junk in ({}, {"value": ""}, {"value": "reconnect"}, {"selected_option": None}):
        assert menu.read_value(junk) == ("", "")


def test_each_wire_id_is_used_for_one_thing() -> None:
    ids = [*reconnect_ids.BUTTONS, *reconnect_ids.SUBMITS, reconnect_ids.WINDOW]
    for module in (menu, status, refresh, budget):
        ids += [
            v
            for k, v in vars(module).items()
            if k.isupper() and isinstance(v, str) and v.startswith(f"{module.__name__.rsplit('.', 1)[1]}.")
        ]
    assert len(ids) == len(set(ids))
    assert all(i.count(".") == 1 for i in ids)
