"""What one person sees: their modal, their Home tab, messages, all as text."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.sandbox.slack import render
from bot.sandbox.slack import values as inputs
from bot.sandbox.slack.model import Channel, ClientRefused, Message, User
from bot.sandbox.slack.mrkdwn import unescape
from bot.sandbox.slack.place import Place
from bot.sandbox.slack.values import Slot, Values
from bot.sandbox.slack.windows import Window


@dataclass(frozen=True, slots=True)
class View:
    """A modal or a Home tab, as its person sees it at this moment."""

    window: Window
    look: render.Look

    @property
    def id(self) -> str:
        return self.window.id

    @property
    def hash(self) -> str:
        return self.window.hash

    @property
    def title(self) -> str:
        return self.look.text(self.window.view.get("title") or "Home")

    @property
    def submit(self) -> str | None:
        """The label of the submit button; None when there is none."""
        label = self.window.view.get("submit")
        return self.look.text(label) if label else None

    @property
    def lines(self) -> list[str]:
        return render.view(self.window.view, self.look, self.window.trouble)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def slots(self) -> list[Slot]:
        return list(inputs.slots(self.window.blocks))

    @property
    def fields(self) -> dict[str, object]:
        """Label → what stands there: text, an option's text, a list of those, an id, or None."""
        entered = (s for s in self.slots if s.kind in inputs.VALUE_KEY)
        return {s.label: _readable(inputs.current(self.window.values, s)) for s in entered}

    @property
    def errors(self) -> dict[str, str]:
        """Label → the error shown beside that input."""
        return {
            s.label: self.window.errors[s.block_id] for s in self.slots if s.block_id in self.window.errors
        }

    @property
    def buttons(self) -> list[str]:
        return [s.label for s in self.slots if s.kind == "button" and visible(s, self.look.viewer)]


def _readable(value: object) -> object:
    if isinstance(value, dict):
        return unescape(str(value["text"]["text"])) if "text" in value else value
    return [_readable(item) for item in value] if isinstance(value, list) else value


def visible(slot: Slot, viewer: str) -> bool:
    only = slot.element.get("visible_to_user_ids")
    return not only or viewer in only


@dataclass(slots=True)
class Screen:
    """The eyes of one person."""

    place: Place
    user: User

    def look(self, values: Values | None = None, errors: dict[str, str] | None = None) -> render.Look:
        names, zone = self.place.workspace.name_of, ZoneInfo(self.user.tz)
        return render.Look(names, zone, values or {}, errors or {}, self.user.id)

    def shown(self, window: Window) -> View:
        return View(window, self.look(window.values, window.errors))

    @property
    def modal(self) -> View | None:
        window = self.place.windows.top(self.user.id)
        return self.shown(window) if window else None

    @property
    def home(self) -> View | None:
        window = self.place.windows.homes.get(self.user.id)
        return self.shown(window) if window else None

    def message(self, message: Message, indent: str = "") -> list[str]:
        """One message with its author, as lines."""
        author = self.place.workspace.users[message.author].name
        alone = " (only visible to you)" if message.ephemeral_to else ""
        edited = " (edited)" if message.edited else ""
        lines = render.message(message.text, message.blocks, self.look(message.values_of(self.user.id)))
        trouble = [f"! {message.trouble}"] if message.trouble else []
        return [
            indent + line for line in [f"{author}{alone}{edited}:", *("  " + x for x in [*lines, *trouble])]
        ]

    def sees(self) -> str:
        """Ephemerals and direct messages, oldest first, then the modal, which lies on top."""
        own = [m for m in self.place.workspace.visible(self.user.id) if self._is_personal(m)]
        lines = [line for m in own for line in self.message(m)]
        modal = self.modal
        return "\n".join([*lines, *(["", *modal.lines] if modal else [])])

    def _is_personal(self, message: Message) -> bool:
        return message.ephemeral_to is not None or self.place.workspace.channels[message.channel_id].is_im

    def reads(self, channel: Channel) -> str:
        """A channel: each message, its thread indented below. ClientRefused to outsiders."""
        if self.user.id not in channel.members:
            raise ClientRefused(f"{self.user.name} is not in #{channel.name}.")
        shown = [m for m in channel.messages if m.ephemeral_to in (None, self.user.id)]
        lines: list[str] = []
        for root in (m for m in shown if m.thread_ts is None):
            lines += self.message(root)
            for reply in (m for m in shown if m.thread_ts == root.ts):
                lines += self.message(reply, indent="    ")
        return "\n".join(lines)

    def everything(self) -> str:
        """All of it: personal things, the Home tab, and every channel this person is in."""
        channels = [c for c in self.place.workspace.channels.values() if self.user.id in c.members]
        home = self.home
        return "\n".join([self.sees(), *(home.lines if home else []), *(self.reads(c) for c in channels)])
