"""Edges in pages: cursors, `next` that carries the token, and 131059 for a cursor that leads nowhere."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from bot.sandbox.meta.errors import Json, MetaError, bad_param

PREFIX = "QVFI"


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of an edge. `before` and `after` are ids of its ends, "" when it is empty."""

    ids: tuple[str, ...]
    has_previous: bool
    has_next: bool


def cut(ids: Sequence[str], *, limit: int, after: str = "", before: str = "") -> Page:
    """The page asked for of all `ids`. MetaError 131059: a cursor that points at none of them."""
    if not 1 <= limit <= 100:
        raise bad_param("Param limit must be a number between 1 and 100")
    if before:
        end = _place(before, ids)
        start = max(0, end - limit)
    else:
        start = _place(after, ids) + 1 if after else 0
        end = min(start + limit, len(ids))
    return Page(tuple(ids[start:end]), start > 0, end < len(ids))


def paging(page: Page, *, url: str, params: Mapping[str, str]) -> Json:
    """The `paging` object. `params` are those of the call, the access token among them, as Meta does it."""
    first, last = _cursor(page.ids[0]), _cursor(page.ids[-1])
    answer: Json = {"cursors": {"before": first, "after": last}}
    kept = {name: text for name, text in params.items() if name not in ("after", "before")}
    if page.has_next:
        answer["next"] = f"{url}?{urlencode({**kept, 'after': last})}"
    if page.has_previous:
        answer["previous"] = f"{url}?{urlencode({**kept, 'before': first})}"
    return answer


def _cursor(node_id: str) -> str:
    return PREFIX + urlsafe_b64encode(node_id.encode()).decode().rstrip("=")


def _place(cursor: str, ids: Sequence[str]) -> int:
    """Where the cursor points in `ids`."""
    text = cursor.removeprefix(PREFIX)
    try:
        return ids.index(urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode())
    except ValueError:
        raise MetaError(
            131059,
            "(#131059) Invalid cursor",
            details="The cursor is not valid any more. Start again without a cursor.",
        ) from None
