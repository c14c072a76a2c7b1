"""Does Meta let the account work, or is it locked or blocked for a policy reason?"""

from bot.acts import Act
from bot.causes.account import ACCOUNT_LOCKED, ACCOUNT_POLICY
from bot.causes.cause import Cause
from bot.causes.finding import Finding, numbered, refused
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import DAY, failure, known_number, refusals, word
from bot.evidence.health import Trouble, code_of, entities, says, troubled
from bot.evidence.snapshot import Snapshot

QUESTION = Question("account_policy", "Is the account free of locks and policy blocks?")
_BY_NUMBER: tuple[tuple[int, Cause], ...] = ((131031, ACCOUNT_LOCKED), (368, ACCOUNT_POLICY))


def check(snapshot: Snapshot) -> Checked:
    finding = _told_by_health(snapshot) or _told_by_number(snapshot)
    if finding:
        return QUESTION.no(snapshot.number if snapshot.number.asked else None, finding)
    if any(True for _ in entities(snapshot)):
        return QUESTION.yes(snapshot.number if snapshot.number.known else snapshot.account)
    return QUESTION.unknown(
        snapshot.number, "Meta did not report its health." if snapshot.number.known else ""
    )


def _told_by_health(snapshot: Snapshot) -> Finding | None:
    for kind, cause in ((Trouble.LOCKED, ACCOUNT_LOCKED), (Trouble.POLICY, ACCOUNT_POLICY)):
        entity = troubled(snapshot, kind)
        if entity:
            return numbered(cause, code_of(entity), words=says(entity))
    return None


def _told_by_number(snapshot: Snapshot) -> Finding | None:
    """By a refused read, a message that failed within a day, or a registration refused while not connected."""
    number = known_number(snapshot)
    tried = (
        failure(snapshot, Act.REGISTER, within=DAY) if number and word(number.status) != "CONNECTED" else None
    )
    for code, cause in _BY_NUMBER:
        for error in refusals(snapshot):
            if error.code == code:
                return refused(cause, error)
        if tried and tried.code == code:
            return numbered(cause, code, tried.subcode, words=tried.words)
        if snapshot.events and code in snapshot.events.failures:
            return numbered(cause, code)
    return None
