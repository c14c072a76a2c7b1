"""Is the WhatsApp account in good standing?"""

from bot.causes import account as causes
from bot.causes.finding import found
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import word
from bot.evidence.snapshot import Snapshot
from bot.graph.model import Account

QUESTION = Question("account_standing", "Is the WhatsApp account in good standing?")
_GOOD = frozenset({"ACTIVE", "CONNECTED", "APPROVED"})
_DISABLED = frozenset({"DISABLED", "BANNED", "DELETED", "DISABLE", "BLOCKED", "SUSPENDED"})
_NOT_PASSED = frozenset({"REJECTED", "PENDING", "DEFERRED", "RESTRICTED"})


def check(snapshot: Snapshot) -> Checked:
    account = snapshot.account.value if snapshot.account.known else None
    ban = word(snapshot.events.ban_state) if snapshot.events else ""
    state = word(account.status) if account else ""
    if ban == "DISABLE" or state in _DISABLED:
        said = state if state in _DISABLED else ban
        return QUESTION.no(snapshot.account, found(causes.ACCOUNT_DISABLED, word=said), word=said)
    if ban == "SCHEDULE_FOR_DISABLE":
        return QUESTION.no(
            None, found(causes.ACCOUNT_DISABLE_SCHEDULED, date=_on(snapshot), word=ban), word=ban
        )
    if account is None:
        return QUESTION.unknown(snapshot.account)
    return _as_read(snapshot, account, state)


def _as_read(snapshot: Snapshot, account: Account, state: str) -> Checked:
    review = word(account.review_status)
    if review in _NOT_PASSED:
        return QUESTION.no(snapshot.account, found(causes.ACCOUNT_REJECTED, word=review), word=review)
    strange = next((each for each in (state, review) if each and each not in _GOOD), "")
    if strange:
        return QUESTION.unknown(snapshot.account, "Meta uses a word this bot does not know.", word=strange)
    if not state and not review:
        return QUESTION.unknown(snapshot.account, "Meta did not say how it stands.")
    return QUESTION.yes(snapshot.account, word=state or review)


def _on(snapshot: Snapshot) -> str:
    date = snapshot.events.ban_date.strip() if snapshot.events else ""
    return f" on {date}" if date else ""
