"""Did every message lately keep to the 24-hour rule?"""

from bot.causes.code import WINDOW_CLOSED
from bot.causes.finding import numbered
from bot.evidence.checked import Checked, Question
from bot.evidence.snapshot import Snapshot

QUESTION = Question("replies", "Did every message lately keep to the 24-hour rule?", needed=False)
_WINDOW_CLOSED = 131047


def check(snapshot: Snapshot) -> Checked:
    if snapshot.events is None:
        return QUESTION.unknown(None, "This bot has no webhook end point of its own to hear of it.")
    failed = snapshot.events.failures.get(_WINDOW_CLOSED)
    if failed is None:
        return QUESTION.yes(None)
    return QUESTION.no(
        failed.told, numbered(WINDOW_CLOSED, _WINDOW_CLOSED), word=f"{failed.count} in 24 hours"
    )
