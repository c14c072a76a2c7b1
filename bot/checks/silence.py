"""Do customers write as often as usual?"""

from datetime import timedelta

from bot.causes.code import SILENT_INBOUND
from bot.causes.finding import found
from bot.evidence.checked import Checked, Question
from bot.evidence.records import Earlier
from bot.evidence.snapshot import Snapshot

QUESTION = Question("silence", "Do customers write as often as usual?", needed=False)
_TIMES_USUAL = 3
_AT_LEAST = timedelta(hours=1)


def check(snapshot: Snapshot) -> Checked:
    """Silence is suspicious and never proves anything."""
    events = snapshot.events
    if events is None or events.last_inbound is None:
        return QUESTION.unknown(None, "This bot has not seen a message of a customer yet.")
    if events.usual_gap is None:
        return QUESTION.unknown(None, "Too little is known of its rhythm.")
    quiet = snapshot.now - events.last_inbound
    if quiet > max(_AT_LEAST, events.usual_gap * _TIMES_USUAL):
        heard = Earlier("Meta's event of the last message", events.last_inbound)
        return QUESTION.no(heard, found(SILENT_INBOUND, last=events.last_inbound))
    return QUESTION.yes(None)
