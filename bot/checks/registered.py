"""Is the number registered?"""

from bot.acts import Act
from bot.causes.code import NOT_REGISTERED
from bot.causes.finding import Finding, found, numbered
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import (
    AWAY,
    LOST,
    REGISTERED,
    failure,
    known_number,
    needs_registration,
    waits_for_name,
    word,
)
from bot.evidence.snapshot import Snapshot

QUESTION = Question("registered", "Is the number registered?")


def check(snapshot: Snapshot) -> Checked:
    number = known_number(snapshot)
    if number is None:
        return QUESTION.unknown(snapshot.number)
    state, platform = word(number.status), word(number.platform_type)
    if state in REGISTERED:
        if platform == "NOT_APPLICABLE":
            return QUESTION.unknown(
                snapshot.number, "Meta contradicts itself: no platform has it.", word=number.status
            )
        return QUESTION.yes(snapshot.number, word=number.status)
    if needs_registration(snapshot):
        finding = None if waits_for_name(snapshot) else _missing(snapshot, number.status or "")
        return QUESTION.no(
            snapshot.number, finding, "" if finding else "It waits for its name.", word=number.status
        )
    if state in AWAY | LOST:
        return QUESTION.no(snapshot.number, None, "Another check says why.", word=number.status)
    return QUESTION.unknown(
        snapshot.number, "Meta's word for its state is not one this bot knows.", word=number.status
    )


def _missing(snapshot: Snapshot, said: str) -> Finding:
    tried = failure(snapshot, Act.REGISTER)
    if tried and tried.code in (133010, 131045):
        return numbered(NOT_REGISTERED, tried.code, tried.subcode, words=tried.words)
    return found(NOT_REGISTERED, word=said)
