"""Is the display name ready for a registration?"""

from bot.causes.code import NAME_DECLINED, NAME_PENDING
from bot.causes.finding import found
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import known_number, waits_for_name, word
from bot.evidence.snapshot import Snapshot

QUESTION = Question("display_name", "Is the display name ready?", needed=False)


def check(snapshot: Snapshot) -> Checked:
    """It matters only where a registration is the next step; a connected number works with any."""
    number = known_number(snapshot)
    if number is None:
        return QUESTION.unknown(snapshot.number)
    name = word(number.name_status)
    if waits_for_name(snapshot):
        cause = NAME_DECLINED if name == "DECLINED" else NAME_PENDING
        return QUESTION.no(
            snapshot.number, found(cause, word=number.name_status or ""), word=number.name_status
        )
    if not name:
        return QUESTION.unknown(snapshot.number, "Meta did not say.")
    note = "Customers see the number instead of this name." if name == "DECLINED" else ""
    return QUESTION.yes(snapshot.number, note, word=number.name_status)
