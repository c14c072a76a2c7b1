"""“Reconnect number”, the waiting windows, and the right window for any step of the wizard."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.errors import BadInput
from bot.flows.report import RefreshReport
from bot.flows.state import PENDING, Reconnect, Step
from bot.numbers import NumberRef
from handlers.views import kit
from handlers.views import reconnect_ids as ids
from handlers.views.budget import left, what_is_it
from handlers.views.kit import Block, Press, View
from handlers.views.languages import DEFAULT, LANGUAGES
from handlers.views.menu import number_option, several_fit
from handlers.views.reconnect_code import enter, handed_off, pick_holder, read_code, read_holder
from handlers.views.reconnect_end import busy, connected, ended, refresh_due, unsure
from handlers.views.reconnect_parts import cancel, noted, title_line, warned
from handlers.views.reconnect_pin import new_pin, pin, read_new_pin, read_pin
from handlers.views.text import Markup, esc, mark

if TYPE_CHECKING:
    from bot.budget import Budget

TITLE = "Reconnect number"
METHODS = {"SMS": "SMS", "VOICE": "Voice call"}
WAITING = {
    Step.SENDING: "Asking Meta to send a code…",
    Step.CHECKING: "Checking the code with Meta…",
    Step.SETTING_PIN: "Setting the new PIN…",
    Step.REGISTERING: "Registering the number with Meta…",
    Step.REFRESHING: "Refreshing permissions, then reading the status back until it says “Connected”…",
}
_NOW = Markup(
    ":iphone: *The phone must be able to receive SMS or calls now.* Somebody must hold it: the code lives only "
    "10 minutes, and codes are rationed."
)

_OPTIONS_BYTES = 220_000  # of the 250,000 a whole view may have
_NO_NUMBER = Markup("There is no number that could be reconnected now: `/whatsapp status` shows why.")

__all__ = [
    "METHODS", "TITLE", "Chosen", "at", "busy", "choose", "connected", "ended", "enter", "handed_off", "new_pin",
    "pick_holder", "pin", "read_choose", "read_code", "read_holder", "read_new_pin", "read_pin", "refresh_due",
    "unsure", "waiting",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen in “Reconnect number”. `number_id` "" when the window was about one number already."""

    number_id: str
    method: str
    language: str


def choose(
    flow: Reconnect | None = None,
    *,
    now: datetime,
    numbers: Sequence[NumberRef] = (),
    typed: str = "",
    budget: "Budget | None" = None,
    advice: str = "",
    method: str = "SMS",
    may_overrule: bool = False,
    warning: str = "",
) -> View:
    """The first window. Without a flow it asks for the number too (`budget` is then unknown: leave it out).

    `typed`: what several numbers fit. `advice`: one sentence on the kind of line; `method`: what is preselected.
    `may_overrule`: beyond our guard line. When no code may be asked for, there is no submit, only the time.
    """
    if flow is None and not numbers:
        return kit.modal(callback_id=ids.WINDOW, title=TITLE, blocks=[kit.section(_NO_NUMBER)])
    about = [title_line(flow.ref)] if flow else _which(numbers, typed)
    closed = flow is not None and budget is not None and _spent(budget, now, may_overrule)
    spent = left(budget.codes, now, of="codes", to_manager=may_overrule) if budget else Markup("")
    blocks = [*about, *(warned(warning) or noted(flow.reason if flow else "")), kit.section(_NOW)]
    blocks += [kit.context(esc(advice, 400))] if advice else []
    if closed:
        said = mark(":hourglass: *No code can be asked for now.* {spent}.", spent=spent)
        blocks.append(kit.section(said, press=what_is_it(budget.codes, now) if budget else None))
    else:
        blocks += _inputs(method if method in METHODS else "SMS", flow)
        blocks += [kit.context(spent)] if spent else []
    if flow:
        blocks.append(_below(flow, closed))
    return kit.modal(
        callback_id=ids.WINDOW if closed else ids.SEND,
        title=TITLE,
        submit="" if closed else "Send code",
        blocks=blocks,
        about=flow.id if flow else "",
        notify_on_close=True,
    )


