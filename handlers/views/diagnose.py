"""A diagnosis: how it fills in, its verdict with cause, effect, fix and proof, and the checks folded beneath."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.causes.cause import Severity
from bot.causes.finding import Finding
from bot.diagnosis.examine import Kind, Report
from bot.evidence.checked import Checked
from bot.numbers import NumberRef
from bot.remedy import Who
from bot.status import Answer
from handlers.views import diagnose_ids as ids
from handlers.views import kit
from handlers.views.kit import Block, Message, Press, View
from handlers.views.text import Markup, clock_time, count, esc, join, mark, moment

TITLE = "Diagnosis"
MOST_FURTHER = 5
MOST_UNREAD = 5
LINES = 16  # of checks in one block while it fills

SEVERITIES = {
    Severity.DOWN: ":red_circle: Down",
    Severity.LIMITED: ":large_orange_circle: Limited",
    Severity.NOTE: ":large_blue_circle: Works, with a note",
    Severity.UNKNOWN: ":grey_question: Could not tell",
    Severity.OK: ":large_green_circle: Healthy",
}
ANSWERS = {
    Answer.YES: ":white_check_mark: ok",
    Answer.NO: ":x: bad",
    Answer.UNKNOWN: ":grey_question: could not tell",
}
WAITING = ":hourglass_flowing_sand: …"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is drawn. `made`: the diagnosis' id. `presses`: the fix buttons this person may press, best first.

    `done`: what a fix has just done, finished. `judged`: this person has answered “Was this right?”.
    """

    report: Report
    made: str
    presses: tuple[Press, ...] = ()
    done: str = ""
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
    done = [kit.section(Markup(shown.done))] if shown.done else []
    return [
        _title(report.ref),
        *done,
        *cause(report),
        *([kit.actions(*shown.presses)] if shown.presses else []),
        *_further(report),
        *_unread(report),
        kit.divider(),
        kit.context(tally(report.checks)),
        *([_check(each) for each in report.checks] if shown.opened else []),
        _foot(shown),
        *_judge(shown),
    ]


def _title(ref: NumberRef) -> Block:
    name, display = esc(ref.name, 200) or "No name", esc(ref.display, 40)
    return kit.section(mark("*{name}* {display}", name=name, display=display))


def cause(report: Report) -> list[Block]:
    """Cause, Meta's words, effect, fix, who, how long, and the proof."""
    finding = report.verdict
    about = finding.cause
    head = mark("*{how}: {title}*", how=Markup(SEVERITIES[about.severity]), title=about.title)
    what = [
        mark("*Effect:* {effect}", effect=about.effect),
        mark(
            "*What to do:* {do}", do=Markup(_filled(finding).done(moment))
        ),
        mark("*Who:* {who} · *Takes:* {takes}", who=_who(about.who), takes=about.takes),
    ]
    return [
        kit.section(join([head, sentence(finding), _metas(finding)])),
        kit.section(join(what)),
        kit.context(_proof(report), mark("Reason: `{code}`", code=report.code)),
    ]


def sentence(finding: Finding) -> Markup:
    """The finding's sentence with each time in the reader's own zone."""
    return Markup(_filled(finding).said(moment))


def _filled(finding: Finding) -> Finding:
    """With what came from outside escaped: the sentence around it is ours."""
    values = {k: v if isinstance(v, datetime) else esc(v, 240) for k, v in finding.values.items()}
    return replace(finding, values=values, more=esc(finding.more, 400))


def _metas(finding: Finding) -> Markup:
    number = number_of(finding)
    words = mark("Meta says: “{words}”", words=esc(finding.metas_words, 400)) if finding.metas_words else ""
    tags = [f"code {number}" if number else "", f"trace {finding.trace}" if finding.trace else ""]
    tags = [tag for tag in tags if tag]
    told = mark(" ({tags})", tags=", ".join(tags)) if tags else ""
    return Markup(f"{words or ('Meta gave' if told else '')}{told}")


def number_of(finding: Finding) -> str:
    """Meta's error number as people write it, "" without one."""
    if not finding.code:
        return ""
    return f"{finding.code}/{finding.subcode}" if finding.subcode else str(finding.code)


def _who(who: Who) -> Markup:
    return esc(who.value)


def _proof(report: Report) -> Markup:
    rests = next((each for each in report.checks if each.finding is report.verdict), None)
    if rests is None:
        return mark("Examined at {at}.", at=clock_time(report.examined_at))
    return mark("Proof: {how}.", how=_how(rests))


def _how(checked: Checked) -> Markup:
    if checked.at is None:
        return esc(checked.how or "not asked")
    return mark("{how}, read at {at}", how=esc(checked.how, 80), at=clock_time(checked.at))


def _further(report: Report) -> list[Block]:
    blocks = [
        kit.context(mark(":small_orange_diamond: Also: *{title}* – {said}", title=each.cause.title,
                         said=sentence(each)))
        for each in report.further[:MOST_FURTHER]
    ]  # fmt: skip
    rest = len(report.further) - MOST_FURTHER
    return [*blocks, kit.context(f"… and {count(rest, 'further finding')}.")] if rest > 0 else blocks


def _unread(report: Report) -> list[Block]:
    lines = [
        mark(":grey_question: Not read: {name}. {why}", name=each.name, why=esc(each.why, 240))
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
    word = mark(" (Meta: {word})", word=esc(checked.metas_word, 100)) if checked.metas_word else Markup("")
    note = mark(" – {note}", note=esc(checked.note, 300)) if checked.note else Markup("")
    line = mark("{sign} *{question}*{word}{note}", sign=Markup(ANSWERS[checked.answer]),
                question=checked.question, word=word, note=note)  # fmt: skip
    return kit.context(join([line, _how(checked)]))


def _foot(shown: Verdict) -> Block:
    ref, about = shown.report.ref, f"{shown.report.ref.id} {shown.made}"
    fold = (
        Press(action_id=ids.FEWER, label="Show the verdict only", value=about)
        if shown.opened
        else Press(action_id=ids.MORE, label="Show all checks", value=about)
    )
    number = number_of(shown.report.verdict)
    what = explain_press(number, shown.report.verdict.metas_words)
    return kit.actions(
        fold, *([what] if number else []), Press(action_id=ids.AGAIN, label="Diagnose again", value=ref.id)
    )


def explain_press(number: str, words: str) -> Press:
    """“What is this?” beside an error number of Meta's."""
    return Press(action_id=ids.EXPLAIN, label="What is this?", value=f"{number} {words}"[:500].strip())


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
