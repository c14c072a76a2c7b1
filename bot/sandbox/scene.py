"""What people see in the sandbox, drawn on paper: their window, their messages, their telephone."""

import asyncio
import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.sandbox.meta.number import NumberRecord
from bot.sandbox.paper import BRANCH, Paper
from bot.sandbox.slack import render
from bot.sandbox.slack.model import Happening, Message
from bot.sandbox.slack.person import Person
from bot.sandbox.world import Sandbox

QUIET_S = 0.4  # the bot has answered when nothing has happened for so long
BUSY_S = 2.5  # the same while a window says that it waits for Meta
AT_MOST_S = 15.0
_CODE = re.compile(r"`([^`\n]+)`")


class Scene:
    """Draws what is there; changes nothing."""

    def __init__(self, sandbox: Sandbox, paper: Paper) -> None:
        self.sandbox = sandbox
        self.paper = paper

    # -- one thing --------------------------------------------------------------------------------------

    def window(self, who: Person) -> None:
        """The modal on top, if there is one."""
        modal = who.modal
        if modal is not None:
            title, rule, *body = modal.lines
            self.paper.box(f"{_name(who)} sees the window “{title}”", _trimmed(body) or [rule], style="bold")

    def message(self, who: Person, message: Message, *, most: int = 0) -> None:
        """One message, as this person sees it."""
        channel = self.sandbox.slack.workspace.channels[message.channel_id]
        place = "a direct message" if channel.is_im else f"#{channel.name}"
        alone = ", visible to nobody else" if message.ephemeral_to else ""
        trouble = [f"! {message.trouble}"] if message.trouble else []
        self.paper.box(f"{_name(who)} reads {place}{alone}", [*self._said(who, message), *trouble], most=most)

    def channel(self, who: Person, name: str) -> None:
        """A channel with its threads. ClientRefused to outsiders."""
        who.reads(name)  # refuses outsiders
        channel, lines = self.sandbox.slack.channel(name), []
        for root in (m for m in channel.messages if m.thread_ts is None and m.ephemeral_to in (None, who.id)):
            lines += ["", *self._said(who, root)]
            for reply in channel.thread(root.ts):
                head, *more = self._said(who, reply)
                lines += [f"  {BRANCH} {head}", *(f"    {line}" for line in more)]
        self.paper.box(f"{_name(who)} reads {name}", lines[1:] or ["(nothing has been posted here)"])

    def _said(self, who: Person, message: Message) -> list[str]:
        """A message's lines as text, without the marks of code; the author too unless it is the bot."""
        lines = _trimmed(
            render.message(message.text, message.blocks, who.screen.look(message.values_of(who.user.id)))
        )
        author = self.sandbox.slack.workspace.users[message.author]
        return lines if author.is_bot else [f"{author.name}:", *lines]

    def phone(self, number: NumberRecord, *, last: int = 0) -> None:
        """The telephone behind a number; `last`: only that many messages (0: all)."""
        phone = self.sandbox.meta.phone(number)
        lines: list[str] = []
        for message in phone.messages[-last:]:
            kind = "SMS" if message.kind == "SMS" else "Voice call, as heard"
            at = message.arrives_at.astimezone(ZoneInfo(self.sandbox.person("ana").user.tz))
            lines += [f"{kind} at {at:%H:%M}", f"  {message.text}"]
        if phone.lost:
            lines.append(f"({phone.lost} never arrived here: a {phone.line.replace('_', '-')} line)")
        title = f"The phone of {number.verified_name}, {number.display_phone_number}"
        self.paper.box(title, lines or ["(nothing has arrived)"], style="phone")

    def everything(self, who: Person) -> None:
        """What lies before this person: the last private messages, then the window."""
        own = personal(self.sandbox, who)
        for message in own[-3:]:
            self.message(who, message)
        if not own and who.modal is None:
            self.paper.line(f"{_name(who)} has no window open and no message. Try: /whatsapp", "dim")
        self.window(who)


class News:
    """Notes what happens from now on, to show it afterwards."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._happenings: list[Happening] = []
        self._off = scene.sandbox.slack.subscribe(self._happenings.append)
        self._rang = _messages(scene.sandbox)

    async def until_quiet(self, who: Person) -> None:
        """Until the bot seems to have said all it has to say."""
        loop = asyncio.get_running_loop()
        last, seen, end = loop.time(), len(self._happenings), loop.time() + AT_MOST_S
        while loop.time() < end:
            await asyncio.sleep(0.05)
            if len(self._happenings) != seen:
                last, seen = loop.time(), len(self._happenings)
            if loop.time() - last > (BUSY_S if _is_busy(who) else QUIET_S):
                return

    def show(self, who: Person) -> None:
        """Draw what is new for `who`, the phones that rang, and whom else the bot has written to."""
        self._off()
        for message in self._new_messages(who):
            self._scene.message(who, message)
        for number, count in _messages(self._scene.sandbox).items():
            if count > self._rang[number]:
                record = self._scene.sandbox.meta.number(number)
                self._scene.phone(record, last=count - self._rang[number])
        if any(
            h.kind in ("opened", "updated", "errors", "trouble", "filled") and h.who == who.id
            for h in self._happenings
        ):
            self._scene.window(who)
        elif any(h.kind == "closed" and h.who == who.id for h in self._happenings) and who.modal is None:
            self._scene.paper.line("(the window is closed)", "dim")
        self._mention_others(who)

    def _new_messages(self, who: Person) -> Sequence[Message]:
        stamps = {
            h.data.get("ts") for h in self._happenings if h.kind in ("ephemeral", "dm", "edited", "posted")
        }
        return [m for m in personal(self._scene.sandbox, who) if m.ts in stamps and m.author != who.id]

    def _mention_others(self, who: Person) -> None:
        workspace = self._scene.sandbox.slack.workspace
        for happening in self._happenings:
            if happening.kind == "dm" and happening.where != workspace.dm(who.id).id:
                other = next(
                    u.name for u in workspace.users.values() if workspace.dm(u.id).id == happening.where
                )
                self._scene.paper.line(f"({other} has a direct message: as {other}, then look)", "dim")


def personal(sandbox: Sandbox, who: Person) -> list[Message]:
    """Ephemerals and direct messages, oldest first."""
    workspace = sandbox.slack.workspace
    return [m for m in workspace.visible(who.id) if m.ephemeral_to or workspace.channels[m.channel_id].is_im]


def _messages(sandbox: Sandbox) -> dict[str, int]:
    return {id_: len(phone.messages) for id_, phone in sandbox.meta.world.phones.items()}


def _is_busy(who: Person) -> bool:
    """A window in which nothing can be done yet: it will change."""
    modal = who.modal
    return modal is not None and modal.submit is None and not modal.slots


def _trimmed(lines: list[str]) -> list[str]:
    """Without empty lines at the top and without the marks of code."""
    while len(lines) > 1 and not lines[0].strip():
        lines = lines[1:]
    return [_CODE.sub(r"\1", line) for line in lines]


def _name(who: Person) -> str:
    return who.name.capitalize()
