"""What a number has left, in words: codes, tries, PIN guesses, registrations, and when they come back."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.error_numbers.explaining import explain
from bot.numbers import NumberRef
from handlers.views import kit
from handlers.views.diagnose_cause import explain_press
from handlers.views.kit import Block, Message, Press, View
from handlers.views.text import Markup, clock_time, countdown, esc, mark, moment, span

if TYPE_CHECKING:
    from bot.budget import Allowance, Budget

OPEN = "budget.open"  # value: the number's id
WINDOW = "budget.window"
_NOT_HELD = Markup("")
_WINDOWS = {"this code": "for this code"}


def wait(allowance: "Allowance", now: datetime) -> timedelta | None:
    """How long until the next use, None when no time stands in the way."""
    if allowance.not_before is None or allowance.not_before <= now:
        return None
    return allowance.not_before - now


def when(allowance: "Allowance", now: datetime) -> Markup:
    """“in 0:43 (at 14:02)”, or "" when it is open as far as time goes."""
    left = wait(allowance, now)
    if left is None or allowance.not_before is None:
        return Markup("")
    if left < timedelta(hours=1):
        return mark("in {left} (at {at})", left=countdown(left), at=clock_time(allowance.not_before))
    return mark("in {left} (at {at})", left=span(left), at=moment(allowance.not_before))


def left(
    allowance: "Allowance", now: datetime, *, of: str, with_wait: bool = True, to_manager: bool = False
) -> Markup:
    """“4 of 5 codes left in 24 hours; next in 0:43 (at 14:02)”. `with_wait` False: the wait is told elsewhere.

    `to_manager`: it is told to somebody who may go on beyond our guard line.
    """
    have = max(0, allowance.left)
    said = mark(
        "{have} of {total} {of} left {window}",
        have=have, total=allowance.total, of=of, window=_WINDOWS.get(allowance.window, f"in {allowance.window}"),
    )  # fmt: skip
    then = when(allowance, now)
    if then and with_wait:
        said = mark("{said}; next {then}", said=said, then=then)
    if allowance.why and allowance.why != "us":
        said = mark("{said} – a wait set by Meta {why}", said=said, why=_metas(allowance.why))
    if allowance.manager_only:
        who = "you may go on as a manager" if to_manager else "from here on only a manager may go on"
        said = mark("{said}; {who}", said=said, who=who)
    return said


def _metas(why: str) -> Markup:
    """“(Meta's code 133009): the PIN was tried too quickly”; what Meta gave no number for, as it was kept."""
    row = explain(why).row if why[:1].isdecimal() else None
    words = row.says.rstrip(".") if row else ""
    form = "(Meta's code {why})" if why[:1].isdecimal() else "({why})"
    said = mark(form, why=esc(why, 200))
    return mark("{said}: {words}", said=said, words=words[0].lower() + words[1:]) if words else said


def what_is_it(allowance: "Allowance", now: datetime) -> Press | None:
    """“What is this?”, while Meta holds the number back with an error number."""
    waits = wait(allowance, now) is not None and allowance.why[:1].isdecimal()
    return explain_press(allowance.why, "") if waits else None


def _rows(budget: "Budget", now: datetime, *, to_manager: bool) -> list[Block]:
    named = (
        ("Codes", budget.codes, "codes"),
        ("Tries of the code now out", budget.tries_of_code, "tries"),
        ("Tries in all", budget.tries, "tries"),
        ("PIN guesses", budget.pins, "guesses"),
        ("Registrations", budget.registers, "registrations"),
    )
    return [
        kit.section(
            mark(
                "{icon} *{name}:* {left}",
                icon=Markup(":white_check_mark: open," if allowance.open_at(now) else ":hourglass: waiting,"),
                name=name,
                left=left(allowance, now, of=of, to_manager=to_manager),
            ),
            press=what_is_it(allowance, now),
        )
        for name, allowance, of in named
    ]


def _blocks(
    ref: NumberRef, budget: "Budget", now: datetime, to_manager: bool, held: Markup, press: Press | None
) -> list[Block]:
    title = mark("*Budget of {name}* {tail}", name=esc(ref.name, 200), tail=ref.masked)
    why = (
        "Codes, tries and registrations are rationed by Meta; a number that runs out is blocked for up to 72 hours. "
        "They are counted for everybody together, and every send counts, also one with an unknown outcome."
    )
    return [
        kit.section(title),
        *_rows(budget, now, to_manager=to_manager),
        *([kit.section(held, press=press)] if held else []),
        *([kit.context(_FOR_MANAGERS)] if to_manager else []),
        kit.context(why),
    ]


_FOR_MANAGERS = (
    "As a manager you may go on where our own line is reached: “Send code”, “Verify” and “Connect” of the reconnect "
    "stay open to you. A wait set by Meta holds for everybody, and so does the last registration Meta allows."
)


def budget_message(
    ref: NumberRef,
    budget: "Budget",
    *,
    now: datetime,
    to_manager: bool = False,
    held: Markup = _NOT_HELD,
    press: Press | None = None,
) -> Message:
    """`/whatsapp budget`. `held`: who is reconnecting the number now; `press`: what the reader may do about it."""
    text = mark("Budget of {name} {tail}: {codes}", name=esc(ref.name, 200), tail=ref.masked,
                codes=left(budget.codes, now, of="codes"))  # fmt: skip
    return kit.message(text, _blocks(ref, budget, now, to_manager, held, press))


def budget_modal(
    ref: NumberRef,
    budget: "Budget",
    *,
    now: datetime,
    to_manager: bool = False,
    held: Markup = _NOT_HELD,
    press: Press | None = None,
) -> View:
    """The same as a window, for the button on a card."""
    blocks = _blocks(ref, budget, now, to_manager, held, press)
    return kit.modal(callback_id=WINDOW, title="Budget", blocks=blocks, about=ref.id)
