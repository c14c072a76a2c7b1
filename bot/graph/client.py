"""Meta's Graph API as the desk uses it: one typed method per endpoint; webhooks and logins have their own files."""

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from datetime import datetime

import httpx

from bot.clock import Clock
from bot.graph.calling import Caller
from bot.graph.credentials import Credentials
from bot.graph.errors import TokenRejected, Unreachable, app_refused
from bot.graph.fields import ACCOUNT, LISTED_NUMBER, NUMBER, Asking
from bot.graph.hiding import hide
from bot.graph.hooks import Hooks
from bot.graph.limits import DEFAULT, Limits
from bot.graph.listing import pages
from bot.graph.logins import Logins
from bot.graph.model import Account, Number, TokenInfo
from bot.graph.reading import entry, read_account, read_id, read_number, read_token
from bot.graph.refusal import UNREADABLE
from bot.graph.transport import open_http
from bot.graph.usage import Gate
from bot.secret import Secret

__all__ = ["Graph", "Limits", "open_http"]


class Graph(Hooks, Logins):
    """Speaks for one app; `token` is asked anew for each call, with the id of the number or account it is about.

    Every method raises GraphError. Reads are tried up to three times within eight seconds; a write is
    sent at most once, and an Unreachable with `sent` says that Meta may have acted. `heard` is told how each
    call went, in a word.
    """

    def __init__(
        self,
        *,
        base_url: str,
        version: str,
        app_id: str,
        app_secret: Secret,
        token: Callable[[str], Secret],
        http: httpx.AsyncClient,
        clock: Clock,
        limits: Limits = DEFAULT,
        gate: Gate | None = None,
        heard: Callable[[str], None] | None = None,
    ) -> None:
        self._credentials = Credentials(version=version, app_id=app_id, app_secret=app_secret, token=token)
        self._limits = limits
        gate = gate or Gate(clock, limits)
        self._caller = Caller(
            http=http, base_url=base_url, clock=clock, limits=limits, gate=gate, heard=heard
        )
        self._asking = Asking()

    def using(self, token: Secret) -> "Graph":
        """The same app, gate and connections with this token for every node: to try it before it is kept."""
        other = copy(self)
        other._credentials = self._credentials.using(token)
        return other

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
            request = self._credentials.as_user("GET", account_id, "phone_numbers", query={"fields": fields})
            return [node async for node in pages(self._caller, request, self._limits)]

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

    async def templates(self, account_id: str) -> int:
        """How many message templates the account has, in whatever state; 100 per call."""
        request = self._credentials.as_user("GET", account_id, "message_templates", query={"fields": "id"})
        return len([node async for node in pages(self._caller, request, self._limits)])

    async def inspect_token(self, token: Secret | None = None) -> TokenInfo:
        """What Meta knows of `token` (default: the current one), asked with the app's own token.

        A dead token is an answer (`is_valid` False with `error_code`). Any GraphError means that the
        inspection failed and says nothing about the token. Source: meta-graph.md §6.1.
        """
        request = self._credentials.inspection(token)
        try:
            data = entry(await self._caller.read(request), "data")
        except TokenRejected as refusal:
            raise app_refused(refusal) from None
        if not isinstance(data, dict):
            raise Unreachable(UNREADABLE, sent=True)
        info = read_token(data)
        return replace(info, error_words=hide(info.error_words, request.secrets))

    # Writes: each is sent at most once

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
