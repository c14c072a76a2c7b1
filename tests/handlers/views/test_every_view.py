"""Every view of the product, at its longest and ugliest, is one that Slack takes and that shows text as text."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.flows.state import FINAL, PENDING, Step
from handlers.views import kit, reconnect, status
from handlers.views.rules import problems
from tests.handlers.views.every import homes, messages, windows
from tests.handlers.views.ugly import NOW, TEXTS, budgets, faults, flow, row, texts_of


def check_all(text: str) -> None:
    for name, view in windows(text):
        assert not problems(view, "modal"), (name, problems(view, "modal"))
        assert not faults(view), (name, faults(view))
    for name, message in messages(text):
        assert not problems(message, "message"), (name, problems(message, "message"))
        assert not faults(message), (name, faults(message))
    for name, tab in homes(text):
        assert not problems(tab, "home"), (name, problems(tab, "home"))
        assert not faults(tab), (name, faults(tab))


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_every_view_is_good_with_the_ugliest_text(text: str) -> None:
    check_all(text)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(st.characters(), max_size=40).map(lambda text: text * 100)
    | st.text(st.characters(), max_size=5000)
)
def test_every_view_is_good_with_any_text(text: str) -> None:
    check_all(text)


@pytest.mark.parametrize("step", Step)
def test_every_step_has_a_window(step: Step) -> None:
    money = next(budgets(""))
    view = reconnect.at(flow(step, "Sales"), budget=money, now=NOW, viewer="U0ANA")
    assert kit.flow_id(view) == "f" * 32
    if step in PENDING or step in FINAL:
        assert "submit" not in view


def test_only_the_opaque_id_is_in_private_metadata() -> None:
    held = {view["private_metadata"] for _, view in windows("Sales")}
    assert held == {"", "f" * 32, "106540352242922", "1", "77"}


def test_a_window_that_waits_cannot_be_sent() -> None:
    for step in PENDING:
        assert "submit" not in reconnect.waiting("f", step)
        assert not [b for b in reconnect.waiting("f", step)["blocks"] if b["type"] in ("input", "actions")]


def test_no_state_is_shown_by_colour_alone() -> None:
    for state, icon in status.ICONS.items():
        line = [t for _, t in texts_of(status.board(status.Board((row("Sales", state),)), now=NOW))]
        assert any(icon in text and f"*{state.value}* · Meta says Sales" in text for text in line)
    assert all(answer.value in shown for answer, shown in status.ANSWERS.items())
