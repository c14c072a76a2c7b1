"""The kinds of rule a Block Kit field can have, and how a value is held against one.

`good` says only whether all is well, and is made to be quick; `check` finds every reason why not. Its
paths start at the value itself and the caller puts its own key in front, so a good payload costs no path,
no list and no copy. `good` must say yes exactly when `check` finds nothing (a test compares them).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Problem(NamedTuple):
    """One reason why Slack would refuse. `path` like "blocks[2].elements[0].text", `rule` a short name."""

    path: str
    rule: str
    message: str


Found = list[Problem] | None


@dataclass(slots=True)
class Walk:
    """What is summed up over a whole payload."""

    chars: int = 0  # of text objects and markdown
    markdown: int = 0
    focus: int = 0
    block_ids: set[str] = field(default_factory=set)


class Rule(ABC):
    """A rule that is rarely met need not be quick: it asks its own check."""

    def good(self, value: Any, walk: Walk) -> bool:
        return self.check(value, walk) is None

    @abstractmethod
    def check(self, value: Any, walk: Walk) -> Found:
        """What is wrong with `value`; None: nothing."""


def one(rule: str, message: str, path: str = "") -> list[Problem]:
    return [Problem(path, rule, message)]


def below(key: str, found: list[Problem]) -> list[Problem]:
    """The problems of `found`, seen from one level up."""
    return [
        Problem(f"{key}.{p.path}" if p.path and p.path[0] != "[" else f"{key}{p.path}", p.rule, p.message)
        for p in found
    ]


def string_problem(value: Any, *, least: int, most: int) -> Found:
    if not isinstance(value, str):
        return one("wrong_type", f"must be a string, not {name_of(value)}")
    if len(value) < least:
        return one("empty", f"needs at least {least} character(s)")
    if len(value) > most:
        return one("too_long", f"{len(value)} characters, {most} are allowed")
    return None


def name_of(value: Any) -> str:
    return "null" if value is None else type(value).__name__


class _Type(Rule):
    """The `type` of an object inside OneOf, which has matched it already."""

    def check(self, value: Any, walk: Walk) -> Found:
        return None


TYPE = _Type()


class Str(Rule):
    """A string of `least` to `most` characters. (A bare int in a shape means 1 to that many.)"""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def check(self, value: Any, walk: Walk) -> Found:
        return string_problem(value, least=self.least, most=self.most)


class Text(Rule):
    """A text object of 1 to `most` characters; `mrkdwn` only where the field allows it."""

    def __init__(self, most: int, *, mrkdwn: bool = False) -> None:
        self.most = most
        self.flags = {"plain_text": "emoji", "mrkdwn": "verbatim"} if mrkdwn else {"plain_text": "emoji"}

    def good(self, value: Any, walk: Walk) -> bool:
        try:
            text = value["text"]
            if not (isinstance(text, str) and 0 < len(text) <= self.most):
                return False
            walk.chars += len(text)
            flag = self.flags[value["type"]]
            return len(value) == 2 or (len(value) == 3 and isinstance(value[flag], bool))
        except (KeyError, TypeError):
            return False

    def check(self, value: Any, walk: Walk) -> Found:
        return None if self.good(value, walk) else self._explain(value)

    def _explain(self, value: Any) -> list[Problem]:
        if not isinstance(value, dict):
            return one("not_a_text_object", f"must be a text object, not {name_of(value)}")
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in self.flags:
            return one("wrong_text_type", f"must be {' or '.join(self.flags)}", "type")
        extra = value.keys() - {"type", "text", self.flags[kind]}
        if extra:
            return [Problem(str(key), "unknown_key", f"{kind} has no such key") for key in extra]
        if "text" not in value:
            return one("missing", "is required", "text")
        found = string_problem(value["text"], least=1, most=self.most)
        return below("text", found) if found else one("wrong_type", "emoji and verbatim are true or false")


class Choice(Rule):
    """One of a few strings."""

    def __init__(self, *allowed: str) -> None:
        self.allowed = frozenset(allowed)

    def good(self, value: Any, walk: Walk) -> bool:
        return isinstance(value, str) and value in self.allowed

    def check(self, value: Any, walk: Walk) -> Found:
        if isinstance(value, str) and value in self.allowed:
            return None
        return one("not_allowed", f"must be one of {', '.join(sorted(self.allowed))}")


class Flag(Rule):
    """true or false."""

    def check(self, value: Any, walk: Walk) -> Found:
        return None if isinstance(value, bool) else one("wrong_type", "must be true or false")


class Focus(Flag):
    """focus_on_load: only one element of a view may have it."""

    def check(self, value: Any, walk: Walk) -> Found:
        walk.focus += value is True
        if walk.focus > 1:
            return one("focus_twice", "only one element of a view may have focus_on_load")
        return super().check(value, walk)


class Whole(Rule):
    """A whole number from `least` to `most`."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def check(self, value: Any, walk: Walk) -> Found:
        if isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most:
            return None
        return one("out_of_range", f"must be a whole number from {self.least} to {self.most}")


class Test(Rule):
    """Anything that passes `passes`."""

    __test__ = False  # pytest collects classes of this name

    def __init__(self, passes: Callable[[Any], bool], message: str) -> None:
        self.passes, self.message = passes, message

    def check(self, value: Any, walk: Walk) -> Found:
        return None if self.passes(value) else one("not_allowed", self.message)
