"""Has Meta restricted the account for a time?"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.causes.account import ACCOUNT_RESTRICTED
from bot.causes.finding import Finding, found
from bot.causes.number import NUMBER_RESTRICTED
from bot.evidence.checked import Checked, Question, last_known
from bot.evidence.facts import status, word
from bot.evidence.records import Earlier, Restriction
from bot.evidence.snapshot import Snapshot
from bot.evidence.standing import number_works, still_holds, with_the_live_status
from bot.status import Answer

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
    """What is read later counts more. Without an end only a reading can tell that a restriction still holds."""
    if snapshot.events is None:
        return QUESTION.unknown(None, "This bot has no webhook end point of its own to hear of them.")
    held = [(each, _holds(each, snapshot)) for each in snapshot.events.restrictions]
    harmful = [
        (each, holds)
        for each, holds in held
        if word(each.kind) not in _HARMLESS and not (each.of_number and status(snapshot) == "RESTRICTED")
    ]  # that the number itself is restricted is another check's finding, by its status
    certain = [each for each, holds in harmful if holds is Answer.YES]
    if certain:
        worst = _worst(certain, snapshot)
        return QUESTION.no(_told(worst), _live(worst, snapshot), word=worst.kind)
    perhaps = [each for each, holds in harmful if holds is Answer.UNKNOWN]
    if perhaps:
        worst = _worst(perhaps, snapshot)
        rests = snapshot.account if snapshot.number.known else snapshot.number
        return QUESTION.unknown(rests, last=last_known(_finding(worst), _told(worst)))
    harmless = [each.kind for each, holds in held if holds is Answer.YES]
    note = "No further number may be added for now." if harmless else ""
    return QUESTION.yes(None, note, word=", ".join(harmless))


def _holds(restriction: Restriction, snapshot: Snapshot) -> Answer:
    if restriction.ends_at is not None and restriction.ends_at <= snapshot.now:
        return Answer.NO
    if restriction.ends_at is not None:
        return still_holds(snapshot, restriction.seen_at, number_works(snapshot))
    if not snapshot.number.known:
        return Answer.UNKNOWN
    return Answer.YES if status(snapshot) == "RESTRICTED" else Answer.NO


def _worst(restrictions: list[Restriction], snapshot: Snapshot) -> Restriction:
    return max(restrictions, key=lambda each: (each.ends_at is not None, each.ends_at or snapshot.now))


def _live(restriction: Restriction, snapshot: Snapshot) -> Finding:
    finding = _finding(restriction)
    if restriction.seen_at is None:
        return finding
    return with_the_live_status(finding, snapshot, restriction.seen_at, number_works(snapshot))


def _finding(restriction: Restriction) -> Finding:
    if restriction.of_number and word(restriction.kind) == "RESTRICTED_BIZ_INITIATED_MESSAGING":
        return found(NUMBER_RESTRICTED, until=restriction.ends_at, word=restriction.kind)
    unnamed = f"is under “{restriction.kind.strip() or 'a restriction without a name'}”"
    what = _WHAT.get(word(restriction.kind), unnamed)
    return found(ACCOUNT_RESTRICTED, until=restriction.ends_at, what=what, word=restriction.kind)


def _told(restriction: Restriction) -> Earlier:
    return Earlier("Meta's event account_update", restriction.seen_at)
