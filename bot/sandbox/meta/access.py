"""Whose token it is and what it may touch."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from bot.sandbox.meta.account import AppRecord
from bot.sandbox.meta.errors import MetaError, dead_token, no_object, no_permission
from bot.sandbox.meta.token import MANAGEMENT, MESSAGING, TokenRecord
from bot.sandbox.meta.world import World

READ_NUMBER = (MANAGEMENT, MESSAGING)
MANAGE = (MANAGEMENT,)
REGISTER = (MANAGEMENT, MESSAGING)


def bearer(header: str, param: str) -> str:
    """The token of the Authorization header, else of the `access_token` parameter. 104: neither."""
    scheme, _, text = header.partition(" ")
    text = text.strip() if scheme.casefold() in ("bearer", "oauth") else ""
    if not (text or param):
        raise MetaError(104, "An access token is required to request this resource.")
    return text or param


def viewer_of(world: World, text: str, now: datetime) -> TokenRecord:
    """The live token with this text, user's or app's. MetaError 190 with the subcode of its death."""
    token = parse_token(world, text, now)
    if token is None:
        raise dead_token(0, status=world.status_of_190)
    death = token.death(now)
    if death is not None:
        raise dead_token(death, status=world.status_of_190)
    return token


def parse_token(world: World, text: str, now: datetime) -> TokenRecord | None:
    """Dead or alive; None: no token of ours."""
    if text in world.tokens:
        return world.tokens[text]
    app_id, bar, secret = text.partition("|")
    app = world.apps.get(app_id)
    if bar and app is not None and hmac.compare_digest(secret.encode(), app.secret.encode()):
        return TokenRecord(text, f"app {app_id}", app_id, "", now, kind="APP", scopes=[])
    return None


def check_proof(app: AppRecord, token: TokenRecord, proof: str) -> None:
    """`appsecret_proof`: checked whenever it is sent, asked for when the app wants it."""
    if not proof:
        if app.require_proof and token.kind != "APP":
            raise MetaError(
                100,
                "API calls from the server require an appsecret_proof argument",
                kind="GraphMethodException",
            )
        return
    right = hmac.new(app.secret.encode(), token.text.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(proof.encode(), right.encode()):
        raise MetaError(
            100, "Invalid appsecret_proof provided in the API argument", kind="GraphMethodException"
        )


def may_read(token: TokenRecord, account_id: str, scopes: Sequence[str], node_id: str, now: datetime) -> None:
    """Any one of `scopes` reaching the account will do. 10: none granted; 100/33: none reaches it."""
    granted = [scope for scope in scopes if scope in token.scopes]
    if not granted:
        raise no_permission(scopes[0], write=False)
    lapsed = token.data_access_expires_at
    if lapsed is not None and lapsed <= now:
        raise MetaError(10, "(#10) The user's data access for this app has expired", status=403)
    if not any(token.reaches(scope, account_id) for scope in granted):
        raise no_object("get", node_id)


def may_write(token: TokenRecord, account_id: str, scopes: Sequence[str], now: datetime) -> None:
    """All of `scopes` must be granted and reach the account, else 200."""
    for scope in scopes:
        if scope not in token.scopes:
            raise no_permission(scope, write=True)
        if not token.reaches(scope, account_id):
            raise MetaError(
                200,
                "(#200) You do not have the necessary permissions required to manage this account",
                status=403,
            )
    lapsed = token.data_access_expires_at
    if lapsed is not None and lapsed <= now:
        raise MetaError(10, "(#10) The user's data access for this app has expired", status=403)
