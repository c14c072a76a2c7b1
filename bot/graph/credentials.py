"""Build requests that carry the right credentials: the current token with its proof, or the app's own."""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping

from bot.errors import BadInput
from bot.graph.errors import TokenRejected
from bot.graph.transport import Request
from bot.secret import Secret

_ID = re.compile(r"\d{5,20}", re.ASCII)
_HEADER_SAFE = re.compile(r"[\x21-\x7e]+")


class Credentials:
    """One app at one Graph version. `token` is asked anew for each request: it may be replaced any time."""

    def __init__(self, *, version: str, app_id: str, app_secret: Secret, token: Callable[[], Secret]) -> None:
        self._version = version
        self._app_id = app_id
        self._app_secret = app_secret
        self._token = token

    def as_user(
        self,
        method: str,
        node_id: str,
        edge: str = "",
        *,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str | Secret] | None = None,
        json: Mapping[str, str | Secret] | None = None,
    ) -> Request:
        """A request with the current token. Raises BadInput when `node_id` cannot be an id of Meta's."""
        if not _ID.fullmatch(node_id):
            raise BadInput("That is not an id of Meta's: those have 5 to 20 digits.")
        token = self._usable(self._token())
        return Request(
            method=method,
            path=self._path(node_id, edge) if edge else self._path(node_id),
            query=query or {},
            secret_query={"appsecret_proof": self._proof(token)},
            form=form,
            json=json,
            bearer=token,
        )

    def inspection(self, token: Secret | None) -> Request:
        """`debug_token` of `token` or the current one, asked by the app and not by the token itself."""
        return Request(
            method="GET",
            path=self._path("debug_token"),
            secret_query={"input_token": self._usable(token or self._token())},
            bearer=Secret(f"{self._app_id}|{self._app_secret.reveal()}"),
        )

    def extension(self, token: Secret, *, system_user: bool) -> Request:
        """`fb_exchange_token`, authorised by the app secret alone."""
        query = {"grant_type": "fb_exchange_token", "client_id": self._app_id}
        if system_user:
            query["set_token_expires_in_60_days"] = "true"  # noqa: S105 - a switch, no token
        return Request(
            method="GET",
            path=self._path("oauth", "access_token"),
            query=query,
            secret_query={"client_secret": self._app_secret, "fb_exchange_token": self._usable(token)},
        )

    def _usable(self, token: Secret) -> Secret:
        if not _HEADER_SAFE.fullmatch(token.reveal()):
            raise TokenRejected("There is no usable access token.", hint="A manager has to connect one.")
        return token

    def _proof(self, token: Secret) -> Secret:
        """Shows Meta that whoever uses the token also knows the app secret (meta-graph.md §6.6)."""
        key, message = self._app_secret.reveal().encode(), token.reveal().encode()
        return Secret(hmac.new(key, message, hashlib.sha256).hexdigest())

    def _path(self, *parts: str) -> str:
        return "/".join(("", self._version, *parts))
