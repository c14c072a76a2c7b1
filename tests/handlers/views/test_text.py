"""Text from outside is shown as text, whatever it is."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.views.text import (
    Markup,
    clean,
    countdown,
    cut_markup,
    esc,
    fit,
    mark,
    mention,
    moment,
    plain,
    span,
)

ANY = st.text(st.characters())  # with surrogates and controls
LIMITS = st.integers(min_value=1, max_value=60)
DROPPED = {"Cc", "Cf", "Cs", "Co"}


def well_formed(text: str) -> bool:
    rest = text.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    return not set("&<>") & set(rest)


@given(ANY, LIMITS)
def test_escaped_text_keeps_the_limit_and_has_only_whole_entities(text: str, limit: int) -> None:
    done = esc(text, limit)
    assert len(done) <= limit
    assert well_formed(done)


@given(ANY)
def test_nothing_invisible_survives(text: str) -> None:
    assert not DROPPED & {unicodedata.category(c) for c in esc(text, 10_000)}
    kept = {unicodedata.category(c) for c in clean(text, lines=True) if c != "\n"}
    assert not DROPPED & kept


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"], exclude_characters=":")))
def test_ordinary_text_comes_back_whole_when_slack_unescapes_it(text: str) -> None:
    assert esc(text, 10_000).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


@given(ANY, LIMITS)
def test_what_is_cut_ends_with_an_ellipsis(text: str, limit: int) -> None:
    assert len(fit(text, limit)) <= limit
    assert fit(text, limit) == text or fit(text, limit).endswith("…")


def test_text_is_cut_before_it_is_escaped() -> None:
    assert esc("&" * 10, 12) == "&amp;&amp;…"
    assert esc("a<b", 6) == "a&lt;b"
    assert esc("a<b", 5) == "a…"
    assert esc("<" * 100, 4) == "…"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("<@U0EVIL>", "&lt;@U0EVIL&gt;"),
        ("<http://x|Login>", "&lt;http://x|Login&gt;"),
        ("&lt;!here&gt;", "&amp;lt;!here&amp;gt;"),
        ("a\u202eb\u2066c", "abc"),
        ("one\ntwo\x00\ud800", "one two"),
        (":large_green_circle: Connected", "\ua789large_green_circle: Connected"),
        ("10:30 and 11:45", "10:30 and 11:45"),
        ("line\u2028end", "line end"),
        ("שלום", "שלום"),
        ("🎉", "🎉"),
    ],
)
def test_known_tricks_are_shown_as_text(text: str, shown: str) -> None:
    assert esc(text) == shown


def test_new_lines_stay_only_where_they_are_allowed() -> None:
    assert esc("a\nb", lines=True) == "a\nb"
    assert esc("a\nb") == "a b"


def test_a_template_escapes_values_but_not_finished_markup() -> None:
    assert mark("*{a}* {b}", a="<!here>", b=Markup("<@U1>")) == "*&lt;!here&gt;* <@U1>"
    assert mark("{a}", a="{b}") == "{b}"


@pytest.mark.parametrize("good", ["U012ABC", "W9"])
def test_a_slack_user_is_mentioned(good: str) -> None:
    assert mention(good) == f"<@{good}>"


@pytest.mark.parametrize(
    "bad", ["", "U", "u123", "S123", "U1>", "U1|x", "U1\n", "C123", "U²", "Ｕ123", "!channel", "Uabc"]
)
def test_anything_else_is_never_a_mention(bad: str) -> None:
    assert "<" not in mention(bad)
    assert mention(bad) != ""


def test_a_moment_is_in_the_readers_zone_with_utc_behind_it() -> None:
    at = datetime(2026, 11, 2, 14, 2, tzinfo=UTC)
    assert moment(at) == f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|2026-11-02 14:02 UTC>"


@pytest.mark.parametrize("year", [1, 1111, 9999])
def test_a_time_that_slack_cannot_show_is_called_unknown(year: int) -> None:
    assert moment(datetime(year, 1, 1, tzinfo=UTC)) == "an unknown time"


@given(ANY, LIMITS)
def test_plain_text_is_never_empty_and_keeps_its_limit(text: str, limit: int) -> None:
    assert 0 < len(plain(text, limit, empty="–")) <= limit


@given(ANY, st.integers(min_value=2, max_value=40))
def test_finished_markup_is_never_cut_inside_an_entity_or_a_mention(text: str, limit: int) -> None:
    whole = mark("{a} {b} {c}", a=esc(text), b=mention("U0123456789"), c=esc("a&b<c>"))
    done = cut_markup(whole, limit)
    assert len(done) <= limit
    assert well_formed(done.replace("<@U0123456789>", ""))


def test_lengths_of_time_read_like_a_person_says_them() -> None:
    said = [span(timedelta(seconds=s)) for s in (-5, 0, 45, 61, 720, 3600, 11_100, 200_000)]
    assert said == ["0 s", "0 s", "45 s", "1 min 1 s", "12 min", "1 h", "3 h 5 min", "2 days"]
    assert countdown(timedelta(seconds=43)) == "0:43"
    assert countdown(timedelta(seconds=725)) == "12:05"
