"""The tables: one class each. Rows are values; only the functions beside this file change them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.columns import UtcText


def _text(**options: Any) -> Any:
    return Field(sa_type=Text, **options)


def _time(**options: Any) -> Any:
    return Field(sa_type=UtcText, **options)


class MetaRow(SQLModel, table=True):
    """What the file knows about itself: the fencing epoch."""

    __tablename__ = "meta"

    key: str = _text(primary_key=True)
    value: str = _text()


class FlowRow(SQLModel, table=True):
    """One wizard. `data` is JSON of a frozen dataclass, never with a code, PIN or token in it.

    `pending`: a call to Meta may be under way, at the latest until `pending_until`, by the process of
    `epoch`. `version` rises by one with every change.
    """

    __tablename__ = "flow"
    __table_args__ = (
        Index("flow_one_active_per_number", "number_id", unique=True, sqlite_where=text("active = 1")),
        Index("flow_pending", "pending", sqlite_where=text("pending = 1")),
    )

    id: str = _text(primary_key=True)
    kind: str = _text()
    number_id: str = _text()
    owner: str = _text()
    step: str = _text()
    data: str = _text()
    pending: bool
    pending_until: datetime | None = _time(default=None)
    epoch: int
    version: int
    active: bool
    created_at: datetime = _time()
    updated_at: datetime = _time()


class AuditRow(SQLModel, table=True):
    """One link of the append-only chain. `kind`: intent, outcome or fact. `details`: JSON of strings.

    `seq` is contiguous from 1. AUTOINCREMENT makes SQLite remember the highest one, so that a removed
    end of the chain shows.
    """

    __tablename__ = "audit"
    __table_args__ = (
        UniqueConstraint("op", "kind", name="audit_op_kind"),
        Index("audit_number_action_at", "number_id", "action", "at"),
        Index("audit_number_seq", "number_id", "seq"),
        Index("audit_flow_seq", "flow_id", "seq"),
        {"sqlite_autoincrement": True},
    )

    seq: int | None = Field(default=None, primary_key=True)
    op: str = _text()
    kind: str = _text()
    at: datetime = _time()
    actor: str = _text()
    actor_name: str = _text()
    role: str = _text()
    action: str = _text()
    number_id: str = _text()
    number_tail: str = _text()
    flow_id: str = _text()
    outcome: str = _text()
    reason: str = _text()
    trace: str = _text()
    details: str = _text()
    key_id: str = _text()
    prev_hash: str = _text()
    hash: str = _text()


class OutboxRow(SQLModel, table=True):
    """A message owed until Slack says yes. Within a `lane` the order of `id` is kept."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_unsent_lane", "lane", "id", sqlite_where=text("sent_at IS NULL")),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = _text()
    lane: str = _text()
    recipient: str = _text()
    number_id: str = _text()
    flow_id: str = _text()
    audit_seq: int | None = None
    body: str = _text()
    created_at: datetime = _time()
    due_at: datetime = _time()
    attempts: int
    last_error: str = _text()
    sent_at: datetime | None = _time(default=None)
    sent_channel: str = _text()
    sent_ts: str = _text()


class ThreadRow(SQLModel, table=True):
    """Where in the audit channel a flow is told. `ts` is Slack's id of the thread's first message."""

    __tablename__ = "thread"

    flow_id: str = _text(primary_key=True)
    channel: str = _text()
    ts: str = _text()
    created_at: datetime = _time()
    closed: bool


class GateRow(SQLModel, table=True):
    """A not-before time Meta gave us. `scope`: a number id, an account id or "app"."""

    __tablename__ = "gate"

    scope: str = _text(primary_key=True)
    action: str = _text(primary_key=True)
    until: datetime = _time()
    reason: str = _text()


class TokenRow(SQLModel, table=True):
    """An encrypted Meta token. The one of a `slot` without `retired_at` is in use; of the others no text is left.

    `label`: whose it is, in words. `scopes`: comma-separated, as last inspected.
    """

    __tablename__ = "token"
    __table_args__ = (
        Index("token_one_current_per_slot", "slot", unique=True, sqlite_where=text("retired_at IS NULL")),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    slot: str = _text()
    ciphertext: str = _text(repr=False)
    app_id: str = _text()
    user_id: str = _text()
    kind: str = _text()
    expires_at: datetime | None = _time(default=None)
    created_at: datetime = _time()
    retired_at: datetime | None = _time(default=None)
    label: str = _text(default="")
    scopes: str = _text(default="")
    data_access_expires_at: datetime | None = _time(default=None)


class TokenUseRow(SQLModel, table=True):
    """Which slot's token serves an account; an account without a row is served by the slot “default”."""

    __tablename__ = "token_use"

    account_id: str = _text(primary_key=True)
    slot: str = _text()
    since: datetime = _time()


class LoginLinkRow(SQLModel, table=True):
    """A one-time link to Meta's login. `state_hash`: of what travels in the address, which is kept nowhere.

    `verifier`: PKCE's secret, encrypted, gone once the link was used. `about`: JSON of the names of the person and
    the number, for whom may read neither from Slack nor from Meta. `result` is empty until it was used or refused.
    """

    __tablename__ = "login_link"

    state_hash: str = _text(primary_key=True)
    person: str = _text()
    account_id: str = _text()
    number_id: str = _text()
    about: str = _text()
    verifier: str = _text(repr=False)
    created_at: datetime = _time()
    expires_at: datetime = _time()
    used_at: datetime | None = _time(default=None)
    result: str = _text()


class EventRow(SQLModel, table=True):
    """One thing Meta's webhooks told, without any message's body. `key`: the same for each delivery of it.

    `field`, `kind`: Meta's words. `direction`: "in", "out" or "". `body`: JSON of what may be kept.
    `done_at` None: received and not yet taken in.
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("key", name="event_key"),
        Index("event_waiting", "id", sqlite_where=text("done_at IS NULL")),
        Index("event_inbound", "number_id", "happened_at", sqlite_where=text("direction = 'in'")),
        Index("event_failed", "number_id", "happened_at", sqlite_where=text("code <> 0")),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = _text()
    account_id: str = _text()
    number_id: str = _text()
    digits: str = _text()
    field: str = _text()
    kind: str = _text()
    direction: str = _text()
    message_id: str = _text()
    code: int
    happened_at: datetime = _time()
    received_at: datetime = _time()
    done_at: datetime | None = _time(default=None)
    body: str = _text()


class StandingRow(SQLModel, table=True):
    """The newest thing known of one aspect (`what`) of a number or an account (`scope`: its id)."""

    __tablename__ = "standing"

    scope: str = _text(primary_key=True)
    what: str = _text(primary_key=True)
    value: str = _text()
    at: datetime = _time()
    until: datetime | None = _time(default=None)
    count: int


class NoticeRow(SQLModel, table=True):
    """Something that is told once, such as “this token ends in 7 days”."""

    __tablename__ = "notice"

    key: str = _text(primary_key=True)
    told_at: datetime = _time()
