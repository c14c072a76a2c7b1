"""`/whatsapp reconnect` and `/whatsapp code`: the wizard's commands, submits and buttons.

A deed that costs something is claimed in the database before it is acknowledged; the call follows.
"""

from collections.abc import Awaitable, Callable, Mapping

from bot.errors import AlreadyDone, BudgetSpent, NumberBusy, StaleFlow
from bot.flows.moved import Claimed, Moved
from bot.flows.state import Step
from bot.numbers import Ambiguous, NumberRef
from bot.roles import Role
from handlers import wizard
from handlers.call import Answer, Call, Listener, after, update
from handlers.command import Subcommand
from handlers.views import kit, menu
from handlers.views import reconnect as views
from handlers.views import reconnect_ids as ids


async def run(call: Call) -> Answer:
    """Open the wizard: at the number's own step, or with the question which number."""

    async def work() -> None:
        if await call.screen.open(menu.loading(title=views.TITLE, text="Asking Meta how the number stands…")):
            try:
                ref = await _meant(call)
            except Ambiguous as several:
                await _choose(call, several.choices)
                return
            await (_start(call, ref) if ref else _choose(call, await call.services.directory.refs()))

    return after(work)


async def on_open(call: Call) -> Answer:
    """“Reconnect” on the board or a card; value = the number's id."""
    _must_operate(call)

    async def work() -> None:
        if await call.screen.open(menu.loading(title=views.TITLE, text="Asking Meta how the number stands…")):
            await _start(call, await call.services.directory.by_id(str(call.action.get("value"))))

    return after(work)


async def _meant(call: Call) -> NumberRef | None:
    return await call.services.directory.find(call.words) if call.words else None


async def _choose(call: Call, numbers: tuple[NumberRef, ...]) -> None:
    await call.screen.show(views.choose(now=call.services.clock.now(), numbers=numbers))


async def _start(call: Call, ref: NumberRef) -> Moved | None:
    """Open or resume the number's flow and draw it; None when somebody else holds it."""
    try:
        moved = await call.services.opening.open(call.person, ref, view_id=call.screen.window)
    except NumberBusy as held:
        await _busy(call, held)
        return None
    await wizard.show(call, moved)
    return moved


async def _busy(call: Call, held: NumberBusy) -> None:
    flow = await call.services.opening.get(held.flow_id)
    await call.screen.show(
        views.busy(
            flow,
            now=call.services.clock.now(),
            until=flow.held_until,
            may_join=flow.holder is None and flow.kind == "reconnect",
            may_take_over=call.person.role >= Role.MANAGER,
        )
    )


async def on_send(call: Call) -> Answer:
    """“Send code”: claim, acknowledge with the waiting window, ask Meta, show what came of it."""
    chosen = views.read_choose(call.view or {})
    flow_id = kit.flow_id(call.view or {})
    if not flow_id:
        return _send_first(call, chosen)
    return await _claimed(
        call,
        flow_id,
        lambda: call.services.code.claim_code(
            call.person, flow_id, method=chosen.method, language=chosen.language, key=call.key
        ),
    )


def _send_first(call: Call, chosen: views.Chosen) -> Answer:
    """The number was chosen in the window itself: its state decides whether a code is the next step."""

    async def work() -> None:
        ref = await call.services.directory.by_id(chosen.number_id)
        moved = await _start(call, ref)
        if moved is None or moved.flow.step is not Step.CHOOSE:
            return
        if chosen.method == "SMS" and wizard.method_for(moved.flow) == "VOICE":
            return  # no SMS arrives there: the window now advises a call, and asks again
        flow_id = moved.flow.id
        try:
            claimed = await call.services.code.claim_code(
                call.person, flow_id, method=chosen.method, language=chosen.language, key=call.key
            )
        except BudgetSpent as spent:
            await wizard.stay(call, flow_id, spent)
            return
        await call.screen.show(views.waiting(flow_id, claimed.flow.step))
        await wizard.show(call, await claimed.act())

    return update(menu.loading(title=views.TITLE, text="Asking Meta how the number stands…"), work)


async def on_verify(call: Call) -> Answer:
    """“Verify”: four to six digits; when it is not six the person is asked once more before a try is burnt."""
    typed = views.read_code(call.view or {})
    flow_id = kit.flow_id(call.view or {})
    if typed.odd and not typed.confirmed:
        return await _ask_once_more(call, flow_id)
    return await _claimed(
        call,
        flow_id,
        lambda: call.services.code.claim_check(call.person, flow_id, code=typed.code, key=call.key),
    )


