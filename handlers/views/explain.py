"""An error number of Meta's in words: what it means, who can act, what to do, and where that is written."""

from bot.error_numbers.explaining import Explained
from handlers.views import diagnose_ids as ids
from handlers.views import kit
from handlers.views.kit import Block, Message, View
from handlers.views.text import Markup, esc, join, mark
from handlers.views.who import Reader, who_acts

TITLE = "What is this?"
MOST_OTHERS = 8


def message(explained: Explained, reader: Reader, words: str = "") -> Message:
    """`words`: Meta's own, which stood beside the number."""
    said = mark("{asked} {said}", asked=esc(explained.asked, 40), said=explained.sentence)
    return kit.message(said, _blocks(explained, reader, words))


def window(explained: Explained, reader: Reader, words: str = "") -> View:
    return kit.modal(
        callback_id=ids.EXPLAINED, title=TITLE, blocks=_blocks(explained, reader, words), close="Back"
    )


def _blocks(explained: Explained, reader: Reader, words: str) -> list[Block]:
    row = explained.row
    head = mark("*Error {asked}*", asked=esc(explained.asked, 40)) if explained.asked else Markup("")
    blocks = [kit.section(join([head, esc(explained.sentence, 900)]))]
    if not explained.asked:
        blocks.append(kit.context(Markup("In full: `/whatsapp explain 133005`")))
    if words:
        blocks.append(kit.section(mark("Meta says: “{words}”", words=esc(words, 500))))
    if explained.do:
        who = mark("*Who can act:* {who}", who=who_acts(row.who, reader)) if row else Markup("")
        do = mark("*What to do:* {do}", do=esc(explained.do, 900))
        blocks.append(kit.section(join([do, who])))
    if explained.others:
        blocks.append(kit.section(join([Markup("*With another second number:*"), *_others(explained)])))
    if row:
        blocks.append(kit.context(mark("Source: {source}", source=esc(_source(row.source), 200))))
    return blocks


def _source(source: str) -> str:
    """The page of Meta's; where it stands in our own notes helps only who maintains the table."""
    return f"Meta, {source.rpartition(': ')[2]}"


def _others(explained: Explained) -> list[Markup]:
    shown = [
        mark("`{name}` {says}", name=each.name, says=esc(each.says, 200))
        for each in explained.others[:MOST_OTHERS]
    ]
    rest = len(explained.others) - MOST_OTHERS
    return [*shown, Markup(f"… and {rest} more.")] if rest > 0 else shown
