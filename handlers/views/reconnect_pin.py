"""“Connect the number”: the two-step PIN, and setting a new one as a deliberate step."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.errors import BadInput
from bot.flows.state import Reconnect
from bot.secret import Secret
from handlers.views import kit
from handlers.views import reconnect_ids as ids
from handlers.views.budget import left, wait, what_is_it
from handlers.views.digits import hard_to_guess, pin_from
from handlers.views.kit import Press, View
from handlers.views.reconnect_parts import cancel, noted, title_line, warned
from handlers.views.text import Markup, join, mark

if TYPE_CHECKING:
    from bot.budget import Budget

TITLE = "Connect the number"
_HINTS = {
    True: "This number has a PIN already: type that one. A wrong PIN costs a guess, three wrong ones lock the number.",
    False: "No PIN is set: these six digits become the number's new PIN. Keep them where your team keeps passwords.",
    None: "Whether a PIN exists could not be told. If one does it must match; if none does, this one will be set.",
}


def pin(
    flow: Reconnect,
    *,
    budget: "Budget",
    now: datetime,
    name_ready: bool = True,
    may_overrule: bool = False,
    warning: str = "",
) -> View:
    """The PIN and the registration. `name_ready`: the display name is provisioned; else nothing is offered.

    `may_overrule`: this person may go on beyond our own guard line (never beyond Meta's).
    """
    closed = _closed(budget, now, may_overrule) if name_ready else _NAME_NOT_READY
    blocks = [title_line(flow.ref), *(warned(warning) or noted(flow.reason))]
    presses = []
    if closed:
        blocks.append(kit.section(closed, press=_what_is_it(budget, now)))
    else:
        blocks.append(kit.section(_INTRO))
        blocks.append(ids.PIN.typed(placeholder="6 digits", hint=_HINTS[flow.pin_exists], focus=True))
    if name_ready and not closed:
        blocks.append(kit.context(_counts(budget, now, may_overrule)))
    if name_ready and flow.pin_exists is not False:
        presses.append(Press(action_id=ids.NEW_PIN, label="Set a new PIN", value=flow.id))
    presses += [Press(action_id=ids.CHECK, label="Check status", value=flow.id), cancel(flow.id)]
    return kit.modal(
        callback_id=ids.WINDOW if closed else ids.CONNECT,
        title=TITLE,
        submit="" if closed else "Connect",
        blocks=[*blocks, kit.actions(*presses)],
        about=flow.id,
        notify_on_close=True,
    )


_INTRO = Markup("Ownership is proven. The last step registers the number with its two-step PIN.")
_NAME_NOT_READY = Markup(
    ":hourglass: *The display name is not ready yet*, so a registration would fail and use up one of ten. "
    "Wait until the name is approved in WhatsApp Manager, then press “Check status”."
)
_THEN = Markup("Press “Check status” then: it brings the field back.")
_BY_A_MANAGER = Markup("A manager types `/whatsapp reconnect` with the number and presses “Take over”.")


def _closed(budget: "Budget", now: datetime, may_overrule: bool) -> Markup:
    """Why no registration can be tried now, "" when one can."""
    for allowance, of in ((budget.registers, "registrations"), (budget.pins, "guesses")):
        if not allowance.open_at(now) and not (may_overrule and allowance.manager_only):
            then = _BY_A_MANAGER if allowance.manager_only and not wait(allowance, now) else _THEN
            return mark(":hourglass: *Not now.* {left}. {then}", left=left(allowance, now, of=of), then=then)
    return Markup("")


def _what_is_it(budget: "Budget", now: datetime) -> Press | None:
    return what_is_it(budget.registers, now) or what_is_it(budget.pins, now)


def _counts(budget: "Budget", now: datetime, may_overrule: bool) -> Markup:
    guesses = left(budget.pins, now, of="guesses", to_manager=may_overrule)
    registrations = left(budget.registers, now, of="registrations", to_manager=may_overrule)
    return join([guesses, registrations], " · ")


def read_pin(view: Mapping[str, Any], *, becomes_new: bool = False) -> Secret:
    """The PIN typed. Raises BadInput (beside the field) unless it is six digits.

    `becomes_new`: no PIN exists, so it may not be easy to guess; one that exists is typed as it is.
    """
    typed = pin_from(ids.PIN.read_text(view), field=ids.PIN.block_id)
    return hard_to_guess(typed, field=ids.PIN.block_id) if becomes_new else typed


def new_pin(flow: Reconnect, *, warning: str = "") -> View:
    """Setting a PIN needs no old one, so it is asked for twice over: typed, and ticked."""
    text = Markup(
        "Meta sets a new PIN without asking for the old one. Whoever knows the old PIN can no longer use it. "
        "As soon as it is set, the number is connected with it."
    )
    hint = "Six digits, not 111111 or 123456. Keep them where your team keeps passwords: nobody can read them back."
    blocks = [
        title_line(flow.ref),
        *warned(warning),
        kit.section(text),
        ids.FRESH_PIN.typed(placeholder="6 digits", hint=hint, focus=True),
        ids.SURE.tick("Yes, replace it"),
        kit.actions(Press(action_id=ids.CONTINUE, label="Back", value=flow.id)),
    ]
    return kit.modal(
        callback_id=ids.SET_PIN,
        title="Set a new PIN",
        submit="Set PIN",
        blocks=blocks,
        about=flow.id,
    )


def read_new_pin(view: Mapping[str, Any]) -> Secret:
    """The new PIN. Raises BadInput unless it is six digits, not easy to guess, and the box is ticked."""
    typed = pin_from(ids.FRESH_PIN.read_text(view), field=ids.FRESH_PIN.block_id)
    hard_to_guess(typed, field=ids.FRESH_PIN.block_id)
    if not ids.SURE.read_tick(view):
        raise BadInput("Tick the box if you mean it.", field=ids.SURE.block_id)
    return typed
