"""From one snapshot to one verdict: the first definite finding, or that all is well, or that nobody can tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from bot.causes.catalogue import PRIORITY
from bot.causes.finding import Finding, found, refused
from bot.causes.meta import COULD_NOT_TELL, META_UNREACHABLE, OK, RATE_LIMITED_API
from bot.checks import ALL
from bot.evidence.checked import Checked, LastKnown
from bot.evidence.snapshot import Snapshot
from bot.graph.errors import Throttled, Unreachable
from bot.numbers import NumberRef
from bot.status import Answer

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "token": "the access token",
        "number": "the number",
        "account": "its WhatsApp account",
        "apps": "the subscribed apps",
        "subscription": "the app's webhook",
    }
)


class Kind(StrEnum):
    """What the verdict amounts to."""

    FOUND = "found"
    HEALTHY = "healthy"
    COULD_NOT_TELL = "could not tell"


@dataclass(frozen=True, slots=True)
class Unread:
    """A reading that gave nothing: what, how it was asked, and why, in a sentence."""

    name: str
    how: str
    why: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Report:
    """`verdict` is OK, COULD_NOT_TELL, META_UNREACHABLE or RATE_LIMITED_API where `kind` is not FOUND.

    `further`: findings that the verdict does not explain, by priority. `unread`: readings without an answer.
    `last_known`: what was learnt before and can neither be confirmed nor refuted by what was read.
    """

    ref: NumberRef
    kind: Kind
    verdict: Finding
    further: tuple[Finding, ...]
    checks: tuple[Checked, ...]
    unread: tuple[Unread, ...]
    examined_at: datetime
    last_known: tuple[LastKnown, ...] = ()

    @property
    def code(self) -> str:
        """The cause's code, for records and counters."""
        return self.verdict.cause.code

    def finding(self, code: str) -> Finding | None:
        """The verdict or the further finding with this cause; None: it is not found, or no more."""
        return next((each for each in (self.verdict, *self.further) if each.cause.code == code), None)


def examine(snapshot: Snapshot) -> Report:
    """Pure. A silence of Meta's never makes a verdict, only “could not tell”."""
    checks = tuple(check(snapshot) for check in ALL)
    if _nothing_answered(snapshot):
        checks = tuple(_as_last_known(checked) for checked in checks)
    findings = by_priority(checked.finding for checked in checks if checked.finding)
    kind, verdict = _verdict(snapshot, checks, findings)
    hidden = {verdict.cause.code, *verdict.cause.explains}
    further = tuple(finding for finding in findings if finding.cause.code not in hidden)
    last = tuple(checked.last_known for checked in checks if checked.last_known)
    return Report(snapshot.ref, kind, verdict, further, checks, _unread(snapshot), snapshot.now, last)


def _nothing_answered(snapshot: Snapshot) -> bool:
    return not any(reading.known for _, reading in snapshot.readings)


def _as_last_known(checked: Checked) -> Checked:
    """What was learnt earlier is no verdict on a number of which nothing can be read now."""
    if checked.finding is None or not checked.earlier:
        return checked
    known = LastKnown(checked.finding, checked.how, checked.at)
    return replace(checked, answer=Answer.UNKNOWN, finding=None, last_known=known)


def by_priority(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """In the order of the catalogue, each cause once."""
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding.cause.code, finding)
    return tuple(sorted(first.values(), key=lambda finding: PRIORITY[finding.cause.code]))


def _verdict(
    snapshot: Snapshot, checks: tuple[Checked, ...], findings: tuple[Finding, ...]
) -> tuple[Kind, Finding]:
    """A note (“works, but …”) is a verdict only where everything needed was read."""
    definite = next((finding for finding in findings if finding.definite), None)
    if definite:
        return Kind.FOUND, definite
    open_questions = [c for c in checks if c.needed and (c.answer is Answer.UNKNOWN or _unexplained(c))]
    if open_questions:
        return Kind.COULD_NOT_TELL, _why_not(snapshot, open_questions)
    if findings:
        return Kind.FOUND, findings[0]
    return Kind.HEALTHY, found(OK)


def _unexplained(checked: Checked) -> bool:
    """A plain no that points at another check, where no other check found anything."""
    return checked.answer is Answer.NO and checked.finding is None


def _why_not(snapshot: Snapshot, open_questions: list[Checked]) -> Finding:
    readings = [reading for _, reading in snapshot.readings]
    errors = [reading.error for reading in readings if reading.error]
    throttled = [error for error in errors if isinstance(error, Throttled)]
    if throttled:
        ends = [error.retry_at for error in throttled if error.retry_at and error.retry_at > snapshot.now]
        return refused(RATE_LIMITED_API, throttled[0], until=max(ends, default=None))
    silent = [error for error in errors if isinstance(error, Unreachable)]
    if silent and len(silent) == len(errors) and not any(reading.known for reading in readings):
        return refused(META_UNREACHABLE, silent[0])
    missing = [_NAMES[name] for name, reading in snapshot.readings if not reading.known]
    strange = [f"“{c.question}” (Meta says “{c.metas_word}”)" if c.metas_word else f"“{c.question}”"
               for c in open_questions]  # fmt: skip
    return found(COULD_NOT_TELL, missing=", ".join(missing or strange[:2]))


def _unread(snapshot: Snapshot) -> tuple[Unread, ...]:
    return tuple(
        Unread(_NAMES[name], reading.how, reading.why, reading.asked)
        for name, reading in snapshot.readings
        if not reading.known
    )
