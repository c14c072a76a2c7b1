"""The world as the sandbox's page shows it: no secret in it but the phones' own inboxes."""

from dataclasses import asdict

from bot.sandbox.meta.account import HOOK_FIELDS, PAYMENT_FAILED, AccountRecord, AppRecord
from bot.sandbox.meta.errors import Json
from bot.sandbox.meta.faults import Faults
from bot.sandbox.meta.number import NumberRecord
from bot.sandbox.meta.phone import Phone
from bot.sandbox.meta.token import TokenRecord
from bot.sandbox.meta.world import World


def described(world: World, faults: Faults) -> Json:
    return {
        "now": world.clock.now().isoformat(),
        "numbers": [_number(number, world) for number in world.numbers.values()],
        "accounts": [_account(account) for account in world.accounts.values()],
        "apps": [_app(app) for app in world.apps.values()],
        "tokens": [_token(token, world) for token in world.tokens.values()],
        "faults": [asdict(fault) for fault in faults.waiting],
    }


def _account(account: AccountRecord) -> Json:
    return {
        "id": account.id,
        "name": account.name,
        "status": account.status,
        "subscribed_apps": list(account.subscriptions),
        "overrides": dict(account.subscriptions),
        "locked": account.locked,
        "payment_failed": PAYMENT_FAILED in account.problems,
    }


def _app(app: AppRecord) -> Json:
    return {
        "id": app.id,
        "name": app.name,
        "callback_url": app.callback_url,
        "own_url": app.own_callback_url or app.callback_url,
        "taken_over": app.own_callback_url is not None,
        "requires_proof": app.require_proof,
        "active": app.active,
        "fields": list(app.subscribed_fields),
        "missing_fields": [name for name in HOOK_FIELDS if name not in app.subscribed_fields],
        "redirect_uris": list(app.redirect_uris),
    }


def _token(token: TokenRecord, world: World) -> Json:
    return {
        "label": token.label,
        "kind": token.kind,
        "dead": token.death(world.clock.now()),
        "scopes": list(token.scopes),
        "expires_at": token.expires_at.isoformat() if token.expires_at else None,
        "data_access_lapsed": "data_access_expires_at" in token.before,
    }


def inbox(phone: Phone) -> Json:
    messages = [
        {
            "kind": message.kind,
            "at": message.arrives_at.isoformat(),
            "language": message.language,
            "text": message.text,
        }
        for message in phone.messages
    ]
    missed = [{"kind": missed.kind, "at": missed.at.isoformat()} for missed in phone.missed]
    return {
        "digits": phone.digits,
        "line": phone.line,
        "lost": phone.lost,
        "missed": missed,
        "messages": messages,
    }


def _number(number: NumberRecord, world: World) -> Json:
    """Looking here does not count as a read of `status`."""
    return {
        "id": number.id,
        "account_id": number.account_id,
        "name": number.verified_name,
        "display": number.display_phone_number,
        "status": number.status,
        "code_verification_status": number.proof(world.clock.now()),
        "has_pin": number.pin is not None,
        "name_status": number.name_status,
        "on_business_app": number.is_on_biz_app,
        "override_url": number.override_url,
        "quality": number.quality_rating,
        "line": world.phones[number.id].line,
    }
