"""`/whatsapp refresh`: “Try refreshing permissions”, asked first, read back after."""

from collections.abc import Mapping

from bot.errors import NumberBusy
from bot.roles import Role
from handlers import wizard
from handlers.call import Answer, Call, Listener, after, update
from handlers.command import Subcommand
from handlers.views import kit, menu
from handlers.views import refresh as views
from handlers.views.reconnect import busy
from handlers.whatsapp import number_or_picker


async def run(call: Call) -> Answer:
    """Ask for confirmation in a window."""

    async def work() -> None:
        if not await call.screen.open(menu.loading(title=views.TITLE)):
            return
        ref = await number_or_picker(call, "refresh")
        if ref:
            await call.screen.show(views.confirm(ref))

    return after(work)


async def on_open(call: Call) -> Answer:
    """The button “Try refreshing permissions” on a card; value = the number's id."""
    _must_operate(call)

    async def work() -> None:
        if await call.screen.open(menu.loading(title=views.TITLE)):
            ref = await call.services.directory.by_id(str(call.action.get("value")))
            await call.screen.show(views.confirm(ref))

    return after(work)


async def on_run(call: Call) -> Answer:
    """Confirmed: claim the number, show that it runs, run it, show the table."""
    _must_operate(call)
    number_id = kit.flow_id(call.view or {})
    ref = await call.services.directory.by_id(number_id)
    try:
        started = await call.services.refreshing.claim(call.person, ref, key=call.key)
    except NumberBusy as held:
        return update(await _busy(call, held))

    async def work() -> None:
        moved = await started.act()
        if moved.report is None:  # it did not come to an end: the window says what is known
            await wizard.show(call, moved)
            return
        now = call.services.clock.now()
        if not await call.screen.show(views.result(moved.report, now=now)):
            await call.screen.say(views.result_message(moved.report, now=now))

    return update(views.working(ref.id), work)


async def _busy(call: Call, held: NumberBusy) -> kit.View:
    flow = await call.services.opening.get(held.flow_id)
    now = call.services.clock.now()
    return busy(
        flow, now=now, until=flow.held_until, may_join=False, may_take_over=call.person.role >= Role.MANAGER
    )


def _must_operate(call: Call) -> None:
    call.person.must_be(Role.OPERATOR, to="refresh permissions")


COMMANDS = (
    Subcommand(
        "refresh", "/whatsapp refresh [number]", "Look at token, permissions and webhook again; repair what can be.",
        "Try refreshing permissions", Role.OPERATOR, run,
    ),
)  # fmt: skip
ACTIONS: Mapping[str, Listener] = {views.OPEN: on_open}
SUBMITS: Mapping[str, Listener] = {views.RUN: on_run}
CLOSES: Mapping[str, Listener] = {}
