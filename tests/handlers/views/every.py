"""Every window, message and Home tab of the product, by name."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.handlers.views import ugly, ugly_diagnose, ugly_oauth, ugly_token, ugly_webhook

homes = ugly.homes


def windows(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from ugly.windows(text)
    yield from ugly_diagnose.windows(text)
    yield from ugly_oauth.windows(text)
    yield from ugly_webhook.windows(text)
    yield from ugly_token.windows(text)


def messages(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from ugly.messages(text)
    yield from ugly_diagnose.messages(text)
    yield from ugly_webhook.messages(text)
    yield from ugly_token.messages(text)
