"""What a fix came to, in words: done or not, why, Meta's words and its code."""

from bot.fixes.done import Done
from handlers.views import kit
from handlers.views.kit import Block
from handlers.views.text import Markup, esc, join, mark

DONE = {True: ":white_check_mark: Done", False: ":x: Not done", None: ":grey_question: Could not tell"}


def came_of(done: Done | None) -> list[Block]:
    """Nothing when nothing was done."""
    if done is None:
        return []
    metas = done.result.metas_words if done.result else ""
    code = done.result.reason if done.result and done.result.code else ""
    told = mark("Meta says: “{words}”", words=esc(metas, 400)) if metas else Markup("")
    tag = mark("(Meta's code {code})", code=code) if code else Markup("")
    line = mark("*{how}:* {says}", how=Markup(DONE[done.ok]), says=esc(done.says, 900))
    return [kit.section(join([join([line, tag], " "), told]))]
