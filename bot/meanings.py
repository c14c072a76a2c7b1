"""What Meta's error numbers mean for the person in front of them: a sentence and what to do next.

One table of data: (code, subcode) → meaning; subcode 0 is any. Sources: meta-graph.md §2.2, §6.2, §7.4.
"""

import re
from dataclasses import dataclass

from bot.graph.errors import GraphError, NotFound, PermissionMissing, Throttled, TokenRejected, Unreachable

_ADDRESS = re.compile(r"\b[a-z]+://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Meaning:
    """`says`: what happened; `do`: what to do next and who can."""

    says: str
    do: str


MEANINGS: dict[tuple[int, int], Meaning] = {
    (136024, 0): Meaning(
        "Meta refused to send a code.", "Often the number is verified already: press “Check status”."
    ),
    (0, 136025): Meaning("The code is expired or was used already.", "Press “Send again” for a new one."),
    (0, 2388091): Meaning(
        "This number cannot receive a code now.", "Check that it is not used in a WhatsApp app."
    ),
    (0, 2388093): Meaning(
        "Meta refuses a code for this number now.", "Wait an hour, or choose “Voice call”."
    ),
    (0, 2388001): Meaning(
        "The display name is not ready: Meta cannot create the number's certificate.",
        "Wait until the name is approved in WhatsApp Manager, then reconnect.",
    ),
    (133000, 0): Meaning("An earlier deregistration is not finished.", "Wait a few minutes, then try again."),
    (133004, 0): Meaning("Meta's registration server is busy.", "Try again in a few minutes."),
    (133005, 0): Meaning(
        "The two-step PIN is wrong.",
        "Ask whoever set it, or press “Set a new PIN”. Do not guess: three wrong PINs lock the number.",
    ),
    (133006, 0): Meaning("Meta wants the number verified again first.", "Ask for a code."),
    (133008, 0): Meaning(
        "Too many wrong PINs: Meta has locked the PIN for a while.", "Wait until the time shown."
    ),
    (133009, 0): Meaning("The PIN was tried too quickly.", "Wait until the time shown."),
    (133010, 0): Meaning("The number is not registered.", "Reconnect it."),
    (133015, 0): Meaning("The number was deleted a moment ago and Meta is not done.", "Wait five minutes."),
    (133016, 0): Meaning("Ten registrations in 72 hours: Meta has blocked the number.", "Wait 72 hours."),
    (131031, 0): Meaning("Meta has locked the account.", "Appeal in Business Support Home."),
    (131045, 0): Meaning("Meta reports a registration problem.", "Register the number again."),
    (368, 0): Meaning("Meta blocks the account for a policy reason.", "See Business Support Home."),
    (190, 458): Meaning(
        "Access was removed: someone took the app off.", "Connect again and accept every permission."
    ),
    (190, 459): Meaning(
        "Meta wants the account's owner to log in.", "Log in at facebook.com, then connect again."
    ),
    (190, 460): Meaning("The password was changed, so the token died.", "A new access token is needed."),
    (190, 463): Meaning("The access token has expired.", "A new access token is needed."),
    (190, 464): Meaning(
        "The Facebook account is not confirmed.", "Confirm it at facebook.com, then connect again."
    ),
    (190, 465): Meaning("The Facebook account is disabled.", "Another administrator must connect."),
    (190, 466): Meaning("The access token was revoked.", "A new access token is needed."),
    (190, 467): Meaning("The access token was logged out.", "A new access token is needed."),
    (190, 492): Meaning(
        "The token's user has lost the needed role.", "Give the role back, then connect again."
    ),
    (190, 0): Meaning("Meta does not accept our access token.", "A new access token is needed."),
}

_REPLACE_TOKEN = "Whoever runs the bot puts a new token into META_ACCESS_TOKEN and restarts it."  # noqa: S105


def metas_words(error: GraphError) -> str:
    """What Meta wrote for people; without that its details, which name the wait of 133008; else its message.

    Untrusted text. Meta's number in front of a message is left out: it is shown beside the words. So are
    addresses: whoever answers in Meta's place cannot plant a link.
    """
    return without_addresses(_words(error))


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
WRONG_CODE = Meaning(
    "Meta did not accept the code.", "Compare it with the message on the phone and type it again."
)


def meaning(error: GraphError) -> Meaning:
    """What to tell a person about `error`; Meta's own words are shown beside it, never instead of it."""
    for key in ((error.code, error.subcode), (0, error.subcode), (error.code, 0)):
        if key != (0, 0) and key in MEANINGS:
            found = MEANINGS[key]
            return Meaning(found.says, f"{found.do} {_REPLACE_TOKEN}") if error.code == 190 else found
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
            return Meaning("Meta does not accept our access token.", _REPLACE_TOKEN)
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
