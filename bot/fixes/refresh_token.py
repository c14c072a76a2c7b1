"""“Refresh token”: exchange the account's token for one that lasts, kept only when it is as good as the old one."""

from bot.diagnosis.examine import Report
from bot.errors import BotError
from bot.fixes.done import Done
from bot.fixes.repair import Order, Repair, Tools, of_result, unread
from bot.graph.errors import GraphError
from bot.remedy import Fix
from bot.roles import Role


def _asks(report: Report) -> str:
    return (
        "Meta exchanges the token of this account for one that lasts longer. The old one stays in use until the new "
        "one has proved to be valid, of the same app and user, and without a permission less."
    )


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
    asks=_asks,
    run=_run,
    rereads=("token",),
)
