"""Who a Slack user is to us: the role lists, and user groups read from Slack and remembered for a while."""

import logging
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.config import Config
from bot.roles import Person, Role
from handlers.refusal import TROUBLE, word
from handlers.screen import Slack

REFRESH_EVERY = timedelta(minutes=5)
TRUSTED_FOR = timedelta(minutes=11)  # older than two refreshes: the group counts as empty (fails closed)

log = logging.getLogger(__name__)


class People:
    """Roles, decided from memory so that a click never waits for Slack."""

    def __init__(self, *, config: Config, slack: Slack, clock: Clock) -> None:
        self._slack = slack
        self._clock = clock
        self._lists = (
            (Role.ADMIN, config.admins),
            (Role.MANAGER, config.managers),
            (Role.OPERATOR, config.operators),
            (Role.VIEWER, config.viewers),
        )
        self._groups: dict[str, tuple[frozenset[str], datetime]] = {}

    def person(self, user_id: str, name: str) -> Person:
        """The user with the highest role that a list or a freshly read group gives."""
        for role, names in self._lists:
            if user_id in names or any(user_id in self._members(n) for n in names if n.startswith("S")):
                return Person(user_id, name, role)
        return Person(user_id, name, Role.NOBODY)

    def at_least(self, role: Role) -> tuple[str, ...]:
        """The users named in the lists of `role` and above, groups resolved."""
        users: list[str] = []
        for listed, names in self._lists:
            if listed >= role:
                for name in names:
                    users.extend(sorted(self._members(name)) if name.startswith("S") else [name])
        return tuple(dict.fromkeys(users))

    def _members(self, group: str) -> frozenset[str]:
        members, read_at = self._groups.get(group, (frozenset(), datetime.min.replace(tzinfo=UTC)))
        if not members or self._clock.now() - read_at > TRUSTED_FOR:
            return frozenset()
        return members

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(n for _, names in self._lists for n in names if n.startswith("S")))

    async def read_groups(self) -> None:
        """Read every group once. A group that cannot be read keeps its members until they are too old."""
        for group in self.groups:
            try:
                answer = await self._slack.client.usergroups_users_list(usergroup=group)
            except TROUBLE as error:
                log.warning(
                    "user group %s could not be read (%s): its members may do nothing",
                    group,
                    word(error),
                )
                continue
            users = answer.get("users") or []
            self._groups[group] = (frozenset(str(u) for u in users), self._clock.now())
