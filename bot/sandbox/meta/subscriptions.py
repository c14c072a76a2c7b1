"""An app's own webhook subscription: what it listens to, and where that is sent (meta-graph.md §5.1)."""

import json

from bot.sandbox.meta.account import HOOK_FIELDS
from bot.sandbox.meta.ask import Ask
from bot.sandbox.meta.callbacks import shake_hands
from bot.sandbox.meta.errors import Json, bad_param, not_a_user_call

OBJECT = "whatsapp_business_account"


async def get_subscriptions(ask: Ask) -> Json:
    _only_itself(ask)
    app = ask.app
    if not app.callback_url:
        return {"data": []}
    fields = [{"name": name, "version": f"v{app.default_version}.0"} for name in app.subscribed_fields]
    entry: Json = {"object": OBJECT, "callback_url": app.callback_url}
    return {"data": [entry | {"active": app.active, "fields": fields}]}


async def replace(ask: Ask) -> Json:
    """The new URL, once it has answered the challenge, and exactly these fields; for all accounts at once."""
    _only_itself(ask)
    _of_whatsapp(ask)
    if not ask.bag.flag("include_values"):
        raise bad_param("The parameter include_values must be true: without it events carry nothing.")
    url, fields = ask.bag.text("callback_url"), _fields(ask)
    if not fields:
        raise bad_param("The parameter fields is required.")
    await shake_hands(url, ask.bag.text("verify_token"))
    app = ask.app
    app.callback_url, app.subscribed_fields, app.active = url, fields, True
    app.own_callback_url = None
    return {"success": True}


async def drop(ask: Ask) -> Json:
    """These fields, or without any the whole subscription."""
    _only_itself(ask)
    _of_whatsapp(ask)
    app, fields = ask.app, _fields(ask)
    app.subscribed_fields = tuple(name for name in app.subscribed_fields if fields and name not in fields)
    if not app.subscribed_fields:
        app.callback_url = app.own_callback_url = None
    return {"success": True}


def _only_itself(ask: Ask) -> None:
    if ask.viewer.kind != "APP" or ask.viewer.app_id != ask.node_id:
        raise not_a_user_call("This method must be called with an app access_token.")


def _of_whatsapp(ask: Ask) -> None:
    if ask.bag.text("object") != OBJECT:
        raise bad_param(f"Param object must be {OBJECT}: this app has nothing else.")


def _fields(ask: Ask) -> tuple[str, ...]:
    """A comma list or a JSON array, in order, each once."""
    value = ask.bag.items.get("fields", "")
    if isinstance(value, str):
        try:
            value = json.loads(value) if value.lstrip().startswith("[") else value.split(",")
        except (ValueError, RecursionError):
            raise bad_param("Param fields must be an array or a comma list") from None
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise bad_param("Param fields must be an array or a comma list")
    names = tuple(dict.fromkeys(each.strip() for each in value if each.strip()))
    for name in names:
        if name not in HOOK_FIELDS:
            raise bad_param(f"Invalid field name: {name[:60]}")
    return names
