"""Questions that several checks ask of a snapshot: how the number stands, what was tried, who was refused."""

from datetime import timedelta
from urllib.parse import SplitResult, urlsplit

from bot.acts import Act
from bot.evidence.records import Attempt
from bot.evidence.snapshot import Snapshot
from bot.graph.errors import GraphError, NotFound, PermissionMissing, TokenRejected
from bot.graph.kinds import kind_of
from bot.graph.model import Number
from bot.status import name_ready

DAY = timedelta(hours=24)
# Limited, but still registered: nothing of ours has to be done again (meta-graph.md §1.3).
REGISTERED = frozenset({"CONNECTED", "RESTRICTED", "RATE_LIMITED", "FLAGGED"})
AWAY = frozenset({"DISCONNECTED", "PENDING", "UNVERIFIED", "NOT_VERIFIED", "SENT", "UNLINKED"})
LOST = frozenset({"BANNED", "DELETED", "MIGRATED"})
UNPROVEN = frozenset({"NOT_VERIFIED", "UNVERIFIED", "EXPIRED"})
NO_SUCH_OBJECT = frozenset({33, 803})


def word(value: str | None) -> str:
    """Meta's value, fit to compare: the case of its enumerations differs between endpoints."""
    return (value or "").strip().upper()


def status(snapshot: Snapshot) -> str:
    """The number's status, "" when it was not read."""
    number = known_number(snapshot)
    return word(number.status) if number else ""


def known_number(snapshot: Snapshot) -> Number | None:
    return snapshot.number.value if snapshot.number.known else None


def is_away(number: Number) -> bool:
    """Whether a code, a registration or the Business app can bring it back."""
    is_test = word(number.account_mode) == "SANDBOX"
    return not is_test and word(number.status) in AWAY


def needs_code(snapshot: Snapshot) -> bool:
    """Whether the way back is ours and starts with a code."""
    number = known_number(snapshot)
    if number is None or not is_away(number) or number.is_on_biz_app:
        return False
    proof = word(number.code_verification_status)
    if proof == "VERIFIED":
        return _sent_back_to_the_code(snapshot)
    return proof in UNPROVEN or word(number.status) in ("UNVERIFIED", "NOT_VERIFIED", "SENT")


def needs_registration(snapshot: Snapshot) -> bool:
    """Whether ownership is proven and only the last step is missing."""
    number = known_number(snapshot)
    if number is None or not is_away(number) or number.is_on_biz_app:
        return False
    return word(number.code_verification_status) == "VERIFIED" and not _sent_back_to_the_code(snapshot)


def waits_for_name(snapshot: Snapshot) -> bool:
    number = known_number(snapshot)
    if number is None or not needs_registration(snapshot):
        return False
    tried = failure(snapshot, Act.REGISTER)
    approved = word(number.name_status) in ("APPROVED", "AVAILABLE_WITHOUT_REVIEW")
    return not name_ready(number) or (tried is not None and tried.subcode == 2388001 and not approved)


def _sent_back_to_the_code(snapshot: Snapshot) -> bool:
    """Meta answered the last registration with 133006, and no code was accepted since."""
    tried = failure(snapshot, Act.REGISTER)
    proven = snapshot.attempts.last.get(Act.CODE_VERIFY)
    if tried is None or tried.code != 133006:
        return False
    return proven is None or not proven.ok or proven.at < tried.at


def failure(snapshot: Snapshot, act: Act, *, within: timedelta = timedelta(hours=72)) -> Attempt | None:
    """The last attempt of this kind, when Meta refused it for the number's sake and lately."""
    tried = snapshot.attempts.last.get(act)
    if tried is None or tried.ok or (not tried.code and not tried.subcode):
        return None
    if kind_of(tried.code, tried.subcode) in (TokenRejected, PermissionMissing):
        return None
    return tried if snapshot.now - tried.at <= within else None


def refusals(snapshot: Snapshot) -> tuple[GraphError, ...]:
    """What Meta refused to the token in use. The app's own token asks the rest: that says nothing of this one."""
    errors = (snapshot.number.error, snapshot.account.error, snapshot.apps.error)
    return tuple(error for error in errors if error is not None)


def dead_token(snapshot: Snapshot) -> GraphError | None:
    """A refusal of the token itself, in any read made with it; one that says why is preferred."""
    rejected = [error for error in refusals(snapshot) if isinstance(error, TokenRejected)]
    return next((e for e in rejected if e.subcode), rejected[0] if rejected else None)


def no_access(error: GraphError | None) -> bool:
    """Whether Meta kept it from us: not allowed, or “no such object”, which may mean the same."""
    return isinstance(error, PermissionMissing) or is_missing(error)


def is_missing(error: GraphError | None) -> bool:
    return isinstance(error, NotFound) or (error is not None and error.code in NO_SUCH_OBJECT)


def was_deleted(snapshot: Snapshot) -> bool:
    """Whether Meta told that the account was deleted, and shows it no longer."""
    told = word(snapshot.events.ban_state) if snapshot.events else ""
    return told == "DELETED" and is_missing(snapshot.account.error)


def lacking_scopes(snapshot: Snapshot) -> tuple[str, ...] | None:
    """Permissions the token needs and has not. None: Meta did not say which it has."""
    token = snapshot.token.value if snapshot.token.known else None
    if token is None or not token.is_valid:
        return None
    granted = token.scopes | frozenset(token.granular)
    if not granted:
        return None
    return tuple(scope for scope in snapshot.needed_scopes if scope not in granted)


def split(url: str | None) -> SplitResult | None:
    """The parts of an address from outside; None when it is none."""
    try:
        parts = urlsplit((url or "").strip())
        return parts if parts.hostname and parts.port is not False else None
    except ValueError:
        return None


def host(url: str | None) -> str:
    parts = split(url)
    return parts.hostname if parts and parts.hostname else "an address that cannot be read"


def same_address(one: str | None, other: str | None) -> bool:
    first, second = split(one), split(other)
    return first is not None and second is not None and _compared(first) == _compared(second)


def _compared(parts: SplitResult) -> tuple[str, str, int, str, str]:
    port = parts.port or (443 if parts.scheme.lower() == "https" else 80)
    return (parts.scheme.lower(), (parts.hostname or "").lower(), port, parts.path, parts.query)
