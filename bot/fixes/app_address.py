"""The app's own webhook: one address for EVERY account of the app. Only for managers, who name each one that moves.

`POST /{app}/subscriptions` replaces address and fields at once (meta-graph.md §5.1). So what moves is read first, and
an account of which it cannot be told whether it moves stops all of it.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.acts import Act
from bot.errors import BotError
from bot.evidence.snapshot import NEEDED_FIELDS
from bot.fixes.done import Done
from bot.fixes.repair import Order, Tools, of_result, written
from bot.graph.errors import GraphError
from bot.graph.model import AppSubscription
from bot.meanings import meaning
from bot.roles import Role
from bot.webhook_plan import shown

AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Moved:
    """An account whose events the app's address gets. `name` "" when Meta did not tell it."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """Exactly what would change. `unknown`: accounts of which it could not be told; while there is one, nothing is."""

    before: str
    after: str
    fields_before: tuple[str, ...]
    fields: tuple[str, ...]
    accounts: tuple[Moved, ...]
    unknown: tuple[str, ...] = ()
    active: bool | None = None

    @property
    def mark(self) -> str:
        """The same for the same move: what was shown is what is done, or nothing is."""
        whole = [self.before, self.after, *self.fields_before, "", *self.fields, "", *sorted(self.ids)]
        return hashlib.sha256("\n".join(whole).encode("utf-8", "replace")).hexdigest()[:16]

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(account.id for account in self.accounts)


async def what_moves(tools: Tools, accounts: Iterable[str]) -> Move:
    """Read which of `accounts` the app is subscribed to. Raises BotError when the app itself cannot be read."""
    if not tools.config.webhook_url:
        raise BotError("This bot has no public address, so there is nothing to point the app at.")
    try:
        subscription = await tools.graph.app_subscription()
    except GraphError as error:
        raise BotError(
            f"What the app has now could not be read. {meaning(error).says}", hint="Nothing was changed."
        ) from None
    slots = asyncio.Semaphore(AT_ONCE)
    ids = sorted(set(accounts))
    told = await asyncio.gather(*(_moves(tools, each, slots) for each in ids))
    return _move(
        tools, subscription, told, [each for each, one in zip(ids, told, strict=True) if one is None]
    )


def _move(
    tools: Tools, subscription: AppSubscription, told: Sequence[Moved | bool | None], unknown: Sequence[str]
) -> Move:
    return Move(
        before=subscription.callback_url or "",
        after=tools.config.webhook_url,
        fields_before=tuple(sorted(subscription.fields)),
        fields=tuple(sorted(subscription.fields | set(NEEDED_FIELDS))),
        accounts=tuple(one for one in told if isinstance(one, Moved)),
        unknown=tuple(unknown),
        active=subscription.active,
    )


async def _moves(tools: Tools, account_id: str, slots: asyncio.Semaphore) -> Moved | bool | None:
    """The account when our app is subscribed to it, False when it is not, None: could not tell."""
    async with slots:
        try:
            apps = await tools.graph.subscribed_apps(account_id)
        except GraphError:
            return None
        if all(app.id != tools.config.meta_app_id for app in apps):
            return False
        try:
            return Moved(account_id, (await tools.graph.account(account_id)).name)
        except GraphError:
            return Moved(account_id)


async def move_app(tools: Tools, order: Order, move: Move, ticked: frozenset[str]) -> Done:
    """One call. `ticked`: the accounts the manager named. Raises NotAllowed, BotError, AlreadyDone, StorageError."""
    order.person.must_be(Role.MANAGER, to="change the app's webhook")
    token = tools.config.meta_verify_token
    if move.unknown or ticked != move.ids:
        raise BotError("Not every account it would move was named.", hint="Nothing was changed.")
    if token is None:
        raise BotError("There is no META_VERIFY_TOKEN, so Meta could not be answered when it asks for it.")
    result = await written(
        tools, order, Act.WEBHOOK_MOVED,
        lambda: tools.graph.replace_app_subscription(url=move.after, verify_token=token, fields=move.fields),
        before=shown(move.before), after=shown(move.after), fields=", ".join(move.fields),
        accounts=", ".join(account.name or "one without a name" for account in move.accounts) or "none",
    )  # fmt: skip
    return of_result(result, done="The app's webhook was set.")
