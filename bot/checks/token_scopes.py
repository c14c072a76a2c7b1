"""Does the token have the permissions it needs?"""

from bot.causes.finding import found, refused
from bot.causes.token import TOKEN_SCOPE_MISSING
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import lacking_scopes, refusals
from bot.evidence.snapshot import Snapshot
from bot.graph.errors import PermissionMissing

QUESTION = Question("token_scopes", "Does the token have the permissions it needs?")


def check(snapshot: Snapshot) -> Checked:
    lacking = lacking_scopes(snapshot)
    if lacking is None:
        return QUESTION.unknown(snapshot.token, "" if not snapshot.token.known else "Meta did not list them.")
    if not lacking:
        return QUESTION.yes(snapshot.token, word=", ".join(snapshot.needed_scopes))
    scopes = ", ".join(lacking)
    for error in refusals(snapshot):
        if isinstance(error, PermissionMissing):
            return QUESTION.no(snapshot.token, refused(TOKEN_SCOPE_MISSING, error, scopes=scopes))
    return QUESTION.no(snapshot.token, found(TOKEN_SCOPE_MISSING, scopes=scopes))
