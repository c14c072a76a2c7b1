"""A link to Meta's login works once, until its time is over, and only the newest one."""

from collections.abc import Mapping
from datetime import datetime

from storage import logins
from storage.db import Database
from storage.tables import LoginLinkRow
from tests.storage.rows import NOON, after

NAMES: Mapping[str, str] = {"person": "ana", "number": "Sales"}


async def make(
    db: Database, name: str, minute: float = 0, *, person: str = "U0ANA", account: str = "102290129340398"
) -> None:
    await db.write(
        lambda s: logins.make(
            s, state_hash=name, person=person, account_id=account, number_id="106", about=NAMES,
            verifier="sealed", at=after(minute), until=after(minute + 15),
        )
    )  # fmt: skip


async def use(db: Database, name: str, at: datetime) -> LoginLinkRow | None:
    return await db.write(lambda s: logins.use(s, name, at=at))


async def result(db: Database, name: str) -> tuple[str, str]:
    row = await db.read(lambda s: logins.find(s, name))
    assert row is not None
    return row.result, row.verifier


async def test_it_works_once_and_what_stays_of_it_has_no_verifier(db: Database) -> None:
    await make(db, "a")
    taken = await use(db, "a", after(1))
    assert taken is not None
    assert (taken.person, taken.account_id, taken.number_id, taken.verifier) == (
        "U0ANA", "102290129340398", "106", "sealed",
    )  # fmt: skip
    assert logins.names(taken) == NAMES
    assert await use(db, "a", after(1)) is None
    assert await result(db, "a") == ("used", "")


async def test_it_ends_to_the_second(db: Database) -> None:
    await make(db, "a")
    await make(db, "b", person="U0LUIS")
    assert await use(db, "a", after(14.99)) is not None
    assert await use(db, "b", after(15)) is None


async def test_one_that_nobody_made_is_not_taken(db: Database) -> None:
    await make(db, "a")
    assert await use(db, "A", after(1)) is None
    assert await use(db, "", after(1)) is None
    assert await db.read(lambda s: logins.find(s, "other")) is None


async def test_the_newest_replaces_the_persons_earlier_ones_for_that_account_only(db: Database) -> None:
    await make(db, "old")
    await make(db, "other account", account="102290129340399")
    await make(db, "other person", person="U0LUIS")
    await make(db, "new", 1)
    assert await result(db, "old") == ("replaced", "")
    assert await use(db, "old", after(2)) is None
    for name in ("other account", "other person", "new"):
        assert await use(db, name, after(2)) is not None, name


async def test_one_that_ran_out_ends_with_its_verifier_and_is_told_of_once(db: Database) -> None:
    await make(db, "old")
    await make(db, "used", account="102290129340399")
    await use(db, "used", NOON)
    await make(db, "new", 16, person="U0LUIS")
    assert not await db.read(lambda s: logins.any_over(s, at=after(14)))
    assert await db.read(lambda s: logins.any_over(s, at=after(15)))
    for names in (["old"], []):
        over = await db.write(lambda s: logins.expire(s, at=after(15)))
        assert [row.state_hash for row in over] == names
    assert not await db.read(lambda s: logins.any_over(s, at=after(15)))
    assert await result(db, "old") == ("expired", "")
    assert await use(db, "old", NOON) is None, "also when the clock goes back"
    assert await result(db, "new") == ("", "sealed")


async def test_what_was_used_and_never_told_is_found_again(db: Database) -> None:
    for name in ("unused", "used", "kept", "told"):
        await make(db, name, person=f"U{name}")
        if name != "unused":
            await use(db, name, after(1))
    await db.write(lambda s: logins.end(s, "kept", result=logins.KEPT))
    await db.write(lambda s: logins.end(s, "told", result="connected"))
    assert {row.state_hash for row in await db.read(logins.unfinished)} == {"used", "kept"}


async def test_the_verifier_is_not_shown_with_the_row(db: Database) -> None:
    await make(db, "a")
    row = await db.read(lambda s: logins.find(s, "a"))
    assert "sealed" not in repr(row)


async def test_what_ended_long_ago_is_forgotten_but_not_what_somebody_waits_to_hear(db: Database) -> None:
    for name, person in (("used", "U1"), ("ended", "U2"), ("idle", "U3")):
        await make(db, name, person=person)
    for name in ("used", "ended"):
        await use(db, name, after(1))
    await make(db, "young", 60, person="U4")
    await db.write(lambda s: logins.end(s, "ended", result="connected"))
    assert await db.write(lambda s: logins.forget(s, before=after(30))) == 2
    left = [await db.read(lambda s, n=name: logins.find(s, n)) for name in ("used", "ended", "idle", "young")]
    assert [row is not None for row in left] == [True, False, False, True]
