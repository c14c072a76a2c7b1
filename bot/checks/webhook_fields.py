"""Is the webhook subscribed to everything this desk needs?"""

from bot.causes.finding import found
from bot.causes.webhook import WEBHOOK_FIELD_MISSING, WEBHOOK_MESSAGES_MISSING
from bot.evidence.checked import Checked, Question
from bot.evidence.snapshot import Snapshot

QUESTION = Question("webhook_fields", "Is the webhook subscribed to all fields needed?")


def check(snapshot: Snapshot) -> Checked:
    subscription = snapshot.subscription.value if snapshot.subscription.known else None
    if subscription is None:
        return QUESTION.unknown(snapshot.subscription)
    lacking = [name for name in snapshot.needed_fields if name not in subscription.fields]
    if "messages" in lacking:
        return QUESTION.no(snapshot.subscription, found(WEBHOOK_MESSAGES_MISSING))
    if lacking:
        return QUESTION.no(snapshot.subscription, found(WEBHOOK_FIELD_MISSING, fields=", ".join(lacking)))
    return QUESTION.yes(snapshot.subscription, f"All {len(snapshot.needed_fields)} are.")
