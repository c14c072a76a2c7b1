"""The end of a flow: its last record, the last words on its first message, and who is told of it."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.audit import Act, Journal, Outcome
from bot.clock import in_words
from bot.flows.guard import fact
from bot.flows.state import Reconnect, Step
from bot.roles import Person
from storage import outbox

RAN_OUT = (
    "Nobody went on for ten minutes, so the number is free for others. `/whatsapp reconnect` starts again."
)


def write_end(
    session: Session,
    journal: Journal,
    before: Reconnect,
    after: Reconnect,
    now: datetime,
    *,
    by: Person,
    channel: str,
) -> None:
    """Record that `by` ended `before` as `after`, and owe the messages about it. `channel`: the audit channel."""
    details = {
        "kind": after.kind,
        "state": after.step.value,
        "took": in_words(now - after.started_at),
        "why": after.reason,
    }
    outcome = Outcome.OK if after.step is Step.CONNECTED else Outcome.FAILED
    journal.write(session, replace(fact(Act.FLOW_ENDED, by, after, now, **details), outcome=outcome))
    body = {
        "actor": after.owner, "details.kind": after.kind, "name": after.ref.public_name, "tail": after.ref.tail,
        **details,
    }  # fmt: skip
    outbox.owe(
        session, kind="edit", lane=after.ref.id, recipient=channel, number_id=after.ref.id, flow_id=after.id,
        body=body, at=now,
    )  # fmt: skip
    _tell(session, journal, before, after, now)


def _tell(session: Session, journal: Journal, before: Reconnect, after: Reconnect, now: datetime) -> None:
    """Whoever has nothing in front of them that would say so."""
    if before.holder:
        journal.owe_dm(
            session, to=before.holder, template="hand_off_over", ref=after.ref, flow_id=after.id, at=now
        )
    if after.step is Step.EXPIRED and before.step is not Step.CHOOSE and after.kind == "reconnect":
        journal.owe_dm(
            session,
            to=after.owner,
            template="expired",
            ref=after.ref,
            flow_id=after.id,
            at=now,
            reason=RAN_OUT,
        )
