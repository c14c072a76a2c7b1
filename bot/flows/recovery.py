"""After a restart: close every intent that has no outcome, and tell the people whose flow it was.

Nothing is ever repeated: an act whose end nobody recorded is unknown (reliability.md F1, I2, I3).
"""

import logging
from datetime import datetime

from sqlmodel import Session

from bot.audit import BOT, Act, Outcome, Record
from bot.flows.act import Acts
from bot.flows.state import PENDING, Reconnect, Step
from bot.flows.store import from_row
from bot.numbers import NumberRef
from storage import audit, flows
from storage.tables import AuditRow

log = logging.getLogger(__name__)

WHILE = {
    Step.SENDING: "A code may or may not have been sent: look at the phone before you ask for another one.",
    Step.CHECKING: "The code may or may not have been checked. It was not kept: you may have to type it again.",
    Step.SETTING_PIN: "The new PIN may or may not have been set. It was not kept: type it again.",
    Step.REGISTERING: "The registration may or may not have happened. The PIN was not kept.",
    Step.REFRESHING: "The permission refresh was not finished.",
}


async def recover(acts: Acts) -> int:
    """Close all orphans in one transaction. Returns how many intents had no outcome."""
    closed = await acts.db.write(lambda session: _recover(session, acts))
    if closed:
        log.warning("closed %d unfinished act(s) of an earlier run as unknown", closed)
    return closed


def _recover(session: Session, acts: Acts) -> int:
    now = acts.clock.now()
    orphans = audit.open_intents(session)
    waiting = {row.id: from_row(row) for row in flows.pending(session, acts.db.epoch)}
    for orphan in orphans:
        acts.journal.write(session, _unknown(orphan, waiting.get(orphan.flow_id), now))
    for flow in waiting.values():
        _unsure(session, acts, flow, now)
    return len(orphans)


def _unknown(orphan: AuditRow, flow: Reconnect | None, now: datetime) -> Record:
    ref = flow.ref if flow else NumberRef(orphan.number_id, "", "", orphan.number_tail)
    return Record(
        op=orphan.op, kind="outcome", act=Act(orphan.action), person=BOT, at=now, ref=ref if ref.id else None,
        flow_id=orphan.flow_id, outcome=Outcome.UNKNOWN, reason="restart",
    )  # fmt: skip


def _unsure(session: Session, acts: Acts, flow: Reconnect, now: datetime) -> None:
    """Take a pending flow to UNSURE and owe its people a message with “Continue”."""
    during = flow.step if flow.step in PENDING else Step.REFRESHING
    changes: dict[str, object] = {"unsure_after": during, "reason": "restart"}
    if during is Step.SENDING:
        changes |= {"code_sent_at": flow.updated_at, "code_unsure": True}
    acts.save(session, flow, flow.to(Step.UNSURE, **changes), now)
    for person in filter(None, {flow.owner, flow.holder if during is Step.CHECKING else None}):
        acts.journal.owe_dm(
            session,
            to=person,
            template="recovered",
            ref=flow.ref,
            flow_id=flow.id,
            at=now,
            during=during.value,
        )
