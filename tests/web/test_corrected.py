"""What Meta answers corrects what its events had told, where the event that takes it back never came."""

from datetime import timedelta

import pytest

from bot.evidence.records import Events
from bot.happened import events_in
from bot.numbers import NumberRef
from bot.sandbox.meta.faults import Fault
from tests.desk import Desk
from tests.web.meta import Post, account_update

BAN = account_update(
    "DISABLED_UPDATE", ban_info={"waba_ban_state": "DISABLE", "waba_ban_date": "April 17, 2026"}
)


@pytest.fixture
async def ref(served: Desk) -> NumberRef:
    return await served.bot.services.diagnoses.numbers.find("Support")


async def tell(served: Desk, post: Post, ref: NumberRef, event: dict[str, object]) -> None:
    await post(event, account=ref.account_id, time=int(served.clock.now().timestamp()))


async def known(served: Desk, ref: NumberRef) -> Events:
    return await served.bot.services.db.read(lambda s: events_in(s, ref, served.clock.now()))


async def verdict(served: Desk, ref: NumberRef) -> set[str]:
    report = await served.bot.services.diagnoses.diagnose(ref)
    return {report.code, *(finding.cause.code for finding in report.further)}


async def test_a_ban_whose_end_was_never_told_ends_when_meta_answers_that_all_works(
    served: Desk, post: Post, ref: NumberRef
):
    await tell(served, post, ref, BAN)
    assert "ACCOUNT_DISABLED" in await verdict(served, ref)
    assert (await known(served, ref)).ban_state == "DISABLE"
    served.skip(minutes=6)
    assert "ACCOUNT_DISABLED" not in await verdict(served, ref)
    assert (await known(served, ref)).ban_state == "REINSTATE"


async def test_a_ban_stays_on_record_while_meta_says_nothing(served: Desk, post: Post, ref: NumberRef):
    await tell(served, post, ref, BAN)
    served.skip(minutes=6)
    served.meta.add_fault(Fault("http_503", times=0))
    report = await served.bot.services.diagnoses.diagnose(ref)
    assert report.code == "META_UNREACHABLE"
    assert [last.finding.cause.code for last in report.last_known] == ["ACCOUNT_DISABLED"]
    assert (await known(served, ref)).ban_state == "DISABLE"


async def test_an_event_that_comes_late_does_not_undo_what_was_read_since(
    served: Desk, post: Post, ref: NumberRef
):
    await tell(served, post, ref, BAN)
    told_at = served.clock.now()
    served.skip(minutes=6)
    await verdict(served, ref)
    late = int((told_at + timedelta(seconds=30)).timestamp())
    await post(BAN, account=ref.account_id, time=late)
    assert (await known(served, ref)).ban_state == "REINSTATE"
    served.skip(seconds=1)  # Meta's times are whole seconds: within one, the reading is the later word
    await tell(served, post, ref, BAN)
    assert (await known(served, ref)).ban_state == "DISABLE"


async def test_a_restriction_that_was_lifted_early_ends_when_it_is_read(
    served: Desk, post: Post, ref: NumberRef
):
    ends = int((served.clock.now() + timedelta(days=5)).timestamp())
    limit = {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": ends}
    await tell(served, post, ref, account_update("ACCOUNT_RESTRICTION", restriction_info=[limit]))
    assert "ACCOUNT_RESTRICTED" in await verdict(served, ref)
    served.skip(minutes=6)
    assert "ACCOUNT_RESTRICTED" not in await verdict(served, ref)
    (kept,) = (await known(served, ref)).restrictions
    assert kept.ends_at is not None
    assert kept.ends_at <= served.clock.now()


async def test_an_unlinking_is_forgotten_when_the_number_is_read_as_connected(
    served: Desk, post: Post, ref: NumberRef
):
    """Else a code that is missing months later would be called an unlinking."""
    event = account_update("ACCOUNT_OFFBOARDED", display_phone_number=ref.digits, reason="PRIMARY_INACTIVE")
    await tell(served, post, ref, event)
    served.skip(minutes=6)
    await verdict(served, ref)
    assert (await known(served, ref)).offboarded_at is None
    served.meta.number("Support").disconnect()
    assert "OTP_NEEDED" in await verdict(served, ref)


async def test_another_number_of_the_account_says_nothing_of_an_unlinking(
    served: Desk, post: Post, ref: NumberRef
):
    await tell(served, post, ref, account_update("PARTNER_REMOVED"))
    served.skip(minutes=6)
    await verdict(served, ref)
    assert (await known(served, ref)).offboarded_at is not None
