"""Is this bot's app subscribed to the WhatsApp account?"""

from bot.causes.finding import found
from bot.causes.webhook import WEBHOOK_APP_NOT_SUBSCRIBED
from bot.evidence.checked import Checked, Question
from bot.evidence.snapshot import Snapshot

QUESTION = Question("webhook_subscribed", "Is this bot's app subscribed to the account?")


def check(snapshot: Snapshot) -> Checked:
    apps = snapshot.apps.value if snapshot.apps.known else None
    if apps is None:
        return QUESTION.unknown(snapshot.apps)
    others = ", ".join(app.name.strip() or app.id for app in apps if app.id != snapshot.app_id)
    note = "Other apps are subscribed, too." if others else ""
    if any(app.id == snapshot.app_id for app in apps):
        return QUESTION.yes(snapshot.apps, note, word=others)
    return QUESTION.no(snapshot.apps, found(WEBHOOK_APP_NOT_SUBSCRIBED), word=others)
