"""After a restart, or a lease that ran out: close every intent that has no outcome, and tell whose flow it was.

Nothing is ever repeated: an act whose end nobody recorded is unknown (reliability.md F1, I2, I3).
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.app_wait import AppWait
from bot.audit import BOT, Act, Outcome, Record
from bot.flows.act import Acts
from bot.flows.state import PENDING, Reconnect, Step
from bot.flows.store import from_row
from bot.numbers import NumberRef
from bot.tokens import Tokens
from storage import audit, flows
from storage.audit import ChainKey
from storage.db import Database
from storage.errors import Corrupt, StorageError
from storage.tables import AuditRow

AGAIN_S = 2.0

log = logging.getLogger(__name__)

WHILE = {
    Step.SENDING: "A code may or may not have been sent: look at the phone before you ask for another one.",
    Step.CHECKING: "The code may or may not have been checked. It was not kept: you may have to type it again.",
    Step.SETTING_PIN: "The new PIN may or may not have been set. It was not kept: type it again.",
    Step.REGISTERING: "The registration may or may not have happened. The PIN was not kept.",
    Step.REFRESHING: "The permission refresh was not finished.",
}


@dataclass(frozen=True, slots=True)
class Why:
    """Why nobody recorded how it ended. `reason`: on record; `said`: in the window; `template`: of the message."""

    reason: str
    said: str
    template: str


RESTARTED = Why("restart", "The bot was restarted in the middle of it.", "recovered")
OVERDUE = Why("overdue", "It was never heard how it ended.", "unsure")


class Start:
    """Verify the chain, take up the token, close what an earlier run left open: before anything is written.

    While the database does not allow it, every write is refused with its sentence, and it is tried again.
    """

    def __init__(
        self,
        *,
        acts: Acts,
        db: Database,
        keys: Sequence[ChainKey],
        tokens: Tokens,
        app_wait: AppWait,
        also: Callable[[Session], None],
    ) -> None:
        """`also`: what else an earlier run left open, closed together with its acts."""
        self._acts = acts
        self._db = db
        self._keys = keys
        self._tokens = tokens
        self._app_wait = app_wait
        self._also = also
        self._done = False

    async def once(self) -> bool:
        """Try now; whether it is done. Raises bot.cipher.WrongKey."""
        try:
            await self._tokens.load()
            await self._app_wait.load()
            await self._verify()
            await self._tokens.take_in()
            await recover(self._acts, self._also)
        except StorageError as error:
            self._acts.blocked = error
            log.error("the records cannot be used: %s", error.sentence)
            return False
        self._acts.blocked = None
        self._done = True
        return True

    async def until_done(self) -> None:
        """Try again every few seconds, until it is done."""
        while not self._done:
            await asyncio.sleep(AGAIN_S)
            await self.once()

    async def look_again(self) -> None:
        """Verify the chain while running: once it does not, nothing is written any more."""
        try:
            await self._verify()
        except Corrupt as damage:
            self._acts.blocked = damage
            log.error("the records cannot be used: %s", damage.sentence)

    async def _verify(self) -> None:
        """Never write to a database whose chain does not verify (reliability.md F22). Page by page: look-ups go on."""
        verdict = audit.UNREAD
        while verdict.ok and not verdict.whole:
            page = partial(audit.verify_page, keys=self._keys, so_far=verdict)
            verdict = await self._db.read(page)
        if not verdict.ok:
            reason = Corrupt(f"The records do not verify ({verdict.problem}), so I only look things up.")
            await self._db.condemn(reason)
            raise reason


async def recover(acts: Acts, also: Callable[[Session], None]) -> int:
    """Close all orphans in one transaction. Returns how many intents had no outcome."""
    closed = await acts.db.write(lambda session: _recover(session, acts, also))
    if closed:
        log.warning("closed %d unfinished act(s) of an earlier run as unknown", closed)
    return closed


def _recover(session: Session, acts: Acts, also: Callable[[Session], None]) -> int:
    waiting = {row.id: from_row(row) for row in flows.pending(session, acts.db.epoch)}
    orphans = audit.open_intents(session)
    _close(session, acts, orphans, waiting, RESTARTED)
    also(session)
    return len(orphans)


async def close_overdue(acts: Acts) -> None:
    """End what this very process began and never ended, once its lease is over. Raises StorageError."""
    if await acts.db.read(lambda session: _overdue(session, acts)):
        await acts.write(lambda session: _close_overdue(session, acts))


def _overdue(session: Session, acts: Acts) -> dict[str, Reconnect]:
    now = acts.clock.now()
    rows = flows.pending(session, acts.db.epoch + 1)
    return {row.id: from_row(row) for row in rows if row.pending_until and row.pending_until <= now}


def _close_overdue(session: Session, acts: Acts) -> None:
    overdue = _overdue(session, acts)
    orphans = [orphan for orphan in audit.open_intents(session) if orphan.flow_id in overdue]
    log.error("closed %d act(s) that never ended as unknown", len(orphans))
    _close(session, acts, orphans, overdue, OVERDUE)


def _close(
    session: Session, acts: Acts, orphans: Sequence[AuditRow], waiting: Mapping[str, Reconnect], why: Why
) -> None:
    now = acts.clock.now()
    for orphan in orphans:
        acts.journal.write(session, _unknown(orphan, waiting.get(orphan.flow_id), now, why))
    for flow in waiting.values():
        _unsure(session, acts, flow, now, why)


def _unknown(orphan: AuditRow, flow: Reconnect | None, now: datetime, why: Why) -> Record:
    ref = flow.ref if flow else NumberRef(orphan.number_id, "", "", orphan.number_tail)
    return Record(
        op=orphan.op, kind="outcome", act=Act(orphan.action), person=BOT, at=now, ref=ref if ref.id else None,
        flow_id=orphan.flow_id, outcome=Outcome.UNKNOWN, reason=why.reason,
    )  # fmt: skip


def _unsure(session: Session, acts: Acts, flow: Reconnect, now: datetime, why: Why) -> None:
    """Take a pending flow to UNSURE and owe its people a message with “Continue”."""
    during = flow.step if flow.step in PENDING else Step.REFRESHING
    changes: dict[str, object] = {
        "unsure_after": during,
        "reason": why.said,
    }
    if during in (Step.CHECKING, Step.REGISTERING):
        changes |= {"done": during, "done_at": now}
    if during is Step.SENDING:
        flow, changes = flow.with_asked_code(flow.updated_at), changes | {"code_unsure": True}
    acts.save(session, flow, flow.to(Step.UNSURE, **changes), now)
    for person in filter(None, {flow.owner, flow.holder if during is Step.CHECKING else None}):
        acts.journal.owe_dm(
            session,
            to=person,
            template=why.template,
            ref=flow.ref,
            flow_id=flow.id,
            at=now,
            reason=WHILE[during],
        )
