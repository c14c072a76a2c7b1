"""One thing a person did in Slack: a command, a click, a submit; and the answer to it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.roles import Person, Role
from bot.services import Services
from handlers.screen import Screen
from handlers.views.who import Reader

Work = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Call:
    """What a listener gets. `key` is the same for every delivery of the same click.

    `words`: what was typed after the verb, or a button's value. `action`: the block action as sent.
    `view`: the window it came from, with its typed values; never logged.
    """

    services: Services
    person: Person
    screen: Screen
    key: str
    words: str = ""
    channel: str = ""
    action: Mapping[str, Any] = field(default_factory=dict, repr=False)
    view: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def reader(self) -> Reader:
        """Who reads the answer, and to whom they can turn: the nearest role first."""
        roles = (Role.OPERATOR, Role.MANAGER, Role.ADMIN)
        team, managers, admins = (self.services.at_least(role) for role in roles)
        nearest = sorted(team, key=lambda one: (one in admins, one in managers))
        return Reader(
            self.person.role, tuple(nearest), tuple(one for one in nearest if one in managers), admins
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What to acknowledge with (Bolt's keyword arguments for `ack`), and the work that follows it."""

    ack: Mapping[str, Any] = field(default_factory=dict)
    work: Work | None = None


Listener = Callable[[Call], Awaitable[Answer]]


def after(work: Work) -> Answer:
    """Acknowledge with nothing; then do `work`."""
    return Answer(work=work)


def update(view: Mapping[str, Any], work: Work | None = None) -> Answer:
    """Answer a submit by drawing `view` in its place; then do `work`."""
    return Answer({"response_action": "update", "view": view}, work)


def errors(by_block: Mapping[str, str]) -> Answer:
    """Answer a submit with sentences beside its inputs; the window stays open, what was typed stays."""
    return Answer({"response_action": "errors", "errors": dict(by_block)})


def says(message: Mapping[str, Any]) -> Answer:
    """Answer a command at once, visible only to the asker."""
    return Answer({"response_type": "ephemeral", **message})
