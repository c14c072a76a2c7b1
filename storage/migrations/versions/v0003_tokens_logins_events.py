"""Several tokens at once, one-time logins, and what Meta's webhooks tell."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("label", "scopes"):
        op.add_column("token", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("token", _text("data_access_expires_at", nullable=True))
    op.create_table("token_use", _text("account_id", primary_key=True), _text("slot"), _text("since"))
    op.create_table(
        "login_link",
        _text("state_hash", primary_key=True),
        *map(_text, ("person", "account_id", "number_id", "about", "verifier", "created_at", "expires_at")),
        _text("used_at", nullable=True),
        _text("result"),
    )
    op.create_table("notice", _text("key", primary_key=True), _text("told_at"))
    op.create_table(
        "standing",
        _text("scope", primary_key=True),
        _text("what", primary_key=True),
        *map(_text, ("value", "at")),
        _text("until", nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    _events()


def _text(name: str, *, primary_key: bool = False, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), primary_key=primary_key, nullable=nullable)


def _events() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        *map(_text, ("key", "account_id", "number_id", "digits", "field", "kind", "direction", "message_id")),
        sa.Column("code", sa.Integer(), nullable=False),
        *map(_text, ("happened_at", "received_at")),
        _text("done_at", nullable=True),
        _text("body"),
        sa.UniqueConstraint("key", name="event_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("event_waiting", "event", ["id"], sqlite_where=sa.text("done_at IS NULL"))
    op.create_index("event_number_at", "event", ["number_id", "happened_at"])
