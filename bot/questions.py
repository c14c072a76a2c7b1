"""The questions a diagnosis puts to Meta: in parallel, at most so many at once, each with its own deadline."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from bot.clock import Clock
from bot.evidence.reading import Reading
from bot.graph.client import Graph
from bot.graph.errors import GraphError, Unreachable
from bot.graph.model import Number
from bot.numbers import NumberRef
from bot.secret import Secret

DEADLINE_S = 4.0  # of one question
AT_ONCE = 24  # questions under way, of everybody together

T = TypeVar("T")
Read = Callable[[], Awaitable[Reading[Any]]]


class Questions:
    """Reads only. A question that fails is a reading that says why; nothing raises."""

    def __init__(self, *, graph: Graph, app_id: str, clock: Clock, token_of: Callable[[str], Secret]) -> None:
        """`token_of`: the token in use for a node."""
        self._graph = graph
        self._app_id = app_id
        self._clock = clock
        self.token_of = token_of
        self._slots = asyncio.Semaphore(AT_ONCE)

    def of(self, ref: NumberRef) -> dict[str, Read]:
        """Every question about one number, by the name of the reading."""
        return {
            **self.of_account(ref.account_id),
            "number": lambda: self._ask(f"GET /{ref.id}", lambda: self._graph.number(ref.id)),
            "subscription": self.subscription,
        }

    def of_account(self, account_id: str) -> dict[str, Read]:
        """What the numbers of an account have in common."""
        graph = self._graph
        apps = f"GET /{account_id}/subscribed_apps"
        return {
            "token": lambda: self._ask("GET /debug_token", lambda: self._inspect(account_id)),
            "account": lambda: self._ask(f"GET /{account_id}", lambda: graph.account(account_id)),
            "apps": lambda: self._ask(apps, lambda: graph.subscribed_apps(account_id)),
        }

    async def subscription(self) -> Reading[Any]:
        return await self._ask(f"GET /{self._app_id}/subscriptions", self._graph.app_subscription)

    async def lists(self, accounts: Sequence[str]) -> list[Reading[tuple[Number, ...]]]:
        """The numbers of each account, a hundred a call."""
        return await asyncio.gather(*(self._list(account_id) for account_id in accounts))

    async def _list(self, account_id: str) -> Reading[tuple[Number, ...]]:
        how = f"GET /{account_id}/phone_numbers"
        return await self._ask(how, lambda: self._graph.numbers(account_id), deadline_s=2 * DEADLINE_S)

    async def shared(self, accounts: Sequence[str]) -> dict[str, dict[str, Reading[Any]]]:
        """What the numbers of one account have in common, by account; a token used by several is asked once."""
        reads = {account_id: self.of_account(account_id) for account_id in accounts}
        tokens = {account_id: self.token_of(account_id) for account_id in accounts}
        once: dict[object, Read] = {("token", tokens[each]): reads[each]["token"] for each in accounts}
        once["subscription"] = self.subscription
        for each in accounts:
            once |= {(each, name): reads[each][name] for name in ("account", "apps")}
        done = dict(zip(once, await asyncio.gather(*(read() for read in once.values())), strict=True))
        return {
            each: {
                "token": done["token", tokens[each]],
                "subscription": done["subscription"],
                "account": done[each, "account"],
                "apps": done[each, "apps"],
            }
            for each in accounts
        }

    async def _inspect(self, account_id: str) -> object:
        return await self._graph.inspect_token(self.token_of(account_id))

    async def _ask(
        self, how: str, call: Callable[[], Awaitable[T]], *, deadline_s: float = DEADLINE_S
    ) -> Reading[T]:
        """One question. Silence beyond the deadline is Meta's silence: bytes may have left."""
        async with self._slots:
            at, start = self._clock.now(), time.monotonic()
            value: T | None = None
            error: GraphError | None = None
            try:
                async with asyncio.timeout(deadline_s):
                    value = await call()
            except TimeoutError:
                error = Unreachable("Meta did not answer in time.", sent=True)
            except GraphError as failed:
                error = failed
            return Reading(how, at, time.monotonic() - start, value, error)
