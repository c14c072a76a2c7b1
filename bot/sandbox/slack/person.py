"""A person at the fake Slack: types, reads, clicks, fills windows and submits them."""

import asyncio
import re
from collections.abc import Callable, Coroutine, Mapping

from bot.sandbox.slack import acks, payloads, pointer
from bot.sandbox.slack import values as inputs
from bot.sandbox.slack.delivery import Ack
from bot.sandbox.slack.hand import Hand
from bot.sandbox.slack.happenings import PATIENCE_S
from bot.sandbox.slack.model import Channel, ClientRefused, Message, User
from bot.sandbox.slack.place import Place
from bot.sandbox.slack.pointer import Target
from bot.sandbox.slack.screen import Screen, View
from bot.sandbox.slack.windows import Window

_MENTION = re.compile(r"(?<![\w<])([@#])([\w-]+)")


class Person:
    """Everything goes to the bot over its websocket and comes back over HTTP.

    Each deed returns when the bot has acknowledged it or its time is over; what the bot does after that
    is waited for with `wait_for`. What Slack's app would not allow raises ClientRefused.
    """

    def __init__(self, place: Place, user: User) -> None:
        self._place = place
        self.user = user
        self.screen = Screen(place, user)
        self._hand = Hand(place, user)

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.name

    # -- seeing ---------------------------------------------------------------------------------------

    @property
    def modal(self) -> View | None:
        """The top of the stack, or None."""
        return self.screen.modal

    @property
    def home(self) -> View | None:
        """The Home tab; None until the bot has published one."""
        return self.screen.home

    def sees(self) -> str:
        """Ephemerals and direct messages, newest last, then the modal."""
        return self.screen.sees()

    def reads(self, channel: str) -> str:
        """A channel as text, threads indented."""
        return self.screen.reads(self._place.workspace.channel(channel))

    async def wait_for(self, text: str, *, timeout_s: float = PATIENCE_S) -> None:
        """Until `text` stands somewhere this person can look. AssertionError with what is seen instead."""
        await self.wait_until(lambda: text in self.screen.everything(), what=text, timeout_s=timeout_s)

    async def wait_for_window(self, title: str, *, timeout_s: float = PATIENCE_S) -> View:
        """Until the window on top has this title. AssertionError with what is seen instead."""

        def is_there() -> bool:
            return self.modal is not None and self.modal.title == title

        await self.wait_until(is_there, what=f"the window “{title}”", timeout_s=timeout_s)
        return self.screen.shown(self._window())

    async def wait_until(
        self, true: Callable[[], bool], *, what: str = "it", timeout_s: float = PATIENCE_S
    ) -> None:
        """Until `true()`; asked again at every happening."""
        if not await self._place.workspace.happenings.until(true, timeout_s=timeout_s):
            raise AssertionError(
                f"{self.name} waited for {what!r} in vain; sees:\n{self.screen.everything()}"
            )

    # -- commands and the Home tab ----------------------------------------------------------------------

    async def type(self, text: str, channel: str = "#general") -> Ack | None:
        """A slash command, or a plain message (None), in a channel this person is in ("@desk": the DM)."""
        where = self._channel(channel)
        if not text.startswith("/"):
            self._place.workspace.post(where, Message("", where.id, self.id, text))
            return None
        command, _, rest = text.partition(" ")
        self._hand.tell("typed", text, where=where.id)
        if command not in self._place.commands:
            acks.notice(self._place, self.user, where, f"{command} is not a valid command.")
            return None
        envelope = payloads.slash(self._place, self.user, command, self._escaped(rest.strip()), where)
        ack = await self._place.delivery.deliver(envelope)
        acks.command_answered(self._place, self.user, where, command, ack)
        return ack

    async def open_home(self, tab: str = "home") -> Ack:
        """Look at the app's Home tab (or its "messages")."""
        self._hand.tell("opened_home", tab)
        return await self._place.delivery.deliver(payloads.home_opened(self._place, self.user, tab))

    def _channel(self, name: str) -> Channel:
        if name == "@desk":
            return self._place.workspace.dm(self.id)
        channel = self._place.workspace.channel(name)
        if self.id not in channel.members or channel.is_archived:
            raise ClientRefused(f"{self.name} cannot write in #{channel.name}.")
        return channel

    def _escaped(self, text: str) -> str:
        """Mentions as the app turns them into ids when the manifest says should_escape."""

        def id_of(match: re.Match[str]) -> str:
            try:
                if match[1] == "@":
                    return f"<@{self._place.workspace.user(match[2]).id}|{match[2]}>"
                return f"<#{self._place.workspace.channel(match[2]).id}|{match[2]}>"
            except KeyError:
                return match[0]

        return _MENTION.sub(id_of, text) if self._place.should_escape else text

    # -- clicking and choosing --------------------------------------------------------------------------

    async def click(
        self, label: str, *, where: str | Message | None = None, beside: str = "", confirm: bool = True
    ) -> Ack | None:
        """A button; `beside` chooses among equal ones by the text they stand at. None when its confirm
        dialog was declined."""
        target = pointer.find(self.screen, label, where=where, buttons=True, beside=beside)
        return await self._hand.act(target, None) if confirm or "confirm" not in target.slot.element else None

    async def double_click(
        self, label: str, *, where: str | Message | None = None, beside: str = "", apart_s: float = 0.0
    ) -> list[Ack]:
        """Two clicks: in one tick, or `apart_s` apart."""
        target = pointer.find(self.screen, label, where=where, buttons=True, beside=beside)
        return await _twice(lambda: self._hand.act(target, None), apart_s)

    async def choose(
        self, label: str, option: object, *, where: str | Message | None = None, confirm: bool = True
    ) -> Ack | None:
        """An option (by text or value), several (a list), a person or channel (by name), a date, or None.

        The bot hears of it at once unless it stands in an input block without dispatch_action.
        """
        target = pointer.find(self.screen, label, where=where, buttons=False)
        slot = target.slot
        offered = await self._hand.suggested(target, str(option)) if "external_select" in slot.kind else None
        value = pointer.chosen(self.screen, slot, option, offered)
        if "confirm" in slot.element and not confirm:
            return None
        if slot.kind != "overflow":
            inputs.put(target.values, slot, value)
            self._hand.tell("filled", slot.label)
        return await self._hand.act(target, value) if slot.dispatches else None

    async def options(self, label: str, typed: str = "") -> list[str]:
        """What the select `label` offers; an external one is asked with what was typed so far."""
        target = pointer.find(self.screen, label, where=None, buttons=False)
        external = "external_select" in target.slot.kind
        offered = (
            await self._hand.suggested(target, typed) if external else inputs.options_of(target.slot.element)
        )
        return [str(o["text"]["text"]) for o in offered]

    # -- windows ----------------------------------------------------------------------------------------

    async def fill(self, values: Mapping[str, object] | None = None, **more: object) -> None:
        """Enter values by label, block_id or action_id; `verification_code=` finds “Verification code”."""
        for name, value in {**(values or {}), **more}.items():
            target = pointer.find(self.screen, name, where="modal", buttons=False)
            if target.slot.kind in inputs.TEXTS:
                text = None if value in (None, "") else str(value)
                inputs.put(target.values, target.slot, text)
                self._hand.tell("filled", target.slot.label)
                if self._sends_while_typing(target):
                    await self._hand.act(target, text)
            else:
                await self.choose(name, value, where="modal")

    def _sends_while_typing(self, target: Target) -> bool:
        config = target.slot.element.get("dispatch_action_config", {})
        on = config.get("trigger_actions_on", ["on_enter_pressed"])
        return target.slot.dispatches and "on_character_entered" in on

    async def press_enter(self, label: str) -> Ack | None:
        """Enter in a text field: dispatches it if the view asks for that."""
        target = pointer.find(self.screen, label, where="modal", buttons=False)
        value = inputs.current(target.values, target.slot)
        return await self._hand.act(target, value) if target.slot.dispatches else None

    async def submit(self, values: Mapping[str, object] | None = None, **more: object) -> Ack:
        """Fill in, press the submit button, and see what the acknowledgement does."""
        await self.fill(values, **more)
        return await self._hand.submit(self._ready())

    async def submit_twice(
        self, values: Mapping[str, object] | None = None, *, apart_s: float = 0.0, **more: object
    ) -> list[Ack]:
        """The same submission twice: in one tick, or `apart_s` apart."""
        await self.fill(values, **more)
        window = self._ready()
        return await _twice(lambda: self._hand.submit(window), apart_s)

    def _ready(self) -> Window:
        window = self._window()
        if not window.view.get("submit"):
            raise ClientRefused(f"“{window.view['title']['text']}” has no submit button.")
        inputs.check(window.blocks, window.values)
        return window

    def _window(self) -> Window:
        window = self._place.windows.top(self.id)
        if window is None:
            raise ClientRefused(f"{self.name} has no window open.")
        return window

    async def close(self) -> list[Ack]:
        """The X of the top view: back to the one below, or all gone with clear_on_close."""
        return await self._hand.close(self._window())


async def _twice(deed: Callable[[], Coroutine[None, None, Ack]], apart_s: float) -> list[Ack]:
    async def again() -> Ack:
        await asyncio.sleep(apart_s)
        return await deed()

    return list(await asyncio.gather(deed(), again()))
