"""The buttons of a running reconnect: ask again, go on, stop, prove again, set a new PIN; and its closed windows."""

from collections.abc import Mapping
from dataclasses import replace

from bot.errors import AlreadyDone, BudgetSpent, StaleFlow
from bot.flows.guard import must_own
from bot.flows.moved import Moved
from bot.flows.state import Step
from bot.roles import Role
from handlers import wizard
from handlers.call import Answer, Call, Listener, after
from handlers.views import kit, menu
from handlers.views import reconnect as views
from handlers.views import reconnect_ids as ids


async def on_send_again(call: Call) -> Answer:
    """“Send again”: the same way as before."""
    return await _ask_again(call, method="")


async def on_call_instead(call: Call) -> Answer:
    """“Call instead”."""
    return await _ask_again(call, method="VOICE")


async def _ask_again(call: Call, *, method: str) -> Answer:
    flow_id = str(call.action.get("value"))
    flow = await call.services.opening.get(flow_id)
    try:
        claimed = await call.services.code.claim_code(
            call.person, flow_id, method=method or flow.method, language=flow.language, key=call.key
        )
    except AlreadyDone:
        return after(lambda: wizard.as_it_stands(call, flow_id))
    except (BudgetSpent, StaleFlow) as error:
        too_early = error
        return after(lambda: wizard.stay(call, flow_id, too_early))

    async def work() -> None:
        await call.screen.show(views.waiting(flow_id, claimed.flow.step))
        await wizard.show(call, await claimed.act())

    return after(work)


async def on_continue(call: Call) -> Answer:
    """“Continue”, “Check status”, “Enter code”, “Back”: read Meta and draw the right window."""
    flow_id = str(call.action.get("value"))

    async def work() -> None:
        if not await call.screen.open(
            menu.loading(title=views.TITLE, text="Asking Meta how the number stands…")
        ):
            return
        moved = await call.services.opening.resume(call.person, flow_id, view_id=call.screen.window)
        await wizard.show(call, moved)

    return after(work)


async def on_cancel(call: Call) -> Answer:
    """“Stop reconnecting”."""
    flow = await call.services.opening.cancel(call.person, str(call.action.get("value")))
    return after(lambda: wizard.show(call, Moved(flow)))


async def on_refresh(call: Call) -> Answer:
    """“Try refreshing permissions” within the wizard: the proof again."""
    must_operate(call)
    flow_id = str(call.action.get("value"))
    must_own(await call.services.opening.get(flow_id), call.person)

    async def work() -> None:
        await call.screen.show(views.waiting(flow_id, Step.REFRESHING))
        try:
            moved = await call.services.register.prove(call.person, flow_id, key=call.key)
        except AlreadyDone:
            await wizard.as_it_stands(replace(call, view=None), flow_id)  # it shows the wait since just now
            return
        await wizard.show(call, moved)

    return after(work)


async def on_new_pin(call: Call) -> Answer:
    """“Set a new PIN”: asked for deliberately, in a window of its own."""
    must_operate(call)
    flow = await call.services.opening.get(str(call.action.get("value")))
    must_own(flow, call.person)
    if flow.step is not Step.PIN:
        raise StaleFlow("This number does not wait for a PIN any more.")

    async def work() -> None:
        await call.screen.show(views.new_pin(flow))

    return after(work)


def must_operate(call: Call) -> None:
    call.person.must_be(Role.OPERATOR, to="reconnect a number")


async def on_close(call: Call) -> Answer:
    """A window was closed in mid-flow: nothing is lost, and a private message offers to go on.

    Closed before a code was asked for, it lets the number go.
    """
    flow_id = kit.flow_id(call.view or {})
    if not flow_id.startswith("f"):
        return Answer()

    async def work() -> None:
        await call.services.opening.let_go(call.person, flow_id, view_id=call.screen.window)
        flow = await call.services.opening.get(flow_id)
        mine = flow.holder if flow.holder else flow.owner
        if flow.active and flow.step in _WORTH_CONTINUING and call.person.id == mine:
            await call.screen.say(wizard.away(flow))

    return after(work)


_WORTH_CONTINUING = frozenset({Step.SENT, Step.PIN, Step.UNSURE, Step.REFRESH})


ACTIONS: Mapping[str, Listener] = {
    ids.CONTINUE: on_continue,
    ids.CHECK: on_continue,
    ids.ENTER: on_continue,
    ids.CANCEL: on_cancel,
    ids.SEND_AGAIN: on_send_again,
    ids.CALL: on_call_instead,
    ids.NEW_PIN: on_new_pin,
    ids.REFRESH: on_refresh,
}
CLOSES: Mapping[str, Listener] = dict.fromkeys((ids.SEND, ids.VERIFY, ids.CONNECT, ids.WINDOW), on_close)
