"""What stands in the inputs of a view: initial values, what was typed, and what Slack's app insists on."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.slack.model import JSON, Channel, ClientRefused

Values = dict[str, dict[str, JSON]]

# Element type → the key of its value in `state.values` and in an action.
VALUE_KEY = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "file_input": "files",
}
TEXTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
PRESSED = frozenset({"button", "overflow", "workflow_button", "icon_button", "feedback_buttons"})
INTERACTIVE = PRESSED | VALUE_KEY.keys()


@dataclass(frozen=True, slots=True)
class Slot:
    """One interactive element and where it stands. `is_input`: in an input block, so it can show errors."""

    block: JSON
    element: JSON

    @property
    def block_id(self) -> str:
        return str(self.block.get("block_id", ""))

    @property
    def action_id(self) -> str:
        return str(self.element.get("action_id", ""))

    @property
    def kind(self) -> str:
        return str(self.element["type"])

    @property
    def is_input(self) -> bool:
        return str(self.block["type"]) == "input"

    @property
    def dispatches(self) -> bool:
        """A change is sent to the bot at once."""
        return not self.is_input or bool(self.block.get("dispatch_action"))

    @property
    def label(self) -> str:
        """What the person would call it."""
        for holder, key in ((self.block, "label"), (self.element, "text"), (self.element, "placeholder")):
            if self.is_input or key != "label":
                text = holder.get(key)
                if isinstance(text, dict):
                    return str(text.get("text", ""))
        section = self.block.get("text")
        return str(section.get("text", "")) if isinstance(section, dict) else self.action_id

    def called(self, name: str) -> bool:
        wanted = name.casefold()
        spoken = wanted.replace("_", " ")
        return wanted in (self.action_id.casefold(), self.block_id.casefold()) or self.label.casefold() in (
            wanted,
            spoken,
        )


def slots(blocks: list[JSON]) -> Iterator[Slot]:
    """Every interactive element, top to bottom."""
    for block in blocks:
        elements = [block.get("element"), block.get("accessory"), *_inner(block)]
        for element in elements:
            if isinstance(element, dict) and element.get("type") in INTERACTIVE:
                yield Slot(block, element)
        yield from slots(nested(block))


def nested(block: JSON) -> list[JSON]:
    """The blocks inside a block."""
    if block.get("type") not in ("container", "carousel"):
        return []
    inside = block.get("child_blocks") or block.get("elements") or []
    return [b for b in inside if isinstance(b, dict)]


def _inner(block: JSON) -> list[JSON]:
    if block.get("type") in ("actions", "context_actions"):
        return list(block.get("elements") or [])
    return list(block.get("actions") or []) if block.get("type") == "card" else []


def initial(blocks: list[JSON], before: Values | None = None, *, here: Channel | None = None) -> Values:
    """The values of a view just shown. What stood at the same block_id and action_id (`before`) stays,
    even if the new view names another initial value: so does Slack. `here`: the conversation it belongs to."""
    values: Values = {}
    for slot in slots(blocks):
        if slot.kind not in VALUE_KEY:
            continue
        kept = (before or {}).get(slot.block_id, {}).get(slot.action_id)
        values.setdefault(slot.block_id, {})[slot.action_id] = (
            kept if kept is not None and _still_possible(slot, kept) else _first(slot, here)
        )
    return values


def _first(slot: Slot, here: Channel | None) -> JSON:
    key = VALUE_KEY[slot.kind]
    name = "value" if key == "rich_text_value" else key.removeprefix("selected_")
    start = slot.element.get(f"initial_{name}")
    if start is None and key.endswith("s"):
        start = _current(slot, here)
    elif start is None:
        start = next(iter(_current(slot, here)), None)
    return {"type": slot.kind, key: start}


def _current(slot: Slot, here: Channel | None) -> list[str]:
    """The conversation the view was opened in, for a select that wants it and may offer it."""
    if here is None or not slot.element.get("default_to_current_conversation"):
        return []
    kind = "im" if here.is_im else "private" if here.is_private else "public"
    offered = (slot.element.get("filter") or {}).get("include") or [kind]
    return [here.id] if kind in offered else []


def _still_possible(slot: Slot, kept: JSON) -> bool:
    if kept.get("type") != slot.kind:
        return False
    options = options_of(slot.element)
    chosen = kept.get(VALUE_KEY[slot.kind])
    if not options or not chosen:
        return True
    known = {o["value"] for o in options}
    picked = chosen if isinstance(chosen, list) else [chosen]
    return all(isinstance(o, dict) and o.get("value") in known for o in picked)


def options_of(element: JSON) -> list[JSON]:
    """All options, those in groups included."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(o for g in groups for o in g["options"])]


