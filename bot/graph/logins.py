"""Tokens for tokens and for a login: each exchange is sent at most once (meta-graph.md §6.3, §6.4)."""

from bot.graph.calling import Caller
from bot.graph.credentials import Credentials
from bot.graph.errors import Unreachable
from bot.graph.reading import text
from bot.graph.refusal import UNREADABLE
from bot.graph.transport import Request
from bot.secret import Secret


class Logins:
    """The part of `Graph` by which tokens come in."""

    _caller: Caller
    _credentials: Credentials

    async def extend_token(self, token: Secret, *, system_user: bool) -> Secret:
        """A new token in exchange for a valid one; the old one stays valid for now (meta-graph.md §6.3).

        Never tried again: a second exchange would leave a token nobody keeps.
        """
        return await self._exchanged(self._credentials.extension(token, system_user=system_user))

    async def exchange_code(self, code: Secret, *, redirect_uri: str, verifier: Secret | None) -> Secret:
        """The token for a code of the login dialog, which lives 30 seconds and works once.

        Never tried again: whoever shows a code twice gets nothing, and Meta may void the first token.
        """
        return await self._exchanged(
            self._credentials.code_exchange(code, redirect_uri=redirect_uri, verifier=verifier)
        )

    async def _exchanged(self, request: Request) -> Secret:
        fresh = text(await self._caller.once(request), "access_token")
        if not fresh:
            raise Unreachable(UNREADABLE, sent=True)
        return Secret(fresh)
