"""Is the number still in its WhatsApp account?"""

from dataclasses import replace
from datetime import datetime

from bot.causes.finding import Finding, found, refused
from bot.causes.number import NUMBER_GONE, NUMBER_MOVED
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import is_missing, known_number, word
from bot.evidence.snapshot import Snapshot

QUESTION = Question("number_there", "Is the number still in its WhatsApp account?")


def check(snapshot: Snapshot) -> Checked:
    """100/33 means “gone, or no access”: that the account itself can be read tells which."""
    number, error = known_number(snapshot), snapshot.number.error
    if number:
        match word(number.status):
            case "DELETED":
                return QUESTION.no(snapshot.number, found(NUMBER_GONE, word="DELETED"), word="DELETED")
            case "MIGRATED":
                return QUESTION.no(snapshot.number, found(NUMBER_MOVED, word="MIGRATED"), word="MIGRATED")
        return QUESTION.yes(snapshot.number)
    if error is not None and is_missing(error):
        if error.code == 33 or snapshot.account.known:
            finding = refused(NUMBER_GONE, error)
            return QUESTION.no(snapshot.number, _dated(finding, snapshot.gone_since))
        return QUESTION.unknown(snapshot.number, "Either it was removed, or our token may not see it.")
    return QUESTION.unknown(snapshot.number)


def _dated(finding: Finding, since: datetime | None) -> Finding:
    if since is None:
        return finding
    return replace(finding, values={"since": since}, more="Meta's list has lacked it since {since}.")
