"""“Refresh token”: exchange the account's token for one that lasts, kept only when it is as good as the old one."""

from bot.errors import BotError
from bot.fixes.done import Done
from bot.fixes.repair import Order, Repair, Tools, of_result, unread
from bot.graph.errors import GraphError
from bot.remedy import BEFORE_REFRESH, Fix
from bot.roles import Role


async def _run(tools: Tools, order: Order) -> Done:
    try:
        result = await tools.extending.refresh(order.person, order.ref.account_id, key=order.key)
    except GraphError as error:
        return unread(error)
    except BotError as cannot:
        return Done(f"{cannot.message} {cannot.hint}".strip(), False)
    return of_result(result, done="The token was refreshed.")


REFRESH_TOKEN = Repair(
    fix=Fix.REFRESH_TOKEN,
    role=Role.MANAGER,
    to="refresh the token",
    asks=lambda report: BEFORE_REFRESH,
    run=_run,
    rereads=("token",),
)
