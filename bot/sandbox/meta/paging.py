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


def cut(edge: str, ids: Sequence[str], *, limit: int, after: str = "", before: str = "") -> Page:
    """The page of `edge` asked for. MetaError 131059: a cursor not of this edge or of something gone."""
    if not 1 <= limit <= 100:
        raise bad_param("Param limit must be a number between 1 and 100")
    if before:
        end = _place(edge, before, ids)
        start = max(0, end - limit)
    else:
        start = _place(edge, after, ids) + 1 if after else 0
        end = min(start + limit, len(ids))
    return Page(tuple(ids[start:end]), start > 0, end < len(ids))


def paging(edge: str, page: Page, *, url: str, params: Mapping[str, str]) -> Json:
    """The `paging` object. `params` are those of the call, the access token among them, as Meta does it."""
    first, last = _cursor(edge, page.ids[0]), _cursor(edge, page.ids[-1])
    answer: Json = {"cursors": {"before": first, "after": last}}
    kept = {name: text for name, text in params.items() if name not in ("after", "before")}
    if page.has_next:
        answer["next"] = f"{url}?{urlencode({**kept, 'after': last})}"
    if page.has_previous:
        answer["previous"] = f"{url}?{urlencode({**kept, 'before': first})}"
    return answer


def _cursor(edge: str, node_id: str) -> str:
    return PREFIX + urlsafe_b64encode(f"{edge}:{node_id}".encode()).decode().rstrip("=")


def _place(edge: str, cursor: str, ids: Sequence[str]) -> int:
    """Where the cursor points in `ids`."""
    text = cursor.removeprefix(PREFIX)
    try:
        owner, _, node_id = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().rpartition(":")
        if not cursor.startswith(PREFIX) or owner != edge:
            raise ValueError("a cursor of another edge")
        return ids.index(node_id)
    except ValueError:
        raise MetaError(
            131059,
            "(#131059) Invalid cursor",
            details="The cursor is not valid any more. Start again without a cursor.",
        ) from None
