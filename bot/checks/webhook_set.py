"""Is the app's webhook set and switched on?"""

from bot.causes.finding import found
from bot.causes.webhook import WEBHOOK_DISABLED, WEBHOOK_NOT_SET
from bot.evidence.checked import Checked, Question
from bot.evidence.snapshot import Snapshot

QUESTION = Question("webhook_set", "Is the app's webhook set and switched on?")


def check(snapshot: Snapshot) -> Checked:
    subscription = snapshot.subscription.value if snapshot.subscription.known else None
    if subscription is None:
        return QUESTION.unknown(snapshot.subscription)
    if not (subscription.callback_url or "").strip():
        return QUESTION.no(snapshot.subscription, found(WEBHOOK_NOT_SET))
    if subscription.active is None:
        return QUESTION.unknown(snapshot.subscription, "Meta did not say whether it is on.")
    if not subscription.active:
        return QUESTION.no(snapshot.subscription, found(WEBHOOK_DISABLED))
    return QUESTION.yes(snapshot.subscription)
