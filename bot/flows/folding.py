"""A reconnect that can only end as the number's last one did: a line in that one's thread, no message of its own.

People ask for a banned number again and again. Each time is on record, and the channel stays readable.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.audit import Act, Outcome, Record
from bot.flows.guard import fact, op_of
from bot.flows.placing import placed
from bot.flows.state import FINAL, Reconnect, Step
from bot.flows.store import from_row
from bot.graph.model import Number
from bot.numbers import NumberRef
from bot.roles import Person
from storage import audit, flows
from storage.errors import NotFound

FOLDED_FOR = timedelta(hours=24)  # after that a message of its own, so that the channel shows it again


def ended_alike(
    session: Session, person: Person, ref: NumberRef, number: Number, now: datetime
) -> Reconnect | None:
    """The end that a reconnect begun now would come to at once, when the last one ended just so; else None.

    It bears the last one's id and is not saved: what is drawn is how the number stands now.
    """
    ended = audit.last_of(session, ref.id, Act.FLOW_ENDED.value)
    if ended is None or now - ended.at >= FOLDED_FOR:
        return None
    try:
        last = from_row(flows.get(session, ended.flow_id))
    except NotFound:
        return None
    begun = replace(
        last, ref=ref, owner=person.id, step=Step.CHOOSE, started_at=now, updated_at=now, done=None
    )
    now_too = placed(begun, number, now)
    alike = now_too.step in FINAL and (now_too.step, now_too.reason) == (last.step, last.reason)
    return now_too if alike and last.kind == "reconnect" else None


def asked_again(person: Person, flow: Reconnect, now: datetime) -> Record:
    """One record a minute and person, as of what is refused."""
    record = fact(Act.FLOW_REPEATED, person, flow, now, why=flow.reason)
    op = op_of(Act.FLOW_REPEATED, f"{person.id}:{flow.id}:{int(now.timestamp() // 60)}")
    return replace(record, op=op, outcome=Outcome.OK if flow.step is Step.CONNECTED else Outcome.FAILED)
