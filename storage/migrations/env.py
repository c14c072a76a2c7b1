"""How Alembic reaches the file: one transaction for all of an upgrade, so a kill leaves nothing half done."""

from pathlib import Path

from alembic import context
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel

from storage import tables  # noqa: F401  fills the metadata
from storage.connect import connect, engine_over

_BUSY_TIMEOUT_S = 5.0


def upgrade() -> None:
    path = Path(make_url(context.config.attributes["url"]).database or "")
    engine = engine_over(lambda: connect(path, busy_timeout_s=_BUSY_TIMEOUT_S))
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=SQLModel.metadata, transactional_ddl=True)
        with connection.begin():
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            context.run_migrations()


upgrade()
