"""Tell from an answer whether Meta did it, said no, or left us in the dark (reliability.md §3.3)."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TypedDict

from bot.graph.errors import (
    GraphError,
    NotFound,
    PermissionMissing,
    Refused,
    Throttled,
    TokenRejected,
    UnknownField,
    Unreachable,
)
from bot.graph.hiding import hide
from bot.graph.kinds import NUMBER_WAITS, TRANSIENT, UNNAMED_WAITS, is_known, kind_of
from bot.graph.reading import entry, text, whole
from bot.graph.transport import Answer
from bot.graph.usage import read_retry_after
from bot.secret import Secret

UNREADABLE = "Meta sent an answer that could not be read."
_TROUBLE = "Meta has trouble on its side and did not confirm."
_SENTENCES: Mapping[type[GraphError], tuple[str, str]] = MappingProxyType(
    {
        Throttled: ("Meta asks us to wait.", ""),
        TokenRejected: (
            "Meta no longer accepts our access token.",
            "“Reconnect with Meta” (`/whatsapp oauth`) makes a new one, or a manager pastes one: "
            "`/whatsapp token replace`.",
        ),
        PermissionMissing: (
            "Our access token is not allowed to do this.",
            "Grant the permission, or assign the account to the token's user; then refresh the permissions.",
        ),
        NotFound: ("Meta has nothing under this id, or does not let us see it.", ""),
        UnknownField: ("Meta does not know a field we asked for.", ""),
        Refused: ("Meta refused this request.", ""),
    }
)
_FIELD = re.compile(r"nonexist(?:ing|ent) field \(([^()\s]+)\)", re.IGNORECASE)
_PIECE = r"(\d{1,6})\s*(s|m|h|d)(?:ec(?:ond)?s?|in(?:ute)?s?|(?:ou)?rs?|ays?)?\b"
_SPAN = re.compile(rf"{_PIECE}(?:[\s,]*(?:and\s+)?{_PIECE})*", re.IGNORECASE)
_UNIT_S = MappingProxyType({"s": 1, "m": 60, "h": 3600, "d": 86400})


class _Words(TypedDict):
    code: int
    subcode: int
    title: str
    words: str
    details: str
    trace: str
    http: int


def judge(answer: Answer, *, write: bool, now: datetime, secrets: Iterable[Secret]) -> GraphError | None:
    """What to raise, or None when the answer holds what was asked for.

    A code decides before the HTTP status does; but a write that a failing server (5xx) reports on is
    never certain. A Throttled whose `retry_at` is None named no wait.
    """
    error = entry(answer.body, "error")
    if whole(error, "code") is None:
        return _without_code(answer, now)
    words = _words(error, answer.status, tuple(secrets))
    if write and not 400 <= answer.status < 500:
        return Unreachable(_TROUBLE, sent=True, **words)
    if not write and _may_pass(error, words):
        return Unreachable(_TROUBLE, sent=True, **words)
    return _refusal(words, error, answer, now)


def _may_pass(error: object, words: _Words) -> bool:
    """Whether a read that met this error is worth another try."""
    if words["code"] in TRANSIENT:
        return True
    if is_known(words["code"], words["subcode"]):
        return False
    return words["http"] >= 500 or entry(error, "is_transient") is True


def _without_code(answer: Answer, now: datetime) -> GraphError | None:
    if 200 <= answer.status < 300 and isinstance(answer.body, dict) and "error" not in answer.body:
        return None
    if answer.status == 429:
        throttled = Throttled(_SENTENCES[Throttled][0], http=answer.status)
        throttled.retry_at = _named_wait(answer, now)
        return throttled
    return Unreachable(_TROUBLE if answer.status >= 500 else UNREADABLE, sent=True, http=answer.status)


def _refusal(words: _Words, error: object, answer: Answer, now: datetime) -> GraphError:
    kind = kind_of(words["code"], words["subcode"])
    named = _FIELD.search(text(error, "message") or "") if words["code"] == 100 else None
    if kind is Refused and named:
        unknown = UnknownField(_SENTENCES[UnknownField][0], **words)
        unknown.field = named.group(1)
        return unknown
    if kind is Throttled or (kind is Refused and answer.status == 429):
        throttled = Throttled(_SENTENCES[Throttled][0], **words)
        throttled.retry_at = _wait_of_number(words, now) or _named_wait(answer, now)
        return throttled
    message, hint = _SENTENCES[kind]
    return kind(message, hint=hint, **words)


def _words(error: object, http: int, secrets: tuple[Secret, ...]) -> _Words:
    def said(*keys: str) -> str:
        return hide(text(error, *keys) or "", secrets)

    return _Words(
        code=whole(error, "code") or 0,
        subcode=whole(error, "error_subcode") or 0,
        title=said("error_user_title"),
        words=said("error_user_msg") or said("message"),
        details=said("error_data", "details"),
        trace=said("fbtrace_id"),
        http=http,
    )


def _named_wait(answer: Answer, now: datetime) -> datetime | None:
    wait = read_retry_after(answer.headers.get("retry-after", ""), now)
    return now + wait if wait else None


def _wait_of_number(words: _Words, now: datetime) -> datetime | None:
    if words["code"] not in NUMBER_WAITS:
        return None
    named = NUMBER_WAITS[words["code"]] or read_wait(f"{words['details']} {words['words']}")
    wait = named or UNNAMED_WAITS.get(words["code"])
    return now + wait if wait else None


def read_wait(details: str) -> timedelta | None:
    """The longest span of time a sentence of Meta's names ("1 hour and 30 minutes"); None: none."""
    spans = [
        sum(int(count) * _UNIT_S[unit.lower()] for count, unit in re.findall(_PIECE, span.group(), re.I))
        for span in _SPAN.finditer(details[:2000])
    ]
    return timedelta(seconds=min(max(spans), 30 * 86400)) if any(spans) else None
