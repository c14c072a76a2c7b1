"""Modals and Home tabs: stacks of three, stable ids, a new hash at every change, gone when closed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.sandbox.slack import values as inputs
from bot.sandbox.slack.model import JSON, Channel, Refused, copied
from bot.sandbox.slack.refusals import check_view
from bot.sandbox.slack.workspace import APP_ID, BOT_ID, Workspace

STACK = 3
_ANSWERED = ("type", "callback_id", "title", "submit", "close", "blocks", "private_metadata", "external_id")


@dataclass(slots=True)
class Window:
    """A view as Slack keeps it: what the bot sent, and what the person has entered since. `here`: where the
    person was when the first of its stack was opened."""

    id: str
    owner: str
    view: JSON
    hash: str
    root_id: str
    previous_id: str | None = None
    here: Channel | None = None
    values: inputs.Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str = ""

    @property
    def is_home(self) -> bool:
        return bool(self.view["type"] == "home")

    @property
    def blocks(self) -> list[JSON]:
        blocks: list[JSON] = self.view["blocks"]
        return blocks

    def values_of(self, user_id: str) -> inputs.Values:
        """What stands in the inputs; a view has one person only."""
        return self.values


@dataclass(slots=True)
class Trigger:
    user_id: str
    window_id: str | None
    issued: datetime
    here: Channel | None
    used: bool = False


class Windows:
    """All open views of everybody, and the triggers that may open more."""

    def __init__(self, workspace: Workspace, *, trigger_s: float) -> None:
        self._workspace = workspace
        self._trigger_life = timedelta(seconds=trigger_s)
        self._triggers: dict[str, Trigger] = {}
        self._revision = 0
        self.stacks: dict[str, list[Window]] = {}
        self.homes: dict[str, Window] = {}

    # -- triggers -----------------------------------------------------------------------------------

    def trigger(self, user_id: str, window_id: str | None = None, *, here: Channel | None = None) -> str:
        """A trigger id for one interaction of this person: in a window, or `here` in a conversation."""
        id_ = self._workspace.ids.trigger()
        self._triggers[id_] = Trigger(user_id, window_id, self._workspace.clock.now(), here)
        return id_

    def _check(self, trigger_id: object) -> Trigger:
        trigger = self._triggers.get(str(trigger_id))
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self._workspace.clock.now() - trigger.issued > self._trigger_life:
            raise Refused("expired_trigger_id")
        return trigger

    # -- what the bot does --------------------------------------------------------------------------

    def open(self, trigger_id: object, view: object) -> Window:
        trigger = self._check(trigger_id)
        checked = self._accept(view)
        trigger.used = True
        window = self._window(trigger.user_id, checked, here=trigger.here)
        self.clear(trigger.user_id)
        self.stacks[trigger.user_id] = [window]
        return self._told("opened", window)

    def push(self, trigger_id: object, view: object) -> Window:
        trigger = self._check(trigger_id)
        stack = self.stacks.get(trigger.user_id, [])
        if trigger.window_id is None or not any(w.id == trigger.window_id for w in stack):
            raise Refused("not_found")
        if len(stack) >= STACK:
            raise Refused("push_limit_reached")
        checked = self._accept(view)
        trigger.used = True
        return self.stack_up(trigger.user_id, checked)

    def stack_up(self, user_id: str, checked: JSON) -> Window:
        """Another view on top. Refused when three are there."""
        stack = self.stacks[user_id]
        if len(stack) >= STACK:
            raise Refused("push_limit_reached")
        window = self._window(user_id, checked, here=stack[0].here)
        window.root_id, window.previous_id = stack[0].id, stack[-1].id
        stack.append(window)
        return self._told("opened", window)

    def update(self, window: Window, view: object, hash_: object = None) -> Window:
        """Replace what is shown; equal block_id + action_id keep what was entered."""
        if hash_ is not None and hash_ != window.hash:
            raise Refused("hash_conflict")
        checked = check_view(view, "home") if window.is_home else self._accept(view, but=window)
        window.view = self._filled(checked)
        window.values = inputs.initial(window.blocks, window.values, here=window.here)
        window.hash = self._hash()
        window.errors, window.trouble = {}, ""
        return self._told("updated", window)

    def publish(self, user_id: str, view: object, hash_: object = None) -> Window:
        if user_id not in self._workspace.users:
            raise Refused("invalid_arguments", problems=("user_id: nobody has this id",))
        if user_id in self.homes:
            return self.update(self.homes[user_id], view, hash_)
        self.homes[user_id] = self._window(user_id, check_view(view, "home"))
        return self._told("published", self.homes[user_id])

    def find(self, view_id: object, external_id: object = None) -> Window:
        """The open view of this id. Refused as not_found once it is closed."""
        if (view_id is None) == (external_id is None):
            raise Refused("invalid_arguments", problems=("view_id or external_id, one of them",))
        for window in [*(w for s in self.stacks.values() for w in s), *self.homes.values()]:
            if window.id == view_id or (external_id and window.view.get("external_id") == external_id):
                return window
        raise Refused("not_found")

    # -- what the person or an acknowledgement does --------------------------------------------------

    def top(self, user_id: str) -> Window | None:
        stack = self.stacks.get(user_id)
        return stack[-1] if stack else None

    def is_open(self, window: Window) -> bool:
        return window in self.stacks.get(window.owner, ()) or self.homes.get(window.owner) is window

    def close(self, window: Window) -> None:
        """This view and whatever lies on it."""
        stack = self.stacks.get(window.owner, [])
        if window in stack:
            del stack[stack.index(window) :]
            self._told("closed", window)

    def clear(self, user_id: str) -> None:
        stack = self.stacks.get(user_id)
        if stack:
            self.close(stack[0])

    # -- shape ----------------------------------------------------------------------------------------

    def _accept(self, view: object, but: Window | None = None) -> JSON:
        checked = check_view(view, "modal")
        external = checked.get("external_id")
        everywhere = [w for stack in self.stacks.values() for w in stack if w is not but]
        if external and any(w.view.get("external_id") == external for w in everywhere):
            raise Refused("duplicate_external_id")
        return checked

    def _window(self, user_id: str, checked: JSON, *, here: Channel | None = None) -> Window:
        id_ = self._workspace.ids.new("V")
        window = Window(id_, user_id, self._filled(checked), self._hash(), root_id=id_, here=here)
        window.values = inputs.initial(window.blocks, here=here)
        return window

    def _filled(self, view: JSON) -> JSON:
        rest = {key: copied(value) for key, value in view.items() if key != "blocks"}
        return {**rest, "blocks": with_ids(view["blocks"], self._workspace)}

    def _hash(self) -> str:
        self._revision += 1
        return f"{int(self._workspace.clock.now().timestamp())}.{self._revision:08x}"

    def _told(self, kind: str, window: Window) -> Window:
        title = "Home" if window.is_home else str(window.view["title"]["text"])
        self._workspace.happenings.tell(kind, who=window.owner, text=title, view_id=window.id)
        return window

    def payload(self, window: Window) -> JSON:
        """The view as it travels in payloads and answers."""
        shown = {key: copied(window.view.get(key)) for key in _ANSWERED}
        shown["private_metadata"] = shown["private_metadata"] or ""
        shown["callback_id"] = shown["callback_id"] or ""
        shown["external_id"] = shown["external_id"] or ""
        return {
            **shown,
            "id": window.id,
            "team_id": self._workspace.team_id,
            "state": {"values": copied(window.values)},
            "hash": window.hash,
            "clear_on_close": bool(window.view.get("clear_on_close")),
            "notify_on_close": bool(window.view.get("notify_on_close")),
            "previous_view_id": window.previous_id,
            "root_view_id": window.root_id,
            "app_id": APP_ID,
            "app_installed_team_id": self._workspace.team_id,
            "bot_id": BOT_ID,
        }


def with_ids(blocks: list[JSON], workspace: Workspace) -> list[JSON]:
    """A copy in which every block and element has an id, also where the bot left it out."""
    filled = copied(blocks)
    _name(filled, workspace)
    for slot in inputs.slots(filled):
        slot.element.setdefault("action_id", workspace.ids.short())
    return filled


def _name(blocks: list[JSON], workspace: Workspace) -> None:
    for block in blocks:
        block.setdefault("block_id", workspace.ids.short())
        _name(inputs.nested(block), workspace)
