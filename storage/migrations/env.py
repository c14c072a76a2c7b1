"""How Alembic reaches the file: one transaction for all of an upgrade, so a kill leaves nothing half done.

No table of ours is imported: each migration says itself what it does, and SQLModel's import would be a third
of what the first start of a database waits for.
"""

from pathlib import Path

from alembic import context
from sqlalchemy.engine import make_url

from storage.connect import connect, engine_over

_BUSY_TIMEOUT_S = 5.0


def upgrade() -> None:
    path = Path(make_url(context.config.attributes["url"]).database or "")
    engine = engine_over(lambda: connect(path, busy_timeout_s=_BUSY_TIMEOUT_S))
    with engine.connect() as connection:
        context.configure(connection=connection, transactional_ddl=True)
        with connection.begin():
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            context.run_migrations()


upgrade()
