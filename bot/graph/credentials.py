"""Build requests that carry the right credentials: the token for the node with its proof, or the app's own."""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping

from bot.errors import BadInput
from bot.graph.errors import TokenRejected
from bot.graph.transport import Leaf, Request
from bot.secret import Secret

_ID = re.compile(r"\d{5,20}", re.ASCII)
_HEADER_SAFE = re.compile(r"[\x21-\x7e]+")


class Credentials:
    """One app at one Graph version.

    `token` is asked anew for each request, with the id of the node the request is about ("" for none): it
    may be another one for another business, and be replaced any time.
    """

    def __init__(
        self, *, version: str, app_id: str, app_secret: Secret, token: Callable[[str], Secret]
    ) -> None:
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
        form: Mapping[str, Leaf] | None = None,
        json: Mapping[str, Leaf | Mapping[str, Leaf]] | None = None,
    ) -> Request:
        """A request with the node's token. Raises BadInput when `node_id` cannot be an id of Meta's."""
        if not _ID.fullmatch(node_id):
            raise BadInput("That is not an id of Meta's: those have 5 to 20 digits.")
        token = self._usable(self._token(node_id))
        return Request(
            method=method,
            path=self._path(node_id, edge) if edge else self._path(node_id),
            query=query or {},
            secret_query={"appsecret_proof": self._proof(token)},
            form=form,
            json=json,
            bearer=token,
        )

    def as_app(self, method: str, edge: str, *, form: Mapping[str, Leaf] | None = None) -> Request:
        """A request about our app itself, with its own token. No proof: that is for users' tokens."""
        return Request(
            method=method, path=self._path(self._app_id, edge), form=form, bearer=self._app_token()
        )

    def inspection(self, token: Secret | None) -> Request:
        """`debug_token` of `token` or the usual one, asked by the app and not by the token itself."""
        return Request(
            method="GET",
            path=self._path("debug_token"),
            secret_query={"input_token": self._usable(token or self._token(""))},
            bearer=self._app_token(),
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

    def code_exchange(self, code: Secret, *, redirect_uri: str, verifier: Secret | None) -> Request:
        """The login dialog's code for a token. `redirect_uri` must be the dialog's, to the letter."""
        secret = {"client_secret": self._app_secret, "code": code}
        if verifier is not None:
            secret["code_verifier"] = verifier
        return Request(
            method="GET",
            path=self._path("oauth", "access_token"),
            query={"client_id": self._app_id, "redirect_uri": redirect_uri},
            secret_query=secret,
        )

    def using(self, token: Secret) -> "Credentials":
        """The same app with this token for every node."""
        return Credentials(
            version=self._version, app_id=self._app_id, app_secret=self._app_secret, token=lambda _node: token
        )

    def _app_token(self) -> Secret:
        return Secret(f"{self._app_id}|{self._app_secret.reveal()}")

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
