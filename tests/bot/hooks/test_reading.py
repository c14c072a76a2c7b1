"""Every field of a number desk becomes a value of its own; anything else is unknown, and nothing raises."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evidence.snapshot import NEEDED_FIELDS
from bot.hooks import event as hooks
from bot.hooks.event import Event, What
from bot.hooks.reading import KNOWN_FIELDS, read_events
from bot.hooks.rows import row_of
from bot.hooks.standing import Standing, newest, standing_of
from storage.tables import EventRow
from tests.web.meta import CUSTOMER, NAME, WORDS, account_update, envelope, inbound, status

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AT = datetime.fromtimestamp(1_763_800_000, UTC)
DIGITS = "15550100199"


def read(*changes: Any, time: Any = 1_763_800_000) -> tuple[Event, ...]:
    return read_events(json.loads(json.dumps(envelope("W1", *changes, time=time))), NOW)


def of(field: str, **value: Any) -> dict[str, Any]:
    return {"field": field, "value": value}


NUMBER = {"display_phone_number": DIGITS}
SAMPLES: list[tuple[dict[str, Any], What]] = [
    (status("N1", "failed", code=131047), hooks.Status("N1", "", "failed", 131047)),
    (status("N1", "delivered"), hooks.Status("N1", "", "delivered")),
    (account_update("ACCOUNT_RESTRICTION",
                    restriction_info=[{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING",
                                       "expiration": 1764000000}]),
     hooks.AccountUpdate("ACCOUNT_RESTRICTION", limits=(
         hooks.Limit("RESTRICTED_BIZ_INITIATED_MESSAGING", datetime.fromtimestamp(1764000000, UTC)),))),
    (account_update("DISABLED_UPDATE",
                    ban_info={"waba_ban_state": "SCHEDULE_FOR_DISABLE", "waba_ban_date": "April 17, 2026"}),
     hooks.AccountUpdate("DISABLED_UPDATE", ban_state="SCHEDULE_FOR_DISABLE", ban_date="April 17, 2026")),
    (account_update("ACCOUNT_VIOLATION", violation_info={"violation_type": "SPAM"}),
     hooks.AccountUpdate("ACCOUNT_VIOLATION", violation="SPAM")),
    (account_update("ACCOUNT_OFFBOARDED", disconnection_info={"reason": "PRIMARY_INACTIVITY"}),
     hooks.AccountUpdate("ACCOUNT_OFFBOARDED", reason="PRIMARY_INACTIVITY")),
    (account_update("SOMETHING_OF_NEXT_YEAR"), hooks.AccountUpdate("SOMETHING_OF_NEXT_YEAR")),
    (of("phone_number_quality_update", **NUMBER, event="THROUGHPUT_UPGRADE", current_limit="TIER_UNLIMITED",
        max_daily_conversations_per_business="TIER_UNLIMITED"),
     hooks.QualityUpdate("THROUGHPUT_UPGRADE", "TIER_UNLIMITED")),
    (of("phone_number_quality_update", **NUMBER, event="FLAGGED", current_limit="TIER_1K", old_limit=2000),
     hooks.QualityUpdate("FLAGGED", "TIER_1K", "2000")),
    (of("phone_number_name_update", **NUMBER, decision="REJECTED", requested_verified_name="Acme",
        rejection_reason="NAME_EMPLOYEE_ISSUE"), hooks.NameUpdate("REJECTED", "NAME_EMPLOYEE_ISSUE")),
    (of("phone_number_name_update", **NUMBER, decision="APPROVED", rejection_reason=None),
     hooks.NameUpdate("APPROVED")),
    (of("account_review_update", decision="APPROVED"), hooks.AccountReview("APPROVED")),
    (of("account_alerts", entity_type="BUSINESS", entity_id="506914307656634", alert_info={
        "alert_severity": "WARNING", "alert_status": "ACTIVE", "alert_type": "OBA_REJECTED", "alert_description": "x"}),
     hooks.AccountAlert("BUSINESS", "506914307656634", "WARNING", "ACTIVE", "OBA_REJECTED")),
    (of("account_alerts", entity_type="BUSINESS", entity_id="506914307656634", alert_severity="INFORMATIONAL",
        alert_status="NONE", alert_type="OBA_APPROVED"),
     hooks.AccountAlert("BUSINESS", "506914307656634", "INFORMATIONAL", "NONE", "OBA_APPROVED")),
    (of("security", **NUMBER, event="PIN_CHANGED", requester="61555822107539"),
     hooks.Security("PIN_CHANGED", "61555822107539")),
    (of("message_template_status_update", event="PAUSED", message_template_id=1192339204654487,
        message_template_name="order_update", message_template_language="en_US", reason="NONE",
        message_template_category="UTILITY", other_info={"title": "FIRST_PAUSE", "description": "…"}),
     hooks.TemplateStatus("PAUSED", "1192339204654487", "order_update", "en_US", "UTILITY", "NONE")),
    (of("business_capability_update", max_daily_conversations_per_business=2000, max_phone_numbers_per_business=20),
     hooks.Capability("2000", 20)),
    (of("business_capability_update", max_daily_conversation_per_phone="TIER_2K", max_phone_numbers_per_waba=2),
     hooks.Capability("TIER_2K", 2)),
    (of("messages", metadata={"phone_number_id": "N1"}, errors=[{"code": 130429, "title": "x"}]),
     hooks.Trouble("N1", 130429)),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), SAMPLES)
def test_a_sample_of_metas_becomes_its_value(change: dict[str, Any], expected: What):
    (event,) = read(change)
    what = event.what
    if isinstance(what, hooks.Status):
        what = hooks.Status(what.number_id, "", what.status, what.code)  # the digest is another test's
    assert what == expected
    assert (event.account_id, event.field, event.at) == ("W1", change["field"], AT)


def test_the_samples_are_of_every_field_the_desk_needs():
    assert {change["field"] for change, _ in SAMPLES} == KNOWN_FIELDS == set(NEEDED_FIELDS)


def test_a_message_of_a_customer_keeps_neither_words_nor_name_nor_number():
    (event,) = read(inbound("N1", DIGITS, id_="wamid.HBgLMTU1NTAxMjM0NTY="))
    assert isinstance(event.what, hooks.Inbound)
    assert (event.what.number_id, event.what.kind, event.digits) == ("N1", "text", DIGITS)
    said = json.dumps({**row_of(event, NOW)}, default=str)
    for private in (CUSTOMER, NAME, WORDS, "wamid", "HBgLMTU1NTAxMjM0NTY"):
        assert private not in said


def test_several_changes_of_several_accounts_keep_their_order():
    two = envelope("W1", inbound("N1", DIGITS), status("N1", "sent"), status("N1", "read"))
    two["entry"].append({"id": 77, "time": 1, "changes": [account_update("VERIFIED_ACCOUNT")]})
    events = read_events(two, NOW)
    assert [(e.account_id, row_of(e, NOW)["kind"]) for e in events] == [
        ("W1", "text"), ("W1", "sent"), ("W1", "read"), ("77", "VERIFIED_ACCOUNT"),
    ]  # fmt: skip


def test_the_same_event_has_the_same_key_and_another_one_another():
    first, again = read(account_update("X")), read(account_update("X"))
    other, later = read(account_update("Y")), read(account_update("X"), time=1_763_800_001)
    assert first[0].key == again[0].key
    assert len({e[0].key for e in (first, other, later)}) == 3
    statuses = read(status("N1", "sent"), status("N1", "read"), status("N1", "sent", at=5))
    assert statuses[0].key == statuses[2].key != statuses[1].key


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (of("calls", calls=[{}]), "unknown field"), (of("flows"), "unknown field"), ({}, "unknown field"),
        ({"field": "x" * 5000, "value": 3}, "unknown field"), (of("account_update"), "another shape"),
        ({"field": "security", "value": []}, "another shape"), (of("messages"), "another shape"),
        (of("messages", metadata={"phone_number_id": "N1"}, messages=[{"from": CUSTOMER}]), "another shape"),
        (of("business_capability_update", max_phone_numbers_per_waba="many"), "another shape"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_kept_by_its_name_only(change: dict[str, Any], why: str):
    (event,) = read(change)
    assert event.what == hooks.Unknown(why)
    assert event.field == change.get("field", "")[:120]
    assert json.loads(row_of(event, NOW)["body"]) == {"why": why}


@pytest.mark.parametrize(
    "time", [0, -1, 2**40, "soon", None, True, 1.5, {}, (NOW + timedelta(days=1)).timestamp()]
)
def test_a_time_that_cannot_be_is_now(time: Any):
    (event,) = read(account_update("X"), time=time)
    assert event.at == NOW


def test_a_word_of_metas_is_short_and_can_mean_nothing_in_slack_or_a_log():
    (event,) = read(account_update("<!channel> *x*\n" + "y" * 500))
    assert isinstance(event.what, hooks.AccountUpdate)
    assert len(event.what.event) == 120
    assert not set(event.what.event) & set("<>!*\n|")


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
WORDS_OF_META = """
    event decision metadata phone_number_id messages statuses errors id status timestamp code type
    reason restriction_info restriction_type expiration ban_info waba_ban_state alert_info
    alert_type entity_id message_template_id display_phone_number max_phone_numbers_per_waba requester
