"""Does Meta let the account work, or is it locked or blocked for a policy reason?"""

from collections.abc import Iterator
from itertools import chain

from bot.acts import Act
from bot.causes.account import ACCOUNT_LOCKED, ACCOUNT_POLICY
from bot.causes.cause import Cause
from bot.causes.finding import Finding, numbered, refused
from bot.evidence.checked import Checked, Question, Rests
from bot.evidence.facts import DAY, failure, known_number, word
from bot.evidence.health import Trouble, code_of, entities, says, troubled
from bot.evidence.snapshot import Snapshot

QUESTION = Question("account_policy", "Is the account free of locks and policy blocks?")
_BY_NUMBER: tuple[tuple[int, Cause], ...] = ((131031, ACCOUNT_LOCKED), (368, ACCOUNT_POLICY))


def check(snapshot: Snapshot) -> Checked:
    told = next(chain(_told_by_health(snapshot), _told_by_number(snapshot)), None)
    if told:
        return QUESTION.no(*told)
    if any(True for _ in entities(snapshot)):
        return QUESTION.yes(snapshot.number if snapshot.number.known else snapshot.account)
    return QUESTION.unknown(
        snapshot.number, "Meta did not report its health." if snapshot.number.known else ""
    )


def _told_by_health(snapshot: Snapshot) -> Iterator[tuple[Rests, Finding]]:
    for kind, cause in ((Trouble.LOCKED, ACCOUNT_LOCKED), (Trouble.POLICY, ACCOUNT_POLICY)):
        entity = troubled(snapshot, kind)
        if entity:
            rests = snapshot.number if snapshot.number.known else snapshot.account
            yield rests, numbered(cause, code_of(entity), words=says(entity))


def _told_by_number(snapshot: Snapshot) -> Iterator[tuple[Rests, Finding]]:
    """By a refused read, a message that failed within a day, or a registration refused while not connected."""
    number = known_number(snapshot)
    tried = (
        failure(snapshot, Act.REGISTER, within=DAY) if number and word(number.status) != "CONNECTED" else None
    )
    for code, cause in _BY_NUMBER:
        for reading in (snapshot.number, snapshot.account, snapshot.apps):
            if reading.error and reading.error.code == code:
                yield reading, refused(cause, reading.error)
        if tried and tried.code == code:
            yield tried.told, numbered(cause, code, tried.subcode, words=tried.words)
        failed = snapshot.events.failures.get(code) if snapshot.events else None
        if failed:
            yield failed.told, numbered(cause, code)
