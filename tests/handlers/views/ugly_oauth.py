"""The windows of Meta's login, made from the ugliest data."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.numbers import NumberRef
from handlers.views import oauth
from tests.handlers.views.ugly import NOW, ref

LONGEST = "https://www.facebook.com/v25.0/dialog/oauth?" + "x" * 900  # PUBLIC_URL has 150 characters at most


def windows(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    account = NumberRef("1", "1", text, "102290129340398", "102290129340398")
    for one in (ref(text), account):
        yield "link to Meta's login", oauth.link(one, url=LONGEST, until=NOW)
