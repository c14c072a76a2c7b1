"""Does the token belong to this bot's app?"""

from bot.causes.finding import found, refused
from bot.causes.token import TOKEN_WRONG_APP
from bot.evidence.checked import Checked, Question
from bot.evidence.snapshot import Snapshot
from bot.token_rules import is_of_another_app

QUESTION = Question("token_app", "Does the token belong to this bot's app?")


def check(snapshot: Snapshot) -> Checked:
    token = snapshot.token.value if snapshot.token.known else None
    if token is None:
        if is_of_another_app(snapshot.token.error):
            return QUESTION.no(
                snapshot.token, refused(TOKEN_WRONG_APP, snapshot.token.error, app="Meta does not say which")
            )
        return QUESTION.unknown(snapshot.token)
    if not token.app_id:
        return QUESTION.unknown(snapshot.token, "Meta did not say whose token it is.")
    if token.app_id != snapshot.app_id:
        return QUESTION.no(
            snapshot.token, found(TOKEN_WRONG_APP, app=token.application.strip() or token.app_id)
        )
    return QUESTION.yes(snapshot.token, word=token.application)
