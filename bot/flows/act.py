"""Claim, act, finish: the only way a call that costs something is made.

`change` moves a flow in one durable transaction. A claim is a change that writes an intent; then the call
is made, once; then `finish` writes its outcome. A process that dies in between leaves an intent without
an outcome, which `bot/flows/recovery.py` closes as unknown at the next start. Nothing is ever repeated.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlmodel import Session

from bot.audit import BOT, Act, Journal, Outcome, Record
from bot.budget import Budget, budget, must_allow, read_ledger
from bot.clock import Clock
from bot.config import Config
from bot.errors import AlreadyDone, BudgetSpent, StaleFlow
from bot.flows.ending import write_end
from bot.flows.guard import held_back, intent, op_of
from bot.flows.half_written import put_right
from bot.flows.prompting import prompt_holder
from bot.flows.result import RecordingLate, Result, in_short, result_of
from bot.flows.state import FINAL, PENDING, Reconnect
from bot.flows.store import from_row, to_data
from bot.graph.errors import GraphError
from bot.roles import Person
from bot.tasks import Tasks
from storage import audit, flows, gates
from storage.db import Database
from storage.errors import Conflict, NotFound, StorageError

LEASE = timedelta(seconds=180)  # longer than the longest proof: after it the flow is taken to be abandoned
RECORD_AGAIN_S = 1.0

T = TypeVar("T")

log = logging.getLogger(__name__)
CHECK_FIRST = "Press “Check status” before trying again."
Move = Callable[[Reconnect, datetime, str], Reconnect]
Work = Callable[[Session, Reconnect, datetime], Reconnect]


class Acts:
    """The transactions of every flow. One instance a process."""

    def __init__(
        self, *, db: Database, journal: Journal, clock: Clock, config: Config, tasks: Tasks,
        wake: Callable[[], None],
    ) -> None:  # fmt: skip
        self.db = db
        self.journal = journal
        self.clock = clock
        self.config = config
        self._tasks = tasks
        self._wake = wake
        self.blocked: StorageError | None = None  # set while an earlier run is not closed off yet

    async def change(self, flow_id: str, work: Work, *, by: Person = BOT) -> Reconnect:
        """Load, let `work` decide and record, save: one durable transaction. Returns the saved flow.

        `by`: who is on record for the end, should it be one.
        Raises what `work` raises, StaleFlow when the flow is gone, StorageError when nothing was written.
        """
        return await self.tell(lambda session: self._change(session, flow_id, work, by))

    async def write(self, work: Callable[[Session], T]) -> T:
        """One durable transaction, once the acts of an earlier run are closed. Raises StorageError."""
        if self.blocked:
            raise self.blocked
        return await self.db.write(work)

    async def tell(self, work: Callable[[Session], T]) -> T:
        """As `write`, for what owes Slack a message. Raises StorageError when nothing was written."""
        done = await self.write(work)
        self._wake()
        return done

    def _change(self, session: Session, flow_id: str, work: Work, by: Person) -> Reconnect:
        now = self.clock.now()
        try:
            before = from_row(flows.get(session, flow_id)).not_ahead_of(now)
        except NotFound:
            raise StaleFlow(
                "This flow is not known any more.", hint="Start again with `/whatsapp reconnect`."
            ) from None
        return self.save(session, before, work(session, before, now), now, by=by)

    def save(
        self, session: Session, before: Reconnect, after: Reconnect, now: datetime, *, by: Person = BOT
    ) -> Reconnect:
        """Write `after` over `before`; when it ends the flow, record that and owe the parent's last edit."""
        after = replace(after, updated_at=now)
        if after.step in FINAL and before.step not in FINAL:
            write_end(session, self.journal, before, after, now, by=by, channel=self.config.audit_channel)
        prompt_holder(session, self.journal, before, after, now)
        version = flows.save(
            session, before.id, expected_version=before.version, step=after.step.value, data=to_data(after),
            pending=after.step in PENDING, pending_until=now + LEASE if after.step in PENDING else None,
            active=after.step not in FINAL, epoch=self.db.epoch, at=now,
        )  # fmt: skip
        return replace(after, version=version)

    async def claim(
        self, flow_id: str, person: Person, act: Act, key: str, move: Move, **details: str
    ) -> tuple[Reconnect, Record]:
        """Move the flow and write the intent, durably, before a call. Returns the flow and the intent.

        `key` names the click: AlreadyDone when this very click was served before. `move` guards and steps.
        Raises what `move` raises, BudgetSpent, StaleFlow, StorageError: then no call may be made.
        """
        op = op_of(act, key)
        intents: list[tuple[Reconnect, Record]] = []

        def work(session: Session, flow: Reconnect, now: datetime) -> Reconnect:
            if audit.has_op(session, op):
                raise AlreadyDone("This was done already.")
            after = move(flow, now, op)
            self._allow(session, act, flow, person, now)
            intents.append((flow, intent(act, op, person, flow, now, **details)))
            self.journal.write(session, intents[-1][1])
            return after

        try:
            return await self.change(flow_id, work), intents[-1][1]
        except BudgetSpent:
            await self._note_held_back(flow_id, person, act)
            raise
        except StorageError:
            for before, record in intents[-1:]:
                self._tasks.start(put_right(self, record, before), name=f"put right {op}")
            raise

    async def _note_held_back(self, flow_id: str, person: Person, act: Act) -> None:
        """On record what the budget refused, once a minute. A database that cannot write changes no answer."""
        try:
            flow = from_row(await self.db.read(lambda s: flows.get(s, flow_id)))
            await self.record(held_back(act, person, flow, self.clock.now()))
        except (StorageError, Conflict) as error:  # Conflict: it is on record already
            log.info("a refusal was not recorded: %s", type(error).__name__)

    def _allow(self, session: Session, act: Act, flow: Reconnect, person: Person, now: datetime) -> None:
        ledger = read_ledger(session, flow.ref.id, now)
        must_allow(act, budget(ledger, self.config, now, code_op=flow.code_op), ledger, person, now)

    async def budget(self, number_id: str, *, code_op: str = "") -> Budget:
        """What the number has left. `code_op`: of the code now out, for its own tries."""
        now = self.clock.now()
        ledger = await self.db.read(lambda s: read_ledger(s, number_id, now))
        return budget(ledger, self.config, now, code_op=code_op)

    async def record(self, record: Record) -> None:
        """Write one record outside a flow's own steps. Raises StorageError when nothing was written."""
        try:
            await self.tell(lambda session: self.journal.write(session, record))
        except StorageError:
            if record.kind == "intent":
                self._tasks.start(put_right(self, record), name=f"put right {record.op}")
            raise

    async def owe_news(self, flow: Reconnect, *, to: str, text: str) -> None:
        """A direct message that Slack would not take now. Raises StorageError when it cannot be kept."""
        await self.tell(
            lambda s: self.journal.owe_dm(
                s, to=to, template="", ref=flow.ref, flow_id=flow.id, at=self.clock.now(), reason=text
            )
        )

    async def record_outcome(self, intent: Record, result: Result, *, posted: bool = True) -> None:
        """The outcome of an intent that moves no flow; kept trying when the database refuses."""
        await self.surely(
            lambda session: self._outcome(session, intent, result, self.clock.now(), posted=posted), intent.op
        )

    async def surely(self, work: Callable[[Session], object], name: str) -> None:
        """Write down what has happened already; kept trying when the database refuses."""
        try:
            await self.db.write(work)
        except StorageError:
            self._tasks.start(self._record_later(work), name=f"record {name}")
        self._wake()

    async def attempt(self, call: Awaitable[object]) -> Result:
        """Make the call, once, and say how it ended. A bug of ours counts as unknown: bytes may have left."""
        try:
            await call
        except GraphError as error:
            return result_of(error)
        except Exception:  # whatever happened, the intent must get its one outcome
            log.exception("a call to Meta failed in our own code")
            return Result(
                Outcome.UNKNOWN, reason="bug", says="Something went wrong on our side.", do=CHECK_FIRST
            )
        return Result(Outcome.OK)

    async def finish(
        self, flow_id: str, intent: Record, result: Result, after: Callable[[Reconnect, datetime], Reconnect]
    ) -> Reconnect:
        """The outcome, Meta's wait if it gave one, and the flow's next step, in one transaction.

        When the database refuses, the outcome is kept in memory and written as soon as it can be;
        raises RecordingLate meanwhile. Should the process die first, recovery records it as unknown.
        """

        def work(session: Session, flow: Reconnect, now: datetime) -> Reconnect:
            self._outcome(session, intent, result, now)
            return after(flow, now)

        try:
            return await self.change(flow_id, work, by=intent.person)
        except Conflict:
            raise StaleFlow(
                f"{in_short(result)} That came too late to be recorded.", hint=CHECK_FIRST
            ) from None
        except StorageError:
            later = self._record_later(lambda session: self._change(session, flow_id, work, intent.person))
            self._tasks.start(later, name=f"record {intent.op}")
            raise RecordingLate(
                f"{in_short(result)} I cannot write that down at the moment and keep trying.",
                hint="Do not press again; type `/whatsapp reconnect` with the number in a minute.",
            ) from None

    async def _record_later(self, work: Callable[[Session], object]) -> None:
        while True:
            await asyncio.sleep(RECORD_AGAIN_S)
            try:
                await self.db.write(work)
            except StorageError as error:
                log.error("an outcome still cannot be recorded: %s", type(error).__name__)
                continue
            except Conflict:
                log.info("an outcome stands already: the try that failed had written it")
            self._wake()
            return

    def _outcome(
        self, session: Session, intent: Record, result: Result, now: datetime, *, posted: bool = True
    ) -> None:
        details = {**intent.details, **({"meta": result.metas_words} if result.metas_words else {})}
        told = intent.outcome_of(
            result.outcome, at=now, reason=result.reason, trace=result.trace, details=details
        )
        self.journal.write(session, told, posted=posted)
        if result.until and intent.ref:
            scope, action = intent.ref.id, intent.act.value
            gates.set_gate(session, scope=scope, action=action, until=result.until, reason=result.reason)
