"""An input and its reader in one value, so that an id exists once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.views.kit import Block, Element, option, plain_text, radio, select


@dataclass(frozen=True, slots=True)
class Field:
    """Both sides use the same two ids: what is drawn is what is read. `label` is part of the interface."""

    block_id: str
    action_id: str
    label: str

    def _input(self, element: Element, *, hint: str, optional: bool = False) -> Block:
        block: Block = {
            "type": "input",
            "block_id": self.block_id,
            "label": plain_text(self.label, 2000),
            "element": element,
            "optional": optional,
        }
        return {**block, "hint": plain_text(hint, 2000)} if hint else block

    def typed(self, *, placeholder: str = "", hint: str = "", focus: bool = False, most: int = 60) -> Block:
        """A one-line text field. Never given an initial value: what was typed is not sent back by us."""
        element: Element = {
            "type": "plain_text_input",
            "action_id": self.action_id,
            "max_length": most,
            "focus_on_load": focus,
        }
        if placeholder:
            element["placeholder"] = plain_text(placeholder, 150)
        return self._input(element, hint=hint)

    def menu(
        self, options: Sequence[Element], *, placeholder: str, chosen: str = "", hint: str = ""
    ) -> Block:
        element = select(action_id=self.action_id, options=options, placeholder=placeholder, chosen=chosen)
        return self._input(element, hint=hint)

    def radios(self, options: Sequence[Element], *, chosen: str, hint: str = "") -> Block:
        return self._input(radio(action_id=self.action_id, options=options, chosen=chosen), hint=hint)

    def person(self, *, placeholder: str, hint: str = "") -> Block:
        element = {
            "type": "users_select",
            "action_id": self.action_id,
            "placeholder": plain_text(placeholder, 150),
        }
        return self._input(element, hint=hint)

    def tick(self, text: str, *, hint: str = "", optional: bool = False) -> Block:
        """One box to tick; unless optional, Slack asks for the tick before it submits."""
        element = {
            "type": "checkboxes",
            "action_id": self.action_id,
            "options": [option(text, "yes")],
        }
        return self._input(element, hint=hint, optional=optional)

    def ticks(self, options: Sequence[Element], *, hint: str = "") -> Block:
        """Boxes to tick, at most ten; Slack asks for one of them before it submits."""
        element = {"type": "checkboxes", "action_id": self.action_id, "options": list(options)}
        return self._input(element, hint=hint)

    def _state(self, view: Mapping[str, Any]) -> Mapping[str, Any]:
        values = (view.get("state") or {}).get("values") or {}
        return (values.get(self.block_id) or {}).get(self.action_id) or {}

    def read_text(self, view: Mapping[str, Any]) -> str:
        """What was typed, "" when nothing was."""
        return str(self._state(view).get("value") or "")

    def read_choice(self, view: Mapping[str, Any]) -> str:
        """The value of the chosen option, "" when none is."""
        return str((self._state(view).get("selected_option") or {}).get("value") or "")

    def read_person(self, view: Mapping[str, Any]) -> str:
        return str(self._state(view).get("selected_user") or "")

    def read_tick(self, view: Mapping[str, Any]) -> bool:
        return bool(self._state(view).get("selected_options"))

    def read_ticks(self, view: Mapping[str, Any]) -> frozenset[str]:
        """The values of the boxes that are ticked."""
        return frozenset(str(one.get("value")) for one in self._state(view).get("selected_options") or ())
