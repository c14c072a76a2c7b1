"""What managers read: who did what, never a full number, never half an answer."""

import pytest

from bot.audit import Act, Outcome
from handlers.views import audit
from handlers.views.audit_words import SAYS
from tests.handlers.views.ugly import record


def test_the_first_message_names_person_and_number_by_its_last_four_digits() -> None:
    message = audit.parent({**record("Sales"), "details.method": "SMS"})
    assert message["text"] == "<@U0ANA> is reconnecting Sales …4821 (SMS)"
    assert "[reconnect] [sales] [running]" in str(message["blocks"])


def test_the_final_edit_has_the_state_and_how_long_it_took() -> None:
    message = audit.parent(record("Sales", took="3 min 12 s"), state="Connected")
    assert message["text"].startswith(
        ":large_green_circle: *Connected* after 3 min 12 s – <@U0ANA> was reconnecting Sales …4821"
    )
    assert "[connected]" in str(message["blocks"])
    failed = audit.parent(record("Sales"), state="Not connected")
    assert failed["text"].startswith(":octagonal_sign: *Not connected*")


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("outcome", Outcome)
def test_every_act_and_outcome_has_words(act: Act, outcome: Outcome) -> None:
    said = audit.line(record("Sales", action=act.value, outcome=outcome.value))
    assert act.value not in said


@pytest.mark.parametrize("act", [Act.CODE_REQUEST, Act.CODE_VERIFY, Act.REGISTER, Act.PIN_SET, Act.REFRESH])
def test_an_unknown_outcome_is_told_as_unknown(act: Act) -> None:
    assert "may or may not have been done" in audit.line(record("Sales", action=act.value, outcome="unknown"))


def test_an_intent_is_not_told_as_done() -> None:
    said = audit.line(record("Sales", kind="intent", action="code.request", outcome=""))
    assert "asks Meta to send a code" in said


def test_only_the_last_four_digits_of_a_number_are_shown() -> None:
    assert "…4821" in audit.line(record("Sales", tail="15550104821"))
    assert "1555" not in audit.line(record("Sales", tail="15550104821"))


def test_a_line_is_one_line_and_names_cannot_forge_another() -> None:
    said = audit.line(record("Sales\n12:00 the bot finished: *Connected*"))
    assert "\n" not in said


def test_a_record_of_an_act_nobody_knows_is_still_shown() -> None:
    assert "did token.eaten (ok)" in audit.line(record("Sales", action="token.eaten", outcome="ok"))


def test_many_lines_go_into_few_messages_and_none_is_lost() -> None:
    bodies = [record(f"Sales{n}", seq=str(1000 + n)) for n in range(60)]
    messages = audit.batch(bodies)
    assert len(messages) == 3
    shown = str(messages)
    assert all(f"#{1000 + n}`" in shown for n in range(60))
    assert audit.batch([]) == []


def test_the_colleague_gets_one_button_that_carries_the_flow() -> None:
    body = {"template": "hand_off", "name": "Sales", "tail": "4821", "from": "U0ANA"}
    message = audit.dm(body, flow_id="f1")
    assert "<@U0ANA> asks you for the code" in message["text"]
    assert message["blocks"][-1]["elements"][0]["text"]["text"] == "Enter code"
    assert message["blocks"][-1]["elements"][0]["value"] == "f1"


def test_after_a_restart_the_owner_is_told_that_nothing_is_lost() -> None:
    message = audit.dm({"template": "recovered", "name": "Sales", "tail": "4821"}, flow_id="f1")
    assert message["text"].startswith("I was restarted while reconnecting *Sales …4821*. Nothing is lost.")
    assert message["blocks"][-1]["elements"][0]["text"]["text"] == "Continue"


def test_the_words_table_has_no_act_that_does_not_exist() -> None:
    assert set(SAYS) == {act.value for act in Act}


def test_a_deliberate_stop_reads_as_a_stop_and_not_as_a_failure() -> None:
    stopped = record(
        "Sales", action="flow.ended", **{"details.state": "cancelled", "details.kind": "reconnect"}
    )
    assert ":black_square_for_stop: <@U0ANA> stopped the reconnect" in audit.line(stopped)
    assert ":x:" not in audit.line(stopped)
    assert audit.parent(stopped, state="Stopped")["text"].startswith(":black_square_for_stop: *Stopped*")
