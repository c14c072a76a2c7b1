"""Rules for lists and objects: how many, which keys, which shape for which type."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers.views.rules_kinds import (
    TYPE,
    Found,
    Problem,
    Rule,
    Str,
    Walk,
    below,
    name_of,
    one,
    string_problem,
)


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
            return one("wrong_type", f"must be a list, not {name_of(value)}")
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
    """An object: its keys with a rule each, those required, `any_of` those needed, `also` what spans keys."""

    def __init__(
        self,
        rules: Mapping[str, Rule | int],
        *,
        required: tuple[str, ...] = (),
        any_of: tuple[str, ...] = (),
        also: Callable[[dict[str, Any], Walk], Found] | None = None,
    ) -> None:
        self.rules, self.required, self.any_of, self.also = dict(rules), required, any_of, also
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def good(self, value: Any, walk: Walk) -> bool:
        if not isinstance(value, dict):
            return False
        keys = tuple(value)
        plan = self._plans.get(keys)
        if plan is None and (plan := self._plan(keys)) is None:
            return False
        for key, most, good in plan:
            item = value[key]
            if good is not None:
                if not good(item, walk):
                    return False
            elif not (isinstance(item, str) and 0 < len(item) <= most):
                return False
        return self.also is None or self.also(value, walk) is None

    def _plan(self, keys: tuple[Any, ...]) -> "_Plan | None":
        """What is to be looked at in an object of these keys; None when the keys alone are wrong.

        Kept, because objects of one kind have the same keys in the same order.
        """
        if not set(self.required) <= set(keys) <= self.rules.keys():
            return None
        if self.any_of and not set(self.any_of) & set(keys):
            return None
        rules = [(key, self.rules[key]) for key in keys if self.rules[key] is not TYPE]
        plan = tuple((k, r, None) if isinstance(r, int) else (k, 0, r.good) for k, r in rules)
        if len(self._plans) < _MOST_PLANS:
            self._plans[keys] = plan
        return plan

    def check(self, value: Any, walk: Walk) -> Found:
        if not isinstance(value, dict):
            return one("null" if value is None else "wrong_type", f"must be an object, not {name_of(value)}")
        found = self._missing(value)
        for key, item in value.items():
            problems = self._check_key(key, item, walk)
            if problems is not None:
                found += below(str(key), problems)
        if self.also is not None:
            found += self.also(value, walk) or []
        return found or None

    def _check_key(self, key: str, item: Any, walk: Walk) -> Found:
        rule = self.rules.get(key)
        if rule is None:
            return one("unknown_key", "Slack knows no such key here")
        if isinstance(rule, int):
            return string_problem(item, least=1, most=rule)
        return rule.check(item, walk)

    def _missing(self, value: dict[str, Any]) -> list[Problem]:
        found = [Problem(key, "missing", "is required") for key in self.required if key not in value]
        if self.any_of and not value.keys() & set(self.any_of):
            found += one("missing", f"needs {' or '.join(self.any_of)}", self.any_of[0])
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
            return one("null" if value is None else "wrong_type", f"must be an object, not {name_of(value)}")
        kind = value.get("type")
        shape = self.shapes.get(kind) if isinstance(kind, str) else None
        if shape is None:
            return one("not_allowed_here", f"{kind!r:.40} cannot stand here", "type")
        return shape.check(value, walk)
