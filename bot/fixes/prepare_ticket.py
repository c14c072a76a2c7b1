"""“Prepare Meta ticket”: what Meta's support asks for, as text to copy: ids, times, codes, traces. No secret.

A copy is filed in the audit channel, below the line that says who made it.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from bot.audit import Act, Record
from bot.causes.finding import Finding, in_utc
from bot.diagnosis.examine import Report
from bot.errors import AlreadyDone
from bot.evidence.snapshot import Snapshot
from bot.fixes.done import Done
from bot.fixes.repair import Order, Repair, Tools
from bot.flows.guard import op_of
from bot.graph.hiding import one_line
from bot.meanings import metas_words, without_addresses
from bot.numbers import NumberRef
from bot.remedy import Fix
from bot.roles import Role
from bot.status import Answer
from storage.errors import Conflict

LONGEST = 2800  # characters: what one block takes, with its frame
_NUMBER = re.compile(r"\+?[0-9](?:[ ().-]{0,2}[0-9]){6,14}")


async def _run(tools: Tools, order: Order) -> Done:
    snapshot = tools.diagnoses.kept(order.ref) or await tools.diagnoses.read(order.ref)
    now = tools.acts.clock.now()
    text = ticket(order.report, order.finding, snapshot, version=tools.config.graph_api_version, now=now)
    record = Record(
        op=op_of(Act.DIAGNOSIS_TICKET, order.key), kind="fact", act=Act.DIAGNOSIS_TICKET, person=order.person,
        at=now, ref=order.ref, flow_id=order.flow_id, reason=order.finding.cause.code, trace=order.finding.trace,
        details=_copy(order.report, snapshot),
    )  # fmt: skip
    try:
        await tools.acts.tell(lambda session: tools.acts.journal.write_with_copy(session, record, text))
    except Conflict:
        raise AlreadyDone("This was done already.") from None
    return Done("Copy this into a ticket at Meta's business support.", text=text)


def ticket(report: Report, finding: Finding, snapshot: Snapshot, *, version: str, now: datetime) -> str:
    """Pure. The telephone number is named by its last digits: the ids are what support looks up."""
    number = f"{finding.code}/{finding.subcode}" if finding.subcode else str(finding.code or "none")
    lines = [
        "WhatsApp Business Platform (Cloud API)",
        f"Phone number ID: {report.ref.id} (ends in {report.ref.tail})",
        f"WhatsApp Business Account ID: {report.ref.account_id}",
        f"App ID: {snapshot.app_id}",
        f"Graph API version: {version}",
        f"Written: {_utc(now)}",
        "",
        f"Problem: {finding.said(in_utc)}",
        f"Effect: {finding.cause.effect}",
        f"Error code: {number}" + (f", fbtrace_id {finding.trace}" if finding.trace else ""),
        *([f"Meta's words: {finding.metas_words}"] if finding.metas_words else []),
        "",
        "What was read:",
        *_readings(snapshot),
        "What was tried:",
        *(list(_attempts(snapshot)) or ["- nothing within the last days"]),
        "What is not as it should be:",
        *(f"- {c.question} {one_line(c.note, longest=160)}" for c in report.checks if c.answer is Answer.NO),
    ]
    text = _tail_only("\n".join(lines), report.ref)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _tail_only(text: str, ref: NumberRef) -> str:
    """Meta's words may repeat the telephone number: it is filed where more people read than asked."""
    return _NUMBER.sub(lambda m: ref.masked if re.sub(r"[^0-9]", "", m[0]) == ref.digits else m[0], text)


def _readings(snapshot: Snapshot) -> Iterator[str]:
    for _, reading in snapshot.readings:
        at = _utc(reading.at) if reading.at else "not asked"
        error = reading.error
        if error is None:
            yield f"- {reading.how} at {at}: answered"
            continue
        number = f"{error.code}/{error.subcode}" if error.subcode else str(error.code or type(error).__name__)
        trace = f", fbtrace_id {one_line(error.trace)}" if error.trace else ""
        words = one_line(without_addresses(metas_words(error)), longest=120)
        yield f"- {reading.how} at {at}: error {number}{trace} {words}".rstrip()


def _attempts(snapshot: Snapshot) -> Iterator[str]:
    for act, tried in sorted(snapshot.attempts.last.items(), key=lambda item: item[1].at):
        number = f"{tried.code}/{tried.subcode}" if tried.subcode else str(tried.code or "no code")
        ended = "accepted" if tried.ok else f"error {number}"
        trace = f", fbtrace_id {one_line(tried.trace)}" if tried.trace else ""
        yield f"- {act.value} at {_utc(tried.at)}: {ended}{trace}"


def _copy(report: Report, snapshot: Snapshot) -> dict[str, str]:
    """What of it stands in the audit channel: the traces, without which nobody at Meta finds anything."""
    errors = [reading.error for _, reading in snapshot.readings if reading.error]
    traces = [one_line(error.trace) for error in errors if error.trace]
    traces += [one_line(tried.trace) for tried in snapshot.attempts.last.values() if tried.trace]
    return {"traces": ", ".join(dict.fromkeys(traces))} if traces else {}


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


PREPARE_TICKET = Repair(fix=Fix.PREPARE_TICKET, role=Role.OPERATOR, to="prepare a ticket", run=_run)
