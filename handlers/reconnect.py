"""`/whatsapp reconnect`: opens the wizard, and takes what is submitted in it.

A deed that costs something is claimed in the database before it is acknowledged; the call follows.
"""

from collections.abc import Awaitable, Callable, Mapping

from bot.errors import AlreadyDone, BudgetSpent, NumberBusy
from bot.flows.guard import awaits_code, must_hold_phone
from bot.flows.moved import Claimed, Moved
from bot.flows.state import Step
from bot.numbers import Ambiguous, NumberRef
from bot.roles import Role
from handlers import reconnect_buttons as buttons
from handlers import wizard
from handlers.call import Answer, Call, Listener, after, update
from handlers.command import Subcommand
from handlers.reconnect_buttons import must_operate
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
                await _choose(call, several.choices, typed=call.words)
                return
            await (_start(call, ref) if ref else _choose(call, await call.services.directory.refs()))

    return after(work)


async def on_open(call: Call) -> Answer:
    """“Reconnect” on the board or a card; value = the number's id."""
    must_operate(call)

    async def work() -> None:
        if await call.screen.open(menu.loading(title=views.TITLE, text="Asking Meta how the number stands…")):
            await _start(call, await call.services.directory.by_id(str(call.action.get("value"))))

    return after(work)


async def _meant(call: Call) -> NumberRef | None:
    return await call.services.directory.find(call.words) if call.words else None


async def _choose(call: Call, numbers: tuple[NumberRef, ...], *, typed: str = "") -> None:
    await call.screen.show(views.choose(now=call.services.clock.now(), numbers=numbers, typed=typed))


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
            may_join=flow.holder is None and awaits_code(flow),
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
    must_hold_phone(flow, call.person)
    budget = await call.services.acts.budget(flow.ref.id, code_op=flow.code_op)
    return update(
        views.enter(
            flow,
            budget=budget,
            now=call.services.clock.now(),
            as_holder=call.person.id == flow.holder,
            may_overrule=call.person.role >= Role.MANAGER,
            not_six=True,
        )
    )


async def on_connect(call: Call) -> Answer:
    """“Connect”: register with the PIN."""
    flow_id = kit.flow_id(call.view or {})
    flow = await call.services.opening.get(flow_id)
    pin = views.read_pin(call.view or {}, becomes_new=flow.pin_exists is False)
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


COMMANDS = (
    Subcommand(
        "reconnect", "/whatsapp reconnect [number]", "Bring a number back: code, PIN, proof.", "Reconnect",
        Role.OPERATOR, run,
    ),
)  # fmt: skip
ACTIONS: Mapping[str, Listener] = {ids.OPEN: on_open, **buttons.ACTIONS}
SUBMITS: Mapping[str, Listener] = {
    ids.SEND: on_send,
    ids.VERIFY: on_verify,
    ids.CONNECT: on_connect,
    ids.SET_PIN: on_set_pin,
}
CLOSES: Mapping[str, Listener] = buttons.CLOSES
