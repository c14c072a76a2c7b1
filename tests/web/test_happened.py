"""What is known of a number by its events, through the wire: what the diagnosis and the Home tab are told."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.corrected import note_status
from bot.counts import Counts
from bot.evidence.records import Events, Failures, Restriction
from bot.happened import Happened, events_in
from bot.hooks.event import Event, Inbound
from bot.hooks.rows import row_of
from bot.news import News
from bot.numbers import NumberRef
from bot.sandbox.meta.number import NumberRecord
from storage import events
from storage.tables import EventRow
from tests.desk import Desk
from tests.e2e.at_home import home_says, opened
from tests.web.meta import WORDS, Post, account_update, inbound, status

BIZ = "RESTRICTED_BIZ_INITIATED_MESSAGING"


@pytest.fixture
def sales(served: Desk) -> NumberRecord:
    return served.meta.number("Sales")


def seconds(served: Desk, **ago: float) -> int:
    return int((served.clock.now() - timedelta(**ago)).timestamp())


def moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


async def known(served: Desk, number: NumberRecord) -> Events:
    ref = NumberRef(number.id, number.account_id, "Sales", number.digits)
    return await served.bot.services.db.read(lambda s: events_in(s, ref, served.clock.now()))


async def standing(served: Desk, scope: str) -> dict[str, str]:
    def read(session: Session) -> dict[str, str]:
        return {row.what: row.value for row in events.standings(session, [scope])}

    return await served.bot.services.db.read(read)


async def test_nothing_is_known_before_anything_came(served: Desk, sales: NumberRecord):
    assert await known(served, sales) == Events()


async def test_the_last_message_is_the_newest_however_they_arrive(
    served: Desk, post: Post, sales: NumberRecord
):
    new, old = seconds(served, minutes=1), seconds(served, hours=3)
    await post(inbound(sales.id, sales.digits, id_="b", at=new))
    await post(inbound(sales.id, sales.digits, id_="a", at=old))
    last = seconds(served, seconds=5)
    await post(status(sales.id, "sent", at=last))
    told = await known(served, sales)
    assert told.last_inbound == moment(new)
    assert told.last_any == moment(last)


async def test_an_older_status_never_stands_over_a_newer(served: Desk, post: Post, sales: NumberRecord):
    newer, older = seconds(served, hours=1), seconds(served, hours=2)
    off, on = account_update("ACCOUNT_OFFBOARDED", reason="INACTIVITY"), account_update("ACCOUNT_RECONNECTED")
    await post(off, account=sales.account_id, time=newer)
    await post(on, account=sales.account_id, time=older)
    told = await known(served, sales)
    assert (told.offboarded_at, told.offboarded) == (moment(newer), "INACTIVITY")
    await post(on, account=sales.account_id, time=newer + 60)
    assert (await known(served, sales)).offboarded_at is None


async def test_a_restriction_stands_with_its_end_and_a_ban_with_its_date(
    served: Desk, post: Post, sales: NumberRecord
):
    at, end = seconds(served, minutes=2), seconds(served, days=-3)
    limited = account_update(
        "ACCOUNT_RESTRICTION", restriction_info=[{"restriction_type": BIZ, "expiration": end}]
    )
    ban = {"waba_ban_state": "SCHEDULE_FOR_DISABLE", "waba_ban_date": "April 17, 2027"}
    await post(limited, account_update("DISABLED_UPDATE", ban_info=ban), account=sales.account_id, time=at)
    told = await known(served, sales)
    assert told.restrictions == (Restriction(BIZ, moment(end), moment(at)),)
    assert (told.ban_state, told.ban_date) == ("SCHEDULE_FOR_DISABLE", "April 17, 2027")
    await post(
        account_update("DISABLED_UPDATE", ban_info={"waba_ban_state": "REINSTATE"}),
        account=sales.account_id,
        time=seconds(served, minutes=1),
    )
    assert (await known(served, sales)).ban_state == "REINSTATE"


async def test_failed_messages_are_counted_for_a_day_and_once_each(
    served: Desk, post: Post, sales: NumberRecord
):
    times = [seconds(served, hours=h) for h in (1, 2, 25)]
    for i, at in enumerate((*times, times[0])):
        await post(status(sales.id, "failed", id_=f"m{i % 3}", at=at, code=131047))
    assert (await known(served, sales)).failures == {131047: Failures(2, moment(times[0]))}


async def test_an_account_event_finds_its_number_by_account_and_digits(
    served: Desk, post: Post, sales: NumberRecord
):
    change = {"field": "security", "value": {"display_phone_number": sales.digits, "event": "PIN_CHANGED"}}
    await post(change, account=sales.account_id)
    assert (await standing(served, sales.id))["pin"] == "PIN_CHANGED|"
    await post(change, account="999999999999")  # the same digits in an account that is not theirs
    assert (await standing(served, "999999999999"))["pin"] == "PIN_CHANGED|"


async def test_an_event_about_a_number_nobody_can_read_is_kept_for_its_account(
    served: Desk, post: Post, sales: NumberRecord
):
    await served.meta.close()
    change = {
        "field": "phone_number_quality_update",
        "value": {"display_phone_number": "4915100000000", "event": "FLAGGED"},
    }
    await post(change, account=sales.account_id)
    assert (await standing(served, sales.account_id))["quality"] == "FLAGGED|"


async def test_an_unknown_field_is_counted_by_its_name(served: Desk, post: Post, sales: NumberRecord):
    for n in range(2):
        await post({"field": "calls", "value": {"n": n}}, account=sales.account_id)

    def read(session: Session) -> Any:
        return [(row.what, row.value, row.count) for row in events.standings(session, [sales.account_id])]

    assert ("unknown:calls", "unknown field", 2) in await served.bot.services.db.read(read)


async def test_what_the_bot_cannot_read_is_shown_by_its_name(served: Desk, post: Post, sales: NumberRecord):
    await post(
        {"field": "calls", "value": {"n": 1, "display_phone_number": sales.digits}}, account=sales.account_id
    )
    for n in range(2):
        await post({"field": "<b>new", "value": {"text": WORDS, "n": n}}, account=sales.account_id)
    await served.ana.type("/whatsapp webhook Sales")
    await served.ana.wait_for("not understood")
    shown = served.ana.sees()
    assert "calls × 1, last" in shown.replace("`", "")
    assert "·b·new × 2, last" in shown.replace("`", "")
    assert WORDS not in shown


async def test_a_home_tab_is_drawn_again_when_meta_tells_of_a_change(
    served: Desk, post: Post, sales: NumberRecord
):
    ana = served.ana
    await opened(ana)
    served.meta.number("Sales").status = "BANNED"
    await post(
        account_update("DISABLED_UPDATE", ban_info={"waba_ban_state": "DISABLE"}), account=sales.account_id
    )
    await home_says(ana, "Banned")


async def test_a_message_of_a_customer_makes_nobody_read_meta(served: Desk, post: Post, sales: NumberRecord):
    await opened(served.ana)
    before = len(served.meta.calls)
    await post(inbound(sales.id, sales.digits))
    assert len(served.meta.calls) == before


async def test_what_nobody_announced_is_taken_in_all_the_same(served: Desk, sales: NumberRecord):
    """As when the disk was so slow that Meta got its 503 before the event was on it."""
    services, at = served.bot.services, served.clock.now()
    taker = Happened(
        db=services.db, directory=services.directory, clock=services.clock, news=News(), counts=Counts(),
        look_every_s=0.02,
    )  # fmt: skip
    looking = asyncio.create_task(taker.run())
    await taker.taken_in()
    late = Event("late", sales.account_id, "messages", "", at, Inbound(sales.id, "digest", "text"))
    await services.db.write(lambda s: events.receive(s, [row_of(late, at)]))
    async with asyncio.timeout(5):
        while await services.db.read(events.backlog):
            await asyncio.sleep(0.005)
    looking.cancel()
    assert (await known(served, sales)).last_inbound == at


async def test_old_events_are_forgotten_and_what_is_known_stays(
    served: Desk, post: Post, sales: NumberRecord
):
    await post(inbound(sales.id, sales.digits, at=seconds(served, minutes=1)))
    served.skip(days=91)
    await served.restart()
    async with asyncio.timeout(5):
        while await served.bot.services.db.read(lambda s: s.exec(select(EventRow)).all()):
            await asyncio.sleep(0.01)
    assert (await known(served, sales)).last_inbound is not None


async def test_a_week_of_messages_makes_a_rhythm(served: Desk, post: Post, sales: NumberRecord):
    for day in range(1, 10):
        for hours in (-2.0, 1.0):
            at = seconds(served, days=day, hours=hours)
            await post(inbound(sales.id, sales.digits, id_=f"{day}{hours}", at=at))
        usual = (await known(served, sales)).usual_gap
        assert usual == (timedelta(hours=3) if day >= 7 else None)


async def test_a_rate_limit_is_known_since_it_was_first_read(served: Desk, sales: NumberRecord):
    db, first = served.bot.services.db, served.clock.now()
    await note_status(db, sales.id, "RATE_LIMITED", first)
    await note_status(db, sales.id, "RATE_LIMITED", first + timedelta(hours=2))
    assert (await known(served, sales)).limited_since == first
    await note_status(db, sales.id, "CONNECTED", first + timedelta(hours=3))
    assert (await known(served, sales)).limited_since is None
