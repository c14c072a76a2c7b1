"""Open a number's flow, or go on with it from Meta's live state."""

import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.audit import Act, Outcome, Record
from bot.directory import Directory
from bot.errors import BotError, StaleFlow
from bot.flows.act import Acts
from bot.flows.folding import asked_again, ended_alike
from bot.flows.guard import busy, fact, must_own
from bot.flows.ladder import rung
from bot.flows.lagging import lags
from bot.flows.moved import Moved
from bot.flows.patience import Patience
from bot.flows.placing import placed, placed_after_act
from bot.flows.recovery import close_overdue
from bot.flows.state import FINAL, PENDING, Reconnect, Step
from bot.flows.store import from_row, to_data
from bot.graph.errors import GraphError
from bot.graph.model import Number
from bot.numbers import NumberRef
from bot.roles import Person, Role
from storage import flows
from storage.errors import Conflict, NotFound, StorageError

_CODE_OUT = frozenset({Step.SENDING, Step.SENT, Step.CHECKING, Step.UNSURE})
READ_AGAIN_S = (0.5, 1.0, 2.0)
_GONE = "This flow is not known any more."


class Opening:
    """Starts, finds and resumes flows."""

    def __init__(self, *, acts: Acts, directory: Directory, patience: Patience) -> None:
        self._acts = acts
        self._directory = directory
        self._patience = patience

    async def open(self, person: Person, ref: NumberRef, *, view_id: str) -> Moved:
        """Start the number's flow, or go on with the one this person has, at the step Meta's state asks for.

        Raises NumberBusy when somebody else holds it, GraphError when Meta cannot be read: then nothing
        was started and nothing recorded.
        """
        person.must_be(Role.OPERATOR, to="reconnect a number")
        number = await self._directory.number(ref)
        _must_tell(number)
        opened = await self._acts.write(lambda s: self._open(s, person, ref, number))
        if isinstance(opened, Reconnect):
            await self._asked_again(person, opened)
            return Moved(opened, number=number)
        number = await self._again(await self.get(opened), number)
        return await self._place(person, opened, number, view_id=view_id)

    async def _asked_again(self, person: Person, flow: Reconnect) -> None:
        with suppress(Conflict):  # it is on record for this minute
            await self._acts.record(asked_again(person, flow, self._acts.clock.now()))

    def _open(self, session: Session, person: Person, ref: NumberRef, number: Number) -> str | Reconnect:
        """The flow's id; or, unsaved, the end it would come to at once, as the last one did."""
        row = flows.active_of(session, ref.id)
        if row and _has_code_box(from_row(row), person, self._acts.clock.now()):
            return row.id
        held = self.free_the_number(session, ref.id, person)
        if held and held.kind == "refresh":
            if held.step in PENDING:
                raise BotError(
                    "Your own refresh of this number is still running.", hint="Try again in half a minute."
                )
            ended = held.to(Step.CANCELLED, reason="a reconnect was started instead")
            self._acts.save(session, held, ended, self._acts.clock.now(), by=person)
            held = None
        if held:
            return held.id
        again = ended_alike(session, person, ref, number, self._acts.clock.now())
        return again or self.create(session, person, ref, kind="reconnect")

    def free_the_number(self, session: Session, number_id: str, person: Person) -> Reconnect | None:
        """The flow `person` has on this number, or None when it is free now. Raises NumberBusy."""
        row = flows.active_of(session, number_id)
        if row is None:
            return None
        held, now = from_row(row), self._acts.clock.now()
        if held.owner == person.id:
            return held
        if held.step in PENDING or now < held.held_until:
            raise busy(held)
        self._acts.save(session, held, held.to(Step.EXPIRED, reason="nobody went on"), now)
        return None

    def create(self, session: Session, person: Person, ref: NumberRef, *, kind: str) -> str:
        """A new flow and its first record. The number must be free."""
        now = self._acts.clock.now()
        flow = Reconnect(
            id=f"f{secrets.token_hex(8)}", ref=ref, owner=person.id, kind=kind, step=Step.CHOOSE, version=1,
            started_at=now, updated_at=now,
        )  # fmt: skip
        flows.create(
            session, id=flow.id, kind=kind, number_id=ref.id, owner=person.id, step=flow.step.value,
            data=to_data(flow), epoch=self._acts.db.epoch, at=now,
        )  # fmt: skip
        self._acts.journal.write(session, fact(Act.FLOW_STARTED, person, flow, now, kind=kind))
        return flow.id

    async def resume(self, person: Person, flow_id: str, *, view_id: str | None = None) -> Moved:
        """Read Meta and go to the right step. For the owner, and for the holder, who sees the code box."""
        flow = await self.get(flow_id)
        if person.id != flow.holder:
            must_own(flow, person)
        if flow.step in FINAL or flow.step in PENDING:
            return Moved(flow)
        number = await self._again(flow, await self._directory.number(flow.ref))
        if flow.kind == "reconnect":
            _must_tell(number)
        return await self._place(person, flow_id, number, view_id=view_id)

    async def _again(self, flow: Reconnect, number: Number, *, after_act: bool = False) -> Number:
        """`number`, or a newer reading: for some seconds, while it may not show yet what Meta has just done.

        Somebody who comes back later does not wait for that, unless there is no other way on.
        """
        for wait in READ_AGAIN_S:
            now = self._acts.clock.now()
            waits = after_act or placed(flow, number, now).step is Step.UNSURE
            if not (waits and lags(flow, number, now)) or await self._patience.stopped_within(wait):
                break
            number = await self._directory.number(flow.ref)
        return number

    async def _place(self, person: Person, flow_id: str, number: Number, *, view_id: str | None) -> Moved:
        def work(session: Session, flow: Reconnect, now: datetime) -> Reconnect:
            if view_id and person.id == flow.owner:
                flow = replace(flow, view_id=view_id)
            elif view_id and person.id == flow.holder:
                flow = replace(flow, holder_view_id=view_id)
            after = placed(flow, number, now)
            if flow.step is Step.UNSURE and after.step is not flow.step:
                self._acts.journal.write(session, _read_back(flow, number, person, now))
            return after

        return Moved(await self._acts.change(flow_id, work, by=person), number=number)

    async def look_again(self, person: Person, flow: Reconnect) -> Moved:
        """After an answer that leaves the state open: read Meta and go where it says, if it says."""
        try:
            number = await self._again(flow, await self._directory.number(flow.ref), after_act=True)
            after = await self._acts.change(
                flow.id, lambda _s, f, now: placed_after_act(f, number, now), by=person
            )
        except (GraphError, StorageError):  # what was done is recorded: where it leads is looked up later
            return Moved(flow)
        return Moved(after, number=number)

    async def get(self, flow_id: str) -> Reconnect:
        """The flow as saved. Raises StaleFlow when it is not known."""
        try:
            return from_row(await self._acts.db.read(lambda s: flows.get(s, flow_id)))
        except NotFound:
            raise StaleFlow(_GONE, hint="Start again with `/whatsapp reconnect`.") from None

    async def active_of(self, number_id: str) -> Reconnect | None:
        """The flow that holds the number now."""
        row = await self._acts.db.read(lambda s: flows.active_of(s, number_id))
        return from_row(row) if row else None

    async def of_person(self, person: Person) -> tuple[Reconnect, ...]:
        """The active flows in which this person has a hand, oldest first."""
        return tuple(flow for flow in await self.active() if person.id in (flow.owner, flow.holder))

    async def active(self) -> tuple[Reconnect, ...]:
        """Every flow that has not ended, oldest first."""
        return tuple(from_row(row) for row in await self._acts.db.read(flows.active_flows))

    async def cancel(self, person: Person, flow_id: str) -> Reconnect:
        """End the flow; the number stays as it is, what was spent stays counted."""

        def work(session: Session, flow: Reconnect, now: datetime) -> Reconnect:
            must_own(flow, person)
            return flow.to(Step.CANCELLED, reason="stopped by its owner")

        return await self._acts.change(flow_id, work, by=person)

    async def let_go(self, person: Person, flow_id: str, *, view_id: str) -> None:
        """End the flow whose window was closed before anything was done with it, so that the number is free.

        Left as it is: one with a code asked for, with a colleague in it, or with a newer window.
        """

        def work(session: Session, flow: Reconnect, now: datetime) -> Reconnect:
            if not _untouched(flow, person, view_id):
                return flow
            return flow.to(Step.CANCELLED, reason="closed before a code was sent")

        if _untouched(await self.get(flow_id), person, view_id):
            await self._acts.change(flow_id, work, by=person)

    async def expire(self) -> None:
        """End the flows nobody has touched for their holding time, and the acts that never ended."""
        await close_overdue(self._acts)
        now = self._acts.clock.now()
        for row in await self._acts.db.read(flows.active_flows):
            flow = from_row(row)
            if flow.step not in PENDING and (now >= flow.held_until or flow.updated_at > now):
                await self._acts.change(flow.id, _expired)  # whose times are ahead is only put right


