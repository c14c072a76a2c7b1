"""May the number be registered now?"""

from dataclasses import replace
from datetime import timedelta

from bot.acts import Act
from bot.causes.code import REGISTER_BLOCKED, REGISTER_WAIT
from bot.causes.finding import numbered
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import failure, is_away, known_number
from bot.evidence.snapshot import Snapshot

QUESTION = Question("registering", "May it be registered now?", needed=False)
# Error number → cause and how long Meta makes one wait when it names no time (meta-graph.md §2.2).
_WAITS = (
    (133016, REGISTER_BLOCKED, timedelta(hours=72)),
    (133015, REGISTER_WAIT, timedelta(minutes=5)),
    (133000, REGISTER_WAIT, timedelta(minutes=5)),
)


def check(snapshot: Snapshot) -> Checked:
    number = known_number(snapshot)
    if number is None:
        return QUESTION.unknown(snapshot.number)
    tried = failure(snapshot, Act.REGISTER)
    for code, cause, wait in _WAITS:
        if tried is None or tried.code != code or not is_away(number):
            continue
        until = tried.until or tried.at + wait
        if until > snapshot.now:
            finding = numbered(cause, code, tried.subcode, words=tried.words, until=until)
            return QUESTION.no(tried.told, replace(finding, trace=tried.trace))
    return QUESTION.yes(None, "Nothing on record speaks against it.")
