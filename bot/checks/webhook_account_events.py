"""Do account events (bans, restrictions, templates) come to this bot, too?"""

from bot.causes.finding import found
from bot.causes.webhook import WEBHOOK_EVENTS_ELSEWHERE
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import host, known_number, same_address
from bot.evidence.snapshot import Snapshot

QUESTION = Question("webhook_account_events", "Do bans, restrictions and template news come here, too?")


def check(snapshot: Snapshot) -> Checked:
    """They always go to the app's own address, whatever overrides there are (meta-graph.md §4.3)."""
    subscription = snapshot.subscription.value if snapshot.subscription.known else None
    number = known_number(snapshot)
    if subscription is None:
        return QUESTION.unknown(snapshot.subscription)
    if not snapshot.webhook_url:
        return QUESTION.yes(snapshot.subscription, "This bot has no address of its own to compare with.")
    if same_address(subscription.callback_url, snapshot.webhook_url):
        return QUESTION.yes(snapshot.subscription)
    if number is None or number.webhooks is None:
        return QUESTION.unknown(snapshot.number, "The address in force for this number was not read.")
    if not subscription.callback_url or not same_address(number.webhooks.effective, snapshot.webhook_url):
        return QUESTION.no(snapshot.subscription, None, "Another check says why.")
    return QUESTION.no(
        snapshot.subscription, found(WEBHOOK_EVENTS_ELSEWHERE, host=host(subscription.callback_url))
    )
