"""Nothing is drawn that nobody listens to, and nobody listens to what is never drawn."""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bot.audit import Act, Outcome
from bot.flows.state import FINAL, NEXT, PENDING, Step
from bot.roles import Role
from handlers.call import Call
from handlers.command import Subcommand
from handlers.features import FEATURES, commands, joined, presses
from handlers.views import menu
from handlers.views.audit_words import SAYS
from tests.handlers.views.every import homes, messages, windows


async def on_check(call: Call) -> Any:
    """Stands for the listener of the Home tabs, which are made with the bot."""


COMMANDS: tuple[Subcommand, ...] = tuple(c for feature in FEATURES for c in feature.COMMANDS)
ACTIONS = presses(commands(), on_check)
SUBMITS = joined([feature.SUBMITS for feature in FEATURES])
CLOSES = joined([feature.CLOSES for feature in FEATURES])
NOT_OURS = {"x.y"}  # the sample button of tests/handlers/views/ugly.py


@pytest.fixture(scope="module")
def drawn() -> list[Mapping[str, Any]]:
    """Every window, message and Home tab of the product."""
    return [view for _, view in (*windows("Sales"), *messages("Sales"), *homes("Sales"))]


def pressable(view: Mapping[str, Any]) -> Iterator[str]:
    """The action_ids that send something when they are used; inputs wait for the submit."""
    for block in view.get("blocks", ()):
        if block["type"] == "input":
            assert not block.get("dispatch_action"), "an input that dispatches needs a listener"
        elements = (
            [*block.get("elements", ()), block.get("accessory", {})] if block["type"] != "input" else []
        )
        yield from (e["action_id"] for e in elements if "action_id" in e)


def test_every_button_has_a_listener_and_every_listener_a_button(drawn: list[Mapping[str, Any]]) -> None:
    shown = {action for view in drawn for action in pressable(view)} - NOT_OURS
    assert shown == set(ACTIONS)


def test_every_submit_has_a_listener_and_every_listener_a_window(drawn: list[Mapping[str, Any]]) -> None:
    assert {view["callback_id"] for view in drawn if "submit" in view} == set(SUBMITS)


def test_a_close_is_listened_to_only_where_slack_tells_of_it(drawn: list[Mapping[str, Any]]) -> None:
    told = {view["callback_id"] for view in drawn if view.get("notify_on_close")}
    assert told == set(CLOSES)


def test_two_features_cannot_claim_one_button() -> None:
    async def listener(call: Call) -> Any: ...

    with pytest.raises(ValueError, match=r"status\.view"):
        joined([{"status.view": listener}, {"status.view": listener}])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.verb)
def test_a_command_says_how_it_is_typed_what_it_does_and_who_may(command: Subcommand) -> None:
    assert command.usage.startswith(f"/whatsapp {command.verb}")
    assert command.summary.endswith(".")
    assert command.summary[0].isupper()
    assert 0 < len(command.button) <= 75
    assert isinstance(command.role, Role)


def test_no_verb_is_taken_twice_or_kept_for_the_help() -> None:
    verbs = [command.verb for command in COMMANDS]
    assert len(set(verbs)) == len(verbs)
    assert "help" not in verbs


def test_every_listener_takes_a_call_and_nothing_else() -> None:
    for listener in (*ACTIONS.values(), *SUBMITS.values(), *CLOSES.values(), *(c.run for c in COMMANDS)):
        assert list(inspect.signature(listener).parameters) == ["call"]
        assert inspect.iscoroutinefunction(listener)


def test_every_step_can_be_reached_and_left() -> None:
    reached = {Step.CHOOSE}
    while more := {step for known in reached for step in NEXT[known]} - reached:
        reached |= more
    assert reached == set(Step)
    assert set(NEXT) == set(Step)
    assert {step for step in Step if not NEXT[step]} == set(FINAL)


def test_every_call_under_way_can_end_unsure() -> None:
    for step in PENDING:
        assert Step.UNSURE in NEXT[step], step


def test_the_audit_channel_has_words_for_every_act_and_outcome() -> None:
    said = ("intent", *(outcome.value for outcome in Outcome if outcome))
    assert [(act.value, how) for act in Act for how in said if how not in SAYS.get(act.value, {})] == []


def test_the_menu_offers_what_the_help_lists() -> None:
    shown = menu.menu(verbs=[(c.verb, c.summary, c.button) for c in COMMANDS])
    values = [block["accessory"]["value"] for block in shown["blocks"] if "accessory" in block]
    assert values == [command.verb for command in COMMANDS]