async def _ask_once_more(call: Call, flow_id: str) -> Answer:
    flow = await call.services.opening.get(flow_id)
    budget = await call.services.acts.budget(flow.ref.id, code_op=flow.code_op)
    return update(
        views.enter(
            flow,
            budget=budget,
            now=call.services.clock.now(),
            as_holder=call.person.id == flow.holder,
            not_six=True,
        )
    )


async def on_connect(call: Call) -> Answer:
    """“Connect”: register with the PIN."""
    pin = views.read_pin(call.view or {})
    flow_id = kit.flow_id(call.view or {})
    return await _claimed(
        call,
        flow_id,
        lambda: call.services.register.claim_register(call.person, flow_id, pin=pin, key=call.key),
    )


async def on_set_pin(call: Call) -> Answer:
    """“Set PIN”: a new PIN, then the registration with it."""
    pin = views.read_new_pin(call.view or {})
    flow_id = kit.flow_id(call.view or {})
    return await _claimed(
        call,
        flow_id,
        lambda: call.services.register.claim_new_pin(call.person, flow_id, pin=pin, key=call.key),
    )


async def _claimed(call: Call, flow_id: str, claim: Callable[[], Awaitable[Claimed]]) -> Answer:
    """Claim before the acknowledgement; a second delivery of the same click only sees how it stands."""
    try:
        claimed = await claim()
    except AlreadyDone:
        return update(await wizard.window(call, Moved(await call.services.opening.get(flow_id))))

    async def work() -> None:
        await wizard.show(call, await claimed.act())

    return update(views.waiting(flow_id, claimed.flow.step), work)


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
    _must_operate(call)
    flow_id = str(call.action.get("value"))

    async def work() -> None:
        await call.screen.show(views.waiting(flow_id, Step.REFRESHING))
        await wizard.show(call, await call.services.register.prove(call.person, flow_id, key=call.key))

    return after(work)


async def on_new_pin(call: Call) -> Answer:
    """“Set a new PIN”: asked for deliberately, in a window of its own."""
    _must_operate(call)
    flow = await call.services.opening.get(str(call.action.get("value")))
    if flow.step is not Step.PIN:
        raise StaleFlow("This number does not wait for a PIN any more.")

    async def work() -> None:
        await call.screen.show(views.new_pin(flow))

    return after(work)


def _must_operate(call: Call) -> None:
    call.person.must_be(Role.OPERATOR, to="reconnect a number")


async def on_close(call: Call) -> Answer:
    """A window was closed in mid-flow: nothing is lost, and a private message offers to go on."""
    flow_id = kit.flow_id(call.view or {})
    if not flow_id.startswith("f"):
        return Answer()

    async def work() -> None:
        flow = await call.services.opening.get(flow_id)
        mine = flow.holder if flow.holder else flow.owner
        if flow.active and flow.step in _WORTH_CONTINUING and call.person.id == mine:
            await call.screen.say(wizard.away(flow))

    return after(work)


_WORTH_CONTINUING = frozenset({Step.SENT, Step.PIN, Step.UNSURE, Step.REFRESH})

COMMANDS = (
    Subcommand(
        "reconnect", "/whatsapp reconnect [number]", "Bring a number back: code, PIN, proof.", "Reconnect",
        Role.OPERATOR, run,
    ),
)  # fmt: skip
ACTIONS: Mapping[str, Listener] = {
    ids.OPEN: on_open,
    ids.CONTINUE: on_continue,
    ids.CHECK: on_continue,
    ids.ENTER: on_continue,
    ids.CANCEL: on_cancel,
    ids.SEND_AGAIN: on_send_again,
    ids.CALL: on_call_instead,
    ids.NEW_PIN: on_new_pin,
    ids.REFRESH: on_refresh,
}
SUBMITS: Mapping[str, Listener] = {
    ids.SEND: on_send,
    ids.VERIFY: on_verify,
    ids.CONNECT: on_connect,
    ids.SET_PIN: on_set_pin,
}
CLOSES: Mapping[str, Listener] = dict.fromkeys((ids.SEND, ids.VERIFY, ids.CONNECT, ids.WINDOW), on_close)
