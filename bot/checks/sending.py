"""Does Meta's health check let it send?"""

from bot.causes import account as causes
from bot.causes.finding import found, numbered
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import word
from bot.evidence.health import ENTITY_WORDS, Trouble, code_of, entities, says, trouble_of, troubled
from bot.evidence.snapshot import Snapshot
from bot.graph.model import HealthEntity

QUESTION = Question("sending", "Does Meta's health check let it send?")


def check(snapshot: Snapshot) -> Checked:
    """Judged by the entities: Meta's own sum says BLOCKED also when only calls (SIP) are not set up."""
    rests = snapshot.number if snapshot.number.known else snapshot.account
    blocked = troubled(snapshot, Trouble.BLOCKED)
    if blocked:
        finding = numbered(
            causes.SENDING_BLOCKED, code_of(blocked), words=says(blocked), entity=_words_for(blocked)
        )
        return QUESTION.no(rests, finding, word="BLOCKED")
    if not snapshot.number.known:
        return QUESTION.unknown(snapshot.number)
    seen = tuple(entities(snapshot))
    if not seen:
        return QUESTION.unknown(rests, "Meta did not report its health.")
    strange = next((each for each in seen if trouble_of(each) is Trouble.UNKNOWN), None)
    if strange:
        return QUESTION.unknown(rests, "Meta uses a word this bot does not know.", word=strange.can_send)
    return _limits(snapshot, seen)


def _limits(snapshot: Snapshot, seen: tuple[HealthEntity, ...]) -> Checked:
    rests = snapshot.number
    unverified = troubled(snapshot, Trouble.VERIFICATION)
    if unverified:
        return QUESTION.no(
            rests, numbered(causes.BUSINESS_NOT_VERIFIED, code_of(unverified), words=says(unverified))
        )
    limited = troubled(snapshot, Trouble.LIMITED)
    if limited:
        finding = found(causes.SENDING_LIMITED, entity=_words_for(limited), word=says(limited))
        return QUESTION.no(rests, finding, word="LIMITED")
    if any(trouble_of(each) is not Trouble.NONE for each in seen):
        return QUESTION.no(rests, None, "Another check says why.", word="BLOCKED")
    return QUESTION.yes(rests, _note(snapshot), word="AVAILABLE")


def _note(snapshot: Snapshot) -> str:
    number = snapshot.number.value
    if number and number.health and word(number.health.meta_says) == "BLOCKED":
        return "Meta's sum says BLOCKED only because calling (SIP) is not set up; messages are fine."
    return ""


def _words_for(entity: HealthEntity) -> str:
    return ENTITY_WORDS.get(word(entity.kind), entity.kind.strip() or "part without a name")