def current(values: Values, slot: Slot) -> object:
    """The bare value: text, option, list, id, date, or None; the initial one if nothing was kept."""
    kept = values.get(slot.block_id, {}).get(slot.action_id)
    return (_first(slot, None) if kept is None else kept).get(VALUE_KEY[slot.kind])


def put(values: Values, slot: Slot, value: object) -> None:
    values.setdefault(slot.block_id, {})[slot.action_id] = {"type": slot.kind, VALUE_KEY[slot.kind]: value}


def pick(slot: Slot, wanted: str, options: list[JSON] | None = None) -> JSON:
    """The option with this text or value. ClientRefused when the list does not have it."""
    offered = options_of(slot.element) if options is None else options
    folded = wanted.casefold()
    for option in offered:
        if wanted == option.get("value") or folded == str(option["text"]["text"]).casefold():
            return option
    raise ClientRefused(f"“{slot.label}” has no “{wanted}”, only {[o['text']['text'] for o in offered]}.")


def check(blocks: list[JSON], values: Values) -> None:
    """What Slack's app checks before it submits. ClientRefused with the words it would show."""
    for slot in slots(blocks):
        if slot.is_input and slot.kind in VALUE_KEY:
            _check_one(slot, current(values, slot))


def problems(blocks: list[JSON], values: Values) -> dict[str, str]:
    """The same for all fields at once: block_id → what is wrong there."""
    found: dict[str, str] = {}
    for slot in slots(blocks):
        try:
            check([slot.block], values)
        except ClientRefused as refused:
            found[slot.block_id] = str(refused).removeprefix(f"“{slot.label}”: ")
    return found


def _check_one(slot: Slot, value: object) -> None:
    if value in (None, "", []):
        if not slot.block.get("optional"):
            raise ClientRefused(f"“{slot.label}”: Please complete this required field.")
    elif slot.kind in TEXTS:
        _check_text(slot, str(value))


def _check_text(slot: Slot, text: str) -> None:
    shortest, longest = slot.element.get("min_length", 0), slot.element.get("max_length", 3000)
    if slot.kind == "plain_text_input" and not shortest <= len(text) <= longest:
        raise ClientRefused(
            f"“{slot.label}”: {len(text)} characters; from {shortest} to {longest} are allowed."
        )
    if slot.kind == "plain_text_input" and "\n" in text and not slot.element.get("multiline"):
        raise ClientRefused(f"“{slot.label}” takes one line only.")
    if slot.kind == "email_text_input" and "@" not in text:
        raise ClientRefused(f"“{slot.label}”: Please enter a valid email address.")
    if slot.kind == "url_text_input" and "://" not in text:
        raise ClientRefused(f"“{slot.label}”: Please enter a valid URL.")
    if slot.kind == "number_input":
        _check_number(slot, text)


def _check_number(slot: Slot, text: str) -> None:
    try:
        number = float(text)
    except ValueError:
        raise ClientRefused(f"“{slot.label}”: Please enter a number.") from None
    if number != int(number) and not slot.element.get("is_decimal_allowed"):
        raise ClientRefused(f"“{slot.label}”: Please enter a whole number.")
    lowest = float(slot.element.get("min_value", "-inf"))
    highest = float(slot.element.get("max_value", "inf"))
    if not lowest <= number <= highest:
        raise ClientRefused(f"“{slot.label}”: from {lowest:g} to {highest:g} are allowed.")
