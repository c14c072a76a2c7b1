"""Which call is answered by what, and which permission it needs."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.sandbox.meta import (
    access,
    account_node,
    callbacks,
    codes,
    number_node,
    oauth,
    registration,
    subscriptions,
    templates,
)
from bot.sandbox.meta.account import AccountRecord
from bot.sandbox.meta.ask import Ask
from bot.sandbox.meta.errors import Json, MetaError, bad_param, no_field, no_object, no_path
from bot.sandbox.meta.fields import parse
from bot.sandbox.meta.world import World

Handler = Callable[[Ask], Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class Route:
    """`scopes` empty: the handler decides. A read needs any of them, a write all."""

    handle: Handler
    scopes: tuple[str, ...] = ()


async def get_number(ask: Ask) -> Json:
    number = ask.world.numbers[ask.node_id]
    wanted = parse(ask.bag.maybe("fields")) or number_node.DEFAULT
    number_node.check(wanted, [number], ask.version)
    return number_node.render(number, wanted, ask)


async def post_number(ask: Ask) -> Json:
    """PIN, display name or webhook override: whatever of them is sent."""
    number = ask.world.numbers[ask.node_id]
    if not ask.bag.items.keys() & {"pin", "new_display_name", "webhook_configuration"}:
        raise bad_param("At least one parameter to change is required.")
    if "webhook_configuration" in ask.bag.items:
        await callbacks.set_number_override(ask)
    if "pin" in ask.bag.items:
        registration.set_pin(number, ask)
    if "new_display_name" in ask.bag.items:
        number.new_display_name = ask.bag.text("new_display_name")
        number.new_name_status = "PENDING_REVIEW"
    return {"success": True}


async def get_plain(ask: Ask) -> Json:
    """An app's or a business's id and name."""
    app, business = ask.world.apps.get(ask.node_id), ask.world.businesses.get(ask.node_id)
    record = app or business
    if record is None:
        raise no_object("get", ask.node_id)
    node: Json = {"id": record.id, "name": record.name}
    wanted = [field.name for field in parse(ask.bag.maybe("fields"))] or ["name", "id"]
    for name in wanted:
        if name not in node:
            raise no_field(name, "Application" if app else "Business")
    return {"id": record.id} | {name: node[name] for name in wanted}


ROUTES: Mapping[tuple[str, str, str], Route] = {
    ("GET", "number", ""): Route(get_number, access.READ_NUMBER),
    ("POST", "number", ""): Route(post_number, access.MANAGE),
    ("POST", "number", "request_code"): Route(codes.request_code, access.MANAGE),
    ("POST", "number", "verify_code"): Route(codes.verify_code, access.MANAGE),
    ("POST", "number", "register"): Route(registration.register, access.REGISTER),
    ("POST", "number", "deregister"): Route(registration.deregister, access.REGISTER),
    ("GET", "account", ""): Route(account_node.get_account, access.MANAGE),
    ("GET", "account", "phone_numbers"): Route(account_node.get_phone_numbers, access.READ_NUMBER),
    ("GET", "account", "subscribed_apps"): Route(account_node.get_subscribed_apps, access.MANAGE),
    ("POST", "account", "subscribed_apps"): Route(callbacks.subscribe, access.MANAGE),
    ("DELETE", "account", "subscribed_apps"): Route(callbacks.unsubscribe, access.MANAGE),
    ("GET", "app", ""): Route(get_plain),
    ("GET", "account", "message_templates"): Route(templates.get_templates, access.MANAGE),
    ("GET", "app", "subscriptions"): Route(subscriptions.get_subscriptions),
    ("POST", "app", "subscriptions"): Route(subscriptions.replace),
    ("DELETE", "app", "subscriptions"): Route(subscriptions.drop),
    ("GET", "business", ""): Route(get_plain),
    ("GET", "user", ""): Route(oauth.get_me),
    ("GET", "user", "permissions"): Route(oauth.get_permissions),
    ("GET", "debug_token", ""): Route(oauth.debug_token),
}


def find(ask: Ask, parts: tuple[str, ...]) -> tuple[Route, Ask]:
    """The route for the path and the question about its object. MetaError like Meta's for anything else."""
    if not parts:
        words = "GET /?ids= was removed." if "ids" in ask.bag.items else "Unsupported request."
        raise MetaError(100, f"(#100) {words} Please read the Graph API documentation.")
    if "date_format" in ask.bag.items:
        raise bad_param("Param date_format is not supported any more")
    node_id, edge = parts[0], "/".join(parts[1:])
    kind = _kind(ask, node_id)
    if kind == "user":
        node_id = ask.viewer.user_id
    route = ROUTES.get((ask.method, kind, edge))
    if route is not None:
        return route, replace(ask, node_id=node_id)
    if kind and any((kind, edge) == (known, name) for _, known, name in ROUTES):
        raise no_object(ask.method, node_id)
    if kind or not node_id.isdecimal():
        raise no_path("/".join(parts[1:] if kind else parts))
    raise no_object(ask.method, node_id)


def _kind(ask: Ask, node_id: str) -> str:
    world = ask.world
    if node_id == "debug_token":
        return "debug_token"
    if ask.viewer.kind != "APP" and node_id in ("me", ask.viewer.user_id):
        return "user"
    kinds: Mapping[str, Collection[str]] = {
        "number": world.numbers,
        "account": world.accounts,
        "app": world.apps,
        "business": world.businesses,
    }
    return next((kind for kind, records in kinds.items() if node_id in records), "")


def account_of(world: World, node_id: str) -> AccountRecord | None:
    """The account a call counts towards; None for calls about no account."""
    number = world.numbers.get(node_id)
    return world.accounts.get(number.account_id if number else node_id)


def permit(route: Route, ask: Ask, account: AccountRecord | None, now: datetime) -> None:
    """Raises unless the viewer may make this call."""
    if not route.scopes or account is None:
        return
    if ask.method == "GET":
        access.may_read(ask.viewer, account.id, route.scopes, ask.node_id, now)
    else:
        access.may_write(ask.viewer, account.id, route.scopes, now)
