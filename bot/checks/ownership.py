"""Is the ownership of the number proven?"""

from bot.acts import Act
from bot.causes.code import OTP_EXPIRED_BUT_LIVE, OTP_NEEDED
from bot.causes.finding import Finding, found, numbered
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import REGISTERED, UNPROVEN, failure, known_number, needs_code, word
from bot.evidence.snapshot import Snapshot

QUESTION = Question("ownership", "Is the ownership of the number proven?")


def check(snapshot: Snapshot) -> Checked:
    """An expired proof is no fault while the number is registered."""
    number = known_number(snapshot)
    if number is None:
        return QUESTION.unknown(snapshot.number)
    said, proof = number.code_verification_status, word(number.code_verification_status)
    if needs_code(snapshot):
        return QUESTION.no(snapshot.number, _needed(snapshot, said or ""), word=said)
    if proof == "VERIFIED" or number.is_on_biz_app or word(number.account_mode) == "SANDBOX":
        note = "" if proof == "VERIFIED" else "No code is needed for it."
        return QUESTION.yes(snapshot.number, note, word=said)
    if proof in UNPROVEN and word(number.status) in REGISTERED:
        return QUESTION.no(snapshot.number, found(OTP_EXPIRED_BUT_LIVE, word=proof), word=said)
    if proof in UNPROVEN:
        return QUESTION.no(snapshot.number, None, "That matters only once it may be registered.", word=said)
    return QUESTION.unknown(snapshot.number, "Meta did not say in a word this bot knows.", word=said)


def _needed(snapshot: Snapshot, said: str) -> Finding:
    tried = failure(snapshot, Act.REGISTER)
    if tried and tried.code == 133006:
        return numbered(OTP_NEEDED, tried.code, tried.subcode, words=tried.words)
    return found(OTP_NEEDED, word=said)
