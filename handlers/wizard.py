"""Draw a flow where its people look: the actor's window, and the other person's when it concerns them."""

from dataclasses import replace

from bot.audit import BOT, Outcome
from bot.errors import AlreadyDone, BotError, StaleFlow
from bot.flows.code import FOR_HOLDER
from bot.flows.handoff import CODE_STEPS
from bot.flows.moved import Moved
from bot.flows.register import proof_is_due
from bot.flows.result import Result, in_short
from bot.flows.state import FINAL, PENDING, Reconnect, Step
from bot.graph.model import Number
from bot.meanings import quoted
from bot.numbers import code_advice, prefers_call
from bot.roles import Role
from bot.status import name_ready
from handlers import errors
from handlers.call import Call
from handlers.views import menu
from handlers.views import reconnect as views
from handlers.views import reconnect_ids as ids
from handlers.views.diagnose_cause import explain_press
from handlers.views.kit import Message, Press, View
from handlers.views.reconnect_parts import explained
from handlers.views.text import Markup, esc, mark, mention
from storage.errors import StorageError

_TYPING = CODE_STEPS - {Step.CHOOSE, Step.UNSURE}
THANKS = Markup(":white_check_mark: Thank you: Meta accepted the code.")
WAITS = "The reconnect waits for you. Nothing is lost."
_NEWS = {
    Step.CONNECTED: "It is Connected: read back from Meta.",
    **dict.fromkeys(FINAL - {Step.CONNECTED}, "It has ended."),
}
SEND_AGAIN = "“Send again”"
READ_BACK = "Meta's answer was lost, but reading the number back shows that it was done."


async def show(call: Call, moved: Moved, *, warning: str = "") -> None:
    """The window for where the flow stands now; a direct message when the window was closed meanwhile.

    Where only the proof is left it runs first: nobody is asked to press for what needs no decision.
    """
    if proof_is_due(moved):
        before, moved = moved, await _proved(call, moved)
        warning = said(before) if moved.flow.step is Step.CONNECTED else ""
    try:
        view = await window(call, moved, warning=warning)
    except StorageError as error:
        if moved.result is None:
            raise
        view = _undrawn(moved, moved.result, error)
    if not await call.screen.show(view) and not await _show_in_newer(call, moved.flow, view):
        await _say_for_sure(call, moved.flow, said(moved))
    await _bring_others_up_to_date(call, moved)


async def _proved(call: Call, moved: Moved) -> Moved:
    """The flow after its proof; as it stands when another press has begun it already."""
    flow, mine = moved.flow, call.person.id == moved.flow.owner
    at_work = views.waiting(flow.id, Step.REFRESHING)
    await call.screen.show(at_work if mine else for_colleague(flow))
    if not mine and flow.view_id:
        await call.screen.of(flow.owner, window=flow.view_id).show(at_work)
    try:
        return await call.services.register.prove(
            call.person if mine else BOT, flow.id, key=f"{call.key}:proof"
        )
    except (AlreadyDone, StaleFlow):
        return Moved(await call.services.opening.get(flow.id))


async def _show_in_newer(call: Call, flow: Reconnect, view: View) -> bool:
    """In the window this person has opened on the flow meanwhile, which still shows the wait."""
    newer = {flow.owner: flow.view_id, flow.holder: flow.holder_view_id}.get(call.person.id)
    if not newer or newer == call.screen.window:
        return False
    return await call.screen.of(call.person.id, window=newer).show(view)


async def _say_for_sure(call: Call, flow: Reconnect, warning: str) -> None:
    """The result as a private message; while Slack takes none it is owed, so that nobody waits in vain."""
    if not await call.screen.say(away(flow, warning)):
        await call.services.acts.owe_news(
            flow, to=call.person.id, text=warning or _NEWS.get(flow.step, WAITS)
        )


def _undrawn(moved: Moved, result: Result, error: StorageError) -> View:
    """The call was made and recorded, only the budgets cannot be read: never told as “nothing was sent”."""
    press = Press(action_id=ids.CONTINUE, label="Continue", value=moved.flow.id)
    hint = mark("It is recorded. {why}", why=esc(error.sentence))
    text = esc(said(moved) or in_short(result), 1400)
    return menu.notice(title="WhatsApp", text=text, hint=hint, press=press)


async def window(call: Call, moved: Moved, *, warning: str = "") -> View:
    """What this person sees of the flow."""
    flow = moved.flow
    may_type = call.person.id == flow.holder and flow.step in _TYPING
    if call.person.id != flow.owner and not may_type:
        return for_colleague(flow)
    return await draw(call, moved, viewer=call.person.id, warning=warning or said(moved, call.person.id))


def for_colleague(flow: Reconnect) -> View:
    """What is left for somebody whose only part is the code, when there is nothing to type now."""
    owner, press = mention(flow.owner), None
    match flow.step:
        case Step.UNSURE:
            text = Markup(
                ":grey_question: Meta's answer did not arrive: it is not known yet whether it took the code."
            )
            press = Press(action_id=ids.CHECK, label="Check status", value=flow.id, style="primary")
        case Step.CHOOSE:
            text = mark(":hourglass: No code is out now. {who} can ask Meta for one.", who=owner)
        case Step.STOPPED | Step.CANCELLED | Step.EXPIRED:
            text = Markup("This reconnect has ended: no code is asked of you any more. Thank you.")
        case _ if flow.done is None:  # it came true by other means, and no code was typed
            text = Markup("This number needs no code any more: nothing is asked of you. Thank you.")
        case _:
            text = mark("{t} {who} goes on.", t=THANKS, who=owner)
    return menu.notice(title="Enter the code", text=text, press=press)