def _below(flow: Reconnect, closed: bool) -> Block:
    again = [Press(action_id=ids.CHECK, label="Check status", value=flow.id)] if closed or flow.reason else []
    return kit.actions(*again, cancel(flow.id))


def _spent(budget: "Budget", now: datetime, may_overrule: bool) -> bool:
    """Whether no code may be asked for now, by us or by Meta."""
    overruled = may_overrule and budget.codes.manager_only
    return not budget.codes.open_at(now) and not overruled


def _which(numbers: Sequence[NumberRef], typed: str) -> list[Block]:
    return [*([kit.section(several_fit(typed, numbers))] if typed else []), _numbers(numbers)]


def _numbers(numbers: Sequence[NumberRef]) -> Block:
    options = [number_option(ref, ref.id) for ref in numbers]
    kept = options if len(json.dumps(options)) <= _OPTIONS_BYTES else options[:100]
    hint = (
        f"The first {len(kept)} of {len(options)}; type any other after the command."
        if kept != options
        else ""
    )
    return ids.NUMBER.menu(kept, placeholder="Choose a number", hint=hint)


def _inputs(method: str, flow: Reconnect | None) -> list[Block]:
    language = flow.language if flow and flow.language in LANGUAGES else DEFAULT
    return [
        ids.METHOD.radios([kit.option(label, value) for value, label in METHODS.items()], chosen=method),
        ids.LANGUAGE.menu(
            [kit.option(label, value) for value, label in LANGUAGES.items()],
            placeholder="Choose a language",
            chosen=language,
        ),
    ]


def read_choose(view: Mapping[str, Any]) -> Chosen:
    """What was chosen. Raises BadInput for a value that was never offered."""
    method, language = ids.METHOD.read_choice(view), ids.LANGUAGE.read_choice(view)
    if method not in METHODS:
        raise BadInput("Choose SMS or Voice call.", field=ids.METHOD.block_id)
    if language not in LANGUAGES:
        raise BadInput("Choose a language from the list.", field=ids.LANGUAGE.block_id)
    number_id = ids.NUMBER.read_choice(view)
    if not number_id and not kit.flow_id(view):
        raise BadInput("Choose the number.", field=ids.NUMBER.block_id)
    return Chosen(number_id=number_id, method=method, language=language)


def waiting(flow_id: str, step: Step) -> View:
    """While a call to Meta may be under way: no submit, so nothing can be sent twice."""
    blocks = [
        kit.section(mark(":hourglass_flowing_sand: {said}", said=WAITING[step])),
        kit.context("You may close this window: nothing is lost, and a message will tell you how it ended."),
    ]
    return kit.modal(callback_id=ids.WINDOW, title=TITLE, blocks=blocks, about=flow_id)


def at(
    flow: Reconnect,
    *,
    budget: "Budget",
    now: datetime,
    viewer: str,
    advice: str = "",
    name_ready: bool = True,
    may_overrule: bool = False,
    report: RefreshReport | None = None,
    warning: str = "",
) -> View:
    """The window of `flow` as it stands, for the Slack user `viewer` (starter, or holder of the code)."""
    if flow.step in PENDING:
        return waiting(flow.id, flow.step)
    match flow.step:
        case Step.CHOOSE:
            return choose(flow, now=now, budget=budget, advice=advice, method=flow.method,
                          may_overrule=may_overrule, warning=warning)  # fmt: skip
        case Step.SENT:
            if flow.holder and viewer != flow.holder:
                return handed_off(flow, now=now)
            return enter(flow, budget=budget, now=now, as_holder=viewer == flow.holder,
                         may_overrule=may_overrule, warning=warning)  # fmt: skip
        case Step.PIN:
            return pin(flow, budget=budget, now=now, name_ready=name_ready, may_overrule=may_overrule,
                       warning=warning)  # fmt: skip
        case Step.REFRESH:
            return refresh_due(flow, warning=warning)
        case Step.UNSURE:
            return unsure(flow, now=now, warning=warning)
        case Step.CONNECTED:
            return connected(flow, now=now, report=report, warning=warning)
        case _:
            return ended(flow, now=now, report=report)
