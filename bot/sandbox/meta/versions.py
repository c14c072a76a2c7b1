"""Which Graph versions live (meta-graph.md §7.1), and what a call to each is served as."""

import re
from datetime import UTC, datetime

from bot.sandbox.meta.errors import no_path

NEWEST = 26
ENDS = {
    20: datetime(2026, 9, 24, tzinfo=UTC),
    21: datetime(2027, 1, 21, tzinfo=UTC),
    22: datetime(2027, 5, 20, tzinfo=UTC),
    23: datetime(2027, 10, 8, tzinfo=UTC),
    24: datetime(2028, 2, 18, tzinfo=UTC),
    25: datetime(2028, 7, 29, tzinfo=UTC),
}
VERSION = re.compile(r"v(\d{1,3})\.0")


def served(asked: int, now: datetime) -> int:
    """A dead version is served by the oldest live one."""
    for version in range(max(asked, min(ENDS)), NEWEST):
        if ENDS[version] > now:
            return version
    return NEWEST


def split(path: str) -> tuple[int | None, tuple[str, ...]]:
    """`/v25.0/106…/register` as (25, ("106…", "register")); version None when the path has none."""
    parts = tuple(part for part in path.split("/") if part)
    match = VERSION.fullmatch(parts[0]) if parts else None
    if match is None:
        return None, parts
    if int(match[1]) > NEWEST:
        raise no_path("/".join(parts))
    return int(match[1]), parts[1:]
