"""A person's hand: each click, choice and submission as an envelope, and what its acknowledgement does."""

import asyncio

from bot.sandbox.slack import acks, payloads
from bot.sandbox.slack import values as inputs
from bot.sandbox.slack.delivery import Ack
from bot.sandbox.slack.model import JSON, Message, User
from bot.sandbox.slack.place import Place
from bot.sandbox.slack.pointer import Target
from bot.sandbox.slack.windows import Window


class Hand:
    """Sends what this person does and applies what comes back."""

    def __init__(self, place: Place, user: User) -> None:
        self._place = place
        self._user = user

    async def act(self, target: Target, value: object) -> Ack:
        """Click the button, or tell the bot of the value now chosen."""
        action = payloads.action(target.slot, value)
        if isinstance(target.on, Window):
            self.tell("clicked", target.slot.label, view_id=target.on.id)
            return await self._act_in_view(target.on, action)
        message = target.on
        self.tell("clicked", target.slot.label, channel=message.channel_id, ts=message.ts)
        channel = self._place.workspace.channels[message.channel_id]
        message.trouble = ""
        envelope = payloads.message_action(self._place, self._user, channel, message, action)
        ack = await self._place.delivery.deliver(envelope)
        if ack.error:
            acks.message_trouble(self._place, self._user, message)
        return ack

    async def _act_in_view(self, window: Window, action: JSON) -> Ack:
        window.trouble = ""
        envelope = payloads.view_action(self._place, self._user, window, action)
        ack = await self._place.delivery.deliver(envelope)
        if ack.error:
            acks.trouble(self._place, window)
        return ack

    async def suggested(self, target: Target, typed: str) -> list[JSON]:
        """The options the bot gives an external select for what was typed, those in groups included."""
        return inputs.options_of(await self.suggestions(target, typed))

    async def suggestions(self, target: Target, typed: str) -> JSON:
        """The same as the bot gave them: `options` or `option_groups`."""
        envelope = payloads.block_suggestion(self._place, self._user, target.on, target.slot, typed)
        ack = await self._place.delivery.deliver(envelope)
        if ack.error and isinstance(target.on, Window):
            acks.trouble(self._place, target.on)
        elif ack.error and isinstance(target.on, Message):
            acks.message_trouble(self._place, self._user, target.on)
        return ack.payload or {}

    async def submit(self, window: Window) -> Ack:
        window.errors, window.trouble = {}, ""
        self.tell("submitted", str(window.view["title"]["text"]), view_id=window.id)
        ack = await self._place.delivery.deliver(payloads.view_submission(self._place, self._user, window))
        acks.submission_answered(self._place, window, ack)
        return ack

    async def close(self, window: Window) -> list[Ack]:
        """The X: this view and what lies on it, or all of them with clear_on_close; those that asked for it
        are told of, the top one first."""
        stack = self._place.windows.stacks.get(self._user.id, [])
        if window not in stack:  # closed a moment ago, by another click or by the bot
            return []
        cleared = bool(window.view.get("clear_on_close"))
        gone = list(reversed(stack if cleared else stack[stack.index(window) :]))
        told = [
            payloads.view_closed(self._place, self._user, w, cleared=cleared)
            for w in gone
            if w.view.get("notify_on_close")
        ]
        self._place.windows.close(gone[-1])
        return list(await asyncio.gather(*(self._place.delivery.deliver(envelope) for envelope in told)))

    def tell(self, kind: str, text: str, where: str = "", **data: str) -> None:
        self._place.workspace.happenings.tell(kind, who=self._user.id, where=where, text=text, **data)
