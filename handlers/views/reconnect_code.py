"""“Enter the code”: for the starter, for the colleague with the phone, and while a colleague has it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.errors import BadInput
from bot.flows.state import Reconnect
from handlers.views import kit
from handlers.views import reconnect_ids as ids
from handlers.views.budget import left, what_is_it, when
from handlers.views.digits import TypedCode, code_from
from handlers.views.kit import Block, Press, View
from handlers.views.reconnect_parts import cancel, noted, title_line, warned
from handlers.views.text import Markup, clock_time, countdown, join, mark, mention

if TYPE_CHECKING:
    from bot.budget import Budget

TITLE = "Enter the code"


def enter(
    flow: Reconnect,
    *,
    budget: "Budget",
    now: datetime,
    as_holder: bool = False,
    may_overrule: bool = False,
    not_six: bool = False,
    warning: str = "",
) -> View:
    """The code box. `as_holder`: for the colleague, without hand-off and resend. `not_six`: ask once more.

    A dead code, or no tries left, leaves no box and no submit, only the ways on. `may_overrule`: this person
    may go on beyond our guard line for the day's tries.
    """
    said = warned(warning) or noted(flow.reason)
    blocks = [title_line(flow.ref), *said, kit.section(_where(flow, as_holder))]
    no_try = _no_try(budget, now, may_overrule)
    closed = no_try or _dead(flow, budget, now)
    if closed:
        ask = as_holder and not no_try
        new = mark(" Ask {who} for a new one.", who=mention(flow.owner)) if ask else Markup("")
        blocks.append(kit.section(Markup(closed + new), press=what_is_it(budget.tries, now)))
    else:
        blocks += _box(flow, not_six)
        blocks.append(kit.context(_tries(budget, now, may_overrule)))
    blocks += _time_left(flow, now)
    if as_holder:
        blocks += [kit.actions(_look_again(flow))] if flow.reason else []
    else:
        blocks += [_waiting_ways(flow)] if no_try else _ways_on(flow, budget, now, may_overrule)
    return kit.modal(
        callback_id=ids.WINDOW if closed else ids.VERIFY,
        title=TITLE,
        submit="" if closed else "Verify",
        blocks=blocks,
        about=flow.id,
        notify_on_close=True,
    )


def _where(flow: Reconnect, as_holder: bool) -> Markup:
    how = "a voice call" if flow.method == "VOICE" else "an SMS"
    if flow.code_unsure:
        again = mark("ask {who} for another", who=mention(flow.owner)) if as_holder else "press “Send again”"
        return mark(
            ":warning: Meta did not answer when it was asked for a code: it *may or may not have been sent*. "
            "If {how} comes, type its code here. If nothing comes, wait and {again}.",
            how=how,
            again=again,
        )
    if flow.code_sent_at is None:
        return Markup("A code is on its way or was sent earlier: type it here.")
    return mark("Meta was asked for {how} at {at}.", how=how, at=clock_time(flow.code_sent_at))


def _life(flow: Reconnect, now: datetime) -> timedelta | None:
    return flow.code_dies_at - now if flow.code_dies_at else None


def _no_try(budget: "Budget", now: datetime, may_overrule: bool) -> Markup:
    """Why no code at all can be entered now, not even a new one; "" when one can."""
    if budget.tries.open_at(now) or (may_overrule and budget.tries.manager_only):
        return Markup("")
    return mark(":hourglass: *No tries now.* {left}.", left=left(budget.tries, now, of="tries"))


def _dead(flow: Reconnect, budget: "Budget", now: datetime) -> Markup:
    """Why the code now out is of no use, "" when it is."""
    life = _life(flow, now)
    if life is not None and life <= timedelta(0):
        return Markup(":hourglass: *This code has expired.* A code lives 10 minutes.")
    if budget.tries_of_code.left <= 0:
        return Markup(":no_entry: *No tries left for this code.* Only a new one helps.")
    return Markup("")


def _box(flow: Reconnect, not_six: bool) -> list[Block]:
    hint = "6 digits; 123-456 or 123 456 is fine too."
    blocks = [ids.CODE.typed(placeholder="6 digits", hint=hint, focus=True)]
    if not_six:
        why = Markup(
            ":warning: *That was not six digits, and Meta's codes have 6.* Nothing was sent, no try was used. "
            "Compare it with the {came}; to send it as it is, tick the box and press “Verify” again."
        )
        came = "call" if flow.method == "VOICE" else "message"
        blocks = [
            kit.section(mark(why, came=came)),
            *blocks,
            ids.ANYWAY.tick("Send it as it is", optional=True),
        ]
    return blocks


def _tries(budget: "Budget", now: datetime, may_overrule: bool) -> Markup:
    of_code = left(budget.tries_of_code, now, of="tries")
    return join([of_code, left(budget.tries, now, of="tries", to_manager=may_overrule)], " · ")


def _time_left(flow: Reconnect, now: datetime) -> list[Block]:
    life = _life(flow, now)
    if life is None or flow.code_dies_at is None or life <= timedelta(0):
        return []
    at = clock_time(flow.code_dies_at)
    return [kit.context(mark("Time left: {left}, until {at}", left=countdown(life), at=at))]


def _waiting_ways(flow: Reconnect) -> Block:
    """A new code could not be typed in either, so none is offered."""
    return kit.actions(_look_again(flow), cancel(flow.id))


def _look_again(flow: Reconnect) -> Press:
    return Press(action_id=ids.CHECK, label="Check status", value=flow.id)


def _ways_on(flow: Reconnect, budget: "Budget", now: datetime, may_overrule: bool) -> list[Block]:
    opens = when(budget.codes, now)
    again = mark("“Send again” and “Call instead” open {opens}", opens=opens) if opens else Markup("")
    codes = left(budget.codes, now, of="codes", with_wait=not again, to_manager=may_overrule)
    presses = [
        *([_look_again(flow)] if flow.reason else []),
        Press(action_id=ids.SEND_AGAIN, label="Send again", value=flow.id),
        Press(action_id=ids.CALL, label="Call instead", value=flow.id),
        Press(action_id=ids.HAND_OFF, label="Someone else has the phone", value=flow.id),
        cancel(flow.id),
    ]
    return [
        kit.context(join([again, codes], " · ")),
        kit.actions(*presses),
    ]


def read_code(view: Mapping[str, Any]) -> TypedCode:
    """What was typed. Raises BadInput (beside the field) unless it is 4 to 6 digits."""
    code = code_from(ids.CODE.read_text(view), field=ids.CODE.block_id)
    return TypedCode(code=code, odd=len(code.reveal()) != 6, confirmed=ids.ANYWAY.read_tick(view))


def handed_off(flow: Reconnect, *, now: datetime) -> View:
    """What the starter sees while a colleague has the phone."""
    since = mark(" since {at}", at=clock_time(flow.holder_since)) if flow.holder_since else Markup("")
    life = _life(flow, now)
    text = mark(
        ":hourglass: Waiting for {who}, who has the code box{since}.",
        who=mention(flow.holder or ""),
        since=since,
    )
    until = Markup("The code has expired: take it back and send a new one.")
    if flow.code_dies_at and life and life > timedelta(0):
        until = mark(
            "The code dies at {at} ({left} left).", at=clock_time(flow.code_dies_at), left=countdown(life)
        )
    back = Press(action_id=ids.TAKE_BACK, label="Take back", value=flow.id)
    blocks = [title_line(flow.ref), kit.section(text), kit.context(until), kit.actions(back, cancel(flow.id))]
    return kit.modal(callback_id=ids.WINDOW, title=TITLE, blocks=blocks, about=flow.id, notify_on_close=True)


def pick_holder(flow: Reconnect, *, warning: str = "") -> View:
    """Who has the phone? The one chosen gets a direct message with “Enter code”."""
    blocks = [
        title_line(flow.ref),
        *warned(warning),
        ids.HOLDER.person(placeholder="Choose a colleague"),
        kit.context(
            "Only this person, only for this number, and only until the code dies. You can take it back."
        ),
        kit.actions(Press(action_id=ids.CONTINUE, label="Back", value=flow.id)),
    ]
    return kit.modal(callback_id=ids.HANDED, title=TITLE, submit="Ask them", blocks=blocks, about=flow.id)


def read_holder(view: Mapping[str, Any]) -> str:
    """The Slack user id chosen. Raises BadInput when nobody is."""
    chosen = ids.HOLDER.read_person(view)
    if not chosen:
        raise BadInput("Choose who has the phone.", field=ids.HOLDER.block_id)
    return chosen
