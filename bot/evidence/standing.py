"""Whether what an event told still counts: what Meta answers later is believed over what it told before."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.causes.finding import Finding
from bot.evidence.facts import is_missing, known_number, word
from bot.evidence.health import Trouble, entities, trouble_of
from bot.evidence.snapshot import Snapshot
from bot.status import Answer

SETTLES = timedelta(minutes=5)  # for so long Meta's answers may still show what was before its event
GOOD = frozenset({"ACTIVE", "CONNECTED", "APPROVED"})
CATCHES_UP = (
    "An event of Meta's told this ({told}). The number's live status reads {live}; until {settles} the event counts "
    "more, as Meta's answers may lag behind it."
)
_REFUTED_BY = {Answer.YES: Answer.NO, Answer.NO: Answer.YES, Answer.UNKNOWN: Answer.UNKNOWN}


def still_holds(snapshot: Snapshot, told_at: datetime | None, works: Answer) -> Answer:
    """NO: read later, it works. UNKNOWN: what could refute it was not read. `works`: one of the two below."""
    read_at = min(
        (each.at for each in (snapshot.number, snapshot.account) if each.known and each.at),
        default=snapshot.now,
    )
    is_fresh = told_at is not None and read_at - told_at <= SETTLES
    return Answer.YES if is_fresh else _REFUTED_BY[works]


def with_the_live_status(finding: Finding, snapshot: Snapshot, told_at: datetime, works: Answer) -> Finding:
    """A finding of an event that still holds: where what is read says otherwise already, so does it, and until when."""
    number = known_number(snapshot)
    if number is None or works is not Answer.YES:
        return finding
    live: dict[str, str | datetime] = {
        "told": told_at,
        "live": word(number.status),
        "settles": told_at + SETTLES,
    }
    return replace(finding, values={**finding.values, **live}, more=CATCHES_UP)


def account_works(snapshot: Snapshot) -> Answer:
    """YES only by the account's own answer together with its health, or with a number of it that is connected."""
    account = snapshot.account.value if snapshot.account.known else None
    number = known_number(snapshot)
    said = [entity.can_send.upper() for entity in entities(snapshot) if word(entity.kind) == "WABA"]
    if any(each != "AVAILABLE" for each in said) or is_missing(snapshot.account.error):
        return Answer.NO
    if account is None:
        return Answer.UNKNOWN
    if word(account.status) not in GOOD | {""}:
        return Answer.NO
    if said or (number and word(number.status) == "CONNECTED"):
        return Answer.YES
    return Answer.NO if number else Answer.UNKNOWN


def number_works(snapshot: Snapshot) -> Answer:
    """YES only when it is connected and neither its own health nor its account's names any trouble."""
    number = known_number(snapshot)
    if number is None:
        return Answer.UNKNOWN
    own = [each for each in entities(snapshot) if word(each.kind) in ("PHONE_NUMBER", "WABA")]
    if word(number.status) != "CONNECTED" or any(trouble_of(each) is not Trouble.NONE for each in own):
        return Answer.NO
    if not snapshot.account.known:
        return Answer.UNKNOWN
    return Answer.YES if {word(each.kind) for each in own} == {"PHONE_NUMBER", "WABA"} else Answer.NO
