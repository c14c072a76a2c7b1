"""The kinds of rule a Block Kit field can have, and how a value is held against one.

`good` says only whether all is well, and is made to be quick; `check` finds every reason why not. Its
paths start at the value itself and the caller puts its own key in front, so a good payload costs no path,
no list and no copy. `good` must say yes exactly when `check` finds nothing (a test compares them).
"""

from collections.abc import Callable, Mapping
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

    chars: int = 0  # of text objects
    size: int = 0  # of all other strings, plus 5 each for what JSON puts around them
    focus: int = 0
    block_ids: set[str] = field(default_factory=set)


class Rule:
    """A rule that is rarely met need not be quick: it asks its own check."""

    def good(self, value: Any, walk: Walk) -> bool:
        return self.check(value, walk) is None

    def check(self, value: Any, walk: Walk) -> Found:
        raise NotImplementedError


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
        return one("wrong_type", f"must be a string, not {_name(value)}")
    if len(value) < least:
        return one("empty", f"needs at least {least} character(s)")
    if len(value) > most:
        return one("too_long", f"{len(value)} characters, {most} are allowed")
    return None


def _name(value: Any) -> str:
    return "null" if value is None else type(value).__name__


class Str(Rule):
    """A string of `least` to `most` characters. (A bare int in a shape means 1 to that many.)"""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def check(self, value: Any, walk: Walk) -> Found:
        if isinstance(value, str):
            walk.size += len(value) + 5
        return string_problem(value, least=self.least, most=self.most)


class Text(Rule):
    """A text object of 1 to `most` characters; `mrkdwn` only where the field allows it."""

    def __init__(self, most: int, *, mrkdwn: bool = False) -> None:
        self.most = most
        self.flags = {"plain_text": "emoji", "mrkdwn": "verbatim"} if mrkdwn else {"plain_text": "emoji"}

    def good(self, value: Any, walk: Walk) -> bool:
        try:
            text = value["text"]
            length = len(text)
            if not (0 < length <= self.most and isinstance(text, str)):
                return False
            flag = self.flags[value["type"]]
            walk.chars += length
            return len(value) == 2 or (len(value) == 3 and isinstance(value[flag], bool))
        except (KeyError, TypeError):
            return False

    def check(self, value: Any, walk: Walk) -> Found:
        return None if self.good(value, walk) else self._explain(value)

    def _explain(self, value: Any) -> list[Problem]:
        if not isinstance(value, dict):
            return one("not_a_text_object", f"must be a text object, not {_name(value)}")
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


class Many(Rule):
    """A list of `least` to `most` values that each keep `rule`."""

    def __init__(self, rule: Rule | int, least: int, most: int) -> None:
        self.rule: Rule = Str(1, rule) if isinstance(rule, int) else rule
        self.least, self.most = least, most

    def good(self, value: Any, walk: Walk) -> bool:
        if not isinstance(value, list) or not self.least <= len(value) <= self.most:
            return False
        good = self.rule.good
        for item in value:  # noqa: SIM110  # all() over a generator takes twice as long
            if not good(item, walk):
                return False
        return True

    def check(self, value: Any, walk: Walk) -> Found:
        if not isinstance(value, list):
            return one("wrong_type", f"must be a list, not {_name(value)}")
        found: Found = None
        check = self.rule.check
        for index, item in enumerate(value):
            problems = check(item, walk)
            if problems is not None:
                found = (found or []) + below(f"[{index}]", problems)
        if not self.least <= len(value) <= self.most:
            rule = "too_few" if len(value) < self.least else "too_many"
            found = (found or []) + one(rule, f"{len(value)} given, {self.least} to {self.most} are allowed")
        return found


_Plan = tuple[tuple[str, int, Callable[[Any, Walk], bool] | None], ...]
_MOST_PLANS = 50  # of one shape; more would mean that somebody plays with the order of keys


class Shape(Rule):
    """An object: the whitelist of its keys with a rule each, the required keys, and what spans keys."""

    def __init__(
        self,
        rules: Mapping[str, Rule | int],
        *,
        required: tuple[str, ...] = (),
        also: Callable[[dict[str, Any], Walk], Found] | None = None,
    ) -> None:
        self.rules, self.required, self.also = dict(rules), required, also
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def good(self, value: Any, walk: Walk) -> bool:
        if not isinstance(value, dict):
            return False
        plan = self._plans.get(tuple(value)) or self._plan(tuple(value))
        if plan is None:
            return False
        size = 0
        for key, most, good in plan:
            item = value[key]
            if good is not None:
                if not good(item, walk):
                    return False
            elif isinstance(item, str) and 0 < len(item) <= most:
                size += len(item) + 5
            else:
                return False
        walk.size += size
        return self.also is None or self.also(value, walk) is None

    def _plan(self, keys: tuple[Any, ...]) -> "_Plan | None":
        """What is to be looked at in an object of these keys; None when the keys alone are wrong.

        Kept, because objects of one kind have the same keys in the same order.
        """
        if not set(self.required) <= set(keys) <= self.rules.keys():
            return None
        rules = [(key, self.rules[key]) for key in keys]
        plan = tuple((k, r, None) if isinstance(r, int) else (k, 0, r.good) for k, r in rules)
        if len(self._plans) < _MOST_PLANS:
            self._plans[keys] = plan
        return plan

    def check(self, value: Any, walk: Walk) -> Found:
        if not isinstance(value, dict):
            return one("null" if value is None else "wrong_type", f"must be an object, not {_name(value)}")
        found: Found = None
        rules = self.rules
        for key, item in value.items():
            rule = rules.get(key)
            if rule.__class__ is int:  # the commonest kind, kept free of a call
                if isinstance(item, str) and 0 < len(item) <= rule:
                    walk.size += len(item) + 5
                    continue
                problems = string_problem(item, least=1, most=rule)
            elif rule is None:
                problems = one("unknown_key", "Slack knows no such key here")
            else:
                problems = rule.check(item, walk)  # type: ignore[union-attr]  # not an int
            if problems is not None:
                found = (found or []) + below(str(key), problems)
        for key in self.required:
            if key not in value:
                found = (found or []) + one("missing", "is required", key)
        if self.also is not None and (problems := self.also(value, walk)) is not None:
            found = (found or []) + problems
        return found


class OneOf(Rule):
    """An object whose `type` says which shape it must have. `shapes` may be filled in later."""

    def __init__(self, shapes: Mapping[str, Rule]) -> None:
        self.shapes = shapes

    def good(self, value: Any, walk: Walk) -> bool:
        try:
            return self.shapes[value["type"]].good(value, walk)
        except (KeyError, TypeError):
            return False

    def check(self, value: Any, walk: Walk) -> Found:
        if not isinstance(value, dict):
            return one("null" if value is None else "wrong_type", f"must be an object, not {_name(value)}")
        kind = value.get("type")
        shape = self.shapes.get(kind) if isinstance(kind, str) else None
        if shape is None:
            return one("not_allowed_here", f"{kind!r:.40} cannot stand here", "type")
        return shape.check(value, walk)
