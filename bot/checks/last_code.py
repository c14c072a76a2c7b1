"""Did the last code go out, and was it accepted?"""

from dataclasses import replace

from bot.acts import Act
from bot.causes.cause import Cause
from bot.causes.code import CODE_NOT_SENT, CODE_WRONG_OR_OLD
from bot.causes.finding import Finding, numbered
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import DAY, failure, needs_code
from bot.evidence.records import Attempt
from bot.evidence.snapshot import Snapshot

QUESTION = Question("last_code", "Did the last code work?", needed=False)


def check(snapshot: Snapshot) -> Checked:
    """Asked only where a code is what is missing; what was done after it counts more."""
    if not needs_code(snapshot):
        if snapshot.number.known:
            return QUESTION.yes(snapshot.number, "No code is needed.")
        return QUESTION.unknown(snapshot.number)
    asked = snapshot.attempts.last.get(Act.CODE_REQUEST)
    not_sent = failure(snapshot, Act.CODE_REQUEST, within=DAY)
    refused = failure(snapshot, Act.CODE_VERIFY, within=DAY)
    if not_sent and (refused is None or not_sent.at >= refused.at):
        return QUESTION.no(not_sent.told, _told(CODE_NOT_SENT, not_sent, snapshot))
    if refused and (asked is None or not asked.ok or asked.at <= refused.at):
        return QUESTION.no(refused.told, _told(CODE_WRONG_OR_OLD, refused, snapshot))
    return QUESTION.yes(None, "A code is out." if asked and asked.ok else "No code was asked for lately.")


def _told(cause: Cause, tried: Attempt, snapshot: Snapshot) -> Finding:
    until = tried.until if tried.until and tried.until > snapshot.now else None
    finding = numbered(cause, tried.code, tried.subcode, words=tried.words, until=until)
    return replace(finding, trace=tried.trace)
