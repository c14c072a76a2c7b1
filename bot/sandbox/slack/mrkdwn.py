"""Slack's mark-up as a person reads it in a terminal."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

NameOf = Callable[[str], str]

_TOKEN = re.compile(r"<([@#!][^<>\n]+|[a-z]+:[^<>\n]+)>")
# *bold*, _italic_, ~struck~: the marks of a pair that stands free, as in Slack, are not shown.
_STYLED = re.compile(r"(?<![\w*_~])([*_~])(?=\S)((?:(?!\1)[^\n])+(?<!\s))\1(?!\w)")
_EMOJI = re.compile(r":([a-z0-9_+-]+):")
_DATE = re.compile(r"!date\^(-?\d+)\^([^^|]*)(?:\^[^|]*)?(?:\|(.*))?$", re.DOTALL)
_DATE_WORD = re.compile(r"\{(\w+)\}")

_EMOJIS = {
    "arrows_counterclockwise": "🔄",
    "bell": "🔔",
    "black_circle": "⚫",
    "black_small_square": "▪",
    "black_square_for_stop": "⏹",
    "bust_in_silhouette": "👤",
    "grey_question": "❔",
    "hourglass": "⌛",
    "hourglass_flowing_sand": "⏳",
    "information_source": "ℹ",
    "iphone": "📱",
    "key": "🔑",
    "large_green_circle": "🟢",
    "large_orange_circle": "🟠",
    "large_blue_circle": "🔵",
    "large_yellow_circle": "🟡",
    "lock": "🔒",
    "no_entry": "⛔",
    "octagonal_sign": "🛑",
    "red_circle": "🔴",
    "test_tube": "🧪",
    "warning": "⚠",
    "white_check_mark": "✅",
    "white_circle": "⚪",
    "x": "❌",
    "zzz": "💤",
}


def plain(text: str, name_of: NameOf = str, zone: tzinfo = UTC) -> str:
    """mrkdwn as text: mentions by name, links spelled out, dates in `zone`, escapes undone."""

    def spoken(match: re.Match[str]) -> str:
        return _spoken(match[1], name_of, zone)

    styled = _STYLED.sub(r"\2", _STYLED.sub(r"\2", text))
    return unescape(_TOKEN.sub(spoken, emoji(styled)))


def emoji(text: str) -> str:
    """The short codes in use, as characters; others stay as they are."""
    return _EMOJI.sub(lambda match: _EMOJIS.get(match[1], match[0]), text)


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
