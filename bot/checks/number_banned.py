"""Is the number free of a ban?"""

from bot.causes.finding import found
from bot.causes.number import NUMBER_BANNED
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import AWAY, LOST, REGISTERED, known_number, word
from bot.evidence.snapshot import Snapshot

QUESTION = Question("number_banned", "Is the number free of a ban?")


def check(snapshot: Snapshot) -> Checked:
    number = known_number(snapshot)
    if number is None:
        return QUESTION.unknown(snapshot.number)
    state = word(number.status)
    if state == "BANNED":
        return QUESTION.no(snapshot.number, found(NUMBER_BANNED, word=state), word=state)
    if state in REGISTERED | AWAY | LOST:
        return QUESTION.yes(snapshot.number)
    return QUESTION.unknown(
        snapshot.number, "Meta's word for its state is not one this bot knows.", word=number.status
    )
