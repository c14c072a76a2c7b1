"""What a number that somebody typed means: `/whatsapp explain 190/463`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.error_numbers import auth, general, registration, sending
from bot.error_numbers.row import ErrorNumber
from bot.remedy import Fix

ROWS: tuple[ErrorNumber, ...] = (*auth.ROWS, *registration.ROWS, *sending.ROWS, *general.ROWS)
TABLE: Mapping[tuple[int, int], ErrorNumber] = MappingProxyType({(r.code, r.subcode): r for r in ROWS})
UNKNOWN_DO = "Look it up in Meta's list of error codes (developers.facebook.com), or show it to a manager."
_RANGES = tuple(row for row in ROWS if row.last)
_TYPED = re.compile(r"(?<![0-9])([0-9]{1,9})(?:\s*[/:.,]?\s*([0-9]{1,9}))?(?![0-9])")


@dataclass(frozen=True, slots=True)
class Explained:
    """`row` None: not in the table, or (`asked` "") no number was typed. `whole` False: the row explains the
    code, and the subcode beside it is not known. `others`: rows of the same code with other subcodes."""

    asked: str
    row: ErrorNumber | None = None
    whole: bool = True
    others: tuple[ErrorNumber, ...] = ()

    @property
    def sentence(self) -> str:
        if not self.asked:
            return "Type a number as Meta gives it, for example 133005 or 190/463."
        if self.row is None:
            return f"{self.asked} is not in this bot's table. Meta's own words beside it count."
        if not self.whole:
            return f"{self.row.says} The second number is not in this bot's table."
        return self.row.says

    @property
    def do(self) -> str:
        if self.row is None:
            return UNKNOWN_DO if self.asked else ""
        if self.row.fix is Fix.RECONNECT_META:
            return f"{self.row.do} “Reconnect with Meta” (`/whatsapp oauth`) makes one."
        return self.row.do


def explain(text: str) -> Explained:
    """By code and subcode in any usual form (“190/463”, “(#131047)”), or by a subcode alone."""
    typed = _TYPED.search(text)
    if typed is None:
        return Explained("")
    code, subcode = int(typed[1]), int(typed[2] or 0)
    asked = f"{code}/{subcode}" if subcode else str(code)
    exact = TABLE.get((code, subcode)) or (TABLE.get((0, subcode)) if subcode else None)
    row = exact or row_of(code) or (None if subcode else TABLE.get((0, code)))
    others = tuple(each for each in ROWS if each.code == code and code and each is not row)
    return Explained(asked, row, whole=exact is not None or not subcode, others=others)


def row_of(code: int) -> ErrorNumber | None:
    """The row of a code without a subcode, single or by its range."""
    single = TABLE.get((code, 0))
    return single or next((row for row in _RANGES if row.code <= code <= row.last), None)
