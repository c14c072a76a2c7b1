"""Slack's mark-up as a person reads it in a terminal."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

NameOf = Callable[[str], str]

_TOKEN = re.compile(r"<([@#!][^<>\n]+|[a-z]+:[^<>\n]+)>")
_DATE = re.compile(r"!date\^(-?\d+)\^([^^|]*)(?:\^[^|]*)?(?:\|(.*))?$", re.DOTALL)
_DATE_WORD = re.compile(r"\{(\w+)\}")


def plain(text: str, name_of: NameOf = str, zone: tzinfo = UTC) -> str:
    """mrkdwn as text: mentions by name, links spelled out, dates in `zone`, escapes undone."""

    def spoken(match: re.Match[str]) -> str:
        return _spoken(match[1], name_of, zone)

    return unescape(_TOKEN.sub(spoken, text))


def unescape(text: str) -> str:
    """The three escapes Slack knows, and no others."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _spoken(inside: str, name_of: NameOf, zone: tzinfo) -> str:
    date = _DATE.match(inside)
    if date:
        return written_date(int(date[1]), date[2], date[3] or "", zone)
    target, _, label = inside.partition("|")
    if target.startswith(("@", "#")):
        return name_of(target[1:])
    if target.startswith("!subteam^"):
        return name_of(target.removeprefix("!subteam^"))
    if target.startswith("!"):
        return f"@{label or target[1:]}"
    return f"{label} ({target})" if label and label != target else target


def written_date(epoch_s: int, form: str, fallback: str, zone: tzinfo) -> str:
    """A `<!date^…>` as a reader in `zone` sees it; the fallback when it cannot be written."""
    try:
        when = datetime.fromtimestamp(epoch_s, UTC).astimezone(zone)
    except (ValueError, OverflowError, OSError):
        return fallback
    words = {
        "date": when.strftime("%B %-d, %Y"),
        "date_short": when.strftime("%b %-d, %Y"),
        "date_long": when.strftime("%A, %B %-d, %Y"),
        "date_num": when.strftime("%Y-%m-%d"),
        "date_slash": when.strftime("%m/%d/%Y"),
        "time": when.strftime("%H:%M"),
        "time_secs": when.strftime("%H:%M:%S"),
        "ago": fallback or when.strftime("%H:%M"),
        "day_divider_pretty": when.strftime("%A, %B %-d"),
    }
    for name in ("date", "date_short", "date_long"):
        words[f"{name}_pretty"] = words[name]
    return _DATE_WORD.sub(lambda match: words.get(match[1], match[0]), form)
