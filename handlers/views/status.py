"""The board of all numbers and the card of one; a state is always an icon *and* a word, with Meta's beside it."""

from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from bot.numbers import NumberRef
from bot.status import TOKEN_FACT, Answer, Board, Card, Fact, Row, State
from handlers.views import budget, diagnose_ids, kit, oauth, reconnect_ids, refresh
from handlers.views.kit import Block, Message, Press, View
from handlers.views.text import Markup, count, esc, join, mark, moment, quiet, span

VIEW = "status.view"  # value: the number's id
PREVIOUS = "status.previous"  # value: the page
NEXT = "status.next"  # value: the page
CHECK = "status.check"  # "Check now"; value: "" for the board, the number's id for a card
WINDOW = "status.card"

PER_PAGE = 12  # two blocks a number and 450 characters: far from 50 blocks and 13,200 characters
MOST_TROUBLES = 3
_SHORT = 300  # characters of a number's data that are shown without being cut
_state = attrgetter("state")  # rows come sorted by state, so equal ones stand together
_FRESH = timedelta(seconds=5)

ICONS = {
    State.BANNED: ":no_entry:",
    State.GONE: ":black_circle:",
    State.DISCONNECTED: ":red_circle:",
    State.RESTRICTED: ":large_orange_circle:",
    State.PENDING: ":white_circle:",
    State.UNKNOWN: ":grey_question:",
    State.WARNING: ":warning:",
    State.TEST: ":test_tube:",
    State.CONNECTED: ":large_green_circle:",
}
WELL = frozenset({State.CONNECTED, State.TEST})  # nothing to diagnose at a glance
ANSWERS = {
    Answer.YES: ":white_check_mark: yes",
    Answer.NO: ":x: no",
    Answer.UNKNOWN: ":grey_question: could not tell",
}


_VIEW_BUTTON = kit.stamp(Press(action_id=VIEW, label="View"))
_RECONNECT_BUTTON = kit.stamp(Press(action_id=reconnect_ids.OPEN, label="Reconnect", style="primary"))
_DIAGNOSE_BUTTON = kit.stamp(Press(action_id=diagnose_ids.OPEN, label="Diagnose"))
_CHECK_BUTTON = kit.button(Press(action_id=CHECK, label="Check now"))
_PREVIOUS_BUTTON = kit.stamp(Press(action_id=PREVIOUS, label="Previous"))
_NEXT_BUTTON = kit.stamp(Press(action_id=NEXT, label="Next"))
_HEADS = {state: (icon, state.value) for state, icon in ICONS.items()}


