"""A cause found, in words: what it is, Meta's own words and number, what to do, who can, and the proof."""

from dataclasses import replace
from datetime import datetime

from bot.causes.cause import Cause, Severity
from bot.causes.finding import Finding
from bot.diagnosis.examine import Report
from bot.evidence.checked import Checked, LastKnown
from handlers.views import diagnose_ids as ids
from handlers.views import kit
from handlers.views.kit import Block, Press
from handlers.views.text import Markup, clock_time, esc, join, mark, moment
from handlers.views.who import Reader, who_acts

SEVERITIES = {
    Severity.DOWN: ":red_circle: Down",
    Severity.LIMITED: ":large_orange_circle: Limited",
    Severity.NOTE: ":large_blue_circle: Works, with a note",
    Severity.UNKNOWN: ":grey_question: Could not tell",
    Severity.OK: ":large_green_circle: Healthy",
}


def cause(report: Report, reader: Reader) -> list[Block]:
    """Cause, Meta's words, effect, fix, who, how long, and the proof."""
    finding = report.verdict
    about = finding.cause
    head = headline(about)
    what = [
        mark("*Effect:* {effect}", effect=about.effect),
        mark("*What to do:* {do}", do=Markup(_filled(finding).done(moment))),
        mark("*Who:* {who}", who=who_acts(about.who, reader)),
        mark("*Takes:* {takes}", takes=about.takes),
    ]
    return [
        kit.section(join([head, sentence(finding), _metas(finding)])),
        kit.section(join(what)),
        kit.context(_proof(report), mark("Reason: `{code}`", code=report.code)),
    ]


def headline(about: Cause) -> Markup:
    """How bad it is and what it is; said once where both are the same word."""
    severity = SEVERITIES[about.severity]
    same = severity.endswith(f" {about.title}")
    return mark("*{how}{title}*", how=Markup(severity), title="" if same else f": {about.title}")


def sentence(finding: Finding) -> Markup:
    """The finding's sentence with each time in the reader's own zone."""
    return Markup(_filled(finding).said(moment))


def _filled(finding: Finding) -> Finding:
    """With what came from outside escaped: the sentence around it is ours."""
    values = {k: v if isinstance(v, datetime) else esc(v, 120) for k, v in finding.values.items()}
    return replace(finding, values=values, more=esc(finding.more, 200))


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


def _proof(report: Report) -> Markup:
    rests = next((each for each in report.checks if each.finding is report.verdict), None)
    if rests is None:
        return mark("Examined at {at}.", at=clock_time(report.examined_at))
    return mark("Proof: {how}.", how=how(rests))


def how(checked: Checked) -> Markup:
    if checked.at is None:
        return esc(checked.how or "not asked")
    if checked.earlier:
        return mark("{how}, {at}", how=esc(checked.how, 60), at=moment(checked.at))
    return mark("{how}, read at {at}", how=esc(checked.how, 60), at=clock_time(checked.at))


def last_known(last: LastKnown) -> Markup:
    """What was found before, and by what: nothing of now speaks for or against it."""
    when = mark(", {at}", at=moment(last.at)) if last.at else ""
    return mark(
        "*Last known: {title}* – {said} Told by {how}{when}; it could not be checked now.",
        title=last.finding.cause.title, said=sentence(last.finding), how=esc(last.how, 60), when=when,
    )  # fmt: skip


def explain_press(number: str, words: str) -> Press:
    """“What is this?” beside an error number of Meta's."""
    return Press(action_id=ids.EXPLAIN, label="What is this?", value=f"{number} {words}"[:300].strip())
