"""Is it a number for customers, or one of Meta's test numbers?"""

from bot.causes.finding import found
from bot.causes.number import TEST_NUMBER
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import known_number, word
from bot.evidence.snapshot import Snapshot

QUESTION = Question(
    "real_number", "Is it a number for customers, not one of Meta's test numbers?", needed=False
)


def check(snapshot: Snapshot) -> Checked:
    number = known_number(snapshot)
    if number is None:
        return QUESTION.unknown(snapshot.number)
    mode = word(number.account_mode)
    if mode == "SANDBOX":
        return QUESTION.no(snapshot.number, found(TEST_NUMBER, word=mode), word=mode)
    if mode != "LIVE":
        return QUESTION.unknown(
            snapshot.number, "Meta did not say in a word this bot knows.", word=number.account_mode
        )
    return QUESTION.yes(snapshot.number, word=mode)
