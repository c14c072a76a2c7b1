"""Has Meta restricted the account for a time?"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.causes.account import ACCOUNT_RESTRICTED
from bot.causes.finding import found
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import status, word
from bot.evidence.records import Restriction
from bot.evidence.snapshot import Snapshot

QUESTION = Question("restriction", "Is the account free of restrictions?", needed=False)
_WHAT: Mapping[str, str] = MappingProxyType(
    {
        "RESTRICTED_BIZ_INITIATED_MESSAGING": "may reply, but not start conversations",
        "RESTRICTED_CUSTOMER_INITIATED_MESSAGING": "may not answer customers",
        "RESTRICTED_UTILITY_TEMPLATES": "may not send utility templates",
    }
)
_HARMLESS = frozenset({"RESTRICTED_ADD_PHONE_NUMBER_ACTION"})


def check(snapshot: Snapshot) -> Checked:
    """Without an end only a reading can tell that a restriction still holds, so it then takes both."""
    if snapshot.events is None:
        return QUESTION.unknown(None, "This bot has no webhook end point of its own to hear of them.")
    holding = [each for each in snapshot.events.restrictions if _holds(each, snapshot)]
    harmful = [each for each in holding if word(each.kind) not in _HARMLESS]
    if not harmful:
        note = "No further number may be added for now." if holding else ""
        return QUESTION.yes(None, note, word=", ".join(each.kind for each in holding))
    worst = max(harmful, key=lambda each: (each.ends_at is not None, each.ends_at or snapshot.now))
    what = _WHAT.get(word(worst.kind), f"is under “{worst.kind.strip() or 'a restriction without a name'}”")
    return QUESTION.no(
        None, found(ACCOUNT_RESTRICTED, until=worst.ends_at, what=what, word=worst.kind), word=worst.kind
    )


def _holds(restriction: Restriction, snapshot: Snapshot) -> bool:
    if restriction.ends_at is not None:
        return restriction.ends_at > snapshot.now
    return status(snapshot) == "RESTRICTED"