def board(board: Board, *, now: datetime, page: int = 0, may_reconnect: bool = True) -> Message:
    """Page `page` (from 0) of the board, worst first as the board has it."""
    pages = max(1, -(-len(board.rows) // PER_PAGE))
    page = min(max(page, 0), pages - 1)
    paged = f" Page {page + 1} of {pages}." if pages > 1 else ""
    summary = Markup(f"{summary_of(board)}{paged}")
    blocks = [kit.header("WhatsApp numbers"), kit.section(summary)]
    ages: dict[datetime, str] = {}
    for row in board.rows[page * PER_PAGE : (page + 1) * PER_PAGE]:
        age = ages.get(row.read_at) or ages.setdefault(row.read_at, age_of(row.read_at, now))
        blocks += numbered(row, age, may_reconnect=may_reconnect)
    return kit.message(summary, [*blocks, *troubles(board), _foot(page, pages)])


def numbered(row: Row, age: str, *, may_reconnect: bool) -> tuple[Block, ...]:
    """One number with its buttons: one block, or two. `age`: finished words, "" when they stand elsewhere."""
    view = _VIEW_BUTTON(row.ref.id)
    if not may_reconnect or row.state in WELL:
        return (kit.section(_line(row, age), beside=view),)
    more = [_RECONNECT_BUTTON(row.ref.id)] if row.reconnectable else []
    return kit.section(_line(row, age)), kit.row(view, _DIAGNOSE_BUTTON(row.ref.id), *more)


def troubles(board: Board) -> list[Block]:
    """What could not be read, at most `MOST_TROUBLES` and one block more."""
    told = [kit.context(mark(":warning: {said}", said=said)) for said in board.troubles[:MOST_TROUBLES]]
    more = len(board.troubles) - MOST_TROUBLES
    return [*told, kit.context(f"… and {count(more, 'more account')} with trouble.")] if more > 0 else told


def summary_of(board: Board) -> Markup:
    """How many numbers there are, and how many in each state."""
    rows = board.rows
    if not rows:
        none = (
            "No number could be read."
            if board.troubles
            else "There is no number in our WhatsApp accounts yet."
        )
        return Markup(none)
    parts = ", ".join(f"{len(list(same))} {state.value}" for state, same in groupby(rows, _state))
    return Markup(f"{count(len(rows), 'number')}: {parts}.")


def _line(row: Row, age: str) -> Markup:
    ref = row.ref
    name, display, word, cause = ref.name, ref.display, row.metas_word, row.cause
    whole = f"{name}{display}{word}{cause}"
    if len(whole) > _SHORT or not quiet(whole):
        name, display, word, cause = esc(name, 100), esc(display, 40), esc(word, 40), esc(cause, 240)
    icon, state = _HEADS[row.state]
    age = f" · {age}" if age else ""
    return Markup(
        f"{icon} *{name or 'No name'}*  {display}\n*{state}* · Meta says {word or 'nothing'}{age}\n{cause}"
    )


def age_of(read_at: datetime, now: datetime) -> str:
    age = now - read_at
    return "read just now" if age < _FRESH else f"read {span(age)} ago"


def _foot(page: int, pages: int) -> Block:
    elements = [_CHECK_BUTTON]
    if page > 0:
        elements.append(_PREVIOUS_BUTTON(str(page - 1)))
    if page < pages - 1:
        elements.append(_NEXT_BUTTON(str(page + 1)))
    return kit.row(*elements)


def card(card: Card, *, now: datetime, may_reconnect: bool = True, may_refresh: bool = True) -> Message:
    """Everything about one number, as a message."""
    row = card.row
    text = mark("{name} {tail}: {state}. {cause}", name=row.ref.name, tail=row.ref.masked,
                state=row.state.value, cause=row.cause)  # fmt: skip
    return kit.message(text, _card(card, now, may_reconnect, may_refresh))


def card_modal(card: Card, *, now: datetime, may_reconnect: bool = True, may_refresh: bool = True) -> View:
    """The same as a window."""
    blocks = _card(card, now, may_reconnect, may_refresh)
    return kit.modal(callback_id=WINDOW, title="Number", blocks=blocks, about=card.row.ref.id)


def _card(card: Card, now: datetime, may_reconnect: bool, may_refresh: bool) -> list[Block]:
    facts = join([_fact(fact) for fact in card.facts[:20]])
    details = join([mark("{k}: *{v}*", k=esc(k, 60), v=esc(v, 150) or "–") for k, v in card.details[:20]])
    notes = [kit.context(esc(note, 400)) for note in card.notes[:6]]
    blocks = [kit.section(_line(card.row, age_of(card.row.read_at, now)))]
    if facts:
        blocks.append(kit.section(facts))
    if details:
        blocks.append(kit.section(details))
    read = mark("Checked at {at}", at=moment(card.row.read_at))
    return [*blocks, *notes, kit.context(read), _buttons(card, may_reconnect, may_refresh)]


def _fact(fact: Fact) -> Markup:
    word = mark(" (Meta: {word})", word=esc(fact.metas_word, 60)) if fact.metas_word else Markup("")
    note = mark(" – {note}", note=esc(fact.note, 240)) if fact.note else Markup("")
    return mark("*{name}:* {answer}{word}{note}", name=fact.name, answer=Markup(ANSWERS[fact.answer]),
                word=word, note=note)  # fmt: skip


def _buttons(card: Card, may_reconnect: bool, may_refresh: bool) -> Block:
    row, presses = card.row, []
    dead = any(fact.name == TOKEN_FACT and fact.answer is Answer.NO for fact in card.facts)
    if dead and may_refresh:
        presses.append(oauth.press(row.ref.id, style="primary"))
    if row.reconnectable and may_reconnect:
        presses.append(
            Press(action_id=reconnect_ids.OPEN, label="Reconnect", value=row.ref.id, style="primary")
        )
    if may_refresh:
        presses.append(Press(action_id=diagnose_ids.OPEN, label="Diagnose", value=row.ref.id))
        presses.append(refresh_press(row.ref))
    presses.append(Press(action_id=budget.OPEN, label="Budget", value=row.ref.id))
    presses.append(Press(action_id=CHECK, label="Check now", value=row.ref.id))
    return kit.actions(*presses)


def refresh_press(ref: NumberRef) -> Press:
    return Press(action_id=refresh.OPEN, label="Try refreshing permissions", value=ref.id)
