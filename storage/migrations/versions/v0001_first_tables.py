"""The first tables: meta, flow, audit, outbox, thread, gate, token."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _meta_and_flow()
    _audit()
    _outbox()
    _thread_gate_token()


def _text(name: str, *, primary_key: bool = False, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), primary_key=primary_key, nullable=nullable)


def _int(name: str, *, primary_key: bool = False, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), primary_key=primary_key, nullable=nullable)


def _bool(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _meta_and_flow() -> None:
    op.create_table("meta", _text("key", primary_key=True), _text("value"))
    op.create_table(
        "flow",
        _text("id", primary_key=True),
        *map(_text, ("kind", "number_id", "owner", "step", "data")),
        _bool("pending"),
        _text("pending_until", nullable=True),
        _int("epoch"),
        _int("version"),
        _bool("active"),
        _text("created_at"),
        _text("updated_at"),
    )
    op.create_index(
        "flow_one_active_per_number", "flow", ["number_id"], unique=True, sqlite_where=sa.text("active = 1")
    )
    op.create_index("flow_pending", "flow", ["pending"], sqlite_where=sa.text("pending = 1"))


def _audit() -> None:
    texts = (
        "op", "kind", "at", "actor", "actor_name", "role", "action", "number_id", "number_tail", "flow_id",
        "outcome", "reason", "trace", "details", "key_id", "prev_hash", "hash",
    )  # fmt: skip
    op.create_table(
        "audit",
        _int("seq", primary_key=True),
        *map(_text, texts),
        sa.UniqueConstraint("op", "kind", name="audit_op_kind"),
        sqlite_autoincrement=True,
    )
    op.create_index("audit_number_action_at", "audit", ["number_id", "action", "at"])
    op.create_index("audit_number_seq", "audit", ["number_id", "seq"])
    op.create_index("audit_flow_seq", "audit", ["flow_id", "seq"])
    for deed in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{deed.lower()} BEFORE {deed} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        )


def _outbox() -> None:
    op.create_table(
        "outbox",
        _int("id", primary_key=True),
        *map(_text, ("kind", "lane", "recipient", "number_id", "flow_id")),
        _int("audit_seq", nullable=True),
        *map(_text, ("body", "created_at", "due_at")),
        _int("attempts"),
        _text("last_error"),
        _text("sent_at", nullable=True),
        _text("sent_channel"),
        _text("sent_ts"),
        sqlite_autoincrement=True,
    )
    op.create_index("outbox_unsent_lane", "outbox", ["lane", "id"], sqlite_where=sa.text("sent_at IS NULL"))


def _thread_gate_token() -> None:
    op.create_table(
        "thread",
        _text("flow_id", primary_key=True),
        *map(_text, ("channel", "ts", "created_at")),
        _bool("closed"),
    )
    op.create_table(
        "gate",
        _text("scope", primary_key=True),
        _text("action", primary_key=True),
        *map(_text, ("until", "reason")),
    )
    op.create_table(
        "token",
        _int("id", primary_key=True),
        *map(_text, ("slot", "ciphertext", "app_id", "user_id", "kind")),
        _text("expires_at", nullable=True),
        _text("created_at"),
        _text("retired_at", nullable=True),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "token_one_current_per_slot",
        "token",
        ["slot"],
        unique=True,
        sqlite_where=sa.text("retired_at IS NULL"),
    )
