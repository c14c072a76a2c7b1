"""POST /act/…: what a person does on the page, through the same hands as every other test of the fake Slack."""

import asyncio
import re
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from bot.sandbox.page import cast
from bot.sandbox.page.entered import Entered
from bot.sandbox.slack import pointer
from bot.sandbox.slack import values as inputs
from bot.sandbox.slack.hand import Hand
from bot.sandbox.slack.model import JSON, Channel, ClientRefused, Message
from bot.sandbox.slack.person import Person
from bot.sandbox.slack.windows import Window
from bot.sandbox.world import Sandbox

LONGEST_MESSAGE = 12_000
_MENTION = re.compile(r"(?<![\w<])([@#])([\w-]+)")
_GONE = "That is not there any more."


class Actor:
    """One person with hands."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.place = person.screen.place
        self.hand = Hand(self.place, person.user)
        self.entered = Entered(self.place.workspace, person.user)

    def on(self, where: object) -> Window | Message:
        """The view on top, the Home tab or a message this person sees. LookupError when it is gone."""
        if not isinstance(where, dict):
            raise ValueError("Say where: on a view or on a message.")
        if "view" in where:
            return self.view(where["view"])
        channel = self.channel(where.get("channel"))
        message = channel.message(str(where.get("ts")))
        if message is None or message.ephemeral_to not in (None, self.person.id):
            raise LookupError(_GONE)
        return message

    def view(self, view_id: object) -> Window:
        windows = self.place.windows
        for window in (windows.top(self.person.id), windows.homes.get(self.person.id)):
            if window is not None and window.id == view_id:
                return window
        raise LookupError("This window is not open any more.")

    def channel(self, channel_id: object) -> Channel:
        channel = self.place.workspace.channels.get(str(channel_id))
        if channel is None or self.person.id not in channel.members:
            raise LookupError("You are in no such channel.")
        return channel


class Deeds:
    """`do` one of them; it raises ClientRefused, LookupError, ValueError, TypeError, each with a sentence."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._slack = sandbox.slack
        self._actors: dict[str, Actor] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._verbs: Mapping[str, Callable[[Actor, JSON], Coroutine[Any, Any, JSON]]] = {
            "say": self._say, "press": self._press, "fill": self._fill, "suggest": self._suggest,
            "submit": self._submit, "close": self._close, "home": self._home,
            "upload": self._upload,
        }  # fmt: skip

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def is_somebody(self, user_id: str) -> bool:
        """A person, neither a bot nor Slack itself."""
        user = self._slack.workspace.users.get(user_id)
        return user is not None and cast.is_person(user)

    async def do(self, verb: str, body: JSON) -> JSON:
        deed = self._verbs.get(verb)
        if deed is None:
            raise LookupError("A person cannot do that here.")
        user_id = body.get("as")
        if not isinstance(user_id, str) or not self.is_somebody(user_id):
            raise LookupError("Nobody here has this id.")
        if user_id not in self._actors:
            self._actors[user_id] = Actor(self._slack.person(user_id))
        return await deed(self._actors[user_id], body)

    def _meanwhile(self, work: Coroutine[Any, Any, Any]) -> None:
        """What nobody would wait for: what comes of it is told to the tabs."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- writing --------------------------------------------------------------------------------------------

    async def _say(self, actor: Actor, body: JSON) -> JSON:
        text, thread = body.get("text"), body.get("thread_ts")
        channel = actor.channel(body.get("channel"))
        if not isinstance(text, str) or not text.strip():
            raise ValueError("There is nothing to send.")
        if len(text) > LONGEST_MESSAGE:
            raise ValueError(f"A message has at most {LONGEST_MESSAGE} characters.")
        if channel.is_archived:
            raise ClientRefused(f"#{channel.name} is archived.")
        if text.startswith("/"):
            if thread is not None:
                raise ClientRefused(f"{text.split()[0]} is not supported in threads.")
            self._meanwhile(actor.person.type(text, channel.id))
            return {}
        root = channel.message(str(thread)) if thread is not None else None
        if thread is not None and (root is None or root.thread_ts or root.ephemeral_to):
            raise LookupError("That thread is not there any more.")
        written = Message(
            "", channel.id, actor.person.id, self._sent(text), thread_ts=root.ts if root else None
        )
        actor.place.workspace.post(channel, written)
        return {}

    def _sent(self, text: str) -> str:
        """As Slack's app sends what was typed: its three special characters and mentions encoded."""
        plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

        def id_of(match: re.Match[str]) -> str:
            try:
                if match[1] == "@":
                    return f"<@{self._slack.workspace.user(match[2]).id}>"
                return f"<#{self._slack.workspace.channel(match[2]).id}>"
            except KeyError:
                return match[0]

        return _MENTION.sub(id_of, plain)

    # -- clicking and entering --------------------------------------------------------------------------------

    async def _press(self, actor: Actor, body: JSON) -> JSON:
        target = _target(actor, body)
        actor.entered.put(target.on, body.get("values") or {})
        slot, value = target.slot, body.get("value")
        if slot.kind in inputs.VALUE_KEY:
            value = actor.entered.one(slot, value, target.values)
            inputs.put(target.values, slot, value)
            if not slot.dispatches:
                return {}
        elif slot.kind == "overflow":
            value = actor.entered.one(slot, value, target.values)
        await actor.hand.act(target, value)
        return {}

    async def _fill(self, actor: Actor, body: JSON) -> JSON:
        actor.entered.put(actor.on(body.get("on")), body.get("values"))
        return {}

    async def _suggest(self, actor: Actor, body: JSON) -> JSON:
        target, typed = _target(actor, body), body.get("typed")
        if "external_select" not in target.slot.kind:
            raise ValueError(f"“{target.slot.label}” asks nobody for its options.")
        if not isinstance(typed, str):
            raise ValueError("Say what was typed.")
        answer = await actor.hand.suggestions(target, typed)
        actor.entered.offered(target.slot, inputs.options_of(answer))
        if answer.get("option_groups"):
            return {"option_groups": answer["option_groups"]}
        return {"options": answer.get("options") or []}

    async def _upload(self, actor: Actor, body: JSON) -> JSON:
        files = actor.place.workspace.files
        return {"file": files.put(actor.person.user, body.get("name"), body.get("content"))}

    # -- windows ----------------------------------------------------------------------------------------------

    async def _submit(self, actor: Actor, body: JSON) -> JSON:
        window = actor.view(body.get("view"))
        if window.is_home or not window.view.get("submit"):
            raise ClientRefused("This window has nothing to submit.")
        actor.entered.put(window, body.get("values") or {})
        problems = inputs.problems(window.blocks, window.values)
        if problems:
            return {"problems": problems}
        await actor.hand.submit(window)
        return {}

    async def _close(self, actor: Actor, body: JSON) -> JSON:
        window = actor.view(body.get("view"))
        if window.is_home:
            raise ClientRefused("The Home tab cannot be closed.")
        self._meanwhile(actor.hand.close(window))
        return {}

    async def _home(self, actor: Actor, body: JSON) -> JSON:
        tab = body.get("tab", "home")
        if tab not in ("home", "messages"):
            raise ValueError("The app has two tabs: home and messages.")
        if not cast.may_see_app(actor.person.user, actor.place.workspace):
            raise ClientRefused("This app is not installed in your workspace.")
        self._meanwhile(actor.person.open_home(tab))
        return {}


def _target(actor: Actor, body: JSON) -> pointer.Target:
    on = actor.on(body.get("on"))
    block_id, action_id = body.get("block_id"), body.get("action_id")
    return pointer.at(actor.person.screen, on, str(block_id), str(action_id))
