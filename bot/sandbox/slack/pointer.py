"""Where a person's click lands: the element, and the modal, message or Home tab it is part of."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.slack import values as inputs
from bot.sandbox.slack.model import JSON, ClientRefused, Message
from bot.sandbox.slack.screen import Screen, visible
from bot.sandbox.slack.values import Slot, Values
from bot.sandbox.slack.windows import Window


@dataclass(frozen=True, slots=True)
class Target:
    """One element, and the view or message it is part of."""

    slot: Slot
    on: Window | Message
    viewer: str

    @property
    def values(self) -> Values:
        """Where what is entered here is kept."""
        return self.on.values_of(self.viewer)


def find(
    screen: Screen, name: str, *, where: str | Message | None, buttons: bool, beside: str = ""
) -> Target:
    """The element called `name` (label, action_id or block_id): in the modal, else in the newest message,
    else on the Home tab. `where` narrows it: "modal", "home", "#channel" or a message; `beside`: it stands
    in or right below a block with this text."""
    seen: list[str] = []
    for target in _all(screen, where):
        slot = target.slot
        fits = slot.kind == "button" if buttons else slot.kind != "button"
        if fits and visible(slot, screen.user.id):
            if slot.called(name) and beside.casefold() in _beside(target).casefold():
                return target
            seen.append(slot.label)
    what = "button" if buttons else "field"
    near = f" beside “{beside}”" if beside else ""
    others = ", ".join(f"“{label}”" for label in sorted(set(seen))) or "none at all"
    raise ClientRefused(f"{screen.user.name} sees no {what} “{name}”{near}; there are: {others}.")


def at(screen: Screen, on: Window | Message, block_id: str, action_id: str) -> Target:
    """The element with these ids on this view or message. ClientRefused when this person sees none there."""
    for slot in inputs.slots(on.blocks):
        if (slot.block_id, slot.action_id) == (block_id, action_id) and visible(slot, screen.user.id):
            return Target(slot, on, screen.user.id)
    raise ClientRefused(f"{screen.user.name} sees no such element there any more.")


def _beside(target: Target) -> str:
    """The text of the element's own block or, for a row of buttons, of the nearest one above."""
    blocks = target.on.blocks
    above = blocks[: next((i for i, b in enumerate(blocks) if b is target.slot.block), -1) + 1]
    texts = (b["text"] for b in reversed(above) if isinstance(b.get("text"), dict))
    nearest = next(texts, None)
    return str(nearest.get("text", "")) if nearest else ""


def _all(screen: Screen, where: str | Message | None) -> Iterator[Target]:
    place, user = screen.place, screen.user
    window = place.windows.top(user.id)
    if window is not None and where in (None, "modal"):
        yield from (Target(s, window, user.id) for s in inputs.slots(window.blocks))
    for message in reversed(place.workspace.visible(user.id)):
        channel = place.workspace.channels[message.channel_id]
        if where is None or where is message or (isinstance(where, str) and where == f"#{channel.name}"):
            yield from (Target(s, message, user.id) for s in inputs.slots(message.blocks))
    home = place.windows.homes.get(user.id)
    if home is not None and where in (None, "home"):
        yield from (Target(s, home, user.id) for s in inputs.slots(home.blocks))


def chosen(screen: Screen, slot: Slot, wanted: object, offered: list[JSON] | None = None) -> object:
    """`wanted` (texts, values, names) as this kind of element holds it."""
    if wanted is None:
        return [] if inputs.VALUE_KEY.get(slot.kind, "").endswith("s") else None
    if isinstance(wanted, (list, tuple, set)):
        return [_one(screen, slot, str(item), offered) for item in wanted]
    one = _one(screen, slot, str(wanted), offered)
    return [one] if inputs.VALUE_KEY.get(slot.kind, "").endswith("s") else one


def _one(screen: Screen, slot: Slot, wanted: str, offered: list[JSON] | None) -> object:
    try:
        if "users_select" in slot.kind:
            return screen.place.workspace.user(wanted).id
        if "conversations_select" in slot.kind or "channels_select" in slot.kind:
            return screen.place.workspace.channel(wanted).id
    except KeyError:
        raise ClientRefused(f"“{slot.label}” offers no “{wanted}”.") from None
    if slot.kind in inputs.TEXTS or "picker" in slot.kind:
        return wanted
    return inputs.pick(slot, wanted, offered)
