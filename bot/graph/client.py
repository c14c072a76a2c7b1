"""Meta's Graph API as the desk uses it: one typed method per endpoint."""

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import datetime

import httpx

from bot.clock import Clock
from bot.graph.calling import Caller
from bot.graph.credentials import Credentials
from bot.graph.errors import Refused, TokenRejected, Unreachable
from bot.graph.fields import ACCOUNT, LISTED_NUMBER, NUMBER, Asking
from bot.graph.hiding import hide
from bot.graph.limits import DEFAULT, Limits
from bot.graph.model import Account, Number, SubscribedApp, TokenInfo
from bot.graph.reading import (
    entry,
    items,
    read_account,
    read_id,
    read_number,
    read_subscribed_app,
    read_token,
    text,
)
from bot.graph.refusal import UNREADABLE
from bot.graph.transport import open_http
from bot.graph.usage import Gate
from bot.secret import Secret

__all__ = ["Graph", "Limits", "open_http"]

log = logging.getLogger("bot.graph")


class Graph:
    """Speaks for one app with one token at a time; `token` is asked anew for each call.

    Every method raises GraphError. Reads are tried up to three times within eight seconds; a write is
    sent at most once, and an Unreachable with `sent` says that Meta may have acted.
    """

    def __init__(
        self,
        *,
        base_url: str,
        version: str,
        app_id: str,
        app_secret: Secret,
        token: Callable[[], Secret],
        http: httpx.AsyncClient,
        clock: Clock,
        limits: Limits = DEFAULT,
        gate: Gate | None = None,
    ) -> None:
        self._credentials = Credentials(version=version, app_id=app_id, app_secret=app_secret, token=token)
        self._limits = limits
        gate = gate or Gate(clock, limits)
        self._caller = Caller(http=http, base_url=base_url, clock=clock, limits=limits, gate=gate)
        self._asking = Asking()

    # Reads

    async def number(self, number_id: str) -> Number:
        """One number. Its `missing` names the fields Meta refused to know."""

        async def ask(fields: str) -> dict[str, object]:
            return await self._caller.read(
                self._credentials.as_user("GET", number_id, query={"fields": fields})
            )

        node, missing = await self._asking.read(NUMBER, ask)
        return read_number(node, number_id=number_id, missing=missing)

    async def numbers(self, account_id: str) -> tuple[Number, ...]:
        """All numbers of an account, newest onboarded first, 100 per call."""

        async def ask(fields: str) -> list[object]:
            pages = self._pages(account_id, "phone_numbers", {"fields": fields})
            return [node async for node in pages]

        nodes, missing = await self._asking.read(LISTED_NUMBER, ask)
        return tuple(
            read_number(node, number_id=number_id, account_id=account_id, missing=missing)
            for node in nodes
            if (number_id := read_id(node, "id"))
        )

    async def account(self, account_id: str) -> Account:
        """One WhatsApp Business Account. A limited token may read numbers but not this (§4.1)."""

        async def ask(fields: str) -> dict[str, object]:
            return await self._caller.read(
                self._credentials.as_user("GET", account_id, query={"fields": fields})
            )

        node, _ = await self._asking.read(ACCOUNT, ask)
        return read_account(node, account_id=account_id)

    async def subscribed_apps(self, account_id: str) -> tuple[SubscribedApp, ...]:
        """The apps that get the account's webhooks; empty: nobody does."""
        nodes = [node async for node in self._pages(account_id, "subscribed_apps", {})]
        return tuple(app for app in map(read_subscribed_app, nodes) if app)

    async def inspect_token(self, token: Secret | None = None) -> TokenInfo:
        """What Meta knows of `token` (default: the current one), asked with the app's own token.

        A dead token is an answer (`is_valid` False with `error_code`). Any GraphError means that the
        inspection failed and says nothing about the token. Source: meta-graph.md §6.1.
        """
        request = self._credentials.inspection(token)
        try:
            data = entry(await self._caller.read(request), "data")
        except TokenRejected as refusal:
            raise _app_refused(refusal) from None
        if not isinstance(data, dict):
            raise Unreachable(UNREADABLE, sent=True)
        info = read_token(data)
        return replace(info, error_words=hide(info.error_words, request.secrets))

    # Writes: each is sent at most once

    async def extend_token(self, token: Secret, *, system_user: bool) -> Secret:
        """A new token in exchange for a valid one; the old one stays valid for now (meta-graph.md §6.3).

        Never tried again: a second exchange would leave a token nobody keeps.
        """
        answer = await self._caller.once(self._credentials.extension(token, system_user=system_user))
        fresh = text(answer, "access_token")
        if not fresh:
            raise Unreachable(UNREADABLE, sent=True)
        return Secret(fresh)

    async def subscribe_app(self, account_id: str) -> None:
        """Subscribe our app to the account. Deletes an override URL: read `subscribed_apps` first."""
        await self._caller.write(self._credentials.as_user("POST", account_id, "subscribed_apps", form={}))

    async def request_code(self, number_id: str, *, method: str, language: str) -> None:
        """Make Meta send a code: `method` SMS or VOICE, `language` like en_US."""
        form = {"code_method": method, "language": language}
        await self._caller.write(self._credentials.as_user("POST", number_id, "request_code", form=form))

    async def verify_code(self, number_id: str, *, code: Secret) -> None:
        """Prove ownership with the code. A code works once and lives about ten minutes."""
        await self._caller.write(
            self._credentials.as_user("POST", number_id, "verify_code", form={"code": code})
        )

    async def register(self, number_id: str, *, pin: Secret) -> None:
        """Connect the number. Ten tries per number in 72 hours, then Throttled (133016).

        Without a two-step PIN `pin` becomes it, otherwise it must match (133005).
        """
        json: dict[str, str | Secret] = {"messaging_product": "whatsapp", "pin": pin}
        await self._caller.write(self._credentials.as_user("POST", number_id, "register", json=json))

    async def set_pin(self, number_id: str, *, pin: Secret) -> None:
        """Set a new two-step PIN; the old one is not needed."""
        await self._caller.write(self._credentials.as_user("POST", number_id, form={"pin": pin}))

    def not_before(self) -> datetime | None:
        """When this app may call again (UTC); None: now. Until then every method raises Throttled unsent."""
        return self._caller.gate.not_before()

    def usage_percent(self) -> float:
        """The highest share of our allowance in Meta's latest answer that told; ≥ 80: no background reads."""
        return self._caller.gate.percent

    async def _pages(self, account_id: str, edge: str, query: Mapping[str, str]) -> AsyncIterator[object]:
        """The entries of a list edge. Follows the cursor, never the `next` URL: that carries the token."""
        asked = {**query, "limit": str(self._limits.page_size)}
        for _ in range(self._limits.pages):
            page = await self._caller.read(self._credentials.as_user("GET", account_id, edge, query=asked))
            if not isinstance(page.get("data"), list):
                raise Unreachable(UNREADABLE, sent=True)
            for node in items(page, "data"):
                yield node
            after = text(page, "paging", "cursors", "after")
            if not text(page, "paging", "next") or not after or after == asked.get("after"):
                return
            asked["after"] = after
        log.warning("account %s has more than %d pages of %s", account_id, self._limits.pages, edge)


def _app_refused(refusal: TokenRejected) -> Refused:
    """A refused inspection is about the app's own credentials: never to be taken for a dead token."""
    return Refused(
        "Meta did not accept our app id and secret.",
        hint="Check META_APP_ID and META_APP_SECRET.",
        code=refusal.code,
        subcode=refusal.subcode,
        title=refusal.title,
        words=refusal.words,
        details=refusal.details,
        trace=refusal.trace,
        http=refusal.http,
    )
