"""`/whatsapp token`: how the access token stands; “Refresh token” and “Replace token”."""

from collections.abc import Mapping
from dataclasses import replace

from bot.acts import Outcome
from bot.errors import BotError
from bot.flows.result import Result
from bot.login.targets import NoAccount
from bot.numbers import NumberRef
from bot.roles import Role
from handlers.call import Answer, Call, Listener, after, update
from handlers.command import Subcommand
from handlers.views import kit, menu
from handlers.views import token as views
from handlers.whatsapp import number_or_picker

OF_NOBODY = NumberRef("", "", "the bot", "")  # while it is not known which accounts there are


async def run(call: Call) -> Answer:
    """The state of the token that serves a number; `replace` asks for a new one."""
    word, _, rest = call.words.partition(" ")
    if word.lower() == "replace":
        _must_manage(call)
        return after(lambda: _ask_for_new(replace(call, words=rest)))
    return after(lambda: _show_chosen(call))


async def on_refresh(call: Call) -> Answer:
    """“Refresh token”, confirmed: exchange it, and show how it stands then."""
    call.person.must_be(Role.MANAGER, to="refresh the token")

    async def work() -> None:
        await call.screen.show(menu.loading(title=views.TITLE, text="Meta is asked for a new token…"))
        ref = await _of_value(call)
        try:
            done = _said(await call.services.extending.refresh(call.person, ref.account_id, key=call.key))
        except BotError as cannot:
            done = f"Not refreshed. {cannot.message} {cannot.hint}".strip()
        await _show(call, ref, note=done)

    return after(work)


async def on_replace(call: Call) -> Answer:
    """“Replace token”: value = the number's id, or ""."""
    _must_manage(call)
    return after(lambda: _ask_for_new(replace(call, words=_value(call))))


async def on_new(call: Call) -> Answer:
    """A new token was typed: try it, then keep it. A test that fails is told beside the field."""
    view = call.view or {}
    done = await call.services.replacing.replace(
        call.person, views.read_typed(view), kit.flow_id(view), key=call.key
    )
    call.services.directory.forget()
    return update(views.replaced(done, now=call.services.clock.now()))


async def _show_chosen(call: Call) -> None:
    if not await call.screen.open(menu.loading(title=views.TITLE)):
        return
    try:
        ref = await number_or_picker(call, "token", call.services.logins.targets)
    except NoAccount:
        ref = OF_NOBODY
    if ref:
        await _show(call, ref)


async def _show(call: Call, ref: NumberRef, *, note: str = "") -> None:
    state = await call.services.extending.look(ref.account_id)
    if not await call.screen.show(views.card(ref, state, reader=call.reader, note=note)):
        await call.screen.say(views.card_message(ref, state, reader=call.reader, note=note))


async def _ask_for_new(call: Call) -> None:
    if not await call.screen.open(menu.loading(title="Replace token")):
        return
    ref = await call.services.logins.targets.find(call.words) if call.words else None
    await call.screen.show(views.replace(ref))


async def _of_value(call: Call) -> NumberRef:
    number_id = _value(call)
    return await call.services.logins.targets.find(number_id) if number_id else OF_NOBODY


def _said(result: Result) -> str:
    if result.ok:
        return "The token was refreshed."
    stays = "" if result.outcome is Outcome.NONE else " The old token stays in use."
    return f"Not refreshed. {result.says}{stays}"


def _value(call: Call) -> str:
    return str(call.action.get("value") or "")


def _must_manage(call: Call) -> None:
    call.person.must_be(Role.MANAGER, to="replace the token")


COMMANDS = (
    Subcommand(
        "token", "/whatsapp token [number]",
        "How the access token stands: kind, end, permissions. Managers replace it: `/whatsapp token replace`.",
        "Access token", Role.VIEWER, run,
    ),
)  # fmt: skip
ACTIONS: Mapping[str, Listener] = {views.REFRESH: on_refresh, views.REPLACE: on_replace}
SUBMITS: Mapping[str, Listener] = {views.NEW: on_new}
CLOSES: Mapping[str, Listener] = {}
