"""If the WhatsApp Business app uses the number, too: is it still linked here?"""

from bot.causes.finding import Finding, found
from bot.causes.number import COEX_DISCONNECTED, COEX_INACTIVE, COEX_OFFBOARDED
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import is_away, known_number, no_access, word
from bot.evidence.snapshot import Snapshot

QUESTION = Question("business_app", "If the Business app uses it, too: is it linked here?", needed=False)
_REASONS: tuple[tuple[str, str], ...] = (
    ("CHANGE", "the phone changed its number"),
    ("REGIST", "the number was registered again on a phone"),
    ("DOWNGRAD", "the phone went back to the ordinary WhatsApp"),
)


def check(snapshot: Snapshot) -> Checked:
    """An old event does not count against a number that is read as connected now."""
    number = known_number(snapshot)
    if number is None and not no_access(snapshot.number.error):
        return QUESTION.unknown(snapshot.number)
    is_off = number is None or is_away(number)
    if is_off and snapshot.events and snapshot.events.offboarded_at:
        return QUESTION.no(snapshot.number, _offboarded(snapshot.events.offboarded))
    if number is None or number.is_on_biz_app is None:
        return QUESTION.unknown(
            snapshot.number, "" if number is None else "Meta did not say whether the app uses it."
        )
    if number.is_on_biz_app and is_off:
        return QUESTION.no(snapshot.number, found(COEX_DISCONNECTED), word=number.status)
    note = "Linked and active." if number.is_on_biz_app else "The app does not use it."
    return QUESTION.yes(snapshot.number, note)


def _offboarded(said: str) -> Finding:
    reason = word(said)
    if "INACTIV" in reason:
        return found(COEX_INACTIVE, word=said)
    known = next((words for part, words in _REASONS if part in reason), "")
    told = f"Meta gives the reason “{said.strip()}”" if reason else "Meta gave no reason"
    return found(COEX_OFFBOARDED, reason=known or told, word=said)
