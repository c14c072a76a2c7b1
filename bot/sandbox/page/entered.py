"""What a tab says was entered, checked against the fields really there before Slack would keep it."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from bot.sandbox.slack import values as inputs
from bot.sandbox.slack.model import JSON, Message, User
from bot.sandbox.slack.values import Slot, Values
from bot.sandbox.slack.windows import Window
from bot.sandbox.slack.workspace import Workspace

_LONGEST_TEXT = 10_000  # characters; Slack's own fields take 3000, and say so when the window is submitted
_MOST_FILES = 10
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class Entered:
    """Whose hands are at it, and what the bot has offered them so far in selects that it fills itself."""

    def __init__(self, workspace: Workspace, user: User) -> None:
        self._workspace = workspace
        self._user = user
        self._offered: dict[tuple[str, str], dict[str, JSON]] = {}

    def offered(self, slot: Slot, options: list[JSON]) -> None:
        """The bot has just suggested these."""
        known = self._offered.setdefault((slot.block_id, slot.action_id), {})
        known.update({str(option.get("value")): option for option in options})

    def put(self, on: Window | Message, values: object) -> None:
        """Keep them all, or none: ValueError with a sentence names the first that cannot be."""
        if not isinstance(values, dict):
            raise ValueError("What was entered is told by block and element.")
        kept = on.values_of(self._user.id)
        fields = {(s.block_id, s.action_id): s for s in inputs.slots(on.blocks) if s.kind in inputs.VALUE_KEY}
        checked: list[tuple[Slot, object]] = []
        for block_id, elements in values.items():
            if not isinstance(elements, dict):
                raise ValueError(f"What was entered in “{block_id}” is told by element.")
            for action_id, entry in elements.items():
                slot = fields.get((block_id, action_id))
                if slot is None:
                    raise ValueError(f"There is no field “{block_id} {action_id}” there.")
                checked.append((slot, self._bare(slot, entry, kept)))
        for slot, value in checked:
            inputs.put(kept, slot, value)

    def one(self, slot: Slot, value: object, before: Values) -> object:
        """A single value as this element holds it; ValueError with a sentence."""
        key = "selected_option" if slot.kind == "overflow" else inputs.VALUE_KEY[slot.kind]
        if value is None:
            return [] if key.endswith("s") else None
        if not key.endswith("s"):
            return self._single(slot, key, value, before)
        if not isinstance(value, list):
            raise ValueError(f"“{slot.label}” takes a list.")
        most = slot.element.get("max_selected_items") or slot.element.get("max_files") or len(value)
        if len(value) > most:
            raise ValueError(f"“{slot.label}” takes at most {most}.")
        if key == "files":
            return [self._file(slot, one) for one in value[:_MOST_FILES]]
        return [self._single(slot, key.removesuffix("s"), one, before) for one in value]

    def _bare(self, slot: Slot, entry: object, before: Values) -> object:
        key = inputs.VALUE_KEY[slot.kind]
        if not isinstance(entry, dict) or entry.get("type", slot.kind) != slot.kind or key not in entry:
            raise ValueError(f"“{slot.label}” is a {slot.kind} with a “{key}”.")
        return self.one(slot, entry[key], before)

    def _single(self, slot: Slot, key: str, value: object, before: Values) -> object:
        if key == "selected_option":
            return self._option(slot, value, before)
        if key in ("selected_user", "selected_conversation", "selected_channel"):
            return self._id(slot, key, value)
        if not _FITS[key](value):
            raise ValueError(f"“{slot.label}” cannot hold that.")
        return value

    def _option(self, slot: Slot, value: object, before: Values) -> JSON:
        """As the view or the bot has it, whatever else the tab put into it."""
        wanted = value.get("value") if isinstance(value, dict) else None
        current = inputs.current(before, slot) if slot.kind in inputs.VALUE_KEY else None
        kept = current if isinstance(current, list) else [current]
        there = [*inputs.options_of(slot.element), *(o for o in kept if isinstance(o, dict))]
        there += self._offered.get((slot.block_id, slot.action_id), {}).values()
        found = next((o for o in there if o.get("value") == wanted), None)
        if found is None or wanted is None:
            raise ValueError(f"“{slot.label}” does not offer that.")
        return found

    def _file(self, slot: Slot, value: object) -> JSON:
        file = self._workspace.files.told.get(str(value.get("id"))) if isinstance(value, dict) else None
        if file is None:
            raise ValueError(f"“{slot.label}” takes files that were uploaded.")
        return file

    def _id(self, slot: Slot, key: str, value: object) -> str:
        channels = self._workspace.channels
        mine = {id_ for id_, c in channels.items() if self._user.id in c.members or not c.is_private}
        known = {
            "selected_user": set(self._workspace.users),
            "selected_channel": {id_ for id_ in mine if not channels[id_].is_im},
            "selected_conversation": mine | set(self._workspace.users),
        }[key]
        if not isinstance(value, str) or value not in known:
            raise ValueError(f"“{slot.label}” does not offer that.")
        return value


def _is_date(value: object) -> bool:
    try:
        return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


_FITS: Mapping[str, Callable[[object], bool]] = {
    "value": lambda value: isinstance(value, str) and len(value) <= _LONGEST_TEXT,
    "rich_text_value": lambda value: isinstance(value, dict) and value.get("type") == "rich_text",
    "selected_date": _is_date,
    "selected_time": lambda value: isinstance(value, str) and _TIME.fullmatch(value) is not None,
    "selected_date_time": lambda value: isinstance(value, int) and 0 < value < 10**11,
}
