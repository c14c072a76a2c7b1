"""`/whatsapp status`: the board of all numbers, and the card of one."""

from collections.abc import Mapping

from bot.numbers import NumberRef
from bot.roles import Role
from bot.status import Card
from handlers.call import Answer, Call, Listener, after
from handlers.command import Subcommand
from handlers.views import menu, status
from handlers.views.kit import Message
from handlers.whatsapp import number_or_picker


async def run(call: Call) -> Answer:
    """The board without a number, the card with one."""

    async def work() -> None:
        if not call.words:
            await _board(call, page=0, replace=False)
            return
        ref = await number_or_picker(call, "status")
        if ref:
            card = await call.services.directory.card(ref)
            await call.screen.say(_card(call, card))

    return after(work)


async def on_page(call: Call) -> Answer:
    """Another page of the board: value = page."""
    _must_look(call)
    value = str(call.action.get("value") or "0")
    return after(lambda: _board(call, page=int(value) if value.isdecimal() else 0, replace=True))


async def on_view(call: Call) -> Answer:
    """“View”: the card in a window, opened before anything is read."""
    _must_look(call)

    async def work() -> None:
        if await call.screen.open(menu.loading(title="Number", text="Reading Meta…")):
            ref = await call.services.directory.by_id(str(call.action.get("value")))
            await _show_card(call, ref)

    return after(work)


async def on_check(call: Call) -> Answer:
    """“Check now”: read again. Value "" = the board, else the number's id."""
    _must_look(call)
    number_id = str(call.action.get("value") or "")

    async def work() -> None:
        call.services.directory.forget()
        if not number_id:
            await _board(call, page=0, replace=True)
            return
        ref = await call.services.directory.by_id(number_id)
        if call.screen.window:
            await _show_card(call, ref)
        else:
            await call.screen.say(_card(call, await call.services.directory.card(ref)), replace=True)

    return after(work)


async def _board(call: Call, *, page: int, replace: bool) -> None:
    board = await call.services.directory.board()
    may = call.person.role >= Role.OPERATOR
    view = status.board(board, now=call.services.clock.now(), page=page, may_reconnect=may)
    await call.screen.say(view, replace=replace)


async def _show_card(call: Call, ref: NumberRef) -> None:
    may = call.person.role >= Role.OPERATOR
    card = await call.services.directory.card(ref)
    now = call.services.clock.now()
    await call.screen.show(status.card_modal(card, now=now, may_reconnect=may, may_refresh=may))


def _card(call: Call, card: Card) -> Message:
    may = call.person.role >= Role.OPERATOR
    return status.card(card, now=call.services.clock.now(), may_reconnect=may, may_refresh=may)


def _must_look(call: Call) -> None:
    call.person.must_be(Role.VIEWER, to="look at numbers")


COMMANDS = (
    Subcommand(
        "status", "/whatsapp status [number]", "Every number, worst first; or everything about one.", "Status",
        Role.VIEWER, run,
    ),
)  # fmt: skip
ACTIONS: Mapping[str, Listener] = {
    status.VIEW: on_view,
    status.PREVIOUS: on_page,
    status.NEXT: on_page,
    status.CHECK: on_check,
}
SUBMITS: Mapping[str, Listener] = {}
CLOSES: Mapping[str, Listener] = {}
