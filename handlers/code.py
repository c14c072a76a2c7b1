"""`/whatsapp code` and the changes of hands: who types the code."""

from collections.abc import Mapping

from bot.errors import BadInput
from bot.flows.guard import must_own
from bot.flows.handoff import CODE_STEPS, no_code
from bot.numbers import Ambiguous, NumberRef, find
from bot.roles import Role
from handlers import wizard
from handlers.call import Answer, Call, Listener, after, update
from handlers.command import Subcommand
from handlers.views import kit, menu
from handlers.views import reconnect as views
from handlers.views import reconnect_ids as ids


async def run(call: Call) -> Answer:
    """Open the code box directly. Anybody may ask; only the flow's starter or its code holder gets one."""

    async def work() -> None:
        if not await call.screen.open(menu.loading(title="Enter the code")):
            return
        ref = await _whose(call)
        if ref is None:
            return
        moved = await call.services.hand_off.code_box(call.person, ref, view_id=call.screen.window)
        await wizard.show(call, moved)

    return after(work)


async def _whose(call: Call) -> NumberRef | None:
    """The number typed, else the one this person has a code box for; None when they are asked which.

    Looked for among their own only, and what is not there has always the same answer: anybody may ask, so
    nothing may be learned from asking, and Meta is not read for it.
    """
    flows = await call.services.opening.of_person(call.person)
    mine = tuple(f.ref for f in flows if f.kind == "reconnect" and f.step in CODE_STEPS)
    try:
        if call.words:
            return find(call.words, mine)
    except Ambiguous as several:
        mine = several.choices
    except BadInput:
        mine = ()
    if not mine:
        raise no_code(call.person, of_any=not call.words)
    if len(mine) > 1:
        text = f"You have the code box of {len(mine)} numbers. Which one?"
        await call.screen.show(menu.in_window(menu.choices(verb="code", text=text, numbers=mine)))
        return None
    return mine[0]


async def on_hand_off(call: Call) -> Answer:
    """“Someone else has the phone”: who?"""
    flow = await call.services.opening.get(str(call.action.get("value")))
    must_own(flow, call.person)

    async def work() -> None:
        await call.screen.show(views.pick_holder(flow))

    return after(work)


async def on_handed(call: Call) -> Answer:
    """The colleague was chosen: they get a direct message, the starter sees the wait."""
    colleague = views.read_holder(call.view or {})
    flow_id = kit.flow_id(call.view or {})
    moved = await call.services.hand_off.give(call.person, flow_id, to=colleague)
    return update(await wizard.window(call, moved))


_THANKS = menu.notice(title="Enter the code", text="The code box was taken back. Thank you.")


async def on_take_back(call: Call) -> Answer:
    """“Take back”: the starter has the code box again; the colleague's window says so."""
    flow_id = str(call.action.get("value"))
    before = await call.services.opening.get(flow_id)
    moved = await call.services.hand_off.take_back(call.person, flow_id)

    async def work() -> None:
        await wizard.show(call, moved)
        if before.holder and before.holder_view_id:
            await call.screen.of(before.holder, window=before.holder_view_id).show(_THANKS)

    return after(work)


async def _in_a_window(call: Call) -> bool:
    """Whether there is one to go on in: pressed in a message, it is opened before anything is done."""
    return bool(call.screen.window or await call.screen.open(menu.loading(title=views.TITLE)))


async def on_join(call: Call) -> Answer:
    """“Join as code holder”."""
    call.person.must_be(Role.OPERATOR, to="join a reconnect")
    flow_id = str(call.action.get("value"))

    async def work() -> None:
        if not await _in_a_window(call):
            return
        await call.services.hand_off.join(call.person, flow_id)
        moved = await call.services.opening.resume(call.person, flow_id, view_id=call.screen.window)
        await wizard.show(call, moved)

    return after(work)


async def on_take_over(call: Call) -> Answer:
    """“Take over”, for managers."""
    call.person.must_be(Role.MANAGER, to="take over somebody's reconnect")
    flow_id = str(call.action.get("value"))

    async def work() -> None:
        if not await _in_a_window(call):
            return
        before = await call.services.opening.get(flow_id)
        moved = await call.services.hand_off.take_over(call.person, flow_id, view_id=call.screen.window)
        await wizard.show(call, moved)
        if before.view_id and before.owner != call.person.id:
            gone = menu.notice(title=views.TITLE, text="A manager has taken over this reconnect.")
            await call.screen.of(before.owner, window=before.view_id).show(gone)
        if before.holder and before.holder_view_id and before.holder != call.person.id:
            await call.screen.of(before.holder, window=before.holder_view_id).show(_THANKS)

    return after(work)


COMMANDS = (
    Subcommand(
        "code", "/whatsapp code [number]", "Open the code box: for whoever holds the phone.", "Enter code",
        Role.NOBODY, run,
    ),
)  # fmt: skip
ACTIONS: Mapping[str, Listener] = {
    ids.HAND_OFF: on_hand_off,
    ids.TAKE_BACK: on_take_back,
    ids.JOIN: on_join,
    ids.TAKE_OVER: on_take_over,
}
SUBMITS: Mapping[str, Listener] = {ids.HANDED: on_handed}
CLOSES: Mapping[str, Listener] = {}
