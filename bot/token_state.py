"""How an access token stands, in one word with its evidence and the next step (meta-graph.md Appendix B).

What is wrong, and what to do, is said by the checks and the catalogue of causes: here it only gets its state.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from bot.causes import meta, token
from bot.causes.catalogue import PRIORITY
from bot.causes.finding import Finding, found
from bot.checks import app_secret, token_alive, token_app, token_life, token_reach, token_scopes
from bot.clock import Clock
from bot.evidence.checked import Checked
from bot.evidence.reading import Reading
from bot.evidence.records import Extension
from bot.evidence.snapshot import Snapshot
from bot.graph.client import Graph
from bot.graph.errors import GraphError
from bot.graph.model import Account, Number, TokenInfo
from bot.numbers import NumberRef
from bot.remedy import Fix
from bot.secret import Secret
from bot.token_rules import can_extend
from bot.token_standing import Standing

T = TypeVar("T")
_CHECKS = (
    app_secret.check,
    token_alive.check,
    token_app.check,
    token_scopes.check,
    token_reach.check,
    token_life.check,
)
_NOT_PART = "It is not part of this question."


_OF: Mapping[str, Standing] = MappingProxyType(
    {
        meta.APP_SECRET_WRONG.code: Standing.MISCONFIGURED,
        token.TOKEN_NONE.code: Standing.DISCONNECTED,
        token.TOKEN_WRONG_APP.code: Standing.MISCONFIGURED,
        token.TOKEN_SCOPE_MISSING.code: Standing.PERMISSIONS_MISSING,
        token.TOKEN_ASSET_MISSING.code: Standing.ASSET_MISSING,
        token.TOKEN_ACCESS_MISSING.code: Standing.ASSET_MISSING,
        token.TOKEN_REFRESH_FAILED.code: Standing.EXPIRING,
        token.TOKEN_EXPIRING.code: Standing.EXPIRING,
    }
)
"""Every other cause of a token's is one that only a login puts right."""


@dataclass(frozen=True, slots=True)
class Known:
    """The last state that could be told, and when that was."""

    standing: Standing
    at: datetime
    info: TokenInfo | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenState:
    """`finding` None: nothing is wrong, or nothing could be told. `why`: why not. `evidence`: what it rests on.

    `info`: what debug_token said. `extension`: the last one, when it failed; `extended_at`: the last that went well.
    `since`: when the bot took the token into use.
    """

    standing: Standing
    account_id: str
    slot: str
    at: datetime
    label: str = ""
    finding: Finding | None = None
    evidence: str = ""
    why: str = ""
    info: TokenInfo | None = None
    needed: tuple[str, ...] = ()
    since: datetime | None = None
    extended_at: datetime | None = None
    extension: Extension | None = None
    last_known: Known | None = None

    @property
    def known(self) -> bool:
        return self.standing is not Standing.UNKNOWN

    @property
    def sentence(self) -> str:
        """The state in one sentence."""
        if self.finding:
            return self.finding.sentence
        return "The access token is alive and complete." if self.known else f"Could not check. {self.why}"

    @property
    def next_step(self) -> str:
        """What to do; "" when there is nothing to do."""
        if self.finding:
            return self.finding.cause.do
        return "" if self.known else "Try again in a minute. Nothing was changed."

    @property
    def fixes(self) -> tuple[Fix, ...]:
        """The buttons, the best one first."""
        if self.finding is None:
            return ()
        return tuple(fix for fix in (self.finding.cause.fix, *self.finding.cause.also) if fix is not Fix.NONE)

    @property
    def extendable(self) -> bool:
        """Whether Meta would exchange it for a new one now."""
        return self.info is not None and can_extend(self.info, self.at)


