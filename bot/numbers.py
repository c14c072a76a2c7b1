"""Which number a person means: nickname, last digits, or the full number in any usual form."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

import phonenumbers
from phonenumbers import PhoneNumberType

from bot.errors import BadInput
from bot.graph.model import Number

MIN_SUFFIX = 4  # digits; fewer would match too many numbers
NATIONAL = 7  # digits; no number is written with its leading 0 and fewer
_NUMBER_LIKE = re.compile(r"\d(?:[\W_]{0,3}\d){4,}")  # five digits or more, however they are set apart


@dataclass(frozen=True, slots=True)
class NumberRef:
    """A number as people speak of it. `name` is the nickname, else the verified name (untrusted text), else the
    whole number: for the eyes of who asked. `public_name` is for everybody else's. `also`: further nicknames, which
    find it too."""

    id: str
    account_id: str
    name: str
    digits: str
    display: str = ""
    also: tuple[str, ...] = field(default=(), compare=False)

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.also)

    @property
    def tail(self) -> str:
        """The last four digits: all that the audit channel ever shows."""
        return self.digits[-4:]

    @property
    def masked(self) -> str:
        return f"…{self.tail}"

    @property
    def public_name(self) -> str:
        """The name as it may be posted and kept: nothing like a whole number in it, "" when nothing is left."""
        name = _NUMBER_LIKE.sub("••••", self.name) if self.name != self.display else ""
        return name if any(c.isalnum() for c in name) else ""


class Ambiguous(BadInput):
    """Several numbers fit; `choices` are they, in the order of the board."""

    def __init__(self, text: str, choices: tuple[NumberRef, ...]) -> None:
        super().__init__(f"{len(choices)} numbers fit “{text[:60]}”.", hint="Choose one.")
        self.choices = choices


class NoLongerListed(BadInput):
    """It was one of our numbers: Meta's lists have lacked it since `since`, in words."""

    def __init__(self, ref: NumberRef, since: str) -> None:
        super().__init__(
            f"“{ref.name}” ({ref.masked}) is no longer in its WhatsApp account: Meta has not listed it since {since}.",
            hint=f"`/whatsapp diagnose {ref.tail}` looks for the reason.",
        )


def ref_of(number: Number, nicknames: Mapping[str, str]) -> NumberRef:
    """The number with its nicknames, which are configured by phone number ID or by digits. The first is shown."""
    nicks = tuple(nick for nick, target in nicknames.items() if target in (number.id, number.digits))
    name = nicks[0] if nicks else number.verified_name.strip() or number.display
    return NumberRef(number.id, number.account_id, name, number.digits, number.display, nicks[1:])


def find(text: str, refs: Iterable[NumberRef]) -> NumberRef:
    """The one number meant by `text`. Raises Ambiguous, or BadInput saying what to type instead."""
    known = tuple(refs)
    wanted = " ".join(text.split())
    by_name = tuple(r for r in known if wanted.casefold() in map(str.casefold, r.names))
    if by_name:
        return _one(wanted, by_name)
    digits = _digits(wanted)
    if len(digits) >= MIN_SUFFIX and _looks_like_number(wanted):
        exact = tuple(r for r in known if digits in (r.digits, r.id))
        return _one(wanted, exact or _by_end(digits, known))
    return _one(wanted, _by_start(wanted, known), known)


def _by_end(digits: str, known: tuple[NumberRef, ...]) -> tuple[NumberRef, ...]:
    """By its last digits; a leading 0 is left out only where a whole national number was typed."""
    national = digits.lstrip("0")
    ends = (digits, national) if len(national) >= NATIONAL else (digits,)
    return tuple(r for r in known if r.digits.endswith(ends))


def _by_start(wanted: str, known: tuple[NumberRef, ...]) -> tuple[NumberRef, ...]:
    start = wanted.casefold()
    return tuple(r for r in known if len(start) >= 3 and any(n.casefold().startswith(start) for n in r.names))


def _one(wanted: str, fits: tuple[NumberRef, ...], known: tuple[NumberRef, ...] = ()) -> NumberRef:
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise Ambiguous(wanted, fits)
    if not known and _digits(wanted) and len(_digits(wanted)) >= 7:
        raise BadInput(
            f"No number of our WhatsApp accounts ends in “{wanted[:40]}”.",
            hint="It may belong to an account this bot's token cannot see. `/whatsapp status` lists the numbers "
            "it can.",
        )
    names = {name.casefold(): name for r in known for name in r.names}
    close = get_close_matches(wanted.casefold(), names, n=1)
    guess = names[close[0]] if close else ""
    raise BadInput(
        f"I know no number called “{wanted[:60]}”." + (f" Did you mean “{guess}”?" if guess else ""),
        hint="Type a nickname, the last 4 digits or more, or the whole number. `/whatsapp status` lists them.",
    )


def _digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(c)) for c in text if unicodedata.category(c) == "Nd")


def _looks_like_number(text: str) -> bool:
    return not any(c.isalpha() for c in text)


def line_type(digits: str) -> int:
    """A `phonenumbers.PhoneNumberType`: mobile, fixed line, toll-free, VoIP, …; UNKNOWN when it cannot tell."""
    try:
        return phonenumbers.number_type(phonenumbers.parse("+" + digits))
    except phonenumbers.NumberParseException:
        return PhoneNumberType.UNKNOWN


def code_advice(digits: str) -> str:
    """One sentence on how a code can reach this kind of line (meta-graph.md §2.1)."""
    match line_type(digits):
        case PhoneNumberType.MOBILE:
            return "This looks like a mobile number: an SMS is the usual way."
        case PhoneNumberType.FIXED_LINE:
            return "This looks like a landline: choose “Voice call”. A menu or switchboard that answers will lose it."
        case PhoneNumberType.TOLL_FREE:
            return (
                "This is a toll-free number: choose “Voice call”, and let a person answer, not a menu (IVR)."
            )
        case PhoneNumberType.VOIP:
            return "This looks like an internet (VoIP) number: “Voice call” is safer than SMS."
        case PhoneNumberType.FIXED_LINE_OR_MOBILE:
            return "SMS works if this line is a mobile; for a landline choose “Voice call”."
        case _:
            return "If no SMS arrives on this kind of line, choose “Voice call”."


def prefers_call(digits: str) -> bool:
    """Whether a voice call is the better default for this line."""
    return line_type(digits) in (PhoneNumberType.FIXED_LINE, PhoneNumberType.TOLL_FREE, PhoneNumberType.VOIP)
