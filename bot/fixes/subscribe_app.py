"""“Subscribe app”: only where Meta's own list lacks ours, because the bare call deletes an override (§4.2)."""

from bot.audit import Act
from bot.diagnosis.examine import Report
from bot.fixes.done import Done
from bot.fixes.repair import Order, Repair, Tools, of_result, unread, written
from bot.graph.errors import GraphError
from bot.remedy import Fix
from bot.roles import Role


def _asks(report: Report) -> str:
    return (
        f"This subscribes our app to the WhatsApp account {report.ref.account_id}, so that the events of all its "
        "numbers reach us. Other apps, addresses and numbers stay as they are."
    )


async def _run(tools: Tools, order: Order) -> Done:
    account_id = order.ref.account_id
    try:
        apps = await tools.graph.subscribed_apps(account_id)
    except GraphError as error:
        return unread(error)
    if any(app.id == tools.config.meta_app_id for app in apps):
        return Done("Our app is subscribed already: nothing was changed.")
    result = await written(tools, order, Act.SUBSCRIBE, lambda: tools.graph.subscribe_app(account_id))
    return of_result(result, done="Our app was subscribed to the account.")


SUBSCRIBE_APP = Repair(
    fix=Fix.SUBSCRIBE_APP,
    role=Role.OPERATOR,
    to="subscribe our app",
    asks=_asks,
    run=_run,
    rereads=("apps", "subscription"),
)
