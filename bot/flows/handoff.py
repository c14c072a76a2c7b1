"""Who types the code: hand it to the colleague with the phone, take it back, join, or take over."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.audit import BOT, Act
from bot.errors import BadInput, NotAllowed, StaleFlow
from bot.flows.act import Acts
from bot.flows.guard import awaits_code, fact, must_own
from bot.flows.moved import Moved
from bot.flows.opening import Opening
from bot.flows.state import FINAL, PENDING, Reconnect, Step
from bot.flows.store import from_row
from bot.numbers import NumberRef
from bot.roles import Person, Role
from storage import flows
from storage.errors import NotFound

SLACKBOT = "USLACKBOT"  # in every workspace; other bots cannot be told from people without users:read
CODE_STEPS = frozenset(
    {Step.CHOOSE, Step.SENDING, Step.SENT, Step.CHECKING, Step.UNSURE}
)  # all before the PIN


class HandOff:
    """Changes of hands. None of them calls Meta. `us`: the bot's own Slack user id."""

    def __init__(self, *, acts: Acts, opening: Opening, us: str) -> None:
        self._acts = acts
        self._opening = opening
        self._no_people = frozenset({us, SLACKBOT})

    async def give(self, person: Person, flow_id: str, *, to: str) -> Moved:
        """Let `to` (a Slack user id), and only them, type this flow's code. They get a direct message."""
        if to == person.id:
            raise BadInput("Choose somebody else: you have the code box already.", field="holder")

        if to in self._no_people:
            raise BadInput("Choose a colleague: a bot holds no phone.", field="holder")

        def work(session: Session, flow: Reconnect, now: datetime) -> Reconnect:
            must_own(flow, person)
            _must_be_before_pin(flow)
            if flow.holder == to:
                return flow  # a double click
            after = replace(flow, holder=to, holder_since=now, holder_view_id=None)
            self._acts.journal.write(session, fact(Act.FLOW_HANDED_OFF, person, flow, now, to=to))
            self._acts.journal.owe_dm(
                session, to=to, template="hand_off", ref=flow.ref, flow_id=flow.id, at=now, sender=person.id,
                until=flow.code_dies_at.isoformat() if flow.code_dies_at else "",
            )  # fmt: skip
            return after

        return Moved(await self._acts.change(flow_id, work))

    async def take_back(self, person: Person, flow_id: str) -> Moved:
        """The starter types the code again; the holder's box stops working."""

        def work(session: Session, flow: Reconnect, now: datetime) -> Reconnect:
            must_own(flow, person)
            if flow.step in PENDING:
                raise StaleFlow("The code is being checked at this moment.", hint="Try again in ten seconds.")
            if flow.holder is None:
                return flow  # a double click
            self._acts.journal.write(
                session, fact(Act.FLOW_TAKEN_BACK, person, flow, now, former=flow.holder)
            )
            self._acts.journal.owe_dm(
                session, to=flow.holder, template="taken_back", ref=flow.ref, flow_id=flow.id, at=now,
                sender=person.id,
            )  # fmt: skip
            return replace(flow, holder=None, holder_since=None, holder_view_id=None)

        return Moved(await self._acts.change(flow_id, work))

    def not_reached(self, session: Session, flow_id: str, colleague: str) -> bool:
        """The starter has the code box again, because `colleague` cannot get it; they are told. False: not needed."""
        try:
            flow = from_row(flows.get(session, flow_id))
        except NotFound:
            return False
        if flow.holder != colleague or flow.step in PENDING or flow.step in FINAL:
            return False
        now = self._acts.clock.now()
        journal, back = self._acts.journal, replace(flow, holder=None, holder_since=None, holder_view_id=None)
        journal.write(
            session, fact(Act.FLOW_TAKEN_BACK, BOT, flow, now, former=colleague, why="cannot be reached")
        )
        journal.owe_dm(
            session, to=flow.owner, template="not_reached", ref=flow.ref, flow_id=flow.id, at=now, sender=colleague
        )  # fmt: skip
        self._acts.save(session, flow, back, now)
        return True

    async def join(self, person: Person, flow_id: str) -> Moved:
        """Become the code holder of somebody else's flow; its starter is told."""
        person.must_be(Role.OPERATOR, to="join a reconnect")

        def work(session: Session, flow: Reconnect, now: datetime) -> Reconnect:
            _must_have_code_out(flow)
            if flow.owner == person.id or flow.holder == person.id:
                return flow
            if flow.holder is not None:
                raise NotAllowed(f"<@{flow.holder}> has the code box of this number already.")
            self._acts.journal.write(session, fact(Act.FLOW_JOINED, person, flow, now))
            self._acts.journal.owe_dm(
                session,
                to=flow.owner,
                template="joined",
                ref=flow.ref,
                flow_id=flow.id,
                at=now,
                sender=person.id,
            )
            return replace(flow, holder=person.id, holder_since=now, holder_view_id=None)

        return Moved(await self._acts.change(flow_id, work))

    async def take_over(self, person: Person, flow_id: str, *, view_id: str | None) -> Moved:
        """A manager becomes the flow's owner; the former owner is told."""
        person.must_be(Role.MANAGER, to="take over somebody's reconnect")

        def work(session: Session, flow: Reconnect, now: datetime) -> Reconnect:
            if flow.step in FINAL:
                raise StaleFlow("That reconnect has ended.", hint="Start again with `/whatsapp reconnect`.")
            if flow.step in PENDING:
                raise StaleFlow(
                    "A call to Meta is under way for this number.", hint="Try again in ten seconds."
                )
            if flow.owner == person.id:
                return flow
            self._acts.journal.write(session, fact(Act.FLOW_TAKEN_OVER, person, flow, now, former=flow.owner))
            self._acts.journal.owe_dm(
                session,
                to=flow.owner,
                template="taken_over",
                ref=flow.ref,
                flow_id=flow.id,
                at=now,
                sender=person.id,
            )
            if flow.holder and flow.holder != person.id:
                self._acts.journal.owe_dm(
                    session, to=flow.holder, template="hand_off_over", ref=flow.ref, flow_id=flow.id, at=now
                )
            return replace(
                flow, owner=person.id, taken_over_at=now, holder=None, holder_since=None, view_id=None
            )

        await self._acts.change(flow_id, work)
        return await self._opening.resume(person, flow_id, view_id=view_id)

    async def code_box(self, person: Person, ref: NumberRef, *, view_id: str) -> Moved:
        """The flow whose code this person may type now. Raises BadInput when there is none."""
        flow = await self._opening.active_of(ref.id)
        if flow is None or flow.step not in CODE_STEPS or person.id not in (flow.owner, flow.holder):
            raise no_code(person)
        return await self._opening.resume(person, flow.id, view_id=view_id)


def no_code(person: Person, *, of_any: bool = False) -> BadInput:
    """Always the same to the same person, so that nothing of a number is learned. `of_any`: they named none."""
    if person.role >= Role.OPERATOR:
        hint = "`/whatsapp reconnect` with the number asks Meta for one."
    else:
        hint = "Ask whoever reconnects the number to choose you under “Someone else has the phone”."
    number = "" if of_any else " for this number"
    return BadInput(f"No code is out{number} that you could type.", hint=hint)


def _must_have_code_out(flow: Reconnect) -> None:
    if not awaits_code(flow):
        raise StaleFlow("No code of this number is out now that you could type.")


def _must_be_before_pin(flow: Reconnect) -> None:
    """The colleague may be named before the code is out: they are asked when it is."""
    if flow.kind != "reconnect" or flow.step not in CODE_STEPS - PENDING:
        raise StaleFlow("This number does not wait for a code any more.")
