"""What a person can turn in the world around the page's Slack, and how that world stands."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.sandbox.meta.number import NumberRecord
from bot.sandbox.meta.state import described, inbox
from bot.sandbox.page import troubles
from bot.sandbox.page.troubles import TROUBLES, Trouble
from bot.sandbox.time import MovableClock
from bot.sandbox.world import Sandbox

JSON = dict[str, Any]
LONGEST_SKIP = timedelta(days=400)
RINGS_FOR = timedelta(seconds=20)


class Knobs:
    """`turn` changes the world, the others tell how it stands; `changed` is called after each change.

    Paths: ("meta", kind, name, knob) and ("phones", number, knob) as at the fake Meta's own door;
    ("fault",) {id, on}; ("time",) {skip_s}; ("reset",) puts everything right again.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.changed: Callable[[], None] | None = None
        self._sandbox = sandbox
        self._on: set[str] = set()

    async def turn(self, path: tuple[str, ...], body: Mapping[str, object]) -> dict[str, object]:
        """LookupError: there is no such knob; TypeError, ValueError: not like that. Each with a sentence."""
        match path:
            case ("meta", kind, name, knob):
                self._sandbox.meta.control.turn(kind, name, knob, body)
            case ("phones", name, knob):
                self._sandbox.meta.control.turn("phones", name, knob, body)
            case ("fault",):
                await self._trouble(body)
            case ("time",):
                self._skip(body)
            case ("reset",):
                self.reset()
            case _:
                raise LookupError("There is nothing to turn there.")
        if self.changed is not None:
            self.changed()
        return {}

    def reset(self) -> None:
        """End all trouble and give every number, account, token and phone its first state."""
        for trouble in TROUBLES:
            if trouble.id in self._on and trouble.lift is not None:
                trouble.lift(self._sandbox)
        self._on.clear()
        self._sandbox.meta.control.restore()
        self._sandbox.meta.delivery.in_order()

    def meta(self) -> JSON:
        """As /_sandbox/state, and with each number's PIN: who plays the number's owner must know it."""
        world = self._sandbox.meta.world
        told: JSON = dict(described(world, self._sandbox.meta.faults))
        del told["faults"], told["now"]
        told["hooks"] = self._sandbox.meta.delivery.described()
        for number in told["numbers"]:
            number["pin"] = world.numbers[number["id"]].pin
        return told

    def phones(self) -> list[JSON]:
        """The telephones, with what arrived on them."""
        return [self._phone(number) for number in self._sandbox.meta.world.numbers.values()]

    def faults(self) -> list[JSON]:
        return troubles.described(self._on)

    def _phone(self, number: NumberRecord) -> JSON:
        now, phone = self._sandbox.meta.world.clock.now(), self._sandbox.meta.world.phones[number.id]
        told: JSON = dict(inbox(phone))
        del told["digits"]
        messages = phone.messages
        rang = messages[-1].arrives_at if messages and messages[-1].kind == "CALL" else None
        sent = number.sent
        runs_out = None if sent is None or sent.void else sent.sent_at + number.rules.code_life
        return told | {
            "number": number.id,
            "name": number.verified_name,
            "display": number.display_phone_number,
            "ringing": rang is not None and now - rang < RINGS_FOR,
            "losing": phone.losing,
            "declining": phone.declining,
            "code_until": runs_out.isoformat() if runs_out is not None and runs_out > now else None,
        }

    async def _trouble(self, body: Mapping[str, object]) -> None:
        trouble = _find(body.get("id"))
        if trouble.lift is None:
            await _apply(trouble, self._sandbox)
            return
        on = body.get("on")
        if not isinstance(on, bool):
            raise ValueError("A switch is either on or off.")
        if on and trouble.id not in self._on:
            self._on.add(trouble.id)
            await _apply(trouble, self._sandbox)
        elif not on and trouble.id in self._on:
            self._on.discard(trouble.id)
            trouble.lift(self._sandbox)

    def _skip(self, body: Mapping[str, object]) -> None:
        seconds = body.get("skip_s")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise ValueError("How much time to skip is a number of seconds.")
        if not 0 < seconds <= LONGEST_SKIP.total_seconds():
            raise ValueError(f"Time can be skipped by up to {LONGEST_SKIP.days} days, and only forwards.")
        if not isinstance(self._sandbox.clock, MovableClock):
            raise ValueError("This sandbox's clock cannot be moved.")
        self._sandbox.clock.skip(timedelta(seconds=seconds))


def _find(id_: object) -> Trouble:
    for trouble in TROUBLES:
        if trouble.id == id_:
            return trouble
    raise LookupError("There is no such trouble to make.")


async def _apply(trouble: Trouble, sandbox: Sandbox) -> None:
    doing = trouble.apply(sandbox)
    if doing is not None:
        await doing
