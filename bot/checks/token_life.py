"""Will the token last?"""

from bot.causes.finding import found
from bot.causes.token import TOKEN_EXPIRING, TOKEN_REFRESH_FAILED
from bot.evidence.checked import Checked, Question
from bot.evidence.snapshot import Snapshot
from bot.graph.model import TokenInfo
from bot.token_rules import EXTEND_WITHIN, end_of

QUESTION = Question("token_life", "Will the token last?")


def check(snapshot: Snapshot) -> Checked:
    token = snapshot.token.value if snapshot.token.known else None
    if token is None:
        return QUESTION.unknown(snapshot.token)
    if not token.is_valid:
        return QUESTION.no(snapshot.token, None, "It has ended already.")
    end = end_of(token)
    if end is None:
        if token.never_expires:
            return QUESTION.yes(snapshot.token, "It never expires.")
        return QUESTION.unknown(snapshot.token, "Meta did not say when it ends.")
    if end <= snapshot.now:
        return QUESTION.no(snapshot.token, None, "It has ended already.")
    if _refresh_failed(snapshot, token):
        reason = snapshot.extension.reason.strip(" .") if snapshot.extension else ""
        return QUESTION.no(
            snapshot.token, found(TOKEN_REFRESH_FAILED, until=end, reason=reason or "no reason was kept")
        )
    if end <= snapshot.now + EXTEND_WITHIN:
        return QUESTION.no(snapshot.token, found(TOKEN_EXPIRING, until=end))
    return QUESTION.yes(snapshot.token, f"{(end - snapshot.now).days} days left.")


def _refresh_failed(snapshot: Snapshot, token: TokenInfo) -> bool:
    """Whether the last try failed for this very token: a newer one has not been tried yet."""
    failed = snapshot.extension
    return failed is not None and (token.issued_at is None or failed.at >= token.issued_at)
