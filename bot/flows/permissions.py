"""Try refreshing permissions: read everything, repair what can be repaired from here, read it back.

What it can and cannot do: meta-graph.md §6.7. It never posts to `/{app}/subscriptions`, and subscribes
the app only when it is missing, because a bare POST deletes an override (§4.2).
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.audit import Act, Outcome
from bot.flows.act import Acts
from bot.flows.extending import NOTHING, Extending
from bot.flows.guard import intent, op_of
from bot.flows.patience import Patience
from bot.flows.refresh_lines import (
    account_line,
    scopes_line,
    status_line,
    subscription_line,
    token_line,
    webhook_line,
)
from bot.flows.report import RefreshReport
from bot.flows.result import Result, result_of
from bot.flows.state import Reconnect
from bot.graph.client import Graph
from bot.graph.errors import GraphError
from bot.graph.model import Account, Number, SubscribedApp, TokenInfo
from bot.roles import Person
from bot.token_rules import should_extend
from bot.tokens import Tokens
from storage.errors import StorageError

READ_BACK_AFTER_S = (0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0)  # about 20 seconds until “not yet”

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Seen:
    """One reading. An error stands for “could not tell”."""

    token: TokenInfo | GraphError
    account: Account | GraphError
    number: Number | GraphError
    apps: tuple[SubscribedApp, ...] | GraphError


class Permissions:
    """The refresh, as a part of a reconnect or on its own."""

    def __init__(
        self,
        *,
        acts: Acts,
        graph: Graph,
        tokens: Tokens,
        extending: Extending,
        app_id: str,
        patience: Patience,
    ) -> None:
        self._acts = acts
        self._graph = graph
        self._tokens = tokens
        self._extending = extending
        self._app_id = app_id
        self._patience = patience

    async def run(self, person: Person, flow: Reconnect) -> RefreshReport:
        """Inspect, repair, read back. Meta's failures become lines of the report, never an exception."""
        before = await self._read(flow)
        extended = await self._extend(person, flow, before.token)
        subscribed = await self._subscribe(person, flow, before.apps)
        number = await self._read_back(flow)
        after = replace(await self._read(flow), number=number) if extended.ok or subscribed.ok else before
        changes = (
            token_line(before.token, after.token, extended, self._acts.clock.now()),
            scopes_line(after.token),
            account_line(after.account),
            subscription_line(before.apps, after.apps, subscribed, self._app_id),
            webhook_line(before.number, number),
            status_line(before.number, number),
        )
        word = "" if isinstance(number, GraphError) else number.status or ""
        connected = word.upper() == "CONNECTED" if word else None
        error, words = _first_error((before, after), (extended, subscribed))
        return RefreshReport(flow.ref, changes, connected, word, error, words)

    async def _read(self, flow: Reconnect) -> _Seen:
        token, account, number, apps = await asyncio.gather(
            _told(self._graph.inspect_token(self._tokens.of_account(flow.ref.account_id).token)),
            _told(self._graph.account(flow.ref.account_id)),
            _told(self._graph.number(flow.ref.id)),
            _told(self._graph.subscribed_apps(flow.ref.account_id)),
        )
        return _Seen(token, account, number, apps)

    async def _read_back(self, flow: Reconnect) -> Number | GraphError:
        """The status, read until it says CONNECTED, for about 20 seconds after a registration.

        When the bot stops meanwhile, the last word counts: “not yet” is known, a cut-off is not.
        """
        found = await _told(self._graph.number(flow.ref.id))
        waits = READ_BACK_AFTER_S if flow.kind == "reconnect" else ()
        silences = 0
        for wait in waits:
            silences += isinstance(found, GraphError)
            if silences > 1 or (
                not isinstance(found, GraphError) and (found.status or "").upper() == "CONNECTED"
            ):
                break  # a Meta that does not answer is not asked eight times ten seconds long
            if await self._patience.stopped_within(wait):
                break
            found = await _told(self._graph.number(flow.ref.id))
        return found

    async def _extend(self, person: Person, flow: Reconnect, token: TokenInfo | GraphError) -> Result:
        if isinstance(token, GraphError) or not should_extend(token, self._acts.clock.now()):
            return NOTHING
        held = self._tokens.of_account(flow.ref.account_id)
        key = f"{flow.id}:{flow.version}"
        return await self._extending.extend(person, held, token, key=key, ref=flow.ref, flow_id=flow.id)

    async def _subscribe(
        self, person: Person, flow: Reconnect, apps: tuple[SubscribedApp, ...] | GraphError
    ) -> Result:
        if isinstance(apps, GraphError) or any(app.id == self._app_id for app in apps):
            return NOTHING
        return await self._write(
            person, flow, Act.SUBSCRIBE, lambda: self._graph.subscribe_app(flow.ref.account_id)
        )

    async def _write(
        self, person: Person, flow: Reconnect, act: Act, call: Callable[[], Awaitable[None]]
    ) -> Result:
        """Intent, one call, outcome. Without a durable intent there is no call."""
        record = intent(act, op_of(act, f"{flow.id}:{flow.version}"), person, flow, self._acts.clock.now())
        try:
            await self._acts.record(record)
        except StorageError as error:
            return Result(Outcome.NOT_SENT, reason="not recorded", says=error.sentence)
        result = await self._acts.attempt(call())
        await self._acts.record_outcome(record, result)
        return result


def _first_error(seen: Iterable[_Seen], written: Iterable[Result]) -> tuple[str, str]:
    """The first error number Meta gave, and its words; a dead token is one, too."""
    for result in written:
        if result.code:
            return result.reason, result.metas_words
    for each in seen:
        for one in (each.token, each.account, each.number, each.apps):
            if isinstance(one, GraphError) and one.code:
                told = result_of(one)
                return told.reason, told.metas_words
            if isinstance(one, TokenInfo) and one.error_code:
                number = f"{one.error_code}/{one.error_subcode}" if one.error_subcode else f"{one.error_code}"
                return number, one.error_words
    return "", ""


async def _told(read: Awaitable[T]) -> T | GraphError:
    try:
        return await read
    except GraphError as error:
        return error
