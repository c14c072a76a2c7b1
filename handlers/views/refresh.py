"""The permission refresh: asked first, shown while it works, and its before/after table."""

from datetime import datetime

from bot.flows.report import Change, RefreshReport, Verdict
from bot.numbers import NumberRef
from handlers.views import kit
from handlers.views.diagnose_cause import explain_press
from handlers.views.kit import Block, Message, View
from handlers.views.text import Markup, esc, join, mark, moment

OPEN = "refresh.open"  # "Try refreshing permissions"; value: the number's id
RUN = "refresh.run"  # callback of the question; private_metadata: the number's id
WINDOW = "refresh.window"
TITLE = "Refresh permissions"

MOST_CHANGES = 20
VERDICTS = {
    Verdict.CHANGED: ":arrows_counterclockwise: changed",
    Verdict.FINE: ":white_check_mark: was fine",
    Verdict.PERSON: ":bust_in_silhouette: needs a person",
    Verdict.UNKNOWN: ":grey_question: could not tell",
}
COUNTED = {
    Verdict.CHANGED: "{} changed",
    Verdict.FINE: "{} fine as they were",
    Verdict.PERSON: "{} for a person to fix",
    Verdict.UNKNOWN: "{} could not be told",
}


def confirm(ref: NumberRef) -> View:
    """Asked before anything is done; the submit runs it."""
    blocks = [
        kit.section(mark("*{name}* {display}", name=esc(ref.name, 200), display=esc(ref.display, 40))),
        kit.section(
            "This looks at the access token, the permissions, the account and the number again, extends the token "
            "if it can and should be, and subscribes our app if – and only if – it is missing."
        ),
        kit.context("No code is sent and nobody is disconnected. It takes a few seconds."),
    ]
    return kit.modal(
        callback_id=RUN,
        title=TITLE,
        submit="Refresh",
        close="Cancel",
        blocks=blocks,
        about=ref.id,
    )


def working(number_id: str) -> View:
    """While it runs: nothing to submit."""
    text = "Looking at the token, the permissions, the account and the webhook…"
    return kit.modal(callback_id=WINDOW, title=TITLE, blocks=[kit.section(text)], about=number_id)


def result(report: RefreshReport, *, now: datetime) -> View:
    """What changed, what was fine, what only a person can fix."""
    blocks = [
        kit.section(headline(report)),
        *table(report),
        kit.context(mark("Read back at {at}", at=moment(now))),
    ]
    return kit.modal(callback_id=WINDOW, title=TITLE, blocks=blocks, about=report.ref.id)


def result_message(report: RefreshReport, *, now: datetime) -> Message:
    """The same as a message, for when the window is gone."""
    said = headline(report)
    return kit.message(
        said, [kit.section(said), *table(report), kit.context(mark("Read at {at}", at=moment(now)))]
    )


def headline(report: RefreshReport) -> Markup:
    """One sentence: how much changed, how much needs a person, and what the number says now."""
    tally = [sum(change.verdict is verdict for change in report.changes) for verdict in Verdict]
    parts = [COUNTED[verdict].format(n) for n, verdict in zip(tally, Verdict, strict=True) if n]
    state = {
        True: ":large_green_circle: The number is connected",
        False: ":red_circle: The number is not connected",
        None: ":grey_question: It could not be told whether the number is connected",
    }[report.connected]
    return mark(
        "*{name}* {tail}: {parts}.\n{state}{word}.",
        name=esc(report.ref.name, 200),
        tail=report.ref.masked,
        parts=", ".join(parts) or "nothing to look at",
        state=Markup(state),
        word=mark(" (Meta says {word})", word=esc(report.metas_word, 60))
        if report.metas_word
        else Markup(""),
    )


def table(report: RefreshReport) -> list[Block]:
    """The before/after table: a section with two columns a line, because windows have no table block."""
    blocks = [_line(change) for change in report.changes[:MOST_CHANGES]]
    rest = len(report.changes) - MOST_CHANGES
    more = [kit.context(f"… and {rest} more lines.")] if rest > 0 else []
    what = [kit.actions(explain_press(report.error, report.metas_words))] if report.error else []
    return [*blocks, *more, *what]


def _line(change: Change) -> Block:
    said = mark("*{what}* – {verdict}", what=esc(change.what, 80), verdict=Markup(VERDICTS[change.verdict]))
    note = esc(change.note, 200)
    before = mark("*Before*\n{v}", v=esc(change.before, 100) or "–")
    after = mark("*After*\n{v}", v=esc(change.after, 100) or "–")
    return kit.section(join([said, note]), fields=(before, after))
