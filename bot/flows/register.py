"""Register the number with its two-step PIN, or with a new one, and prove it Connected."""

from dataclasses import replace
from datetime import datetime

from bot.audit import BOT, Act, Outcome, Record
from bot.directory import Directory
from bot.errors import BudgetSpent
from bot.flows.act import Acts, Move
from bot.flows.guard import must_own
from bot.flows.moved import Claimed, Moved
from bot.flows.opening import Opening
from bot.flows.permissions import Permissions
from bot.flows.report import RefreshReport
from bot.flows.result import Result
from bot.flows.state import Reconnect, Step
from bot.graph.client import Graph
from bot.roles import Person, Role
from bot.secret import Secret
from storage.errors import StorageError

PIN_IS_SET = "The new PIN is set."


class Register:
    """The two calls that need the PIN, and the proof after them."""

    def __init__(
        self, *, acts: Acts, graph: Graph, opening: Opening, directory: Directory, permissions: Permissions
    ) -> None:
        self._acts = acts
        self._graph = graph
        self._opening = opening
        self._directory = directory
        self._permissions = permissions

    async def claim_register(self, person: Person, flow_id: str, *, pin: Secret, key: str) -> Claimed:
        """Intend to register the number with `pin` (Meta allows ten tries in 72 hours)."""
        person.must_be(Role.OPERATOR, to="register a number")
        flow, record = await self._acts.claim(
            flow_id, person, Act.REGISTER, key, _owned(person, Step.REGISTERING)
        )
        return Claimed(flow, lambda: self._register(person, flow, record, pin, key))

    async def _register(
        self, person: Person, flow: Reconnect, record: Record, pin: Secret, key: str
    ) -> Moved:
        result = await self._acts.attempt(self._graph.register(flow.ref.id, pin=pin))

        def after(f: Reconnect, now: datetime) -> Reconnect:
            if result.ok:
                return f.to(Step.REFRESH, done=Step.REGISTERING, done_at=now)
            if result.outcome is Outcome.UNKNOWN:
                return f.to(Step.UNSURE, unsure_after=Step.REGISTERING, done=Step.REGISTERING, done_at=now)
            if result.code == 133006:  # not proven after all
                return f.to(Step.CHOOSE, done=None, done_at=None)
            return f.to(Step.PIN)

        flow = await self._acts.finish(flow.id, record, result, after)
        if result.outcome is Outcome.UNKNOWN or result.subcode == 2388001:
            return replace(await self._opening.look_again(person, flow), result=result)
        if not result.ok:
            return Moved(flow, result)
        try:
            return await self.prove(person, flow.id, key=f"{key}:prove")
        except StorageError as error:
            return Moved(flow, _so_far("Meta has registered the number.", error.sentence))

    async def claim_new_pin(self, person: Person, flow_id: str, *, pin: Secret, key: str) -> Claimed:
        """Intend to set a new two-step PIN (no old one is needed), then register with it."""
        person.must_be(Role.OPERATOR, to="set a new two-step PIN")
        flow, record = await self._acts.claim(
            flow_id, person, Act.PIN_SET, key, _owned(person, Step.SETTING_PIN)
        )
        return Claimed(flow, lambda: self._set_pin(person, flow, record, pin, key))

    async def _set_pin(self, person: Person, flow: Reconnect, record: Record, pin: Secret, key: str) -> Moved:
        result = await self._acts.attempt(self._graph.set_pin(flow.ref.id, pin=pin))

        def after(f: Reconnect, now: datetime) -> Reconnect:
            if result.ok:
                return f.to(Step.PIN, pin_exists=True)
            if result.outcome is Outcome.UNKNOWN:
                return f.to(Step.UNSURE, unsure_after=Step.SETTING_PIN)
            return f.to(Step.PIN)

        flow = await self._acts.finish(flow.id, record, result, after)
        if not result.ok:
            return Moved(flow, result)
        try:
            claimed = await self.claim_register(person, flow.id, pin=pin, key=f"{key}:register")
        except BudgetSpent as spent:
            return Moved(flow, _so_far(PIN_IS_SET, spent.message))
        except StorageError as error:
            return Moved(flow, _so_far(PIN_IS_SET, error.sentence))
        return await claimed.act()

    async def prove(self, person: Person, flow_id: str, *, key: str) -> Moved:
        """Refresh the permissions, then read the status back until it says CONNECTED, or why not.

        `person`: the owner; BOT where it follows by itself from what a colleague has done.
        """
        flow, record = await self._acts.claim(
            flow_id, person, Act.REFRESH, key, _owned(person, Step.REFRESHING)
        )
        reports: list[RefreshReport] = []

        async def run() -> None:
            reports.append(await self._permissions.run(person, flow))

        failed = await self._acts.attempt(run())  # a bug of ours must not leave the flow pending for ever
        if not reports:
            return Moved(await self._acts.finish(flow.id, record, failed, _unproved), failed)
        report = reports[0]
        result = Result(Outcome.OK if report.connected is not None else Outcome.UNKNOWN)
        details = {"changed": report.summary, "status": report.metas_word}
        record = replace(record, details=details)
        self._directory.forget()  # before it is told that something was written
        flow = await self._acts.finish(flow.id, record, result, lambda f, _now: _proved(f, report))
        return Moved(flow, result, report)


def _so_far(done: str, why: str) -> Result:
    """One step was done and recorded, the next one could not be begun."""
    return Result(
        Outcome.REFUSED, reason="stopped half-way", says=f"{done} The next step was not begun: {why}"
    )


def proof_is_due(moved: Moved) -> bool:
    """Whether the proof is all that is left, and nobody has anything to decide: the number was read just now."""
    told = moved.result is None or moved.result.outcome in (Outcome.OK, Outcome.UNKNOWN)
    return moved.flow.step is Step.REFRESH and moved.number is not None and moved.report is None and told


def _owned(person: Person, step: Step) -> Move:
    def move(flow: Reconnect, now: datetime, op: str) -> Reconnect:
        if person is not BOT:
            must_own(flow, person)
        return flow.to(step)

    return move


def _unproved(flow: Reconnect, now: datetime) -> Reconnect:
    return flow.to(Step.UNSURE, unsure_after=Step.REFRESHING)


def _proved(flow: Reconnect, report: RefreshReport) -> Reconnect:
    """CONNECTED only by read-back; “not yet” and “could not tell” leave the flow open to look again."""
    if report.connected:
        return flow.to(Step.CONNECTED, reason="")
    why = f"Meta still says {report.metas_word or 'nothing'}."
    if report.connected is None:
        why = "Meta could not be read back: the number may be connected."
    return flow.to(Step.REFRESH if flow.kind == "reconnect" else Step.STOPPED, reason=why)
