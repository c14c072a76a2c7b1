"""From Meta's JSON to our values: whatever has the wrong shape becomes None, and nothing raises."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.graph.model import (
    Account,
    AppSubscription,
    Health,
    HealthEntity,
    Number,
    SubscribedApp,
    TokenInfo,
    Webhooks,
)

# Calls over SIP not set up: says nothing about messages, yet makes Meta's own summary BLOCKED.
SIP_ONLY = frozenset({138024, 138025})


def entry(value: object, *path: str) -> object:
    """The value at `path` inside nested objects, None when there is none."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def text(value: object, *path: str) -> str | None:
    """A text at `path`, mended."""
    found = value.get(path[0]) if len(path) == 1 and isinstance(value, dict) else entry(value, *path)
    return _mended(found) if isinstance(found, str) else None


def _mended(found: str) -> str:
    """Half a character (a lone surrogate) becomes "?": nobody could store or send it."""
    return found if found.isascii() else found.encode("utf-8", "replace").decode()


def whole(value: object, *path: str) -> int | None:
    """A whole number at `path`; true and false are none."""
    found = entry(value, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def truth(value: object, *path: str) -> bool | None:
    """true or false at `path`; "true" is neither."""
    found = entry(value, *path)
    return found if isinstance(found, bool) else None


def items(value: object, *path: str) -> list[object]:
    """The list at `path`, empty when there is none."""
    found = entry(value, *path)
    return found if isinstance(found, list) else []


def read_id(value: object, *path: str) -> str:
    """An id, which some endpoints send as a number; "" when there is none."""
    found = whole(value, *path)
    return str(found) if found is not None and 0 <= found < 10**20 else text(value, *path) or ""


def read_number(
    node: object, *, number_id: str, account_id: str = "", missing: frozenset[str] = frozenset()
) -> Number:
    """A phone-number node. Without `account_id` the account is the one `health_status` names, if any."""
    health = read_health(entry(node, "health_status"))
    return Number(
        id=number_id,
        account_id=account_id or _account_in(health),
        display=text(node, "display_phone_number") or "",
        verified_name=text(node, "verified_name") or "",
        status=text(node, "status"),
        code_verification_status=text(node, "code_verification_status"),
        quality_rating=text(node, "quality_rating"),
        name_status=text(node, "name_status"),
        new_name_status=text(node, "new_name_status"),
        platform_type=text(node, "platform_type"),
        account_mode=text(node, "account_mode"),
        is_pin_enabled=truth(node, "is_pin_enabled"),
        throughput=text(node, "throughput", "level"),
        messaging_limit=text(node, "whatsapp_business_manager_messaging_limit"),
        is_official=truth(node, "is_official_business_account"),
        is_on_biz_app=truth(node, "is_on_biz_app"),
        webhooks=read_webhooks(entry(node, "webhook_configuration")),
        health=health,
        last_onboarded=text(node, "last_onboarded_time"),
        missing=missing,
    )


def read_webhooks(node: object) -> Webhooks | None:
    """`webhook_configuration`. An empty object is an answer: no URL anywhere."""
    if not isinstance(node, dict):
        return None
    return Webhooks(
        number=text(node, "phone_number"),
        account=text(node, "whatsapp_business_account"),
        application=text(node, "application"),
    )


def read_health(node: object) -> Health | None:
    """`health_status`, summed up again from the entities without the SIP findings (meta-graph.md §3)."""
    if not isinstance(node, dict):
        return None
    entities = tuple(_entity(each) for each in items(node, "entities") if isinstance(each, dict))
    said = text(node, "can_send_message") or ""
    judged = [_can_send(entity) for entity in entities if entity.can_send]
    # Worst first; a word Meta invented since stands above AVAILABLE: it is no promise to send.
    worst = [word for word in ("BLOCKED", "LIMITED") if word in judged]
    unknown = [word for word in judged if word not in ("BLOCKED", "LIMITED", "AVAILABLE")]
    can_send = next(iter([*worst, *unknown, *judged, said]))
    return Health(can_send=can_send, meta_says=said, entities=entities) if can_send else None


def _can_send(entity: HealthEntity) -> str:
    only_sip = bool(entity.codes) and SIP_ONLY.issuperset(entity.codes)
    return "AVAILABLE" if only_sip else entity.can_send.upper()


def _entity(node: Mapping[str, object]) -> HealthEntity:
    if "errors" not in node and "additional_info" not in node:  # most of a long list
        return HealthEntity(
            kind=text(node, "entity_type") or "",
            id=read_id(node, "id"),
            can_send=text(node, "can_send_message") or "",
        )
    errors = [each for each in items(node, "errors") if isinstance(each, dict)]
    codes = (whole(each, "error_code") for each in errors)
    notes = (_mended(note) for note in items(node, "additional_info") if isinstance(note, str))
    return HealthEntity(
        kind=text(node, "entity_type") or "",
        id=read_id(node, "id"),
        can_send=text(node, "can_send_message") or "",
        problems=(
            *(_problem(each) for each in errors),
            *(text({"note": note}, "note") or "" for note in notes),
        ),
        codes=tuple(code for code in codes if code is not None),
    )


def _problem(error: object) -> str:
    code, solution = whole(error, "error_code"), text(error, "possible_solution")
    said = "; ".join(part for part in (text(error, "error_description"), solution) if part)
    return ": ".join(part for part in (str(code) if code is not None else "", said) if part)


def _account_in(health: Health | None) -> str:
    accounts = [each.id for each in (health.entities if health else ()) if each.kind.upper() == "WABA"]
    return accounts[0] if accounts else ""


def read_account(node: object, *, account_id: str) -> Account:
    """A WhatsApp Business Account node."""
    return Account(
        id=account_id,
        name=text(node, "name") or "",
        status=text(node, "status"),
        review_status=text(node, "account_review_status"),
        business_verification=text(node, "business_verification_status"),
        messaging_limit=text(node, "whatsapp_business_manager_messaging_limit"),
        health=read_health(entry(node, "health_status")),
    )


def read_app_subscription(node: object) -> AppSubscription:
    """The app's subscription to WhatsApp accounts out of all it has (to pages, to users …)."""
    for each in items(node, "data"):
        if text(each, "object") == "whatsapp_business_account":
            names = (
                field if isinstance(field, str) else text(field, "name") for field in items(each, "fields")
            )
            return AppSubscription(
                callback_url=text(each, "callback_url") or None,
                active=truth(each, "active"),
                fields=frozenset(name for name in names if name),
            )
    return AppSubscription(active=False)


def read_subscribed_app(node: object) -> SubscribedApp | None:
    """One entry of `subscribed_apps`; None without an app id."""
    app = entry(node, "whatsapp_business_api_data")
    app_id = read_id(app, "id")
    if not app_id:
        return None
    return SubscribedApp(
        id=app_id, name=text(app, "name") or "", override_url=text(node, "override_callback_uri") or None
    )


def read_token(data: Mapping[str, object]) -> TokenInfo:
    """`debug_token`'s data. Valid only when Meta says exactly true; 0 means never, not 1970."""
    return TokenInfo(
        app_id=read_id(data, "app_id"),
        kind=text(data, "type") or "",
        is_valid=data.get("is_valid") is True,
        user_id=read_id(data, "user_id"),
        application=text(data, "application") or "",
        never_expires=whole(data, "expires_at") == 0,
        expires_at=_when(whole(data, "expires_at")),
        data_access_expires_at=_when(whole(data, "data_access_expires_at")),
        issued_at=_when(whole(data, "issued_at")),
        scopes=frozenset(_mended(scope) for scope in items(data, "scopes") if isinstance(scope, str)),
        granular=_granular(data),
        error_code=whole(data, "error", "code") or 0,
        error_subcode=whole(data, "error", "subcode") or 0,
        error_words=text(data, "error", "message") or "",
    )


def _granular(data: Mapping[str, object]) -> dict[str, tuple[str, ...] | None]:
    """Scope → the ids it is limited to, newest first; None: not limited to particular ones."""
    limits: dict[str, tuple[str, ...] | None] = {}
    for each in items(data, "granular_scopes"):
        scope, targets = text(each, "scope"), entry(each, "target_ids")
        if scope is not None:
            ids = (read_id({"id": target}, "id") for target in targets) if isinstance(targets, list) else None
            limits[scope] = None if ids is None else tuple(one for one in ids if one)
    return limits


def _when(seconds: int | None) -> datetime | None:
    if not seconds or seconds < 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
