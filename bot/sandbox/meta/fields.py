"""Field expansion: `id,status,phone_numbers.limit(5){id,status}` read into a tree."""

import re
from dataclasses import dataclass

from bot.sandbox.meta.errors import MetaError

TOKEN = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*|\.[a-z_]+\([^()]*\)|[{},])")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One field asked for. `limit` 0 and `after` "" when no modifier was given."""

    name: str
    children: tuple["Wanted", ...] = ()
    limit: int = 0
    after: str = ""


def parse(text: str) -> tuple[Wanted, ...]:
    """The fields in order, doubles dropped. MetaError on a text Graph could not read."""
    tokens = _tokens(text)
    wanted, rest = _list(tokens, 0)
    if rest != len(tokens):
        raise _syntax()
    return wanted


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    at = 0
    while at < len(text.rstrip()):
        match = TOKEN.match(text, at)
        if match is None or len(tokens) > 500:
            raise _syntax()
        tokens.append(match[1])
        at = match.end()
    return tokens


def _list(tokens: list[str], at: int, depth: int = 0) -> tuple[tuple[Wanted, ...], int]:
    wanted: dict[str, Wanted] = {}
    while at < len(tokens) and tokens[at] != "}":
        if not tokens[at].isidentifier() or depth > 4:
            raise _syntax()
        one, at = _one(tokens, at, depth)
        wanted[one.name] = one
        if at < len(tokens) and tokens[at] == ",":
            at += 1
        elif at < len(tokens) and tokens[at] != "}":
            raise _syntax()
    return tuple(wanted.values()), at


def _one(tokens: list[str], at: int, depth: int) -> tuple[Wanted, int]:
    name, at = tokens[at], at + 1
    modifiers: dict[str, str] = {}
    children: tuple[Wanted, ...] = ()
    while at < len(tokens) and tokens[at].startswith("."):
        key, value = tokens[at][1:-1].split("(", 1)
        modifiers[key] = value
        at += 1
    if at < len(tokens) and tokens[at] == "{":
        children, at = _list(tokens, at + 1, depth + 1)
        if at >= len(tokens):
            raise _syntax()
        at += 1
    limit = modifiers.get("limit", "0")
    if modifiers.keys() - {"limit", "after"} or not limit.isdecimal():
        raise _syntax()
    return Wanted(name, children, int(limit), modifiers.get("after", "")), at


def _syntax() -> MetaError:
    return MetaError(2500, "Syntax error: unexpected input in the fields parameter")
