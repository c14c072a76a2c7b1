"""The Web API methods the fake knows: for each, what it does, which token and which scopes it needs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from bot.sandbox.slack.model import JSON, Refused
from bot.sandbox.slack.place import Place


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a method: its arguments, parsed, and what the token may do."""

    place: Place
    args: JSON
    scopes: frozenset[str]

    def need(self, *any_of: str) -> None:
        """Refuse as missing_scope unless one of these was granted."""
        if any_of and not self.scopes.intersection(any_of):
            raise Refused("missing_scope", needed=any_of[0], provided=",".join(sorted(self.scopes)))

    def text(self, name: str) -> str:
        """A required string argument."""
        value = self.args.get(name)
        if not isinstance(value, str) or not value:
            raise Refused("invalid_arguments", problems=(f"{name}: required",), **_missing(name))
        return value


def _missing(name: str) -> dict[str, Any]:
    return {"response_metadata": {"messages": [f"[ERROR] missing required field: {name}"]}}


@dataclass(frozen=True, slots=True)
class Method:
    """`scopes`: one of them must be granted. `by`: whose token it takes.

    `json`: takes a JSON body; Slack ignores one for reads.
    """

    run: Callable[[Call], JSON]
    scopes: tuple[str, ...] = ()
    by: Literal["bot", "app"] = "bot"
    json: bool = True
