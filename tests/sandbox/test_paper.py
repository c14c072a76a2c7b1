"""Drawing: what fits, what is coloured, what a wide character costs."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.paper import Paper, columns_of, cut, wrapped


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("out", "environment", "coloured"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colours_are_for_terminals_that_want_them(out, environment, coloured):
    Paper(out, environment).line("words", "bold")
    assert ("\x1b[1m" in out.getvalue()) is coloured


def test_a_box_is_straight_around_emoji_and_long_lines():
    out = io.StringIO()
    Paper(out, {}).box("T" * 300, ["🔴 Sales", "word " * 60, "", "👩‍💻 漢字 é", "─" * 32, "x" * 500])
    lines = out.getvalue().splitlines()
    assert {columns_of(line) for line in lines} == {100}
    assert lines[-1].startswith("╰")


def test_a_long_message_is_cut_with_a_word_about_it():
    out = io.StringIO()
    Paper(out, {}).box("Board", [str(i) for i in range(50)], most=5)
    assert "… and 45 more lines" in out.getvalue()


def test_a_reply_goes_on_below_its_own_text():
    first, second, *_ = wrapped("  └ 06:42 " + "word " * 30, 60)
    assert first.startswith("  └ 06:42")
    assert second.startswith("    word")


@given(st.text(), st.integers(40, 100))
def test_nothing_is_ever_wider_than_asked(text: str, columns: int):
    assert all(columns_of(line) <= columns for line in wrapped(text, columns))
    assert columns_of(cut(text, columns)) <= columns


@given(st.text())
def test_no_control_character_reaches_the_terminal(text: str):
    assert all(c.isprintable() for line in wrapped(text, 80) for c in line)
