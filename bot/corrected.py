"""What Meta answers just now corrects what its events had told: an event that was missed is not believed for ever."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlmodel import Session

from bot.evidence.facts import status
from bot.evidence.records import Events
from bot.evidence.snapshot import Snapshot
from bot.evidence.standing import account_works, number_works, still_holds
from bot.hooks.standing import BAN, BOARDING, LIMITED, RESTRICTION
from bot.status import Answer
from storage import events
from storage.db import Database

ENDED: Mapping[str, str] = MappingProxyType({BAN: "REINSTATE|", BOARDING: "ACCOUNT_RECONNECTED|"})


async def correct(db: Database, snapshot: Snapshot) -> None:
    """Write only where what is kept and what was read differ. Raises StorageError."""
    told, read_at = snapshot.events, snapshot.number.at
    if told is None or read_at is None or not status(snapshot):
        return
    if (status(snapshot) == "RATE_LIMITED") != (told.limited_since is not None):
        await note_status(db, snapshot.ref.id, status(snapshot), snapshot.now)
    refuted = frozenset(_refuted(snapshot, told))
    if refuted:
        await db.write(lambda session: _settle(session, snapshot, refuted, read_at))


def _refuted(snapshot: Snapshot, told: Events) -> Iterator[str]:
    """What this reading ends: a ban of the account, restrictions, the end of a coexistence."""

    def gone(told_at: datetime | None, works: Answer) -> bool:
        return still_holds(snapshot, told_at, works) is Answer.NO

    if told.ban_state.upper() in ("DISABLE", "DELETED") and gone(told.ban_at, account_works(snapshot)):
        yield BAN
    if told.offboarded_at and gone(told.offboarded_at, number_works(snapshot)):
        yield BOARDING
    for each in told.restrictions:
        running = each.ends_at is None or each.ends_at > snapshot.now
        if running and gone(each.seen_at, number_works(snapshot)):
            yield f"{RESTRICTION}{each.kind}"


def _settle(session: Session, snapshot: Snapshot, refuted: frozenset[str], at: datetime) -> None:
    """A coexistence is the number's own: another number of its account says nothing of it."""
    ref = snapshot.ref
    for row in events.standings(session, [ref.id, ref.account_id]):
        if row.what not in refuted or (row.what == BOARDING and row.scope != ref.id):
            continue
        value = ENDED.get(row.what, row.value)
        until = at if row.what.startswith(RESTRICTION) else None
        events.stand(session, scope=row.scope, what=row.what, value=value, at=at, until=until)


async def note_status(db: Database, number_id: str, status: str, now: datetime) -> None:
    """Meta's word for a number, as just read: since when it is RATE_LIMITED is told by nobody else."""

    def note(session: Session) -> None:
        known = any(row.what == LIMITED for row in events.standings(session, [number_id]))
        if status.upper() != "RATE_LIMITED":
            events.unstand(session, scope=number_id, what=LIMITED, before=now)
        elif not known:
            events.stand(session, scope=number_id, what=LIMITED, value=status, at=now)

    await db.write(note)
