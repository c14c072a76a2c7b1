"""Does Meta accept the app secret?"""

from bot.causes.finding import refused
from bot.causes.meta import APP_SECRET_WRONG
from bot.evidence.checked import Checked, Question
from bot.evidence.snapshot import Snapshot
from bot.graph.errors import GraphError

QUESTION = Question("app_secret", "Does Meta accept the app secret?", needed=False)


def check(snapshot: Snapshot) -> Checked:
    for _, reading in snapshot.readings:
        if reading.error and _names_the_proof(reading.error):
            return QUESTION.no(reading, refused(APP_SECRET_WRONG, reading.error))
    for reading in (snapshot.token, snapshot.subscription):
        if reading.known:
            return QUESTION.yes(reading)
    return QUESTION.unknown(snapshot.token)


def _names_the_proof(error: GraphError) -> bool:
    return error.code == 100 and "appsecret_proof" in f"{error.words} {error.details}".lower()
