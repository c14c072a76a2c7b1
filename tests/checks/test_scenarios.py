"""Every cause has its scenario, and every scenario its cause."""

import re
from dataclasses import fields

import pytest

from bot.causes.catalogue import CATALOGUE, PRIORITY
from bot.causes.cause import Severity
from bot.causes.finding import in_utc
from bot.checks import ALL
from bot.diagnosis.examine import Kind, examine
from bot.remedy import BUTTONS, Fix
from bot.sandbox.meta.seed import small_world
from bot.status import Answer
from tests.checks.healthy import healthy
from tests.checks.scenario import Scenario
from tests.checks.scenarios_webhook import SCENARIOS

NOT_A_FAULT = {"OK", "COULD_NOT_TELL", "META_UNREACHABLE", "RATE_LIMITED_API"}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)
def test_the_verdict_is_the_cause(scenario: Scenario) -> None:
    report = examine(scenario.change(healthy()))
    assert report.code == scenario.code, [c.finding.cause.code for c in report.checks if c.finding]
    for part in scenario.says:
        assert part in report.verdict.sentence
    kinds = {"OK": Kind.HEALTHY}
    if scenario.code in NOT_A_FAULT:
        assert report.kind is kinds.get(scenario.code, Kind.COULD_NOT_TELL)
    else:
        assert report.kind is Kind.FOUND


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)
def test_every_sentence_is_whole(scenario: Scenario) -> None:
    report = examine(scenario.change(healthy()))
    findings = [report.verdict, *report.further, *(c.finding for c in report.checks if c.finding)]
    for text in [f.sentence for f in findings] + [f.done(in_utc) for f in findings]:
        assert is_sentence(text), text
    for checked in report.checks:
        assert not checked.note or is_sentence(checked.note), (checked.slug, checked.note)
        assert checked.answer is not Answer.UNKNOWN or checked.note, checked.slug
    for unread in report.unread:
        assert is_sentence(unread.why)


def is_sentence(text: str) -> bool:
    return text.endswith(".") and not re.search(r"[{}]|None|  |\.\.| \.|://", text) and text[0].isascii()


def test_every_cause_has_a_scenario_and_every_scenario_a_cause() -> None:
    assert {cause.code for cause in CATALOGUE} == {scenario.code for scenario in SCENARIOS}
    names = [scenario.name for scenario in SCENARIOS]
    assert len(names) == len(set(names)) >= 70


def test_every_check_says_no_in_some_scenario_and_yes_to_a_healthy_number() -> None:
    said_no: set[str] = set()
    for scenario in SCENARIOS:
        said_no |= {c.slug for c in examine(scenario.change(healthy())).checks if c.answer is Answer.NO}
    well = examine(healthy()).checks
    assert {c.slug for c in well} == said_no
    assert [c.slug for c in well if c.answer is not Answer.YES] == ["webhook_trial"]
    assert len({c.question for c in well}) == len(ALL)


def test_what_follows_from_the_verdict_is_not_shown_beside_it() -> None:
    for scenario in SCENARIOS:
        report = examine(scenario.change(healthy()))
        assert [f.cause.code for f in report.further] == [], scenario.name


def test_the_catalogue_is_whole() -> None:
    for cause in CATALOGUE:
        assert cause.fix in Fix, cause.code
        assert cause.also == tuple(fix for fix in cause.also if fix in BUTTONS), cause.code
        assert set(cause.explains) <= set(PRIORITY), cause.code
        assert cause.code not in cause.explains
        for name in ("effect", "do", "says"):
            assert getattr(cause, name).endswith("."), (cause.code, name)
        assert cause.fix is not Fix.NONE or cause.severity not in (Severity.DOWN, Severity.LIMITED), (
            cause.code
        )
        empty = {f.name for f in fields(cause) if getattr(cause, f.name) == ""}
        assert empty <= {"ends", "open_end"}, cause.code
        if "{until}" in cause.says:
            pytest.fail(f"{cause.code}: the end belongs into `ends`")


def test_a_fault_stands_before_what_works_partly_and_that_before_notes() -> None:
    ranks = [Severity.DOWN, Severity.LIMITED, Severity.NOTE]
    order = [ranks.index(cause.severity) for cause in CATALOGUE if cause.severity in ranks]
    assert order == sorted(order)


def test_every_fix_is_offered_by_some_cause() -> None:
    offered = {fix for cause in CATALOGUE for fix in (cause.fix, *cause.also)}
    assert offered == set(Fix)
    assert set(Fix) - set(BUTTONS) == {Fix.WAIT, Fix.NONE}


@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if s.world], ids=lambda s: s.name)
def test_the_fake_meta_has_the_knob_a_scenario_names(scenario: Scenario) -> None:
    assert scenario.world
    scenario.world(small_world())
