"""Text that is safe to show in Slack: cleaned, cut, then escaped; dates and mentions as Slack writes them."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

CUT: Final = "…"
_SPACES: Final = frozenset("\t\n\v\f\r\x85\u2028\u2029")
_EMOJI_CODE: Final = re.compile(r":(?=[\w+'-]+:)")
_TIME: Final = re.compile(r"(?<=\d)\ua789(?=\d)")  # a colon between digits that `esc` defused
_LONGEST_COPY: Final = 2900
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Co"})


class Markup(str):
    """Slack mrkdwn that is finished: everything from outside in it is escaped. Any other str is not."""

    __slots__ = ()


def clean(text: str, *, lines: bool = False) -> str:
    """`text` without control, format, surrogate and private characters; line ends become spaces or stay.

    Format characters include the ones that turn the reading direction round.
    """
    if text.isprintable():
        return text
    if lines:
        return "\n".join(clean(line) for line in text.split("\n"))
    return "".join(map(_kept, text))


@lru_cache(maxsize=4096)
def _kept(char: str) -> str:
    if char in _SPACES:
        return " "
    return "" if unicodedata.category(char) in _DROPPED else char


def fit(text: str, limit: int) -> str:
    """`text` in at most `limit` characters; what is cut off shows as “…”."""
    return text if len(text) <= limit else text[: limit - 1] + CUT


def plain(text: str, limit: int, *, empty: str = "(no name)") -> str:
    """Outside text for a plain_text object, where Slack parses nothing. Never empty."""
    return fit(clean(text[: limit * 4]).strip(), limit) or empty


def esc(text: str, limit: int = 300, *, lines: bool = False) -> Markup:
    """Outside text for mrkdwn, at most `limit` characters *after* escaping, no entity cut in half.

    The opening colon of an emoji code is replaced by its look-alike, so that a name cannot show the
    coloured dot of another state.
    """
    if len(text) <= limit and quiet(text):
        return Markup(text.strip())
    safe = clean(text[: limit * 4], lines=lines).strip()
    if safe.count(":") > 1:
        safe = _EMOJI_CODE.sub("\ua789", safe)
    escaped = safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if len(escaped) <= limit and len(text) <= limit * 4:
        return Markup(escaped)
    return _cut_escaped(escaped, limit)


def quiet(text: str) -> bool:
    """Whether `text` can be shown in mrkdwn as it is: nothing to drop, to escape or to defuse. Quick."""
    return (
        text.isprintable() and "&" not in text and "<" not in text and ">" not in text and text.count(":") < 2
    )


def _cut_escaped(escaped: str, limit: int) -> Markup:
    head = escaped[: limit - len(CUT)]
    if head.rfind("&") > head.rfind(";"):  # each & begins an entity: this one has lost its end
        head = head[: head.rfind("&")]
    return Markup(head + CUT)


def copied(text: str) -> Markup:
    """Outside text as a block of code, to be copied as it is: in code a colon shows no emoji."""
    said = _TIME.sub(":", esc(text.replace("`", "'"), _LONGEST_COPY, lines=True))
    return Markup(f"```\n{said}\n```")


def mark(template: str, **values: object) -> Markup:
    """`template` (ours, trusted) with `values` put in; a value that is not Markup is escaped."""
    safe = {key: value if isinstance(value, Markup) else esc(str(value)) for key, value in values.items()}
    return Markup(template.format(**safe))


def join(parts: Sequence[Markup], by: str = "\n") -> Markup:
    """Finished parts as one; empty ones are left out."""
    return Markup(by.join(part for part in parts if part))


def cut_markup(text: Markup, limit: int) -> Markup:
    """Finished markup in at most `limit` characters, never ending inside an entity or a <…> form."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    for start, end in (("<", ">"), ("&", ";")):
        if head.rfind(start) > head.rfind(end):
            head = head[: head.rfind(start)]
    return Markup(head + CUT)


def mention(user_id: str) -> Markup:
    """`<@U…>` for a Slack user id; anything else is shown as escaped text, never as a mention."""
    ok = len(user_id) > 1 and user_id[0] in "UW" and user_id.isascii() and user_id.isalnum()
    return Markup(f"<@{user_id}>") if ok and user_id.upper() == user_id else esc(user_id or "someone", 80)


def channel_link(channel_id: str) -> Markup:
    """`<#C…>` for a channel id; anything else is shown as escaped text."""
    ok = len(channel_id) > 1 and channel_id[0] in "CG" and channel_id.isascii() and channel_id.isalnum()
    return Markup(f"<#{channel_id}>") if ok and channel_id.upper() == channel_id else esc(channel_id, 80)


def moment(at: datetime) -> Markup:
    """A time in each reader's own zone; UTC where the client cannot. `at` must be aware."""
    return _date(at, "{date_short_pretty} {time}", "%Y-%m-%d %H:%M UTC")


def clock_time(at: datetime) -> Markup:
    """Only the hours and minutes, for times of today."""
    return _date(at, "{time}", "%H:%M UTC")


def _date(at: datetime, form: str, fallback: str) -> Markup:
    if not 1970 < at.year < 9999:  # Slack knows no date before 1970, and no sane record has one
        return Markup("an unknown time")
    return Markup(f"<!date^{int(at.timestamp())}^{form}|{at.astimezone(UTC).strftime(fallback)}>")


def span(length: timedelta) -> str:
    """A length of time in words: “45 s”, “12 min”, “3 h 5 min”, “2 days”."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min" + (f" {seconds % 60} s" if seconds < 300 and seconds % 60 else "")
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h" + (f" {seconds % 3600 // 60} min" if seconds % 3600 >= 60 else "")
    return f"{seconds // 86400} days"


def countdown(length: timedelta) -> str:
    """“0:43”, “12:05”: what is left of a wait."""
    seconds = max(0, int(length.total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02d}"


def count(number: int, one: str, many: str = "") -> str:
    """“1 try”, “3 tries”."""
    return f"{number} {one if number == 1 else many or one + 's'}"
