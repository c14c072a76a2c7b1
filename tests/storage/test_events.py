"""What the webhook told: each thing once, nothing older over something newer."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from storage import events
from storage.connect import connect, engine_over
from storage.db import Database
from storage.rows import driver
from storage.tables import EventRow, StandingRow
from tests.storage.rows import NOON, after


def row(key: str, **changed: Any) -> Mapping[str, Any]:
    return {
        "key": key, "account_id": "W1", "number_id": "N1", "digits": "", "field": "messages", "kind": "text",
        "direction": "in", "message_id": key, "code": 0, "happened_at": NOON, "received_at": NOON, "body": "{}",
        **changed,
    }  # fmt: skip


async def receive(db: Database, *rows: Mapping[str, Any]) -> int:
    return await db.write(lambda s: events.receive(s, rows))


async def waiting(db: Database, most: int = 10) -> list[EventRow]:
    return await db.read(lambda s: events.waiting(s, most=most))


async def take_in(db: Database, number: str = "N1", minute: float = 0) -> None:
    rows = await waiting(db, 1000)
    await db.write(lambda s: events.done(s, {r.id or 0: number for r in rows}, at=after(minute)))


async def test_each_event_is_kept_once_also_within_one_request(db: Database) -> None:
    assert await receive(db, row("a"), row("b"), row("a", kind="image")) == 2
    assert await receive(db, row("b"), row("c")) == 1
    assert await receive(db) == 0
    assert [(r.key, r.kind) for r in await waiting(db)] == [("a", "text"), ("b", "text"), ("c", "text")]


async def test_what_waits_is_taken_oldest_first_and_then_waits_no_more(db: Database) -> None:
    await receive(db, *(row(key) for key in "abc"))
    assert [r.key for r in await waiting(db, most=2)] == ["a", "b"]
    first = (await waiting(db))[0]
    await db.write(lambda s: events.done(s, {first.id or 0: "N2"}, at=after(1)))
    await db.write(lambda s: events.done(s, {}, at=after(1)))
    assert [r.key for r in await waiting(db)] == ["b", "c"]
    assert await db.read(events.backlog) == 2
    (taken,) = await db.read(lambda s: s.exec(select(EventRow).where(EventRow.number_id == "N2")).all())
    assert (taken.key, taken.done_at) == ("a", after(1))


async def test_failures_are_counted_by_error_number_since_then(db: Database) -> None:
    failed = {"kind": "failed", "direction": "out"}
    await receive(
        db, row("a", code=131047, **failed), row("b", code=131047, happened_at=after(2), **failed),
        row("c", code=131048, happened_at=after(3), **failed), row("d", code=0, **failed),
        row("e", code=131047, happened_at=after(-60), **failed), row("f", code=131047, number_id="N2", **failed),
    )  # fmt: skip
    found = await db.read(lambda s: events.failures(s, "N1", since=after(-1)))
    assert found == {131047: (2, after(2)), 131048: (1, after(3))}


async def test_the_customers_before_and_after_a_moment(db: Database) -> None:
    await receive(
        db, row("a", happened_at=after(-9)), row("b", happened_at=after(-5)), row("c", happened_at=after(7)),
        row("d", happened_at=after(1), direction="out"),
    )  # fmt: skip
    assert await db.read(lambda s: events.around(s, "N1", NOON)) == (after(-5), after(7))
    assert await db.read(lambda s: events.around(s, "N1", after(8))) == (after(7), None)
    assert await db.read(lambda s: events.around(s, "N1", after(-10))) == (None, after(-9))


async def test_only_what_is_old_and_taken_in_is_forgotten(db: Database) -> None:
    await receive(db, row("old"), row("new", received_at=after(5)))
    await take_in(db)
    await receive(db, row("waits"))
    assert await db.write(lambda s: events.forget(s, before=after(1), most=9)) == 1
    assert await receive(db, row("new"), row("waits")) == 0


async def test_what_is_old_is_forgotten_a_slice_at_a_time(db: Database) -> None:
    await receive(db, *(row(key) for key in "abcde"))
    await take_in(db)
    gone = [await db.write(lambda s: events.forget(s, before=after(1), most=2)) for _ in range(4)]
    assert gone == [2, 2, 1, 0]


def steps(path: Path, work: Callable[[Session], object]) -> int:
    """How many hundred steps SQLite takes for it."""
    taken: list[None] = []
    with Session(engine_over(lambda: connect(path, busy_timeout_s=1)).connect()) as session:
        driver(session).set_progress_handler(lambda: taken.append(None), 100)
        work(session)
    return len(taken)


async def test_a_number_that_only_sends_costs_no_walk_through_what_it_sent(db: Database, path: Path) -> None:
    await receive(db, *(row(f"{n}", direction="out", happened_at=after(n / 60)) for n in range(2000)))
    for work in (
        lambda s: events.around(s, "N1", after(60)),
        lambda s: events.failures(s, "N1", since=after(-9)),
        lambda s: events.forget(s, before=after(-9), most=10),
    ):
        assert await asyncio.to_thread(steps, path, work) <= 4


async def standing(db: Database, what: str) -> StandingRow | None:
    found = await db.read(lambda s: events.standings(s, ["N1"]))
    return next((r for r in found if r.what == what), None)


async def test_an_older_standing_changes_nothing_but_the_count(db: Database) -> None:
    for value, minute in (("new", 5.0), ("old", 1.0)):
        await db.write(
            lambda s, value=value, minute=minute: events.stand(
                s, scope="N1", what="quality", value=value, at=after(minute), until=after(minute + 1), add=1
            )
        )
    found = await standing(db, "quality")
    assert found is not None
    assert (found.value, found.at, found.until, found.count) == ("new", after(5), after(6), 2)


async def test_the_same_moment_again_takes_the_later_word(db: Database) -> None:
    for value in ("first", "second"):
        await db.write(lambda s, value=value: events.stand(s, scope="N1", what="ban", value=value, at=NOON))
    found = await standing(db, "ban")
    assert found is not None
    assert found.value == "second"


async def test_what_is_known_since_then_is_not_forgotten(db: Database) -> None:
    await db.write(lambda s: events.stand(s, scope="N1", what="limited", value="x", at=after(5)))
    await db.write(lambda s: events.unstand(s, scope="N1", what="limited", before=after(4)))
    assert await standing(db, "limited") is not None
    await db.write(lambda s: events.unstand(s, scope="N1", what="limited", before=after(5)))
    assert await standing(db, "limited") is None
