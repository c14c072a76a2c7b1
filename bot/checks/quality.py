"""Is the quality of the number good?"""

from bot.causes.finding import found
from bot.causes.number import NUMBER_FLAGGED, QUALITY_MEDIUM
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import known_number, word
from bot.evidence.snapshot import Snapshot

QUESTION = Question("quality", "Is the quality of the number good?", needed=False)


def check(snapshot: Snapshot) -> Checked:
    """Meta gives no colour before there is enough traffic, which is no trouble."""
    number = known_number(snapshot)
    if number is None:
        return QUESTION.unknown(snapshot.number)
    colour = word(number.quality_rating)
    if colour == "RED" or word(number.status) == "FLAGGED":
        said = "RED" if colour == "RED" else "FLAGGED"
        return QUESTION.no(snapshot.number, found(NUMBER_FLAGGED, word=said), word=said)
    if colour == "YELLOW":
        return QUESTION.no(snapshot.number, found(QUALITY_MEDIUM, word=colour), word=colour)
    if colour == "GREEN":
        return QUESTION.yes(snapshot.number, word=colour)
    return QUESTION.unknown(snapshot.number, "Meta has not rated it yet.", word=number.quality_rating)
