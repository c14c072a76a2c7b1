"""Whole lines that what was typed at the demo's prompt could become."""

from bot.sandbox.meta.faults import KINDS
from bot.sandbox.slack import values
from bot.sandbox.slack.person import Person
from bot.sandbox.slack.screen import visible
from bot.sandbox.trouble import ON_NUMBERS, ON_TOKENS, SLACK_KINDS
from bot.sandbox.world import Sandbox

PEOPLE = {
    "ana": "operator",
    "luis": "no role, holds the phone",
    "maya": "manager",
    "vik": "viewer",
    "ada": "admin",
    "guest": "guest of the workspace",
    "foreign": "of another company",
}
VERBS = (
    "status",
    "diagnose",
    "reconnect",
    "code",
    "refresh",
    "token",
    "oauth",
    "webhook",
    "budget",
    "explain",
    "help",
)


def suggestions(typed: str, sandbox: Sandbox, who: Person, commands: tuple[str, ...]) -> list[str]:
    """In the order they are offered."""
    word, blank, _ = typed.partition(" ")
    if not blank:
        return ["/whatsapp ", *(f"{command} " for command in commands)]
    return [f"{word} {end}" for end in _ends(word.casefold(), sandbox, who)]


def _ends(word: str, sandbox: Sandbox, who: Person) -> list[str]:
    names = [number.verified_name for number in sandbox.meta.world.numbers.values()]
    match word:
        case "/whatsapp":
            return [*VERBS, *(f"{verb} {name}" for verb in VERBS[:-1] for name in names)]
        case "as":
            return list(PEOPLE)
        case "read":
            return [f"#{c.name}" for c in sandbox.slack.workspace.channels.values() if who.id in c.members]
        case "phone":
            return names
        case "meta":
            return [
                *(f"{name} {knob}" for name in names for knob in ON_NUMBERS),
                *(f"token {k}" for k in ON_TOKENS),
            ]
        case "fault":
            return ["clear", *(f"meta {kind}" for kind in KINDS), *(f"slack {kind}" for kind in SLACK_KINDS)]
        case "click":
            return _buttons(sandbox, who)
        case "fill" | "choose" | "submit":
            return [f"{label} = " for label in (who.modal.fields if who.modal else ())]
    return []


def _buttons(sandbox: Sandbox, who: Person) -> list[str]:
    modal = who.modal
    below = [label for label in (modal.submit, "Close") if label] if modal else []
    messages = reversed(sandbox.slack.workspace.visible(who.id))
    slots = [slot for message in messages for slot in values.slots(message.blocks) if visible(slot, who.id)]
    on_messages = [slot.label for slot in slots if slot.kind == "button"]
    return list(dict.fromkeys([*below, *(modal.buttons if modal else []), *on_messages]))
