"""Codes and PINs as people type them: other scripts' digits, spaces and dashes become a plain string."""

import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from bot.errors import BadInput
from bot.secret import Secret

LONGEST_INPUT = 60  # characters; looked at before anything else is done with them
_SKIPPED = frozenset({"Zs", "Pd", "Cf", "Cc"})  # spaces, dashes, direction marks, tabs and line ends
_DOTS = frozenset(".,·/_()'’−")  # what people put between groups of digits
_PIN = 6
_CODE = range(4, 7)
_GUESSED = ({0}, {1}, {9})  # from each digit to the next, modulo ten: the same, upwards, downwards


@dataclass(frozen=True, slots=True)
class TypedCode:
    """A code as typed. `odd`: not six digits, so the person is asked once more. `confirmed`: yes."""

    code: Secret
    odd: bool
    confirmed: bool = False


def read_digits(text: str) -> str:
    """The digits of `text` as ASCII, leading zeros kept. Raises ValueError for any other sign.

    `unicodedata.decimal`, not int(): circled and superscript digits are no digits here.
    """
    if len(text) > LONGEST_INPUT:
        raise ValueError("too long")
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if category == "Nd":
            kept.append(str(unicodedata.decimal(char)))
        elif category not in _SKIPPED and char not in _DOTS:
            raise ValueError("not a digit")
    return "".join(kept)


def code_from(text: str, *, field: str) -> Secret:
    """A verification code of four to six digits. Raises BadInput with a sentence for beside the field."""
    digits = _checked(text, field=field, what="code")
    if len(digits) not in _CODE:
        raise BadInput(
            f"That is {_how_many(digits)}; the code has 6. Compare it with the message or the call.",
            field=field,
        )
    return Secret(digits)


def pin_from(text: str, *, field: str) -> Secret:
    """A two-step PIN: exactly six digits. Raises BadInput with a sentence for beside the field."""
    digits = _checked(text, field=field, what="PIN")
    if len(digits) != _PIN:
        raise BadInput(f"That is {_how_many(digits)}; a PIN has exactly 6.", field=field)
    return Secret(digits)


def hard_to_guess(pin: Secret, *, field: str) -> Secret:
    """`pin`, about to become a number's new one. Raises BadInput when it is one digit over and over, or a run."""
    digits = [int(digit) for digit in pin.reveal()]
    steps = {(after - before) % 10 for before, after in pairwise(digits)}
    if steps in _GUESSED:
        raise BadInput(
            "This PIN is easy to guess: not the same digit six times, and no run such as 123456.", field=field
        )
    return pin


def _how_many(digits: str) -> str:
    return "1 digit" if len(digits) == 1 else f"{len(digits)} digits"


def _checked(text: str, *, field: str, what: str) -> str:
    if len(text) > LONGEST_INPUT:
        raise BadInput(f"That is too long for a {what}: 6 digits, please.", field=field)
    try:
        digits = read_digits(text)
    except ValueError:
        raise BadInput(f"A {what} has only digits: 6 of them, please.", field=field) from None
    if not digits:
        raise BadInput(f"Type the {what}: 6 digits.", field=field)
    return digits
