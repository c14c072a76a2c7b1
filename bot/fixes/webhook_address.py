"""Where a number's events go: set this bot's address on its number or account, or clear one that leads elsewhere.

One call, between a record of what was there and one of how it ended. Nothing here touches the app's own address.
"""

from collections.abc import Awaitable, Callable

from bot.acts import Act
from bot.errors import BotError
from bot.fixes.done import Done
from bot.fixes.repair import Order, Tools, of_result, written
from bot.webhook_plan import SETS, Change, Deed, shown

REREADS = ("number", "apps", "subscription")


async def change_address(tools: Tools, order: Order, change: Change) -> Done:
    """Raises AlreadyDone, StorageError: then nothing was sent."""
    sets = change.deed in SETS
    act = Act.WEBHOOK_SET if sets else Act.WEBHOOK_CLEARED
    result = await written(
        tools, order, act, _call(tools, change), level="account" if change.of_account else "number",
        before=shown(change.before), after=shown(change.after),
    )  # fmt: skip
    return of_result(result, done="The address was set." if sets else "The other address was cleared.")


def _call(tools: Tools, change: Change) -> Callable[[], Awaitable[object]]:
    graph, token = tools.graph, tools.config.meta_verify_token
    if change.deed in SETS and token is None:
        raise BotError("There is no META_VERIFY_TOKEN, so Meta could not be answered when it asks for it.")
    match change.deed:
        case Deed.SET_ACCOUNT if token:
            return lambda: graph.override_account(change.account_id, url=change.after, verify_token=token)
        case Deed.SET_NUMBER if token:
            return lambda: graph.override_number(change.number_id, url=change.after, verify_token=token)
        case Deed.CLEAR_ACCOUNT:
            return lambda: graph.clear_account_override(change.account_id)
        case Deed.CLEAR_NUMBER:
            return lambda: graph.clear_number_override(change.number_id)
    raise AssertionError(f"{change.deed} is no change of an address")
