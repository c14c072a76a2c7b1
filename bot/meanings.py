"""What Meta's error numbers mean for the person in front of them: a sentence and what to do next.

The numbers themselves are rows of bot/error_numbers; here is what is said where an error happens.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.error_numbers.explaining import ROWS
from bot.graph.errors import GraphError, NotFound, PermissionMissing, Throttled, TokenRejected, Unreachable

_ADDRESS = re.compile(r"\b[a-z]+://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Meaning:
    """`says`: what happened; `do`: what to do next and who can."""

    says: str
    do: str


MEANINGS: Mapping[tuple[int, int], Meaning] = MappingProxyType(
    {(row.code, row.subcode): Meaning(row.says, row.do) for row in ROWS if row.inline}
)

_NEW_ACCESS = (
    "“Reconnect with Meta” (`/whatsapp oauth`) makes a new one, or a manager pastes one: "
    "`/whatsapp token replace`."
)


def metas_words(error: GraphError) -> str:
    """What Meta wrote for people; without that its details, which name the wait of 133008; else its message.

    Untrusted text. Meta's number in front of a message is left out: it is shown beside the words. So are
    addresses: whoever answers in Meta's place cannot plant a link.
    """
    return without_addresses(_words(error))


def quoted(words: str) -> str:
    """Meta's words as a sentence that others may follow; "" without words."""
    return f"Meta says: “{words}”{'' if words[-1] in '.!?…' else '.'}" if words else ""


def without_addresses(text: str) -> str:
    return _ADDRESS.sub("…", text)


def _words(error: GraphError) -> str:
    if error.title:
        return f"{error.title}: {error.words}"
    prefix = f"(#{error.code}) "
    if error.words.startswith(prefix):
        return error.details or error.words.removeprefix(prefix)
    return error.words or error.details


# 100 without a subcode means this only where a code was checked; anywhere else it can be any parameter.
# Whether it may be typed again depends on the tries left: the window says so below.
WRONG_CODE = Meaning("Meta did not accept the code.", "Compare it with the message or the call.")


def meaning(error: GraphError) -> Meaning:
    """What to tell a person about `error`; Meta's own words are shown beside it, never instead of it."""
    for key in ((error.code, error.subcode), (0, error.subcode), (error.code, 0)):
        if key != (0, 0) and key in MEANINGS:
            found = MEANINGS[key]
            return Meaning(found.says, f"{found.do} {_NEW_ACCESS}") if error.code == 190 else found
    return _by_kind(error)


def _by_kind(error: GraphError) -> Meaning:
    match error:
        case Unreachable(sent=False):
            return Meaning("Meta could not be reached. Nothing was sent.", "Try again in a minute.")
        case Unreachable():
            return Meaning(
                "Meta did not answer in a way that can be read.", "Press “Check status” before trying again."
            )
        case Throttled():
            return Meaning("Meta asks us to wait.", "The button works again at the time shown.")
        case TokenRejected():
            return Meaning("Meta does not accept our access token.", _NEW_ACCESS)
        case PermissionMissing():
            return Meaning(
                "Our access token lacks a permission, or the account is not assigned to its user.",
                "A manager grants it in Business settings, then “Try refreshing permissions”.",
            )
        case NotFound():
            return Meaning(
                "Meta does not find this number, or our token may not see it.",
                "Check in WhatsApp Manager whether it is still there.",
            )
        case _:
            return Meaning("Meta refused.", "See Meta's words; a manager can ask Meta with the trace id.")
