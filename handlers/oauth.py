"""`/whatsapp oauth` and “Reconnect with Meta”: a one-time link to Meta's login, shown to one person."""

from collections.abc import Mapping
from dataclasses import replace

from bot.numbers import NumberRef
from bot.roles import Role
from handlers.call import Answer, Call, Listener, after
from handlers.command import Subcommand
from handlers.views import menu
from handlers.views import oauth as views
from handlers.whatsapp import number_or_picker


async def run(call: Call) -> Answer:
    """The number typed after the verb, or the one chosen; then the link."""
    return after(lambda: _open(call))


async def on_open(call: Call) -> Answer:
    """“Reconnect with Meta”: value = the number's id, "" to be asked."""
    call.person.must_be(Role.OPERATOR, to="reconnect with Meta")
    words = str(call.action.get("value") or "")
    return after(lambda: _open(replace(call, words=words)))


async def on_go(call: Call) -> Answer:
    """“Open Meta's login”: the browser has opened it already."""
    return Answer()


async def _open(call: Call) -> None:
    if not await call.screen.open(menu.loading(title=views.TITLE)):
        return
    ref = await number_or_picker(call, "oauth", call.services.logins.targets)
    if ref:
        await _show(call, ref)


async def _show(call: Call, ref: NumberRef) -> None:
    link = await call.services.logins.link(call.person, ref.account_id, ref, window=call.screen.window)
    await call.screen.show(views.link(ref, url=link.url, until=link.until))


COMMANDS = (
    Subcommand(
        "oauth", "/whatsapp oauth [number]", "Reconnect with Meta: a one-time link to Meta's login.",
        "Reconnect with Meta", Role.OPERATOR, run,
    ),
)  # fmt: skip
ACTIONS: Mapping[str, Listener] = {views.OPEN: on_open, views.GO: on_go}
SUBMITS: Mapping[str, Listener] = {}
CLOSES: Mapping[str, Listener] = {}
