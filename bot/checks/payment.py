"""Is the account's payment method in order?"""

from bot.causes.account import PAYMENT
from bot.causes.finding import numbered
from bot.evidence.checked import Checked, Question
from bot.evidence.health import Trouble, code_of, entities, says, troubled
from bot.evidence.snapshot import Snapshot

QUESTION = Question("payment", "Is the payment method in order?", needed=False)
_FAILED_MESSAGE = 131042


def check(snapshot: Snapshot) -> Checked:
    entity = troubled(snapshot, Trouble.PAYMENT)
    rests = snapshot.number if snapshot.number.known else snapshot.account
    if entity:
        return QUESTION.no(rests, numbered(PAYMENT, code_of(entity), words=says(entity)))
    failed = snapshot.events.failures.get(_FAILED_MESSAGE) if snapshot.events else None
    if failed:
        return QUESTION.no(failed.told, numbered(PAYMENT, _FAILED_MESSAGE))
    if any(True for _ in entities(snapshot)):
        return QUESTION.yes(rests)
    return QUESTION.unknown(rests, "Meta did not report its health." if rests.known else "")
