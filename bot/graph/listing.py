"""A list edge of Meta's, page by page."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace

from bot.graph.calling import Caller
from bot.graph.errors import Unreachable
from bot.graph.limits import Limits
from bot.graph.reading import items, text
from bot.graph.refusal import UNREADABLE
from bot.graph.transport import Request

log = logging.getLogger("bot.graph")


async def pages(caller: Caller, request: Request, limits: Limits) -> AsyncIterator[object]:
    """The entries of a list. Follows the cursor, never the `next` URL: that carries the token."""
    asked = {**request.query, "limit": str(limits.page_size)}
    for _ in range(limits.pages):
        page = await caller.read(replace(request, query=dict(asked)))
        if not isinstance(page.get("data"), list):
            raise Unreachable(UNREADABLE, sent=True)
        for node in items(page, "data"):
            yield node
        after = text(page, "paging", "cursors", "after")
        if not text(page, "paging", "next") or not after or after == asked.get("after"):
            return
        asked["after"] = after
    log.warning("%s has more than %d pages", request.path, limits.pages)
