"""A permission refresh on its own: a short flow with its own thread in the audit channel."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlmodel import Session

from bot.errors import BadInput
from bot.flows.act import Acts
from bot.flows.moved import Moved
from bot.flows.opening import Opening
from bot.flows.register import Register
from bot.flows.state import Reconnect, Step
from bot.numbers import NumberRef
from bot.roles import Person, Role


@dataclass(frozen=True, slots=True)
class Started:
    """A refresh that holds its number. `act` runs it."""

    flow: Reconnect
    act: Callable[[], Awaitable[Moved]]


class Refreshing:
    """Claims the number, then refreshes and reads back through the same steps as a reconnect."""

    def __init__(self, *, acts: Acts, opening: Opening, register: Register) -> None:
        self._acts = acts
        self._opening = opening
        self._register = register

    async def claim(self, person: Person, ref: NumberRef, *, key: str) -> Started:
        """Take the number for a refresh. Raises NumberBusy, NotAllowed, StorageError; calls nobody yet."""
        person.must_be(Role.OPERATOR, to="refresh permissions")
        flow_id = await self._acts.write(lambda s: self._start(s, person, ref))
        flow = await self._acts.change(flow_id, lambda _s, f, _now: f.to(Step.REFRESH))
        return Started(flow, lambda: self._register.prove(person, flow.id, key=key))

    def _start(self, session: Session, person: Person, ref: NumberRef) -> str:
        held = self._opening.free_the_number(session, ref.id, person)
        if held is None:
            return self._opening.create(session, person, ref, kind="refresh")
        if held.kind == "refresh" and held.step in (Step.CHOOSE, Step.REFRESH, Step.UNSURE):
            return held.id
        raise BadInput(
            "Your own reconnect of this number is under way; it ends with this refresh.",
            hint="`/whatsapp reconnect` with the number goes on with it.",
        )
