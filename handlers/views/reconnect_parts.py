"""Lines that many windows of the reconnect wizard share."""

from bot.numbers import NumberRef
from handlers.views import kit
from handlers.views import reconnect_ids as ids
from handlers.views.kit import Block, Press
from handlers.views.text import Markup, esc, mark


def title_line(ref: NumberRef) -> Block:
    """The number it is about, for the person at work: shown in full, unlike in the audit channel."""
    return kit.section(
        mark("*{name}* {display}", name=esc(ref.name, 200) or "No name", display=esc(ref.display, 40))
    )


def warned(warning: str) -> list[Block]:
    """What went wrong just before, on top of the window; nothing when nothing did. Markup is finished."""
    said = warning if isinstance(warning, Markup) else esc(warning, 1400, lines=True)
    return [kit.section(mark(":warning: {said}", said=said))] if warning else []


def cancel(flow_id: str) -> Press:
    return Press(
        action_id=ids.CANCEL,
        label="Stop reconnecting",
        value=flow_id,
        style="danger",
        ask="The number stays as it is, and a code that was sent is given up. Codes and tries stay counted.",
    )
