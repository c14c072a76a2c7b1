"""Is the access token alive?"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.causes import token as causes
from bot.causes.cause import Cause
from bot.causes.finding import Finding, found, numbered, refused
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import dead_token
from bot.evidence.snapshot import Snapshot
from bot.graph.model import TokenInfo

QUESTION = Question("token_alive", "Is the access token alive?")
DEAD_BECAUSE: Mapping[int, Cause] = MappingProxyType(
    {
        458: causes.TOKEN_APP_REMOVED,
        459: causes.TOKEN_USER_BLOCKED,
        460: causes.TOKEN_PASSWORD,
        461: causes.TOKEN_APP_REMOVED,
        463: causes.TOKEN_EXPIRED,
        464: causes.TOKEN_USER_BLOCKED,
        465: causes.TOKEN_USER_DISABLED,
        466: causes.TOKEN_REVOKED,
        492: causes.TOKEN_ROLE_LOST,
    }
)


def check(snapshot: Snapshot) -> Checked:
    """A 190 on any read made with the token is evidence as good as debug_token's."""
    if not snapshot.has_token:
        return QUESTION.no(None, found(causes.TOKEN_NONE))
    token = snapshot.token.value if snapshot.token.known else None
    rejected = dead_token(snapshot)
    if token and not token.is_valid and (rejected is None or not rejected.subcode):
        return QUESTION.no(
            snapshot.token, _inspected(token, snapshot), word=_numbers(190, token.error_subcode)
        )
    if rejected:
        cause = DEAD_BECAUSE.get(rejected.subcode, causes.TOKEN_INVALID)
        rests = next(r for _, r in snapshot.readings if r.error is rejected)
        finding = refused(cause, rejected, more=_refresh(cause, snapshot))
        return QUESTION.no(rests, finding, word=_numbers(rejected.code, rejected.subcode))
    if token and token.data_access_expires_at and token.data_access_expires_at <= snapshot.now:
        return QUESTION.no(snapshot.token, found(causes.TOKEN_DATA_ACCESS), word="data access expired")
    if token:
        return QUESTION.yes(snapshot.token, word=token.kind)
    if snapshot.number.known:
        return QUESTION.yes(snapshot.number, "Meta answered with it.")
    return QUESTION.unknown(snapshot.token)


def _inspected(token: TokenInfo, snapshot: Snapshot) -> Finding:
    cause = DEAD_BECAUSE.get(token.error_subcode)
    if cause is None and token.expires_at and token.expires_at <= snapshot.now:
        cause = causes.TOKEN_EXPIRED
    if cause is None and "disabled" in token.error_words.lower():
        cause = causes.TOKEN_USER_DISABLED
    cause = cause or causes.TOKEN_INVALID
    finding = numbered(cause, token.error_code or 190, token.error_subcode, words=token.error_words)
    return replace(finding, more=_refresh(cause, snapshot))


def _refresh(cause: Cause, snapshot: Snapshot) -> str:
    if cause is not causes.TOKEN_EXPIRED or snapshot.extension is None:
        return ""
    return "The automatic refresh had failed before that."


def _numbers(code: int, subcode: int) -> str:
    return f"{code}/{subcode}" if subcode else str(code)