"""
NAMES = st.sampled_from(WORDS_OF_META.split())
VALUES = st.dictionaries(
    NAMES, ANYTHING | st.lists(st.dictionaries(NAMES, ANYTHING, max_size=3), max_size=2), max_size=5
)


@given(st.sampled_from([*KNOWN_FIELDS, "calls"]), VALUES | ANYTHING, ANYTHING, ANYTHING)
def test_no_document_makes_the_reading_the_rows_or_the_standings_raise(
    field: str, value: Any, account: Any, time: Any
):
    document = {"entry": [{"id": account, "time": time, "changes": [{"field": field, "value": value}]}]}
    for event in read_events(document, NOW):
        row = row_of(event, NOW)
        for name, kept in row.items():
            assert isinstance(kept, str | int | datetime), name
        assert max(len(str(row[name])) for name in row if name != "body") <= 200
        assert -(2**63) <= row["code"] < 2**63
        list(standing_of(EventRow(id=1, **row), "N1"))
        str(row).encode()  # no half characters


@given(ANYTHING)
def test_no_document_at_all_makes_it_raise(document: Any):
    read_events(document, NOW)
    read_events({"entry": document}, NOW)
    read_events({"entry": [{"changes": document}]}, NOW)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_one_aspect_told_twice_in_one_batch_the_newer_stands_in_whatever_order(order: tuple[int, ...]):
    both = (
        Standing("N1", "quality", "FLAGGED|", AT, add=1),
        Standing("N1", "quality", "UNFLAGGED|", AT + timedelta(hours=1), add=1),
    )
    (stands,) = newest([both[each] for each in order])
    assert (stands.value, stands.at, stands.add) == ("UNFLAGGED|", AT + timedelta(hours=1), 2)
