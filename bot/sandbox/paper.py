"""A terminal to draw on: boxes of plain characters, at most 100 columns, colours only where they can be seen."""

import asyncio
import shutil
import unicodedata
from collections.abc import Iterable, Mapping
from textwrap import TextWrapper
from typing import TextIO

from bot.sandbox.slack.render import LINE

WIDEST = 100  # columns
NARROWEST = 40
BRANCH = "└"  # before a reply
_STYLES = {"bold": "1", "dim": "2", "typed": "1;36", "good": "1;32", "bad": "1;31", "phone": "33"}


class Paper:
    """`is_live`: somebody sits in front of it, so colours and short pauses make sense."""

    def __init__(self, out: TextIO, environment: Mapping[str, str]) -> None:
        self._out = out
        self.is_live = out.isatty()
        plain = environment.get("NO_COLOR") or environment.get("TERM") == "dumb"
        self._colours = self.is_live and not plain
        columns = shutil.get_terminal_size((WIDEST, 24)).columns if self.is_live else WIDEST
        self.width = max(NARROWEST, min(WIDEST, columns))

    def line(self, text: str = "", style: str = "") -> None:
        """Text, wrapped; continued lines keep its indent."""
        for part in wrapped(text, self.width):
            self._write(self.styled(part, style))

    def box(self, title: str, lines: Iterable[str], *, style: str = "", most: int = 0) -> None:
        """Lines in a frame. A line that is a rule of the renderer's becomes one of the frame; beyond `most`
        lines (0: any) the rest is only counted."""
        inner = self.width - 4
        shown = [part for text in lines for part in (wrapped(text, inner) if text != LINE else [LINE])]
        if most and len(shown) > most:
            shown = [*shown[:most], f"… and {len(shown) - most} more lines"]
        head = f"╭─ {cut(title, inner - 2)} "
        self._write(self.styled(head + "─" * (self.width - 1 - columns_of(head)) + "╮", style))
        left, right = self.styled("│", style), self.styled("│", style)
        for text in shown:
            if text == LINE:
                self._write(self.styled("├" + "─" * (self.width - 2) + "┤", style))
            else:
                self._write(f"{left} {text}{' ' * (inner - columns_of(text))} {right}")
        self._write(self.styled("╰" + "─" * (self.width - 2) + "╯", style))

    def styled(self, text: str, style: str) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if style and text and self._colours else text

    async def pause(self, seconds: float) -> None:
        """Time to read, when somebody is there to read."""
        if self.is_live:
            await asyncio.sleep(seconds)

    def _write(self, text: str) -> None:
        self._out.write(text.rstrip() + "\n")
        self._out.flush()


def columns_of(text: str) -> int:
    """How wide a terminal draws it: emoji and East Asian characters take two columns, marks none."""
    return sum(_columns(c) for c in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cut(text: str, columns: int) -> str:
    """Shortened to `columns`, with “…” at the end when something is missing."""
    if columns_of(text) <= columns:
        return text
    while text and columns_of(text) > columns - 1:
        text = text[:-1]
    return text + "…"


def wrapped(text: str, columns: int) -> list[str]:
    """In lines of at most `columns`; those after the first are indented like the text of the first."""
    clean = "".join(c if c.isprintable() else " " for c in text)
    if columns_of(clean) <= columns:
        return [clean]
    margin = len(clean) - len(clean.lstrip(" " + BRANCH))
    indent, hang = clean[:margin][: columns // 2], " " * min(margin, columns // 2)
    narrow = columns - sum(1 for c in clean if _columns(c) == 2)  # textwrap counts characters
    lines = TextWrapper(
        width=max(narrow, columns // 2), initial_indent=indent, subsequent_indent=hang, break_on_hyphens=False
    ).wrap(clean[margin:].strip())
    return lines or [""]
