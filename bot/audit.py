"""The journal: one record, and the Slack message it owes, in one transaction."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session

from bot.acts import Act as Act
from bot.acts import Outcome as Outcome
from bot.numbers import NumberRef
from bot.roles import Person, Role
from storage import audit, outbox
from storage.audit import ChainKey, Entry

# What a token, a code or a telephone number looks like: none of them belongs in a record.
_SECRET_LIKE = re.compile(
    r"EAA[A-Za-z0-9]{12,}|xox[abposr]-\S+|xapp-\S+|(?<![0-9])[0-9](?:[ -]?[0-9]){3,14}(?![0-9])"
)
# A person's Slack id is full of digits, and who it was is what the record is for.
_PERSON = re.compile(r"[UW][A-Z0-9]{2,}")
_MENTION = re.compile(r"([<‹]@[UW][A-Z0-9]{2,}[>›])")

HEAD = (
    12  # characters of a row's seal, posted beside the row: a database that is put back in time shows by it
)


BOT = Person(id="bot", name="the bot", role=Role.ADMIN)  # the desk itself acts at start


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One thing to write down. `op` names the logical act: its intent and its outcome share it.

    `reason`: a code of Meta's ("133005") or of ours ("budget"). `trace`: fbtrace_id. `details`: short
    texts for people; codes, PINs and tokens are refused.
    """

    op: str
    kind: str  # "intent", "outcome" or "fact"
    act: Act
    person: Person
    at: datetime
    ref: NumberRef | None = None
    flow_id: str = ""
    outcome: Outcome = Outcome.NONE
    reason: str = ""
    trace: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    def outcome_of(self, outcome: Outcome, *, at: datetime, **changes: object) -> "Record":
        """The outcome that answers this intent."""
        return replace(self, kind="outcome", outcome=outcome, at=at, **changes)  # type: ignore[arg-type]  # named fields of Record


class Journal:
    """Writes records into the chain and owes each to the audit channel."""

    def __init__(self, *, key: ChainKey, channel: str) -> None:
        self._key = key
        self._channel = channel

    def write(self, session: Session, record: Record, *, posted: bool = True) -> int:
        """Append `record` and owe it to the audit channel, unless it says nothing new there. Returns its seq.

        Raises storage.errors.Conflict when this op has that kind already. Anything in the details that could
        be a code, PIN or token is masked, whoever wrote it: Meta's own words may repeat one.
        """
        record = replace(record, details={key: _masked(text) for key, text in record.details.items()})
        entry = _entry(record)
        seq = audit.append(session, entry, self._key)
        if not posted:
            return seq
        outbox.owe(
            session,
            kind="audit",
            lane=entry.number_id or "desk",
            recipient=self._channel,
            number_id=entry.number_id,
            flow_id=entry.flow_id,
            body={**_body(record, entry, seq), "head": audit.head(session)[1][:HEAD]},
            at=record.at,
            audit_seq=seq,
        )
        return seq

    def write_with_copy(self, session: Session, record: Record, text: str) -> None:
        """Append `record`, and file `text` below its line in the audit channel: in the flow's thread, else in its own.

        `text` is posted as it is: nothing in it may be a secret.
        """
        record = record if record.flow_id else replace(record, flow_id=record.op)
        seq = self.write(session, record)
        number_id = record.ref.id if record.ref else ""
        outbox.owe(
            session, kind="copy", lane=number_id or "desk", recipient=self._channel, number_id=number_id,
            flow_id=record.flow_id, body={"text": text, "seq": str(seq)}, at=record.at,
        )  # fmt: skip

    def owe_dm(
        self,
        session: Session,
        *,
        to: str,
        template: str,
        ref: NumberRef,
        flow_id: str,
        at: datetime,
        sender: str = "",
        **values: str,
    ) -> None:
        """Owe a direct message. `template` names a text of handlers/views/audit.py; `sender`: a user id."""
        body = {"template": template, "name": ref.public_name, "tail": ref.tail, "from": sender, **values}
        outbox.owe(
            session, kind="dm", lane=f"dm:{to}", recipient=to, number_id=ref.id, flow_id=flow_id, body=body, at=at
        )  # fmt: skip

    def owe_window(
        self, session: Session, *, window: str, template: str, ref: NumberRef, at: datetime, **values: str
    ) -> None:
        """Owe the redrawing of an open window, by its id. `template` names a text of handlers/views/oauth.py."""
        body = {"template": template, "name": ref.public_name, "tail": ref.tail, **values}
        outbox.owe(
            session, kind="window", lane=f"window:{window}", recipient=window, number_id=ref.id, flow_id="", body=body,
            at=at,
        )  # fmt: skip


def _masked(text: str) -> str:
    if _PERSON.fullmatch(text):
        return text
    parts = _MENTION.split(text)  # every second one is a mention
    parts[::2] = [_SECRET_LIKE.sub("••••", part) for part in parts[::2]]
    return "".join(parts)[:500]


def _entry(record: Record) -> Entry:
    ref = record.ref
    return Entry(
        op=record.op,
        kind=record.kind,
        at=record.at,
        actor=record.person.id,
        actor_name=record.person.name,
        role=record.person.role.name.lower() if record.person.id != "bot" else "bot",
        action=record.act.value,
        number_id=ref.id if ref else "",
        number_tail=ref.tail if ref else "",
        flow_id=record.flow_id,
        outcome=record.outcome.value,
        reason=record.reason,
        trace=record.trace,
        details=dict(record.details),
    )


def _body(record: Record, entry: Entry, seq: int) -> Mapping[str, str]:
    """What the audit line is drawn from later; all text, so that it survives as JSON unchanged."""
    return {
        "seq": str(seq),
        "kind": entry.kind,
        "at": record.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "name": record.ref.public_name if record.ref else "",
        "tail": entry.number_tail,
        "outcome": entry.outcome,
        "reason": entry.reason,
        "trace": entry.trace,
        **{f"details.{key}": value for key, value in entry.details.items()},
    }
