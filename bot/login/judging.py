"""May the token of a login be kept? Asked of Meta before anything is stored: our app, alive, permissions, account."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import BotError
from bot.graph.client import Graph
from bot.graph.errors import GraphError, NotFound, PermissionMissing, Refused, TokenRejected
from bot.graph.model import TokenInfo
from bot.secret import Secret
from bot.status import NEEDED_SCOPES
from bot.token_rules import can_extend, is_better, is_of_another_app

SHORT = timedelta(days=1)
MOST_OTHERS = 20  # further accounts of the same token that are tried, so that one login is one login
MESSAGING = "whatsapp_business_messaging"
log = logging.getLogger(__name__)
_NO_ACCESS = (NotFound, PermissionMissing, Refused, TokenRejected)


class Unfit(BotError):
    """The token is of no use here. `title` heads the page, `reason` stands on record."""

    def __init__(self, title: str, message: str, *, reason: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.title = title
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Fit:
    """A token that may be kept, the accounts it was seen to reach, and the name of the one that was wanted."""

    token: Secret = field(repr=False)
    info: TokenInfo
    accounts: tuple[str, ...]
    account_name: str = ""


async def inspect(graph: Graph, fresh: Secret) -> TokenInfo:
    """What Meta knows of the token. Raises Unfit when it says so of another app's, and GraphError."""
    try:
        return await graph.inspect_token(fresh)
    except Refused as refusal:
        if is_of_another_app(refusal):
            raise _of_another_app() from None
        raise


async def lasting(graph: Graph, fresh: Secret, info: TokenInfo, now: datetime) -> tuple[Secret, TokenInfo]:
    """The same access for longer, when the login gave an hour or two: asked once, kept only when it is better."""
    if not can_extend(info, now) or info.expires_at is None or info.expires_at > now + SHORT:
        return fresh, info
    try:
        longer = await graph.extend_token(fresh, system_user=info.kind == "SYSTEM_USER")
        known = await graph.inspect_token(longer)
    except GraphError as error:
        log.warning("a short token was not exchanged: %s", type(error).__name__)
        return fresh, info  # it works; it is tried again when tokens that end soon are looked at
    return (fresh, info) if is_better(info, known, info.app_id) else (longer, known)


async def judge(graph: Graph, info: TokenInfo, *, app_id: str, account_id: str, number: str) -> str:
    """The account's name ("" unknown) when the token `graph` uses may serve it; `number` names what was wanted.

    Told by doing: the account's numbers are read. What debug_token lists is a hint only. Raises Unfit, and
    GraphError when it cannot be told.
    """
    if info.app_id != app_id:
        raise _of_another_app()
    if not info.is_valid:
        raise Unfit("Not accepted", "Meta says that the new access is not valid.", reason="not valid")
    lacking = [scope for scope in NEEDED_SCOPES if scope not in info.scopes]
    if lacking:
        raise Unfit(
            "A permission is missing",
            f"The login did not give the permission {' and '.join(lacking)}.",
            hint="Log in again with a new link and accept every permission.",
            reason="scope missing",
        )
    if not await _reaches(graph, account_id) or _writes_elsewhere(info, account_id):
        raise Unfit(
            "Another business",
            f"This login does not reach the WhatsApp account of {number}.",
            hint="Log in as an admin of the business which that account belongs to, and choose the account there.",
            reason="another business",
        )
    return await _name(graph, account_id)


async def reached(graph: Graph, accounts: Sequence[str]) -> tuple[str, ...]:
    """Those of `accounts` that the token can read for certain."""

    async def one(account_id: str) -> bool:
        try:
            return await _reaches(graph, account_id)
        except GraphError:
            return False

    asked = tuple(accounts)[:MOST_OTHERS]
    found = await asyncio.gather(*map(one, asked))
    return tuple(account for account, yes in zip(asked, found, strict=True) if yes)


async def _reaches(graph: Graph, account_id: str) -> bool:
    """Whether its numbers can be read. Raises GraphError when Meta does not say."""
    try:
        await graph.numbers(account_id)
    except _NO_ACCESS:
        return False
    return True


def _writes_elsewhere(info: TokenInfo, account_id: str) -> bool:
    """Messaging was granted for other accounts only: no read shows that."""
    only = info.granular.get(MESSAGING) or ()
    return bool(only) and account_id not in only


def _of_another_app() -> Unfit:
    return Unfit(
        "Another app", "The login was made with another Meta app than this bot's.", reason="another app"
    )


async def _name(graph: Graph, account_id: str) -> str:
    try:
        return (await graph.account(account_id)).name
    except GraphError:
        return ""  # only a courtesy of the page
