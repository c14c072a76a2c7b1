"""Every number with its verdict in one line, worst first, a page at a time."""

from collections.abc import Sequence

from bot.causes.cause import Severity
from bot.diagnosis.examine import Report
from handlers.views import diagnose_ids as ids
from handlers.views import kit
from handlers.views.diagnose import TITLE
from handlers.views.diagnose_cause import SEVERITIES, sentence
from handlers.views.kit import Block, Press, View
from handlers.views.text import Markup, count, cut_markup, esc, join, mark

PER_PAGE = 20
MOST_TROUBLES = 3
_LINE = 420

_DIAGNOSE = kit.stamp(Press(action_id=ids.OPEN, label="Diagnose"))


def window(reports: Sequence[Report], troubles: Sequence[str], *, page: int = 0) -> View:
    """Page `page` (from 0) of all numbers."""
    pages = max(1, -(-len(reports) // PER_PAGE))
    page = min(max(page, 0), pages - 1)
    paged = f" Page {page + 1} of {pages}." if pages > 1 else ""
    told = [kit.context(mark(":warning: {said}", said=esc(said, 400))) for said in troubles[:MOST_TROUBLES]]
    rest = len(troubles) - MOST_TROUBLES
    more = [kit.context(f"… and {count(rest, 'more account')} with trouble.")] if rest > 0 else []
    rows = [_row(report) for report in reports[page * PER_PAGE : (page + 1) * PER_PAGE]]
    blocks = [kit.section(Markup(f"{_summary(reports)}{paged}")), *rows, *told, *more, _foot(page, pages)]
    return kit.modal(callback_id=ids.WINDOW, title=TITLE, blocks=blocks)


def _summary(reports: Sequence[Report]) -> str:
    if not reports:
        return "There is no number to diagnose."
    severities = [report.verdict.cause.severity for report in reports]
    parts = [
        f"{severities.count(each)} {SEVERITIES[each].partition(' ')[2].lower()}"
        for each in Severity
        if each in severities
    ]
    return f"{count(len(reports), 'number')}: {', '.join(parts)}."


def _row(report: Report) -> Block:
    ref, about = report.ref, report.verdict.cause
    head = mark("{how} · *{name}* {display}", how=Markup(SEVERITIES[about.severity]),
                name=esc(ref.name, 100) or "No name", display=esc(ref.display, 40))  # fmt: skip
    said = cut_markup(sentence(report.verdict), _LINE)
    line = said if said.startswith(about.title) else mark("*{title}* – {said}", title=about.title, said=said)
    return kit.section(join([head, line]), beside=_DIAGNOSE(ref.id))


def _foot(page: int, pages: int) -> Block:
    presses = [Press(action_id=ids.ALL, label="Read again")]
    if page > 0:
        presses.append(Press(action_id=ids.PREVIOUS, label="Previous", value=str(page - 1)))
    if page < pages - 1:
        presses.append(Press(action_id=ids.NEXT, label="Next", value=str(page + 1)))
    return kit.actions(*presses)
