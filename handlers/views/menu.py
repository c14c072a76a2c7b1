"""What everybody sees around the verbs: menu, help, number picker, choices, notices, the loading window."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.numbers import NumberRef
from handlers.views import kit
from handlers.views.kit import Block, Message, Press, View
from handlers.views.text import Markup, esc, join, mark, plain

RUN = "menu.run"  # value: the verb
PICK = "menu.pick"  # a select; value: "verb number_id"
CHOOSE = "menu.choose"  # a button; value: "verb number_id"
PREVIOUS = "menu.previous"  # value: "verb page"
NEXT = "menu.next"
LOADING = "menu.loading"  # callback of a window without a submit
NOTICE = "menu.notice"

PER_PICKER = 100  # numbers in one select of a message
MOST_CHOICES = 20
MOST_VERBS = 30


NO_ROLE = "You have no role in this bot yet, so there is nothing you may run."
ASK = "Ask a manager, or whoever installed the bot, to add you to the role list."


def menu(*, verbs: Sequence[tuple[str, str, str]]) -> Message:
    """The bare command: (verb, summary, button label) of what this person may run."""
    if not verbs:
        return notice_message(text=NO_ROLE, hint=ASK)
    blocks = [kit.header("WhatsApp numbers"), *may_run(verbs)]
    return kit.message("WhatsApp: what would you like to do?", blocks)


def may_run(verbs: Sequence[tuple[str, str, str]]) -> list[Block]:
    """A line and a button for each verb, and where to read of all of them."""
    rows = [
        kit.section(
            mark("*{label}*\n{summary}", label=esc(label, 60), summary=esc(summary, 240)),
            press=Press(action_id=RUN, label=label, value=verb),
        )
        for verb, summary, label in verbs[:MOST_VERBS]
    ]
    return [*rows, kit.context(Markup("Or type it: `/whatsapp help` lists every command you may run."))]


def help_text(*, lines: Sequence[tuple[str, str]]) -> Message:
    """(usage, summary) of every command this person may run, in order."""
    if not lines:
        return notice_message(text=NO_ROLE, hint=ASK)
    parts = [
        mark("`{usage}`\n{summary}", usage=esc(usage, 80), summary=esc(summary, 240))
        for usage, summary in lines[:MOST_VERBS]
    ]
    number = Markup(
        "`[number]` is a nickname, the last 4 digits or more, the full number, or nothing: then you can pick."
    )
    blocks = [kit.header("WhatsApp help"), *(kit.section(part) for part in parts), kit.context(number)]
    return kit.message("Help: " + ", ".join(usage for usage, _ in lines), blocks)


def did_you_mean(*, typed: str, verb: str, summary: str) -> Message:
    """An unknown verb that resembles `verb`."""
    text = mark("I do not know “{typed}”. Did you mean `{verb}`?", typed=esc(typed, 60), verb=verb)
    press = Press(action_id=RUN, label=plain(verb.capitalize(), 75), value=verb)
    return kit.message(text, [kit.section(text, press=press), kit.context(summary)])


def number_option(ref: NumberRef, value: str) -> kit.Element:
    """One number in a select: its name, and the number it stands for below."""
    return kit.option(plain(f"{plain(ref.name, 45)} {ref.masked}", 75), value, about=ref.display[:40])


def picker(*, verb: str, title: str, numbers: Sequence[NumberRef], page: int = 0) -> Message:
    """Which number? A select of up to a hundred, pages beyond. `title` asks the question."""
    pages = max(1, -(-len(numbers) // PER_PICKER))
    page = min(max(page, 0), pages - 1)
    shown = numbers[page * PER_PICKER : (page + 1) * PER_PICKER]
    if not shown:
        return notice_message(text="There is no number to choose from.", hint="Ask who installed the bot.")
    select = kit.select(
        action_id=PICK,
        placeholder="Choose a number",
        options=[number_option(ref, f"{verb} {ref.id}") for ref in shown],
    )
    blocks = [kit.section(title, beside=select)]
    if pages > 1:
        blocks += _paging(verb, page, pages, len(numbers))
    return kit.message(title, blocks)


def _paging(verb: str, page: int, pages: int, total: int) -> list[Block]:
    presses = []
    if page > 0:
        presses.append(Press(action_id=PREVIOUS, label="Previous", value=f"{verb} {page - 1}"))
    if page < pages - 1:
        presses.append(Press(action_id=NEXT, label="Next", value=f"{verb} {page + 1}"))
    first = page * PER_PICKER + 1
    last = min(total, first + PER_PICKER - 1)
    return [kit.context(f"Numbers {first} to {last} of {total}"), kit.actions(*presses)]


def ambiguous(*, verb: str, typed: str, numbers: Sequence[NumberRef]) -> Message:
    """Several numbers fit what was typed: a button each."""
    return choices(verb=verb, text=several_fit(typed, numbers), numbers=numbers)


def several_fit(typed: str, numbers: Sequence[NumberRef]) -> Markup:
    """The question, when what was typed is not enough to tell."""
    return mark("{n} numbers fit “{typed}”. Which one?", n=len(numbers), typed=esc(typed, 60))


def choices(*, verb: str, text: str, numbers: Sequence[NumberRef]) -> Message:
    """A button for each number, below a sentence that asks which."""
    rows = [
        kit.section(
            mark("*{name}* {display}", name=esc(ref.name, 200), display=ref.display or ref.masked),
            press=Press(action_id=CHOOSE, label="This one", value=f"{verb} {ref.id}"),
        )
        for ref in numbers[:MOST_CHOICES]
    ]
    rest = len(numbers) - MOST_CHOICES
    more = [kit.context(f"… and {rest} more: type more digits.")] if rest > 0 else []
    return kit.message(text, [kit.section(text), *rows, *more])


def in_window(question: Message, *, title: str = "Which number?") -> View:
    """A picker or a choice as a window; its buttons and selects need no submit."""
    return kit.modal(callback_id=LOADING, title=title, blocks=list(question["blocks"]))


def read_value(action: Mapping[str, Any]) -> tuple[str, str]:
    """(verb, number id or page) of a click on PICK, CHOOSE, PREVIOUS or NEXT; ("", "") when unreadable."""
    chosen = action.get("selected_option") or action
    verb, _, rest = str(chosen.get("value") or "").partition(" ")
    return (verb, rest) if rest else ("", "")


def notice(
    *,
    title: str,
    text: str,
    hint: str = "",
    press: Press | None = None,
    about: str = "",
    code: str = "",
    explain: Press | None = None,
) -> View:
    """A window that says one thing: a result, a refusal, an error.

    `code`: a reference for support; `explain`: a button beside it.
    """
    blocks = _notice(text, hint, press, code, explain)
    return kit.modal(callback_id=NOTICE, title=title, blocks=blocks, about=about)


def notice_message(
    *, text: str, hint: str = "", press: Press | None = None, code: str = "", explain: Press | None = None
) -> Message:
    """The same as a message to one person."""
    whole = join([_finished(text), _finished(hint)], " ")
    return kit.message(whole, _notice(text, hint, press, code, explain))


def _notice(text: str, hint: str, press: Press | None, code: str, explain: Press | None) -> list[Block]:
    blocks = [kit.section(_finished(text))]
    if hint:
        blocks.append(kit.section(_finished(hint)))
    presses = [one for one in (press, explain) if one]
    if presses:
        blocks.append(kit.actions(*presses))
    if code:
        blocks.append(kit.context(mark("Reference: {code}", code=esc(code, 200))))
    return blocks


def _finished(text: str) -> Markup:
    return text if isinstance(text, Markup) else esc(text, 1400, lines=True)


def loading(*, title: str = "WhatsApp", text: str = "One moment…") -> View:
    """Opened before anything slow is done; has no submit, so it cannot be sent."""
    return kit.modal(callback_id=LOADING, title=title, blocks=[kit.section(text)])
