"""The one shape of every sub-command, and of a feature that brings one."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.roles import Role
from handlers.call import Answer, Call, Listener


@dataclass(frozen=True, slots=True)
class Subcommand:
    """`/whatsapp <verb>`. `usage` and `summary` are the help; `button` is its label in the menu."""

    verb: str
    usage: str
    summary: str
    button: str
    role: Role
    run: Callable[[Call], Awaitable[Answer]]


class Feature(Protocol):
    """A module of handlers: its sub-commands and its listeners by wire id."""

    @property
    def COMMANDS(self) -> tuple[Subcommand, ...]: ...  # noqa: N802  the modules' constants

    @property
    def ACTIONS(self) -> Mapping[str, Listener]: ...  # noqa: N802

    @property
    def SUBMITS(self) -> Mapping[str, Listener]: ...  # noqa: N802

    @property
    def CLOSES(self) -> Mapping[str, Listener]: ...  # noqa: N802
