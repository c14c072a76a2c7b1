"""Whose flow it is, who may do the next thing with it, and the records that say so."""

import hashlib
from datetime import datetime

from bot.audit import Act, Outcome, Record
from bot.errors import NotAllowed, NotYours, NumberBusy
from bot.flows.state import Reconnect, Step
from bot.roles import Person, Role

_LETTERS = str.maketrans("0123456789", "ghijklmnop")  # ids without digits are never taken for a code


def busy(flow: Reconnect) -> NumberBusy:
    return NumberBusy(f"<@{flow.owner}> holds this number.", flow_id=flow.id)


def not_yours(flow: Reconnect, person: Person) -> NotYours:
    """With what `person` may do about it: its button stands below the sentence."""
    may_join = awaits_code(flow) and flow.holder is None and person.role >= Role.OPERATOR
    hint = f"Ask <@{flow.owner}> or a manager."
    if person.role >= Role.MANAGER:
        hint = "“Take over” makes it yours; the other person is told."
    elif may_join:
        hint = "“Join as code holder” lets you type the code; a manager may take over."
    return NotYours(
        f"This reconnect belongs to <@{flow.owner}>.", flow_id=flow.id, hint=hint, may_join=may_join
    )


def awaits_code(flow: Reconnect) -> bool:
    """Whether a code is out, or may be, that somebody else could type now: only then may they join."""
    unsure = flow.step is Step.UNSURE and flow.unsure_after is Step.SENDING
    return flow.kind == "reconnect" and (flow.step is Step.SENT or unsure)


def must_own(flow: Reconnect, person: Person) -> None:
    """Raise NotAllowed unless `person` runs the flow, and still may."""
    if flow.owner != person.id:
        raise not_yours(flow, person)
    person.must_be(Role.OPERATOR, to="reconnect a number")


def must_hold_phone(flow: Reconnect, person: Person) -> None:
    """Raise NotAllowed unless `person` is the one who types the code now."""
    if flow.holder is not None and person.id != flow.holder:
        raise NotAllowed(
            f"<@{flow.holder}> was asked to type this code.", hint="Press “Take back” to type it yourself."
        )
    if flow.holder is None:
        must_own(flow, person)


def intent(act: Act, op: str, person: Person, flow: Reconnect, now: datetime, **details: str) -> Record:
    """The record that stands before a call."""
    return Record(
        op=op, kind="intent", act=act, person=person, at=now, ref=flow.ref, flow_id=flow.id, details=details
    )


def held_back(act: Act, person: Person, flow: Reconnect, now: datetime) -> Record:
    """What the budget did not allow, and to whom: one record a minute, so that a flood of tries fills no channel."""
    op = op_of(Act.BUDGET_REFUSED, f"{person.id}:{flow.id}:{act.value}:{int(now.timestamp() // 60)}")
    asked = {Act.CODE_REQUEST: "a code", Act.CODE_VERIFY: "a try", Act.REGISTER: "a registration"}
    return Record(
        op=op, kind="fact", act=Act.BUDGET_REFUSED, person=person, at=now, ref=flow.ref, flow_id=flow.id,
        outcome=Outcome.REFUSED, reason="budget", details={"asked": asked.get(act, act.value)},
    )  # fmt: skip


def fact(act: Act, person: Person, flow: Reconnect, now: datetime, **details: str) -> Record:
    """A step of the flow that called nobody."""
    op = f"{act.value}:{flow.id}:{flow.version}"
    return Record(
        op=op, kind="fact", act=act, person=person, at=now, ref=flow.ref, flow_id=flow.id, details=details
    )


def op_of(act: Act, key: str) -> str:
    """The id of one logical act: the same click always gives the same id."""
    letters = hashlib.sha256(key.encode()).hexdigest()[:24].translate(_LETTERS)
    return f"{act.value}:{letters}"
