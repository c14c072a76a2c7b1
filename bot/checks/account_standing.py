"""Is the WhatsApp account in good standing?"""

from datetime import UTC, datetime

from bot.causes import account as causes
from bot.causes.finding import Finding, found
from bot.evidence.checked import Checked, Question, last_known
from bot.evidence.facts import DAY, word
from bot.evidence.records import Earlier, Events
from bot.evidence.snapshot import Snapshot
from bot.evidence.standing import GOOD, account_works, still_holds, with_the_live_status
from bot.graph.model import Account
from bot.status import Answer

QUESTION = Question("account_standing", "Is the WhatsApp account in good standing?")
_DISABLED = frozenset({"DISABLED", "BANNED", "DELETED", "DISABLE", "BLOCKED", "SUSPENDED"})
_NOT_PASSED = frozenset({"REJECTED", "PENDING", "DEFERRED", "RESTRICTED"})
_TOLD = "Meta's event account_update"


def check(snapshot: Snapshot) -> Checked:
    """What is read counts; what an event told counts as long as nothing that was read later speaks against it."""
    account = snapshot.account.value if snapshot.account.known else None
    state = word(account.status) if account else ""
    if state in _DISABLED:
        return QUESTION.no(snapshot.account, found(causes.ACCOUNT_DISABLED, word=state), word=state)
    events = snapshot.events or Events()
    announced, told = _announced(events), Earlier(_TOLD, events.ban_at)
    holds = _holds(snapshot, events) if announced else Answer.NO
    if announced and holds is Answer.YES:
        if events.ban_at and word(events.ban_state) != "SCHEDULE_FOR_DISABLE":
            announced = with_the_live_status(announced, snapshot, events.ban_at, account_works(snapshot))
        return QUESTION.no(told, announced, word=events.ban_state)
    if account is None:
        return QUESTION.unknown(snapshot.account, last=last_known(announced, told))
    return _as_read(snapshot, account, state)


def _announced(events: Events) -> Finding | None:
    """What the last event told of the account."""
    match word(events.ban_state):
        case "DISABLE" | "DELETED":
            return found(causes.ACCOUNT_DISABLED, word=word(events.ban_state))
        case "SCHEDULE_FOR_DISABLE":
            date = events.ban_date.strip()
            return found(
                causes.ACCOUNT_DISABLE_SCHEDULED,
                date=f"on {date}" if date else "soon",
                word=word(events.ban_state),
            )
    return None


def _holds(snapshot: Snapshot, events: Events) -> Answer:
    """An announcement counts until its day, whatever is read before; everything else until it is refuted."""
    day = _day(events.ban_date) if word(events.ban_state) == "SCHEDULE_FOR_DISABLE" else None
    if day is not None and snapshot.now <= day + DAY:
        return Answer.YES
    return still_holds(snapshot, events.ban_at, account_works(snapshot))


def _day(text: str) -> datetime | None:
    """Meta writes it as text: “April 17, 2026”."""
    try:
        return datetime.strptime(text.strip(), "%B %d, %Y").replace(tzinfo=UTC)
    except ValueError:
        return None


def _as_read(snapshot: Snapshot, account: Account, state: str) -> Checked:
    review = word(account.review_status)
    if review in _NOT_PASSED:
        return QUESTION.no(snapshot.account, found(causes.ACCOUNT_REJECTED, word=review), word=review)
    strange = next((each for each in (state, review) if each and each not in GOOD), "")
    if strange:
        return QUESTION.unknown(snapshot.account, "Meta uses a word this bot does not know.", word=strange)
    if not state and not review:
        return QUESTION.unknown(snapshot.account, "Meta did not say how it stands.")
    return QUESTION.yes(snapshot.account, word=state or review)
