"""Can the two-step PIN be used?"""

from dataclasses import replace

from bot.acts import Act
from bot.causes.cause import Cause
from bot.causes.code import PIN_LOCKED, PIN_TOO_FAST, PIN_WRONG
from bot.causes.finding import numbered
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import failure, is_away, known_number
from bot.evidence.records import Attempt
from bot.evidence.snapshot import Snapshot

QUESTION = Question("pin", "Can the two-step PIN be used?", needed=False)
_LOCKING_MISSES = 2  # 133006 after as many wrong PINs is Meta's way to say that the PIN is locked


def check(snapshot: Snapshot) -> Checked:
    number = known_number(snapshot)
    if number is None:
        return QUESTION.unknown(snapshot.number)
    tried = failure(snapshot, Act.REGISTER)
    set_since = snapshot.attempts.last.get(Act.PIN_SET)
    is_new = tried is not None and set_since is not None and set_since.ok and set_since.at > tried.at
    cause = _cause(tried, snapshot) if tried and is_away(number) and not is_new else None
    if tried is None or cause is None:
        if number.is_pin_enabled is None:
            return QUESTION.unknown(snapshot.number, "Meta did not say whether there is one.")
        return QUESTION.yes(snapshot.number, "One is set." if number.is_pin_enabled else "No PIN is set yet.")
    until = tried.until if tried.until and tried.until > snapshot.now and cause is not PIN_WRONG else None
    finding = numbered(cause, tried.code, tried.subcode, words=tried.words, until=until)
    return QUESTION.no(tried.told, replace(finding, trace=tried.trace))


def _cause(tried: Attempt, snapshot: Snapshot) -> Cause | None:
    """Once the wait is over, what is left is a PIN that nobody knew."""
    waiting = tried.until is None or tried.until > snapshot.now
    match tried.code:
        case 133005:
            return PIN_WRONG
        case 133008:
            return PIN_LOCKED if waiting else PIN_WRONG
        case 133009:
            return PIN_TOO_FAST if waiting else PIN_WRONG
        case 133006 if snapshot.attempts.pin_misses >= _LOCKING_MISSES:
            return PIN_LOCKED
    return None