def _has_code_box(flow: Reconnect, person: Person, now: datetime) -> bool:
    """Whether the code of somebody else's flow is `person`'s to type now."""
    return flow.holder == person.id and flow.step in _CODE_OUT and now < flow.held_until


def _untouched(flow: Reconnect, person: Person, view_id: str) -> bool:
    begun = flow.asked_op or flow.code_op or flow.holder
    mine = flow.owner == person.id and flow.view_id == view_id
    return flow.step is Step.CHOOSE and mine and not begun


def _expired(session: Session, flow: Reconnect, now: datetime) -> Reconnect:
    if flow.step in PENDING or flow.step in FINAL or now < flow.held_until:
        return flow
    return flow.to(Step.EXPIRED, reason="nobody went on")


def _read_back(flow: Reconnect, number: Number, person: Person, now: datetime) -> Record:
    record = fact(
        Act.STATUS_READ, person, flow, now,
        status=number.status or "", ownership=number.code_verification_status or "",
    )  # fmt: skip
    return replace(record, outcome=read_back_of(number.status or ""))


def read_back_of(status: str) -> Outcome:
    """What Meta's status word proves: only CONNECTED is good, and no word is no answer."""
    if not status:
        return Outcome.UNKNOWN
    return Outcome.OK if status.upper() == "CONNECTED" else Outcome.FAILED


def _must_tell(number: Number) -> None:
    if rung(number, code_out=False) is None:
        raise BotError(
            f"Meta does not say clearly how this number stands ({number.status or 'no status'}, "
            f"{number.code_verification_status or 'ownership unknown'}). Nothing was done.",
            hint="Try again in a minute.",
        )
