"""No silence of Meta's makes a verdict, and nothing Meta may send makes a check fall over."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.causes.catalogue import PRIORITY
from bot.causes.cause import Severity
from bot.causes.finding import in_utc
from bot.checks import token_alive
from bot.diagnosis.examine import Kind, Report, examine
from bot.evidence.records import Events, Restriction
from bot.evidence.snapshot import Snapshot
from bot.graph.errors import GraphError, TokenRejected, Unreachable
from bot.graph.reading import read_health
from bot.status import Answer
from tests.bot.diagnosis.worlds import EARLIER, FAILURES, throttled, worlds
from tests.checks.healthy import (
    NOW,
    READS,
    Change,
    account,
    away,
    events,
    failed_messages,
    fails,
    forbidden,
    health,
    healthy,
    missing,
    number,
    of,
    subscription,
    timeout,
    whole,
)
from tests.checks.scenario import Scenario
from tests.checks.scenarios_webhook import SCENARIOS
from tests.checks.test_scenarios import is_sentence

# What is said when less is known: it must be no more than a weaker form of what a full read says.
WEAKER = {
    "TOKEN_INVALID": {cause.code for cause in token_alive.DEAD_BECAUSE.values()},
    "TOKEN_ACCESS_MISSING": {"TOKEN_SCOPE_MISSING", "TOKEN_ASSET_MISSING"},
}


def causes_of(report: Report) -> set[str]:
    return {report.code, *(c.finding.cause.code for c in report.checks if c.finding)}


@settings(max_examples=150, deadline=None)
@given(
    scenario=st.sampled_from(SCENARIOS),
    broken=st.dictionaries(st.sampled_from(READS), FAILURES, min_size=1),
)
def test_a_failing_read_never_makes_a_verdict_that_a_full_read_contradicts(
    scenario: Scenario, broken: dict[str, GraphError | None]
) -> None:
    full_snapshot = scenario.change(healthy())
    partial = examine(of(*(fails(name, error) for name, error in broken.items()))(full_snapshot))
    full = examine(full_snapshot)
    if partial.kind is Kind.FOUND:
        told = causes_of(full)
        assert partial.code in told or WEAKER.get(partial.code, set()) & told, (partial.code, told)
        assert partial.verdict.cause.severity in (Severity.DOWN, Severity.LIMITED)
    assert partial.kind is not Kind.HEALTHY
    assert {unread.why for unread in partial.unread}


@settings(max_examples=300, deadline=None)
@given(
    scenario=st.sampled_from(SCENARIOS),
    events=EARLIER,
    broken=st.dictionaries(st.sampled_from(READS), FAILURES, min_size=1),
)
def test_nor_does_it_where_events_told_of_bans_and_restrictions_before(
    scenario: Scenario, events: Change, broken: dict[str, GraphError | None]
) -> None:
    full_snapshot = of(scenario.change, events)(healthy())
    partial = examine(of(*(fails(name, error) for name, error in broken.items()))(full_snapshot))
    if partial.kind is Kind.FOUND:
        told = causes_of(examine(full_snapshot))
        assert partial.code in told or WEAKER.get(partial.code, set()) & told, (partial.code, told)


@settings(max_examples=150, deadline=None)
@given(worlds(), st.sampled_from([timeout(), throttled(0), throttled(30)]))
def test_where_nothing_is_answered_nothing_is_told_but_what_was_last_known(
    snapshot: Snapshot, silence: GraphError
) -> None:
    report = examine(of(*(fails(name, silence) for name in READS))(snapshot))
    assert report.code == ("META_UNREACHABLE" if isinstance(silence, Unreachable) else "RATE_LIMITED_API")
    assert report.further == ()
    assert [checked.slug for checked in report.checks if checked.finding] == []
    assert all(last.how and last.finding.sentence for last in report.last_known)


def test_a_ban_is_the_verdict_until_meta_answers_that_all_works() -> None:
    """Its own answers may lag behind its event for some minutes; after that they count more than the event."""
    told = NOW - timedelta(minutes=4)
    banned = of(events(ban_state="DISABLE", ban_at=told))(healthy())
    report = examine(banned)
    assert report.code == "ACCOUNT_DISABLED"
    proof = next(each for each in report.checks if each.finding is report.verdict)
    assert (proof.how, proof.at, proof.earlier) == ("Meta's event account_update", told, True)
    earlier = of(events(ban_state="DISABLE", ban_at=told - timedelta(minutes=2)))
    assert examine(earlier(healthy())).kind is Kind.HEALTHY
    for seen in (account(status="SUSPENDED"), health("WABA", "BLOCKED", "131031: Locked.", codes=(131031,))):
        assert examine(of(earlier, seen)(healthy())).code == "ACCOUNT_DISABLED"
    for unread in ("account", "number"):
        report = examine(of(earlier, fails(unread, timeout()))(healthy()))
        assert report.kind is Kind.COULD_NOT_TELL
    assert [
        last.finding.cause.code
        for last in examine(of(earlier, fails("account", timeout()))(healthy())).last_known
    ] == ["ACCOUNT_DISABLED"]


def test_who_reads_what_a_fresh_event_told_learns_that_the_live_status_differs_and_until_when() -> None:
    """Else a number that reads CONNECTED would be called restricted without a word why."""
    told = NOW - timedelta(minutes=2)
    kind = "RESTRICTED_BIZ_INITIATED_MESSAGING"
    restricted = events(restrictions=(Restriction(kind, NOW + timedelta(days=7), told, of_number=True),))
    for change, code in (
        (restricted, "NUMBER_RESTRICTED"),
        (events(ban_state="DISABLE", ban_at=told), "ACCOUNT_DISABLED"),
    ):
        report = examine(of(change)(healthy()))
        assert report.code == code
        assert "live status reads CONNECTED" in report.verdict.sentence
        for moment in (told, told + timedelta(minutes=5)):
            assert in_utc(moment) in report.verdict.sentence
    blocked = health("WABA", "BLOCKED", "131031: Locked.", codes=(131031,))
    still = examine(of(events(ban_state="DISABLE", ban_at=told), blocked)(healthy()))
    assert still.code == "ACCOUNT_DISABLED"
    announced = examine(of(events(ban_state="SCHEDULE_FOR_DISABLE", ban_at=told))(healthy()))
    assert announced.code == "ACCOUNT_DISABLE_SCHEDULED"
    for report in (still, announced):
        assert "live status" not in report.verdict.sentence


def test_an_answer_from_before_an_event_does_not_refute_it() -> None:
    """A fix reads some of it again and keeps the rest: what was read before the event says nothing of it."""
    old = replace(healthy().number, at=NOW - timedelta(minutes=9))
    restricted = Restriction(
        "RESTRICTED_BIZ_INITIATED_MESSAGING", NOW + timedelta(hours=1), NOW - timedelta(minutes=7)
    )
    snapshot = replace(healthy(), number=old, events=Events(restrictions=(restricted,)))
    assert examine(snapshot).code == "ACCOUNT_RESTRICTED"
    assert examine(replace(snapshot, number=healthy().number)).kind is Kind.HEALTHY


def test_a_restriction_is_last_known_while_what_could_refute_it_is_not_read() -> None:
    restricted = Restriction(
        "RESTRICTED_BIZ_INITIATED_MESSAGING", NOW + timedelta(hours=1), NOW - timedelta(days=1)
    )
    known = events(restrictions=(restricted,))
    for name in ("number", "account"):
        report = examine(of(known, fails(name, timeout()))(healthy()))
        assert report.kind is Kind.COULD_NOT_TELL
        assert [(last.finding.cause.code, last.at) for last in report.last_known] == [
            ("ACCOUNT_RESTRICTED", restricted.seen_at)
        ]
    for seen in (
        number(status="RESTRICTED"),
        health("WABA", "LIMITED", "Odd."),
        health("PHONE_NUMBER", "BLOCKED", "Odd."),
    ):
        assert "ACCOUNT_RESTRICTED" in causes_of(examine(of(known, seen)(healthy())))


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_nothing_that_meta_may_send_makes_a_check_fall_over(snapshot: Snapshot) -> None:
    report = examine(snapshot)
    for said in (report.verdict, *report.further):
        assert said.sentence.endswith(".")
        assert len(said.sentence) < 700
        assert said.sentence.isprintable()
        assert len(said.metas_words) <= 500
    for checked in report.checks:
        assert checked.metas_word.isprintable()
        assert "://" not in checked.note + checked.metas_word
        assert (checked.finding is None) or checked.answer is Answer.NO


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_healthy_means_that_all_was_read_and_nothing_needed_is_open(snapshot: Snapshot) -> None:
    report = examine(snapshot)
    whole_read = all(reading.known for _, reading in snapshot.readings)
    if report.kind is Kind.HEALTHY:
        assert whole_read
        assert all(c.answer is Answer.YES for c in report.checks if c.needed)


@pytest.mark.parametrize("name", ["status", "code_verification_status", "health", "webhooks"])
def test_a_number_without_what_is_needed_is_never_healthy(name: str) -> None:
    report = examine(number(**{name: None})(healthy()))
    assert report.code == "COULD_NOT_TELL"
    assert is_sentence(report.verdict.sentence)


@pytest.mark.parametrize("name", ["status", "code_verification_status"])
def test_a_word_meta_invented_since_is_never_healthy_and_is_shown(name: str) -> None:
    report = examine(number(**{name: "SPLENDID"})(healthy()))
    assert report.code == "COULD_NOT_TELL"
    assert "SPLENDID" in {c.metas_word for c in report.checks if c.answer is Answer.UNKNOWN}


def test_where_meta_contradicts_itself_the_number_is_not_healthy() -> None:
    """Connected, says its status; not registered, says its health: no check can say why."""
    report = examine(health("PHONE_NUMBER", "BLOCKED", "133010: Odd.", codes=(133010,))(healthy()))
    assert report.code == "COULD_NOT_TELL"
    assert "Does Meta's health check let it send?" in report.verdict.sentence


def test_an_expired_proof_is_a_note_even_when_reads_fail() -> None:
    expired = number(code_verification_status="EXPIRED")(healthy())
    assert examine(expired).verdict.cause.severity is Severity.NOTE
    assert examine(fails("apps", timeout())(expired)).kind is Kind.COULD_NOT_TELL


def test_a_missing_sip_setup_does_not_block_messages() -> None:
    node = {
        "can_send_message": "BLOCKED",
        "entities": [
            {
                "entity_type": "PHONE_NUMBER",
                "id": "1",
                "can_send_message": "BLOCKED",
                "errors": [{"error_code": 138024, "error_description": "SIP is not configured."}],
            },
            {"entity_type": "WABA", "id": "2", "can_send_message": "AVAILABLE"},
        ],
    }
    assert examine(number(health=read_health(node))(healthy())).kind is Kind.HEALTHY


def test_a_dead_token_seen_in_any_read_made_with_it_is_proof() -> None:
    rejected = TokenRejected("No.", code=190, subcode=460, words="Changed. https://x.example", trace="T7")
    for name in READS[1:4]:
        report = examine(of(fails("token", timeout()), fails(name, rejected))(healthy()))
        assert report.code == "TOKEN_PASSWORD"
        assert (report.verdict.code, report.verdict.subcode, report.verdict.trace) == (190, 460, "T7")
        assert "https" not in report.verdict.metas_words


def test_what_meta_refused_just_now_is_told_although_nothing_could_be_read() -> None:
    """A refusal is an answer; what was learnt before, beside it, is the last that was known."""
    rejected = TokenRejected("No.", code=190, subcode=463)
    nothing = of(*(fails(name, rejected) for name in READS), failed_messages(131031))
    report = examine(nothing(healthy()))
    assert report.code == "TOKEN_EXPIRED"
    assert [last.finding.cause.code for last in report.last_known] == ["ACCOUNT_LOCKED"]


@pytest.mark.parametrize("name", ["token", "subscription"])
def test_a_refusal_of_the_apps_own_token_says_nothing_of_ours(name: str) -> None:
    report = examine(fails(name, TokenRejected("No.", code=190))(healthy()))
    assert report.code == "COULD_NOT_TELL"


def test_gone_or_hidden_is_not_told_apart_without_the_account() -> None:
    report = examine(of(missing("number"), fails("account", timeout()))(healthy()))
    assert report.kind is Kind.COULD_NOT_TELL
    assert "Either it was removed, or our token may not see it." in {c.note for c in report.checks}


def test_an_account_that_alone_is_hidden_is_no_fault_of_the_token() -> None:
    """Some tokens of the Business app may read the number and nothing around it."""
    report = examine(forbidden("account", "apps")(healthy()))
    assert report.kind is Kind.COULD_NOT_TELL
    assert "its WhatsApp account, the subscribed apps" in report.verdict.sentence


def test_a_reader_may_have_times_in_their_own_way() -> None:
    report = examine(
        whole(events=Events(last_inbound=NOW - timedelta(days=1), usual_gap=timedelta(hours=1)))(healthy())
    )
    assert report.verdict.said(lambda moment: f"<{moment:%d.%m.}>").startswith(
        "No customer has written since <21.11.>"
    )


def test_an_old_event_does_not_count_against_a_connected_number() -> None:
    old = Events(offboarded_at=NOW - timedelta(days=2), offboarded="PRIMARY_INACTIVE")
    ended = Restriction("RESTRICTED_BIZ_INITIATED_MESSAGING", NOW - timedelta(hours=1))
    assert examine(whole(events=old)(healthy())).kind is Kind.HEALTHY
    endless = replace(ended, ends_at=None)
    assert examine(whole(events=replace(old, restrictions=(ended, endless)))(healthy())).kind is Kind.HEALTHY


def test_an_independent_fault_is_shown_beside_the_verdict() -> None:
    report = examine(of(away(), subscription(active=False), failed_messages(131042))(healthy()))
    assert report.code == "NOT_REGISTERED"
    assert [f.cause.code for f in report.further] == ["WEBHOOK_DISABLED", "PAYMENT"]


def test_a_bot_without_an_end_point_of_its_own_can_still_find_a_number_healthy() -> None:
    assert examine(whole(webhook_url="", events=None)(healthy())).kind is Kind.HEALTHY


def test_the_report_says_what_could_not_be_read_and_why() -> None:
    report = examine(of(fails("apps", timeout()), fails("account", None))(healthy()))
    assert [(unread.name, unread.asked) for unread in report.unread] == [
        ("its WhatsApp account", False),
        ("the subscribed apps", True),
    ]
    assert all(is_sentence(unread.why) for unread in report.unread)
    assert [f.name for f in fields(report) if getattr(report, f.name) is None] == []


def test_the_wait_is_the_longest_that_meta_named() -> None:
    report = examine(of(fails("apps", throttled(5)), fails("account", throttled(30)))(healthy()))
    assert report.code == "RATE_LIMITED_API"
    assert report.verdict.until == NOW + timedelta(minutes=30)
    assert report.code in PRIORITY
