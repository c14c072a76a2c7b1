"""Tokens about tokens: debug_token, the exchanges, and granted permissions (meta-graph.md §6)."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from bot.sandbox.meta.access import parse_token
from bot.sandbox.meta.account import AppRecord
from bot.sandbox.meta.ask import Ask
from bot.sandbox.meta.bag import Bag
from bot.sandbox.meta.errors import DEATHS, Json, MetaError, bad_param, dead_token, no_field
from bot.sandbox.meta.login import CODE_LIFE, SHORT_LIFE, Grant
from bot.sandbox.meta.token import MANAGEMENT, MESSAGING, TokenRecord
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
    if bag.maybe("code"):
        return _first(world, app, bag, now)
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


def _first(world: World, app: AppRecord, bag: Bag, now: datetime) -> Json:
    """The token for a login's code, which any try uses up. A second try also ends the first one's token."""
    grant = world.grants.get(bag.text("code"))
    if grant is None or grant.app_id != app.id:
        raise MetaError(100, "Invalid verification code format.")
    if grant.used:
        if grant.token:
            world.tokens[grant.token].revoke_token(466)
        raise MetaError(100, "This authorization code has been used.", subcode=36009)
    grant.used = True
    if now - grant.issued_at > CODE_LIFE:
        raise MetaError(100, "This authorization code has expired.", subcode=36007)
    if bag.maybe("redirect_uri") != grant.redirect_uri:
        raise MetaError(
            100,
            "Error validating verification code. Please make sure your redirect_uri is identical to the one "
            "you used in the OAuth dialog request",
            subcode=36008,
        )
    if not _verifies(bag.maybe("code_verifier"), grant.challenge):
        raise bad_param("Invalid code_verifier parameter")
    token = world.add_token(_granted(grant, world, now))
    grant.token = token.text
    answer: Json = {"access_token": token.text, "token_type": "bearer"}
    if token.expires_at is not None and not app.hide_expires_in:
        answer["expires_in"] = int((token.expires_at - now).total_seconds())
    return answer


def _verifies(verifier: str, challenge: str) -> bool:
    """PKCE, S256. A verifier where none was promised is refused too."""
    if not challenge or not verifier:
        return not challenge and not verifier
    digest = hashlib.sha256(verifier.encode()).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=")
    return 43 <= len(verifier) <= 128 and hmac.compare_digest(made, challenge.encode())


def _granted(grant: Grant, world: World, now: datetime) -> TokenRecord:
    """By configuration a token of the business's own system user, else a short one of the person's."""
    config, user = grant.config, grant.user
    kind = config.kind if config else "USER"
    is_user = kind == "USER"
    life = config.life if config else SHORT_LIFE
    return TokenRecord(
        text=f"EAAG{secrets.token_hex(32)}",
        label=f"login {len(world.grants)}",
        app_id=grant.app_id,
        user_id=user.id if is_user else str(int(user.id) + 900_000),
        issued_at=now,
        kind=kind,
        user_name=user.name if is_user else f"{world.apps[grant.app_id].name} of {user.name}",
        scopes=[*grant.scopes, *(["public_profile"] if "public_profile" not in grant.scopes else [])],
        declined=list(grant.declined),
        targets={scope: grant.account_ids for scope in (MANAGEMENT, MESSAGING) if scope in grant.scopes},
        assigned=set(user.account_ids),
        expires_at=None if life is None else now + life,
        data_access_expires_at=now + timedelta(days=90) if is_user else None,
    )


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
