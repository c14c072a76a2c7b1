"""Who may do what. Decided at the click, from configuration, failing closed."""

from dataclasses import dataclass
from enum import IntEnum

from bot.errors import NotAllowed


class Role(IntEnum):
    """Each role may do what the ones below it may."""

    NOBODY = 0
    VIEWER = 1
    OPERATOR = 2
    MANAGER = 3
    ADMIN = 4

    @property
    def plural(self) -> str:
        return {0: "nobody", 1: "viewers", 2: "operators", 3: "managers", 4: "admins"}[self.value]


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack user at the moment of one click. `id` is the Slack user id, `name` what Slack called them."""

    id: str
    name: str
    role: Role

    def must_be(self, role: Role, *, to: str) -> None:
        """Raise NotAllowed unless this person has at least `role`. `to` completes "… may <to>"."""
        if self.role < role:
            above = "" if role is Role.ADMIN else " and above"
            raise NotAllowed(
                f"Only {role.plural}{above} may {to}.",
                hint="Ask a manager to do it, or ask whoever installed the bot to add you to the role list.",
            )
