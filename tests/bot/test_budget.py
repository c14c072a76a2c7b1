"""What a number has left: pure counting, with every guard line."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.audit import Act, Outcome
from bot.budget import Ledger, budget, must_allow
from bot.config import Config
from bot.errors import BudgetSpent
from bot.roles import Person, Role
from storage.audit import Spend
from tests.bot.test_config import GOOD, TODAY

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CONFIG = Config.from_env(GOOD, today=TODAY)
ANA = Person("U0ANA", "ana", Role.OPERATOR)
MAYA = Person("U0MAYA", "maya", Role.MANAGER)


def spend(act: Act, ago: timedelta, outcome: str = "ok", reason: str = "") -> Spend:
    return Spend(NOW - ago, f"op{ago}", act.value, "f1", outcome, reason, {})


def ledger(*spends: Spend, waits: dict | None = None) -> Ledger:
    return Ledger(tuple(sorted(spends, key=lambda s: s.at)), waits or {})


def allow(act: Act, found: Ledger, person: Person = ANA) -> None:
    must_allow(act, budget(found, CONFIG, NOW), found, person, NOW)


def test_waits_between_codes_grow_and_hold_for_managers_too():
    for used, wait in enumerate((60, 120, 300, 900), start=1):
        spent = [spend(Act.CODE_REQUEST, timedelta(seconds=wait - 1, hours=i)) for i in range(used)]
        for person in (ANA, MAYA):
            with pytest.raises(BudgetSpent) as early:
                allow(Act.CODE_REQUEST, ledger(*spent), person)
            assert early.value.until == NOW + timedelta(seconds=1)


def test_the_sixth_code_of_a_day_is_a_managers_and_only_after_the_pause():
    spent = [spend(Act.CODE_REQUEST, timedelta(hours=2 + i)) for i in range(5)]
    with pytest.raises(BudgetSpent, match="used up"):
        allow(Act.CODE_REQUEST, ledger(*spent))
    allow(Act.CODE_REQUEST, ledger(*spent), MAYA)
    fresh = [*spent[1:], spend(Act.CODE_REQUEST, timedelta(seconds=1))]
    with pytest.raises(BudgetSpent):
        allow(Act.CODE_REQUEST, ledger(*fresh), MAYA)


def test_two_wrong_pins_stop_an_operator_and_three_stop_everybody():
    wrong = [spend(Act.REGISTER, timedelta(hours=i + 1), "failed", "133005") for i in range(3)]
    allow(Act.REGISTER, ledger(*wrong[:1]))
    with pytest.raises(BudgetSpent):
        allow(Act.REGISTER, ledger(*wrong[:2]))
    allow(Act.REGISTER, ledger(*wrong[:2]), MAYA)
    with pytest.raises(BudgetSpent):
        allow(Act.REGISTER, ledger(*wrong), MAYA)


def test_a_new_pin_forgets_the_wrong_guesses():
    wrong = [spend(Act.REGISTER, timedelta(hours=i + 2), "failed", "133005") for i in range(3)]
    allow(Act.REGISTER, ledger(*wrong, spend(Act.PIN_SET, timedelta(hours=1))))


def test_the_tenth_registration_is_nobodys():
    tries = [spend(Act.REGISTER, timedelta(hours=i + 1), "failed", "133015") for i in range(9)]
    with pytest.raises(BudgetSpent):
        allow(Act.REGISTER, ledger(*tries[:7]))
    allow(Act.REGISTER, ledger(*tries[:8]), MAYA)
    with pytest.raises(BudgetSpent) as refused:
        allow(Act.REGISTER, ledger(*tries), MAYA)
    assert refused.value.until == tries[-1].at + timedelta(hours=72)


@pytest.mark.parametrize("act", [Act.CODE_REQUEST, Act.CODE_VERIFY, Act.REGISTER, Act.PIN_SET])
def test_metas_own_wait_holds_for_everybody_and_every_act(act: Act):
    until = NOW + timedelta(minutes=5)
    found = ledger(waits={act.value: (until, "133009")})
    for person in (ANA, MAYA):
        with pytest.raises(BudgetSpent) as refused:
            allow(act, found, person)
        assert refused.value.until == until


def test_wrong_codes_are_forgotten_by_a_right_one_not_by_a_new_code():
    wrong = [spend(Act.CODE_VERIFY, timedelta(hours=i + 1), "failed", "100") for i in range(6)]
    with pytest.raises(BudgetSpent):
        allow(Act.CODE_VERIFY, ledger(*wrong, spend(Act.CODE_REQUEST, timedelta(minutes=1))))
    allow(Act.CODE_VERIFY, ledger(*wrong, spend(Act.CODE_VERIFY, timedelta(minutes=1), Outcome.OK)))


def test_no_code_is_asked_for_that_only_a_manager_could_type():
    wrong = [spend(Act.CODE_VERIFY, timedelta(hours=i + 1), "failed", "100") for i in range(6)]
    with pytest.raises(BudgetSpent, match="tries of this number are used up") as refused:
        allow(Act.CODE_REQUEST, ledger(*wrong))
    assert refused.value.until == NOW + timedelta(hours=18)
    allow(Act.CODE_REQUEST, ledger(*wrong), MAYA)
    allow(Act.CODE_REQUEST, ledger(*wrong[:5]))


def test_no_new_pin_is_set_when_the_registration_after_it_would_be_refused():
    tries = [spend(Act.REGISTER, timedelta(hours=i + 1), "failed", "133015") for i in range(7)]
    with pytest.raises(BudgetSpent, match="registrations"):
        allow(Act.PIN_SET, ledger(*tries))
    allow(Act.PIN_SET, ledger(*tries), MAYA)
    waits = {Act.REGISTER.value: (NOW + timedelta(minutes=5), "133016")}
    with pytest.raises(BudgetSpent, match="133016"):
        allow(Act.PIN_SET, ledger(waits=waits), MAYA)


def test_wrong_pins_do_not_stop_the_new_pin_that_ends_them():
    wrong = [spend(Act.REGISTER, timedelta(hours=i + 1), "failed", "133005") for i in range(3)]
    allow(Act.PIN_SET, ledger(*wrong))
