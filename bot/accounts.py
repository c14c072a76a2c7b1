"""Which WhatsApp accounts there are: the settings name them, or else the tokens do."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import Clock
from bot.config import Config
from bot.errors import BotError
from bot.graph.client import Graph
from bot.graph.errors import GraphError, TokenRejected
from bot.graph.model import TokenInfo
from bot.secret import Secret

FRESH_FOR = timedelta(minutes=10)
NOT_CONNECTED = "No access token is stored, so the bot is not connected to Meta."
CONNECT = (
    "A manager types `/whatsapp token replace`, or puts a token into META_ACCESS_TOKEN and restarts the bot."
)


class Holder(Protocol):
    """Who holds the tokens: told which number belongs to which account, asked which tokens there are."""

    def learn(self, numbers: Mapping[str, str]) -> None: ...

    def secrets(self) -> tuple[Secret, ...]: ...

    def for_node(self, node_id: str) -> Secret: ...


class Accounts:
    """Remembers what the tokens named: for ten minutes, and of a token that died for good."""

    def __init__(self, *, graph: Graph, config: Config, clock: Clock, tokens: Holder) -> None:
        self._graph = graph
        self._config = config
        self._clock = clock
        self._tokens = tokens
        self._found: tuple[tuple[str, ...], tuple[Secret, ...], datetime] | None = None
        self._named_by: dict[Secret, tuple[str, ...]] = {}

    async def ids(self) -> tuple[str, ...]:
        """META_WABA_IDS, else the accounts named by the tokens' granular scopes.

        Raises GraphError when Meta tells of none, BotError when there is nothing to ask about or nothing named.
        """
        if self._config.meta_waba_ids:
            return self._config.meta_waba_ids
        tokens = self._tokens.secrets()
        if not tokens:
            raise BotError(NOT_CONNECTED, hint=CONNECT)
        if self._found and self._found[1] == tokens and self._clock.now() - self._found[2] < FRESH_FOR:
            return self._found[0]
        named = await asyncio.gather(*(self._named(one, tokens) for one in tokens), return_exceptions=True)
        failures = [one for one in named if isinstance(one, BaseException)]
        ids = dict.fromkeys(one for ids in named if not isinstance(ids, BaseException) for one in ids)
        if failures and not ids:
            raise failures[0]
        if not ids:
            raise BotError(
                "The token names no WhatsApp account.",
                hint="Set META_WABA_IDS to the account ids shown in WhatsApp Manager → Account tools.",
            )
        if not failures:
            self._found = (tuple(ids), tokens, self._clock.now())
        return tuple(ids)

    async def _named(self, token: Secret, tokens: tuple[Secret, ...]) -> tuple[str, ...]:
        """The accounts one token names. Beside others, one that fails is taken to name what it named before."""
        try:
            info = await self._graph.inspect_token(token)
            if not info.is_valid:
                raise _dead(info)
        except GraphError:
            if len(tokens) > 1 and token in self._named_by:
                return self._named_by[token]
            raise
        self._named_by[token] = info.account_ids
        return info.account_ids


def _dead(info: TokenInfo) -> TokenRejected:
    return TokenRejected(
        "Meta does not accept our access token.",
        code=190,
        subcode=info.error_subcode,
        words=info.error_words,
    )