async def draw(call: Call, moved: Moved, *, viewer: str, warning: str = "") -> View:
    """The flow's window for `viewer`, with its budgets as they are now."""
    flow = moved.flow
    budget = await call.services.acts.budget(flow.ref.id, code_op=flow.code_op)
    view = views.at(
        replace(flow, method=method_for(flow)) if flow.step is Step.CHOOSE else flow,
        budget=budget,
        now=call.services.clock.now(),
        viewer=viewer,
        advice=code_advice(flow.ref.digits),
        name_ready=_name_ready(moved.number),
        may_overrule=call.person.role >= Role.MANAGER and viewer == call.person.id,
        report=moved.report,
        warning=warning,
    )
    result = moved.result
    if result is None or not result.code:
        return view
    return explained(view, explain_press(result.reason, result.metas_words))


def _name_ready(number: Number | None) -> bool:
    return number is None or name_ready(number)


def method_for(flow: Reconnect) -> str:
    """What is preselected: a voice call where an SMS cannot arrive."""
    return "VOICE" if prefers_call(flow.ref.digits) else flow.method


def said(moved: Moved, viewer: str = "") -> str:
    """What to tell about a call that did not simply succeed, in plain text. `viewer`: the Slack user it is for."""
    result = moved.result
    if result is None or result.ok or result.outcome is Outcome.NONE:
        return ""
    if result.outcome is Outcome.UNKNOWN and result.says and moved.flow.step is not Step.UNSURE:
        return READ_BACK
    words = quoted(result.metas_words)
    number = f"(Meta's code {result.reason})" if result.code else ""
    do = FOR_HOLDER if viewer and viewer == moved.flow.holder and SEND_AGAIN in result.do else result.do
    return " ".join(part for part in (result.says, words, do, number) if part)


async def stay(call: Call, flow_id: str, error: BotError) -> None:
    """Something cannot be done now: say so on top of the window, and leave the rest as it is."""
    flow = await call.services.opening.get(flow_id)
    view = await draw(call, Moved(flow), viewer=call.person.id, warning=errors.warning(error))
    if not await call.screen.show(view):
        await call.screen.say(errors.notice_message(error))


async def as_it_stands(call: Call, flow_id: str) -> None:
    """A press whose deed is done already: draw where it led, unless the window has been redrawn since the press.

    What is still under way draws its own end.
    """
    flow = await call.services.opening.get(flow_id)
    if flow.step not in PENDING:
        await call.screen.show(
            await window(call, Moved(flow)), drawn=str((call.view or {}).get("hash") or "")
        )


async def _bring_others_up_to_date(call: Call, moved: Moved) -> None:
    """The starter's window follows when the code holder acts, and the holder's when the starter does."""
    if call.person.id != moved.flow.owner:
        await _tell_owner(call, moved)
    if moved.flow.holder and moved.flow.holder != call.person.id:
        await _tell_holder(call, moved, moved.flow.holder)


async def _tell_owner(call: Call, moved: Moved) -> None:
    """With the window closed, by a direct message."""
    flow = moved.flow
    if not flow.view_id:
        return
    view = await draw(call, moved, viewer=flow.owner, warning=said(moved))
    other = call.screen.of(flow.owner, window=flow.view_id)
    if not await other.show(view) and flow.step not in CODE_STEPS:
        await other.say(away(flow, said(moved)))


async def _tell_holder(call: Call, moved: Moved, holder: str) -> None:
    """In the window only: what they have to do or to know is owed to them as a direct message."""
    flow = moved.flow
    if not flow.holder_view_id or (flow.active and moved.result is None):
        return  # nothing has happened: what they are typing is left alone
    typing = flow.step in _TYPING
    view = await draw(call, moved, viewer=holder) if typing else for_colleague(flow)
    await call.screen.of(holder, window=flow.holder_view_id).show(view)


def away(flow: Reconnect, warning: str = "") -> Message:
    """The result for somebody whose window is closed. `warning`: what went wrong just before."""
    name = mark("*{name}* {tail}", name=esc(flow.ref.name, 200), tail=flow.ref.masked)
    if flow.step is Step.CONNECTED:
        return menu.notice_message(
            text=mark(":large_green_circle: {name} is Connected: read back from Meta.", name=name)
        )
    if not flow.active:
        return menu.notice_message(
            text=mark("{name}: the reconnect has ended. {why}", name=name, why=esc(flow.reason))
        )
    press = Press(action_id=ids.CONTINUE, label="Continue", value=flow.id, style="primary")
    return menu.notice_message(
        text=mark("{name}: the reconnect waits for you. Nothing is lost.", name=name),
        hint=esc(warning, 1400),
        press=press,
    )
