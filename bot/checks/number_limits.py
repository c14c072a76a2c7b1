"""Is the number free of limits on sending?"""

from bot.causes.finding import found, numbered
from bot.causes.number import NUMBER_LIMIT_REACHED, NUMBER_RESTRICTED
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import DAY, known_number, word
from bot.evidence.snapshot import Snapshot

QUESTION = Question("number_limits", "Is the number free of limits on sending?")
_SPAM_LIMIT = 131048


def check(snapshot: Snapshot) -> Checked:
    number, events = known_number(snapshot), snapshot.events
    state = word(number.status) if number else ""
    if state == "RESTRICTED":
        ends = [r.ends_at for r in (events.restrictions if events else ()) if r.ends_at]
        until = max((end for end in ends if end > snapshot.now), default=None)
        return QUESTION.no(snapshot.number, found(NUMBER_RESTRICTED, until=until, word=state), word=state)
    if state == "RATE_LIMITED":
        until = events.limited_since + DAY if events and events.limited_since else None
        until = until if until and until > snapshot.now else None
        return QUESTION.no(snapshot.number, found(NUMBER_LIMIT_REACHED, until=until, word=state), word=state)
    failed = events.failures.get(_SPAM_LIMIT) if events else None
    if failed:
        finding = numbered(NUMBER_LIMIT_REACHED, _SPAM_LIMIT, until=failed.last + DAY)
        return QUESTION.no(failed.told, finding)
    if number is None:
        return QUESTION.unknown(snapshot.number)
    limit = number.messaging_limit
    return QUESTION.yes(snapshot.number, "The limit is the whole business's." if limit else "", word=limit)