async def read_snapshot(
    graph: Graph, held: Secret, account_id: str, *, app_id: str, clock: Clock
) -> Snapshot:
    """What debug_token says of the token, and whether it reads the account's numbers. Two calls side by side."""
    asked_with = graph.using(held)
    if not held:
        nothing: Reading[TokenInfo] = Reading("debug_token", why_not="There is no token to ask about.")
        return _snapshot(account_id, app_id, clock.now(), nothing, _unasked(account_id), has_token=False)
    info = _reading("debug_token", lambda: graph.inspect_token(held), clock)
    if not account_id:
        return _snapshot(account_id, app_id, clock.now(), await info, _unasked(account_id), has_token=True)
    about, numbers = await asyncio.gather(
        info, _reading(f"GET /{account_id}/phone_numbers", lambda: asked_with.numbers(account_id), clock)
    )
    return _snapshot(account_id, app_id, clock.now(), about, numbers, has_token=True)


def _unasked(account_id: str) -> Reading[tuple[Number, ...]]:
    return Reading(f"GET /{account_id}/phone_numbers", why_not="It was not asked.")


async def _reading(how: str, read: Callable[[], Awaitable[T]], clock: Clock) -> Reading[T]:
    try:
        value = await read()
    except GraphError as error:
        return Reading(how, clock.now(), error=error)
    return Reading(how, clock.now(), value=value)


def _snapshot(
    account_id: str,
    app_id: str,
    now: datetime,
    about: Reading[TokenInfo],
    numbers: Reading[tuple[Number, ...]],
    *,
    has_token: bool,
) -> Snapshot:
    """The account's numbers stand for the number and for the account: reading one is reading both."""
    first = numbers.value[0] if numbers.value else None
    account = None if numbers.value is None else Account(account_id)
    return Snapshot(
        ref=NumberRef("", account_id, "", ""),
        now=now,
        app_id=app_id,
        has_token=has_token,
        token=about,
        number=replace(numbers, value=first),  # type: ignore[arg-type]  # of another type from here on
        account=replace(numbers, value=account),  # type: ignore[arg-type]  # of another type from here on
        apps=Reading("subscribed_apps", why_not=_NOT_PART),
        subscription=Reading("subscriptions", why_not=_NOT_PART),
    )


def judge(
    snapshot: Snapshot,
    *,
    slot: str,
    label: str = "",
    since: datetime | None = None,
    extended_at: datetime | None = None,
) -> TokenState:
    """Pure. The first finding in the catalogue's order is the state; a silence is never more than “could not tell”."""
    checks = [check(snapshot) for check in _CHECKS]
    troubles = sorted(
        (checked for checked in (*checks, *_not_named(snapshot)) if checked.finding),
        key=lambda checked: PRIORITY[checked.finding.cause.code] if checked.finding else 0,
    )
    first = troubles[0] if troubles else None
    finding = first.finding if first else None
    if finding:
        standing = _OF.get(finding.cause.code, Standing.REAUTH)
    else:
        standing = Standing.CONNECTED if snapshot.token.known else Standing.UNKNOWN
    rests = first or next(checked for checked in checks if checked.slug == token_alive.QUESTION.slug)
    return TokenState(
        standing=standing,
        account_id=snapshot.ref.account_id,
        slot=slot,
        at=snapshot.now,
        label=label,
        finding=finding,
        evidence=": ".join(part for part in (rests.how, rests.metas_word) if part),
        why=snapshot.token.why,
        info=snapshot.token.value,
        needed=snapshot.needed_scopes,
        since=since,
        extended_at=extended_at,
        extension=snapshot.extension,
    )


def _not_named(snapshot: Snapshot) -> tuple[Checked, ...]:
    """Where the account could not be tried, what debug_token lists has to do."""
    about, account = snapshot.token.value, snapshot.ref.account_id
    if about is None or not about.is_valid or not account or snapshot.number.known:
        return ()
    if snapshot.number.asked and snapshot.number.error is None:
        return ()  # it was tried: the account has no numbers
    limits = [about.granular.get(scope) for scope in snapshot.needed_scopes]
    if not any(limit and account not in limit for limit in limits):
        return ()
    return (token_reach.QUESTION.no(snapshot.token, found(token.TOKEN_ASSET_MISSING), word="target_ids"),)
