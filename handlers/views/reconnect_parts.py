"""Lines that many windows of the reconnect wizard share."""

from bot.numbers import NumberRef
from handlers.views import kit
from handlers.views import reconnect_ids as ids
from handlers.views.kit import Block, Press, View
from handlers.views.text import Markup, esc, mark

WARNED = "reconnect.warned"  # the block that says what went wrong just before


def title_line(ref: NumberRef) -> Block:
    """The number it is about, for the person at work: shown in full, unlike in the audit channel."""
    return kit.section(
        mark("*{name}* {display}", name=esc(ref.name, 200) or "No name", display=esc(ref.display, 40))
    )


def warned(warning: str) -> list[Block]:
    """What went wrong just before, on top of the window; nothing when nothing did. Markup is finished."""
    said = warning if isinstance(warning, Markup) else esc(warning, 1400, lines=True)
    return [kit.section(mark(":warning: {said}", said=said), block_id=WARNED)] if warning else []


def noted(reason: str) -> list[Block]:
    """Why the flow stands where it does, when that needs saying."""
    return [kit.section(mark(":information_source: {said}", said=esc(reason, 1400)))] if reason else []


def explained(view: View, press: Press) -> View:
    """The same window with a button beside its warning."""
    button = kit.button(press)
    blocks = [
        {**block, "accessory": button} if block.get("block_id") == WARNED else block
        for block in view["blocks"]
    ]
    return {**view, "blocks": blocks}


def cancel(flow_id: str) -> Press:
    return Press(
        action_id=ids.CANCEL,
        label="Stop reconnecting",
        value=flow_id,
        style="danger",
        ask="The number stays as it is, and a code that was sent is given up. Codes and tries stay counted.",
    )
