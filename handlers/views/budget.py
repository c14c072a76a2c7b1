"""What a number has left, in words: codes, tries, PIN guesses, registrations, and when they come back."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.numbers import NumberRef
from handlers.views import kit
from handlers.views.kit import Block, Message, View
from handlers.views.text import Markup, clock_time, countdown, esc, join, mark, moment, span

if TYPE_CHECKING:
    from bot.budget import Allowance, Budget

OPEN = "budget.open"  # value: the number's id
WINDOW = "budget.window"
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
        form = "(Meta's code {why})" if allowance.why[:1].isdecimal() else "({why})"
        why = mark(form, why=esc(allowance.why, 200))
        said = mark("{said} – a wait set by Meta {why}", said=said, why=why)
    if allowance.manager_only:
        who = "you may go on as a manager" if to_manager else "from here on only a manager may go on"
        said = mark("{said}; {who}", said=said, who=who)
    return said


def _rows(budget: "Budget", now: datetime) -> list[Markup]:
    named = (
        ("Codes", budget.codes, "codes"),
        ("Tries of the code now out", budget.tries_of_code, "tries"),
        ("Tries in all", budget.tries, "tries"),
        ("PIN guesses", budget.pins, "guesses"),
        ("Registrations", budget.registers, "registrations"),
    )
    return [
        mark(
            "{icon} *{name}:* {left}",
            icon=Markup(":white_check_mark: open," if allowance.open_at(now) else ":hourglass: waiting,"),
            name=name,
            left=left(allowance, now, of=of),
        )
        for name, allowance, of in named
    ]


def _blocks(ref: NumberRef, budget: "Budget", now: datetime) -> list[Block]:
    title = mark("*Budget of {name}* {tail}", name=esc(ref.name, 200), tail=ref.masked)
    why = (
        "Codes, tries and registrations are rationed by Meta; a number that runs out is blocked for up to 72 hours. "
        "They are counted for everybody together, and every send counts, also one with an unknown outcome."
    )
    return [kit.section(title), kit.section(join(_rows(budget, now))), kit.context(why)]


def budget_message(ref: NumberRef, budget: "Budget", *, now: datetime) -> Message:
    """`/whatsapp budget`."""
    text = mark("Budget of {name} {tail}: {codes}", name=esc(ref.name, 200), tail=ref.masked,
                codes=left(budget.codes, now, of="codes"))  # fmt: skip
    return kit.message(text, _blocks(ref, budget, now))


def budget_modal(ref: NumberRef, budget: "Budget", *, now: datetime) -> View:
    """The same as a window, for the button on a card."""
    return kit.modal(callback_id=WINDOW, title="Budget", blocks=_blocks(ref, budget, now), about=ref.id)
