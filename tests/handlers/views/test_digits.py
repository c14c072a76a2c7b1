"""Codes and PINs are accepted as people type them, and stay strings."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from handlers.views.digits import code_from, pin_from, read_digits

ACCEPTED = [  # reliability.md F33
    "483920",
    "483 920",
    "483-920",
    "483–920",
    "483—920",
    "483‑920",
    "483−920",
    "483\u00a0920",
    "483\u202f920",
    "483\u2009920",
    "\u200f483920",
    "\u200e483920\u200e",
    "483\u200b920",
    "\ufeff483920",
    " 483920 \n",
    "\t483920",
    "483.920",
    "483·920",
    "4 8 3 9 2 0",
    "٤٨٣٩٢٠",  # Arabic-Indic
    "۴۸۳۹۲۰",  # Persian
    "४८३९२०",  # Devanagari
    "４８３９２０",  # full-width
    "𝟒𝟖𝟑𝟗𝟐𝟎",  # mathematical bold
    "(483) 920",
]
REFUSED = [
    "48392o",
    "①②③④⑤⑥",
    "⁴⁸³⁹²⁰",
    "½",
    "+483920",
    "4e5",
    "0x1F",
    "code 483920",
    "483920!",
    "Ⅳ",
    "四八三",
    "😀",
]


@pytest.mark.parametrize("typed", ACCEPTED)
def test_every_usual_way_to_type_a_code_is_accepted(typed: str) -> None:
    assert read_digits(typed) == "483920"
    assert code_from(typed, field="f").reveal() == "483920"


def test_leading_zeros_stay() -> None:
    assert read_digits("000 042") == "000042"


@pytest.mark.parametrize("typed", REFUSED)
def test_anything_that_is_no_digit_gets_a_sentence_beside_the_field(typed: str) -> None:
    with pytest.raises(BadInput) as caught:
        code_from(typed, field="reconnect.code")
    assert caught.value.field == "reconnect.code"
    assert caught.value.message == "A code has only digits: 6 of them, please."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type the code: 6 digits."),
        (" - ", "Type the code: 6 digits."),
        ("1", "That is 1 digit; the code has 6. Compare it with the message or the call."),
        ("123", "That is 3 digits; the code has 6. Compare it with the message or the call."),
        ("1234567", "That is 7 digits; the code has 6. Compare it with the message or the call."),
        ("1" * 61, "That is too long for a code: 6 digits, please."),
    ],
)
def test_a_code_of_the_wrong_length_is_explained(typed: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        code_from(typed, field="f")
    assert caught.value.message == sentence


@pytest.mark.parametrize("typed", ["1234", "12345", "123456"])
def test_four_to_six_digits_pass_as_a_code_but_only_six_as_a_pin(typed: str) -> None:
    assert code_from(typed, field="f").reveal() == typed
    if len(typed) == 6:
        assert pin_from(typed, field="f").reveal() == typed
    else:
        with pytest.raises(BadInput, match="a PIN has exactly 6"):
            pin_from(typed, field="f")


def test_a_million_digits_are_refused_at_once() -> None:
    huge = "1" * 1_000_000
    begin = time.process_time()
    with pytest.raises(BadInput, match="too long"):
        code_from(huge, field="f")
    assert time.process_time() - begin < 0.05


@given(st.text(st.characters()))
def test_whatever_is_typed_gives_ascii_digits_or_a_sentence(typed: str) -> None:
    try:
        digits = read_digits(typed)
    except ValueError:
        return
    assert all(c in "0123456789" for c in digits)


def said_about(typed: str) -> str:
    try:
        pin_from(typed, field="f")
    except BadInput as error:
        return error.message + error.hint
    return ""


@given(st.text(st.characters()))
def test_no_message_repeats_what_was_typed(typed: str) -> None:
    assert "987" not in said_about("987 " + typed)
