"""The record refuses a row it has already: INSERT OR REPLACE went past the two triggers of the first tables."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # a REPLACE pushes the old row out by either of its keys, and fires no delete trigger for it
    op.execute(
        "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit "
        "WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq) "
        "OR EXISTS (SELECT 1 FROM audit WHERE op = NEW.op AND kind = NEW.kind) "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    )
