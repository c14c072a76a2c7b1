"""A diagnosis: how it fills in, its verdict with cause, effect, fix and proof, and the checks folded beneath."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.diagnosis.examine import Kind, Report
from bot.evidence.checked import Checked
from bot.fixes.done import Done
from bot.numbers import NumberRef
from bot.status import Answer
from handlers.views import diagnose_ids as ids
from handlers.views import kit
from handlers.views.diagnose_cause import cause, explain_press, how, last_known, number_of, sentence
from handlers.views.done import came_of
from handlers.views.kit import Block, Message, Press, View
from handlers.views.text import Markup, copied, count, esc, join, mark
from handlers.views.who import Reader

TITLE = "Diagnosis"
MOST_FURTHER = 5
MOST_UNREAD = 5
LINES = 16  # of checks in one block while it fills

ANSWERS = {
    Answer.YES: ":white_check_mark: ok",
    Answer.NO: ":x: bad",
    Answer.UNKNOWN: ":grey_question: could not tell",
}
WAITING = ":hourglass_flowing_sand: …"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is drawn, for whom. `made`: the diagnosis' id. `presses`: the fix buttons this person may press, best first.

    `beside`: one button for a further finding, by its code. `done`: what a fix has just done. `judged`: this person
    has answered “Was this right?”.
    """

    report: Report
    made: str
    reader: Reader
    presses: tuple[Press, ...] = ()
    beside: Mapping[str, Press] = field(default_factory=dict)
    done: Done | None = None
    opened: bool = False
    judged: bool = False


def filling(ref: NumberRef, checks: Sequence[Checked], *, answered: int, asked: int) -> View:
    """While Meta is read: every check in the order of the catalogue, each with its answer once there is one."""
    lines = [mark("{sign} {question}", sign=_sign(each), question=esc(each.question)) for each in checks]
    blocks = [
        _title(ref),
        kit.section(f"Reading Meta: {answered} of {asked} answers are there."),
        *(kit.section(join(lines[at : at + LINES])) for at in range(0, len(lines), LINES)),
    ]
    return kit.modal(callback_id=ids.WINDOW, title=TITLE, blocks=blocks, about=ref.id)


def _sign(checked: Checked) -> Markup:
    """A check that rests on nothing yet still waits; a cause is named only when everything was read."""
    waits = checked.answer is Answer.UNKNOWN and not checked.how
    return Markup(WAITING if waits else ANSWERS[checked.answer])


def window(shown: Verdict) -> View:
    """The verdict on top, the checks folded or open."""
    return kit.modal(callback_id=ids.WINDOW, title=TITLE, blocks=_blocks(shown), about=shown.report.ref.id)


def message(shown: Verdict) -> Message:
    """The same for when the window is gone."""
    report = shown.report
    text = mark(
        "{name} {tail}: {said}", name=esc(report.ref.name, 200), tail=report.ref.masked,
        said=sentence(report.verdict),
    )  # fmt: skip
    return kit.message(text, _blocks(replace(shown, opened=False)))


def _blocks(shown: Verdict) -> list[Block]:
    report = shown.report
    done = _done(shown.done) if shown.done and not shown.opened else []
    return [
        _title(report.ref),
        *done,
        *cause(report, shown.reader),
        *([kit.actions(*shown.presses)] if shown.presses else []),
        *[kit.context(last_known(each)) for each in report.last_known[:MOST_FURTHER]],
        *_further(shown),
        *_unread(report),
        kit.divider(),
        kit.context(tally(report.checks)),
        *([_check(each) for each in report.checks] if shown.opened else []),
        _foot(shown),
        *_judge(shown),
    ]


def working(ref: NumberRef, label: str) -> View:
    """While a fix runs: nothing to press."""
    text = mark(":hourglass_flowing_sand: “{label}” is under way…", label=label)
    return kit.modal(
        callback_id=ids.WINDOW, title=TITLE, blocks=[_title(ref), kit.section(text)], about=ref.id
    )


def _done(done: Done) -> list[Block]:
    """What a fix did, and what is there to copy."""
    blocks = came_of(done)
    if done.text:
        blocks.append(kit.section(copied(done.text)))
    return [*blocks, kit.divider()]


def _title(ref: NumberRef) -> Block:
    name, display = esc(ref.name, 200) or "No name", esc(ref.display, 40)
    return kit.section(mark("*{name}* {display}", name=name, display=display))


def _further(shown: Verdict) -> list[Block]:
    """In one line each, with one way on; the verdict comes first, and so does its button."""
    blocks: list[Block] = []
    for each in shown.report.further[:MOST_FURTHER]:
        said = mark("*Also: {title}* – {said}", title=each.cause.title, said=sentence(each))
        way = shown.beside.get(each.cause.code)
        blocks.append(kit.section(said, beside=kit.button(way)) if way else kit.context(said))
    rest = len(shown.report.further) - MOST_FURTHER
    return [*blocks, kit.context(f"… and {count(rest, 'further finding')}.")] if rest > 0 else blocks


def _unread(report: Report) -> list[Block]:
    lines = [
        mark(":grey_question: Not read: {name}. {why}", name=esc(each.name, 60), why=esc(each.why, 160))
        for each in report.unread[:MOST_UNREAD]
    ]
    return [kit.context(join(lines))] if lines else []


def tally(checks: Sequence[Checked]) -> Markup:
    """“24 ok · 2 bad · 5 could not tell”."""
    parts = [
        f"{sum(each.answer is answer for each in checks)} {ANSWERS[answer].partition(' ')[2]}"
        for answer in (Answer.YES, Answer.NO, Answer.UNKNOWN)
    ]
    return Markup(f"{count(len(checks), 'check')}: {' · '.join(parts)}.")


def _check(checked: Checked) -> Block:
    word = mark(" (Meta: {word})", word=esc(checked.metas_word, 40)) if checked.metas_word else Markup("")
    note = mark(" – {note}", note=esc(checked.note, 160)) if checked.note else Markup("")
    line = mark("{sign} *{question}*{word}{note}", sign=Markup(ANSWERS[checked.answer]),
                question=esc(checked.question, 80), word=word, note=note)  # fmt: skip
    return kit.context(join([line, how(checked)]))


def _foot(shown: Verdict) -> Block:
    ref, about = shown.report.ref, f"{shown.report.ref.id} {shown.made}"
    fold = (
        Press(action_id=ids.FEWER, label="Show the verdict only", value=about)
        if shown.opened
        else Press(action_id=ids.MORE, label="Show all checks", value=about)
    )
    number, words = _newest_number(shown)
    what = explain_press(number, words)
    return kit.actions(
        fold, *([what] if number else []), Press(action_id=ids.AGAIN, label="Diagnose again", value=ref.id)
    )


def _newest_number(shown: Verdict) -> tuple[str, str]:
    """The error number to explain: of the fix just tried, else of the verdict."""
    result = shown.done.result if shown.done else None
    if result and result.code:
        return result.reason, result.metas_words
    return number_of(shown.report.verdict), shown.report.verdict.metas_words


def _judge(shown: Verdict) -> list[Block]:
    if shown.report.kind is Kind.COULD_NOT_TELL:
        return []
    if shown.judged:
        return [kit.context("Was this right? Thank you: your answer is counted.")]
    about = f"{shown.report.ref.id} {shown.made} {shown.report.code}"
    return [
        kit.context("Was this right?"),
        kit.actions(
            Press(action_id=ids.RIGHT, label="Yes", value=about),
            Press(action_id=ids.WRONG, label="No", value=about),
        ),
    ]
