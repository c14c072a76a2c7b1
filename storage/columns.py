"""Times as text that sorts: aware UTC in Python, `YYYY-MM-DDTHH:MM:SS.ffffffZ` in the file."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator


def to_text(at: datetime) -> str:
    """Raises ValueError for a time without a zone: it would be a guess."""
    if at.tzinfo is None:
        raise ValueError("a stored time needs a time zone")
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    return at.isoformat(timespec="microseconds")[:26] + "Z"


def from_text(text: str) -> datetime:
    return datetime.fromisoformat(text[:26]).replace(tzinfo=UTC)


class UtcText(TypeDecorator[datetime]):
    """A datetime column. Naive times are refused."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return None if value is None else to_text(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else from_text(value)
