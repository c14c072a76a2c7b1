"""`/whatsapp budget`: what a number has left, and when it comes back."""

from collections.abc import Mapping

from bot.budget import Budget
from bot.numbers import NumberRef
from bot.roles import Role
from handlers.call import Answer, Call, Listener, after
from handlers.command import Subcommand
from handlers.views import budget as views
from handlers.views import menu
from handlers.whatsapp import number_or_picker


async def run(call: Call) -> Answer:
    """The budgets as a private message."""

    async def work() -> None:
        if call.screen.at_home and not await call.screen.open(menu.loading(title="Budget")):
            return
        ref = await number_or_picker(call, "budget")
        if ref is None:
            return
        found, now = await of(call, ref), call.services.clock.now()
        if not await call.screen.show(views.budget_modal(ref, found, now=now)):
            await call.screen.say(views.budget_message(ref, found, now=now))

    return after(work)


async def on_open(call: Call) -> Answer:
    """“Budget” on a card: the same in a window."""
    call.person.must_be(Role.VIEWER, to="look at budgets")

    async def work() -> None:
        if await call.screen.open(menu.loading(title="Budget")):
            ref = await call.services.directory.by_id(str(call.action.get("value")))
            found = await of(call, ref)
            await call.screen.show(views.budget_modal(ref, found, now=call.services.clock.now()))

    return after(work)


async def of(call: Call, ref: NumberRef) -> Budget:
    """The budgets of a number; tries count for the code now out, when there is one."""
    flow = await call.services.opening.active_of(ref.id)
    return await call.services.acts.budget(ref.id, code_op=flow.code_op if flow else "")


COMMANDS = (
    Subcommand(
        "budget", "/whatsapp budget [number]", "Codes, tries and registrations left, and when they come back.",
        "Budget", Role.VIEWER, run,
    ),
)  # fmt: skip
ACTIONS: Mapping[str, Listener] = {views.OPEN: on_open}
SUBMITS: Mapping[str, Listener] = {}
CLOSES: Mapping[str, Listener] = {}
