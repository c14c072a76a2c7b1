"""Does the token reach this number's WhatsApp account?

Told by doing: the number is read with it. What debug_token lists is a hint only, because Meta has changed what
it lists there more than once (features.md §C, pain 11).
"""

from bot.causes.finding import found, refused
from bot.causes.token import TOKEN_ACCESS_MISSING, TOKEN_ASSET_MISSING
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import is_missing, lacking_scopes, no_access, was_deleted
from bot.evidence.snapshot import Snapshot
from bot.graph.errors import GraphError

QUESTION = Question("token_reach", "Does the token reach this number's WhatsApp account?")
_MANAGEMENT, _MESSAGING = "whatsapp_business_management", "whatsapp_business_messaging"


def check(snapshot: Snapshot) -> Checked:
    error = snapshot.number.error
    if error is not None and no_access(error):
        return _kept_out(snapshot, error)
    if _only_messaging_elsewhere(snapshot):
        return QUESTION.no(snapshot.token, found(TOKEN_ASSET_MISSING), word=_MESSAGING)
    if snapshot.number.known:
        return QUESTION.yes(snapshot.number)
    return QUESTION.unknown(snapshot.number)


def _kept_out(snapshot: Snapshot, error: GraphError) -> Checked:
    if is_missing(error) and snapshot.account.known:
        return QUESTION.yes(snapshot.account, "The account can be read; the number is not in it.")
    if is_missing(error) and was_deleted(snapshot):
        return QUESTION.yes(snapshot.number, "Meta told that the account was deleted.")
    if is_missing(error) and (error.code == 33 or not no_access(snapshot.account.error)):
        return QUESTION.unknown(snapshot.number, "Meta does not say whether it is gone or hidden from us.")
    if snapshot.account.known:
        return QUESTION.unknown(snapshot.number, "Meta shows its account and refuses the number.")
    lacking = lacking_scopes(snapshot)
    if lacking:
        return QUESTION.no(snapshot.number, None, "A permission is missing.")
    cause = TOKEN_ACCESS_MISSING if lacking is None else TOKEN_ASSET_MISSING
    return QUESTION.no(snapshot.number, refused(cause, error))


def _only_messaging_elsewhere(snapshot: Snapshot) -> bool:
    """The token may manage this account but not write for it: no read shows that."""
    token = snapshot.token.value if snapshot.token.known else None
    if token is None or not token.is_valid:
        return False
    managed, written = token.granular.get(_MANAGEMENT) or (), token.granular.get(_MESSAGING) or ()
    account = snapshot.ref.account_id
    return account in managed and bool(written) and account not in written
