"""`/whatsapp budget`: what a number has left, and when it comes back."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict

from bot.budget import Budget
from bot.numbers import NumberRef
from bot.roles import Role
from handlers.call import Answer, Call, Listener, after
from handlers.command import Subcommand
from handlers.views import budget as views
from handlers.views import menu
from handlers.views.kit import Press
from handlers.views.reconnect_end import held_by, take_over
from handlers.views.text import Markup
from handlers.whatsapp import number_or_picker


async def run(call: Call) -> Answer:
    """The budgets as a private message."""

    async def work() -> None:
        if call.screen.at_home and not await call.screen.open(menu.loading(title="Budget")):
            return
        ref = await number_or_picker(call, "budget")
        if ref is None:
            return
        told = await _told(call, ref)
        if not await call.screen.show(views.budget_modal(ref, **told)):
            await call.screen.say(views.budget_message(ref, **told))

    return after(work)


async def on_open(call: Call) -> Answer:
    """“Budget” on a card: the same in a window."""
    call.person.must_be(Role.VIEWER, to="look at budgets")

    async def work() -> None:
        if await call.screen.open(menu.loading(title="Budget")):
            ref = await call.services.directory.by_id(str(call.action.get("value")))
            await call.screen.show(views.budget_modal(ref, **await _told(call, ref)))

    return after(work)


class _Told(TypedDict):
    """What both forms of the answer are drawn from."""

    budget: Budget
    now: datetime
    to_manager: bool
    held: Markup
    press: Press | None


async def _told(call: Call, ref: NumberRef) -> _Told:
    """The budgets of a number; tries count for the code now out, when there is one."""
    flow = await call.services.opening.active_of(ref.id)
    budget = await call.services.acts.budget(ref.id, code_op=flow.code_op if flow else "")
    manages = call.person.role >= Role.MANAGER
    others = flow if flow and flow.owner != call.person.id else None
    return _Told(
        budget=budget,
        now=call.services.clock.now(),
        to_manager=manages,
        held=held_by(others) if others else Markup(""),
        press=take_over(others.id) if others and manages else None,
    )


COMMANDS = (
    Subcommand(
        "budget", "/whatsapp budget [number]", "Codes, tries and registrations left, and when they come back.",
        "Budget", Role.VIEWER, run,
    ),
)  # fmt: skip
ACTIONS: Mapping[str, Listener] = {views.OPEN: on_open}
SUBMITS: Mapping[str, Listener] = {}
CLOSES: Mapping[str, Listener] = {}
