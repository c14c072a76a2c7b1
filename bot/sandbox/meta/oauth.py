"""Tokens about tokens: debug_token, the exchanges, and granted permissions (meta-graph.md §6)."""

import hmac
from datetime import datetime, timedelta

from bot.sandbox.meta.access import parse_token
from bot.sandbox.meta.account import AppRecord
from bot.sandbox.meta.ask import Ask
from bot.sandbox.meta.bag import Bag
from bot.sandbox.meta.errors import DEATHS, Json, MetaError, bad_param, dead_token, no_field
from bot.sandbox.meta.token import TokenRecord
from bot.sandbox.meta.world import World

LONG_LIFE = timedelta(days=60)


async def debug_token(ask: Ask) -> Json:
    """What a token is worth. A dead one is no error of this call: HTTP 200 with `data.error`."""
    text = ask.bag.text("input_token")
    if ask.viewer.kind != "APP" and not ask.viewer.developer:
        raise bad_param(
            "You must provide an app access token, or a user access token that is an owner or developer of "
            "the app"
        )
    token = parse_token(ask.world, text, ask.now)
    if token is None:
        words = "Invalid OAuth access token - Cannot parse access token"
        return {"data": {"error": {"code": 190, "message": words}, "is_valid": False, "scopes": []}}
    if token.app_id != ask.viewer.app_id:
        raise bad_param("The App_id in the input_token did not match the Viewing App")
    data = _described(token, ask.world.apps[token.app_id])
    death = token.death(ask.now)
    return {"data": data if death is None else _dead(data, death)}


def _described(token: TokenRecord, app: AppRecord) -> Json:
    data: Json = {
        "app_id": app.id,
        "type": token.kind,
        "application": app.name,
        "data_access_expires_at": _epoch(token.data_access_expires_at),
        "expires_at": _epoch(token.expires_at),
        "is_valid": True,
        "issued_at": _epoch(token.issued_at),
        "scopes": list(token.scopes),
    }
    if token.kind == "APP":
        return {name: data[name] for name in ("app_id", "type", "application", "is_valid", "scopes")}
    granular: list[Json] = []
    for scope in token.scopes:
        if scope != "public_profile":
            targets = token.targets.get(scope)
            granular.append({"scope": scope} | ({} if targets is None else {"target_ids": list(targets)}))
    return data | {"granular_scopes": granular, "user_id": token.user_id}


def _dead(data: Json, death: int) -> Json:
    error: Json = {"code": 190, "message": DEATHS.get(death, "Invalid OAuth access token")}
    if death:
        error["subcode"] = death
    kept = {name: data[name] for name in ("app_id", "type", "application", "expires_at", "scopes", "user_id")}
    return kept | {"is_valid": False, "error": error}


def _epoch(at: datetime | None) -> int:
    """Seconds; 0 stands for never."""
    return int(at.timestamp()) if at else 0


async def exchange(world: World, bag: Bag, now: datetime) -> Json:
    """`/oauth/access_token`: needs no access token, the app proves itself by its secret."""
    app = _client(world, bag)
    match bag.text("grant_type"):
        case "client_credentials":
            return {"access_token": f"{app.id}|{app.secret}", "token_type": "bearer"}
        case "fb_exchange_token":
            return _longer(world, app, bag, now)
    raise MetaError(1, "Invalid grant_type: only fb_exchange_token and client_credentials are served here.")


def _client(world: World, bag: Bag) -> AppRecord:
    client_id = bag.maybe("client_id")
    if not client_id:
        raise MetaError(101, "Missing client_id parameter.")
    app = world.apps.get(client_id)
    if app is None:
        raise MetaError(101, "Error validating application. Cannot get application info.")
    if not hmac.compare_digest(bag.maybe("client_secret").encode(), app.secret.encode()):
        raise MetaError(1, "Error validating client secret.")
    return app


def _longer(world: World, app: AppRecord, bag: Bag, now: datetime) -> Json:
    """A new token with a new life; the old one keeps its own. An expired one buys nothing.

    A token that never expires stays so, unless 60 days are asked for, which would be a downgrade.
    """
    old = parse_token(world, bag.text("fb_exchange_token"), now)
    if old is None or old.app_id != app.id or old.kind == "APP":
        raise dead_token(0, status=world.status_of_190)
    death = old.death(now)
    if death is not None:
        raise dead_token(death, status=world.status_of_190)
    sixty = bag.flag("set_token_expires_in_60_days") or old.expires_at is not None
    new = world.new_token_like(old, life=LONG_LIFE if sixty else None)
    answer: Json = {"access_token": new.text, "token_type": "bearer"}
    if sixty and not app.hide_expires_in:
        answer["expires_in"] = int(LONG_LIFE.total_seconds())
    return answer


async def get_permissions(ask: Ask) -> Json:
    """A user's edge: a system user has none (ask debug_token for its scopes)."""
    if ask.viewer.kind != "USER":
        raise no_field("permissions", "SystemUser")
    granted = [{"permission": scope, "status": "granted"} for scope in ask.viewer.scopes]
    declined = [{"permission": scope, "status": "declined"} for scope in ask.viewer.declined]
    rows = granted + declined
    for name in ("permission", "status"):
        asked = ask.bag.maybe(name)
        rows = [row for row in rows if asked in ("", row[name])]
    return {"data": rows}


async def get_me(ask: Ask) -> Json:
    return {"name": ask.viewer.user_name, "id": ask.viewer.user_id}
