"""A person who brings a number back, and goes on like one when the bot dies under their hands."""

import asyncio
from dataclasses import dataclass, field

from bot.sandbox.slack.model import ClientRefused
from bot.sandbox.slack.person import Person
from tests.crash.stage import Stage, six_digits

PATIENCE_S = 2.0  # how long a person looks at a window that does not change before typing the command again
WAYS_ON = ("type", "stay", "continue")


@dataclass(slots=True)
class Player:
    """`deeds` counts what the person asked for, by act. `typed`: every code this person ever typed."""

    stage: Stage
    who: str = "ana"
    number: str = "Sales"
    new_pin: str = ""
    twice: bool = False  # every submit is a double click
    deeds: dict[str, int] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    _was_wrong: bool = False
    _done: str = ""

    @property
    def person(self) -> Person:
        return self.stage.slack.person(self.who)

    @property
    def pin(self) -> str:
        return self.stage.seed.pins[self.number].reveal()

    def secrets(self) -> list[str]:
        """What nobody may ever find anywhere: the codes that were sent or typed, and the PINs."""
        sent = [message.code for message in self.stage.meta.phone(self.number).messages]
        pin = [self.pin] if self.number in self.stage.seed.pins else []
        return [*sent, *self.typed, *pin, *([self.new_pin] if self.new_pin else [])]

    async def play(self, *, way_on: str = "type", within_s: float = 15.0) -> None:
        """Until “Connected” is read. AssertionError with the screen when that takes too long."""
        try:
            async with asyncio.timeout(within_s):
                await self._begin(way_on)
                while not await self._step():
                    pass
        except TimeoutError:
            raise AssertionError(
                f"{self.who} did not get to “Connected”:\n{self.person.sees()[-1500:]}\n{self.stage.log_tail()}"
            ) from None

    async def _begin(self, way_on: str) -> None:
        """With the command; or in the window left open; or with the button of the bot's message."""
        self._done = ""
        if way_on == "stay" and self.person.modal is not None:
            return
        await self._close_windows()
        if way_on == "continue":
            try:
                await self.person.click("Continue")
            except (ClientRefused, LookupError, AssertionError):
                pass
            else:
                if await self._changes(1.5):
                    return
        await self._type()

    async def _close_windows(self) -> None:
        while self.person.modal is not None:
            await self.person.close()

    async def _type(self) -> None:
        await self._close_windows()
        digits = self.stage.meta.number(self.number).digits
        await self.person.type(f"/whatsapp reconnect {digits[-4:]}")

    def _look(self) -> str:
        modal = self.person.modal
        return f"{modal.id}:{modal.hash}:{modal.window.trouble}" if modal else ""

    async def _changes(self, within_s: float) -> bool:
        """Whether the window changes from what was acted on last."""
        try:
            await self.person.wait_until(lambda: self._look() not in ("", self._done), timeout_s=within_s)
        except AssertionError:
            return False
        return True

    async def _step(self) -> bool:
        """Do the next thing the window asks for; True at “Connected”."""
        if not await self._changes(PATIENCE_S):
            await self._type()
            self._done = ""
            return False
        modal = self.person.modal
        assert modal is not None
        self._done = self._look()
        if modal.title == "Connected":
            return True
        try:
            await self._act(modal.title, modal.submit, modal.buttons)
        except ClientRefused as refused:
            if "no window" not in str(refused) and "button" not in str(refused):
                raise
        return False

    async def _act(self, title: str, submit: str | None, buttons: list[str]) -> None:
        ana = self.person
        if submit == "Send code":
            self._count("code.request")
            await self._submit()
        elif title == "Enter the code":
            await self._enter(submit, buttons)
        elif submit == "Set PIN":
            self._count("pin.set", "number.register")
            await self._submit(
                {"New two-step PIN": self.new_pin, "This replaces the old PIN": ["Yes, replace it"]}
            )
        elif submit == "Connect" and self.new_pin and not self.deeds.get("pin.set"):
            await ana.click("Set a new PIN")
        elif submit == "Connect":
            self._count("number.register")
            pin = self.stage.meta.number(self.number).pin
            await self._submit({"Two-step PIN": pin or self.pin})
        elif title == "Not sure":
            await ana.click("Check status" if "Check status" in buttons else "Continue")
        elif title == "Almost there":
            await ana.click("Try refreshing permissions")

    async def _submit(self, values: dict[str, object] | None = None) -> None:
        await (self.person.submit_twice(values) if self.twice else self.person.submit(values))

    async def _enter(self, submit: str | None, buttons: list[str]) -> None:
        """One wrong code first; then what is on the phone, unless it was typed already; else another one."""
        code = self._on_the_phone()
        if submit is None or (code is None and self._was_wrong):
            if "Send again" in buttons:
                self._count("code.request")
                await self.person.click("Send again")
            return
        self._count("code.verify")
        if not self._was_wrong:
            self._was_wrong = True
            code = six_digits()
        assert code is not None
        self.typed.append(code)
        await self._submit({"Verification code": code})

    def _on_the_phone(self) -> str | None:
        messages = self.stage.meta.phone(self.number).messages
        return messages[-1].code if messages and messages[-1].code not in self.typed else None

    def _count(self, *acts: str) -> None:
        for act in acts:
            self.deeds[act] = self.deeds.get(act, 0) + 1
