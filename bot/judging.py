"""What is kept of a diagnosis: that it was made, and whether people say that it was right."""

import hashlib
from collections import OrderedDict

from bot.audit import Act, Outcome, Record
from bot.counts import Counts
from bot.diagnosing import Everything
from bot.diagnosis.examine import Kind, Report
from bot.flows.act import Acts
from bot.flows.guard import op_of
from bot.numbers import NumberRef
from bot.roles import Person
from storage.errors import Conflict, StorageError

KEPT = 200  # reports remembered for the buttons below them

OUTCOMES = {Kind.FOUND: Outcome.FAILED, Kind.HEALTHY: Outcome.OK, Kind.COULD_NOT_TELL: Outcome.UNKNOWN}


class Judging:
    """Writes the records, and remembers the latest reports by their id. A report that is gone is made anew."""

    def __init__(self, *, acts: Acts, counts: Counts) -> None:
        self._acts = acts
        self._counts = counts
        self._reports: OrderedDict[str, Report] = OrderedDict()
        self._answered: OrderedDict[str, None] = OrderedDict()

    async def made(self, person: Person, report: Report, *, key: str) -> str:
        """Put it on record; its id. A database that cannot write takes no verdict from anybody."""
        id_ = _id(f"{key}:{report.ref.id}")
        self.keep(id_, report)
        self._counts.diagnosed(report.code)
        await self._record(
            Record(
                op=f"{Act.DIAGNOSIS_MADE.value}:{id_}", kind="fact", act=Act.DIAGNOSIS_MADE, person=person,
                at=self._acts.clock.now(), ref=report.ref, outcome=OUTCOMES[report.kind], reason=report.code,
                trace=report.verdict.trace,
            )
        )  # fmt: skip
        return id_

    async def all_made(self, person: Person, everything: Everything, *, key: str) -> None:
        """One line for a look at every number."""
        reports = everything.reports
        ill = sum(report.kind is Kind.FOUND and report.verdict.definite for report in reports)
        unclear = sum(report.kind is Kind.COULD_NOT_TELL for report in reports)
        details = {"numbers": f"{len(reports)} looked at", "ill": f"{ill}", "unclear": f"{unclear}"}
        await self._record(
            Record(
                op=f"{Act.DIAGNOSIS_MADE.value}:{_id(key)}", kind="fact", act=Act.DIAGNOSIS_MADE,
                person=person, at=self._acts.clock.now(), details=details,
            )
        )  # fmt: skip

    def keep(self, id_: str, report: Report) -> None:
        self._reports[id_] = report
        self._reports.move_to_end(id_)
        if len(self._reports) > KEPT:
            self._reports.popitem(last=False)

    def report(self, id_: str) -> Report | None:
        return self._reports.get(id_)

    def judged(self, person: Person, made: str) -> bool:
        """Whether this person was seen to answer for it. After a restart it is asked again, and counted once."""
        return f"{made}:{person.id}" in self._answered

    async def judge(self, person: Person, ref: NumberRef, *, made: str, code: str, right: bool) -> bool:
        """Count one answer of one person. False when they had answered. Raises StorageError."""
        record = Record(
            op=op_of(Act.DIAGNOSIS_JUDGED, f"{made}:{person.id}"), kind="fact", act=Act.DIAGNOSIS_JUDGED,
            person=person, at=self._acts.clock.now(), ref=ref, reason=code,
            outcome=Outcome.OK if right else Outcome.FAILED,
        )  # fmt: skip
        counted = True
        try:
            await self._acts.record(record)
        except Conflict:
            counted = False
        self._answered[f"{made}:{person.id}"] = None
        if len(self._answered) > KEPT:
            self._answered.popitem(last=False)
        return counted

    async def _record(self, record: Record) -> None:
        try:
            await self._acts.record(record)
        except (Conflict, StorageError):  # the same delivery again; or the verdict counts more than its line
            return


def _id(key: str) -> str:
    """Of letters alone: what is taken for a code is masked in records."""
    return "".join(chr(ord("a") + int(char, 16)) for char in hashlib.sha256(key.encode()).hexdigest()[:24])
