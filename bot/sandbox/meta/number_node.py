"""Reading a phone number: each Graph field and where its value comes from."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from bot.sandbox.meta import health
from bot.sandbox.meta.ask import Ask
from bot.sandbox.meta.errors import Json, no_field
from bot.sandbox.meta.fields import Wanted
from bot.sandbox.meta.number import NumberRecord

NODE_TYPE = "WhatsAppBusinessPhoneNumber"
PORTFOLIO_LIMIT = "whatsapp_business_manager_messaging_limit"
PORTFOLIO_LIMIT_SINCE = 24

DEFAULT = tuple(
    Wanted(name)
    for name in (
        "id",
        "display_phone_number",
        "verified_name",
        "quality_rating",
        "code_verification_status",
        "platform_type",
        "throughput",
        "webhook_configuration",
        "last_onboarded_time",
    )
)
"""What a read without `fields` shows."""

Read = Callable[[NumberRecord, Ask], object]


def moment(at: datetime | None) -> str | None:
    """Graph's ISO 8601 with a colon-less offset."""
    return at.strftime("%Y-%m-%dT%H:%M:%S%z") if at else None


def _webhooks(number: NumberRecord, ask: Ask) -> Json:
    account = ask.world.accounts[number.account_id]
    urls = {
        "phone_number": number.override_url,
        "whatsapp_business_account": account.subscriptions.get(ask.app.id),
        "application": ask.app.callback_url,
    }
    return {level: url for level, url in urls.items() if url}


def _health(number: NumberRecord, ask: Ask) -> Json:
    account = ask.world.accounts[number.account_id]
    business = ask.world.businesses[account.business_id]
    return health.of_number(number, account, business, ask.app.id, number.status)


def _limit(number: NumberRecord, ask: Ask) -> str:
    account = ask.world.accounts[number.account_id]
    return ask.world.businesses[account.business_id].messaging_limit


def _throughput(number: NumberRecord, ask: Ask) -> Json:
    return {"level": "STANDARD" if number.registered else "NOT_APPLICABLE"}


FIELDS: Mapping[str, Read] = {
    "id": lambda number, ask: number.id,
    "display_phone_number": lambda number, ask: number.display_phone_number,
    "verified_name": lambda number, ask: number.verified_name,
    "status": lambda number, ask: number.read_status(ask.now),
    "code_verification_status": lambda number, ask: number.read_proof(ask.now),
    "quality_rating": lambda number, ask: number.quality_rating,
    "quality_score": lambda number, ask: {"score": number.quality_rating},
    "name_status": lambda number, ask: number.name_status,
    "new_name_status": lambda number, ask: number.new_name_status,
    "new_display_name": lambda number, ask: number.new_display_name,
    "account_mode": lambda number, ask: number.account_mode,
    "platform_type": lambda number, ask: number.platform_type,
    "host_platform": lambda number, ask: number.platform_type,
    "throughput": _throughput,
    PORTFOLIO_LIMIT: _limit,
    "is_official_business_account": lambda number, ask: number.is_official_business_account,
    "is_pin_enabled": lambda number, ask: number.pin is not None,
    "is_on_biz_app": lambda number, ask: number.is_on_biz_app,
    "is_preverified_number": lambda number, ask: False,
    "search_visibility": lambda number, ask: "VISIBLE",
    "webhook_configuration": _webhooks,
    "health_status": _health,
    "last_onboarded_time": lambda number, ask: moment(number.last_onboarded_at),
    "country_code": lambda number, ask: number.country_code,
    "messaging_limit_tier": lambda number, ask: None,
}


def check(wanted: Iterable[Wanted], numbers: Iterable[NumberRecord], version: int) -> None:
    """One field that does not exist, for one number or in this version, fails the entire read."""
    names = {field.name for field in wanted}
    for name in sorted(names):
        too_new = name == PORTFOLIO_LIMIT and version < PORTFOLIO_LIMIT_SINCE
        if name not in FIELDS or too_new:
            raise no_field(name, NODE_TYPE)
    for number in numbers:
        for name in sorted(names & number.refused_fields):
            raise no_field(name, NODE_TYPE)


def render(number: NumberRecord, wanted: Iterable[Wanted], ask: Ask) -> Json:
    """The node; `id` is always there, a field without a value is not. `check` first."""
    node: Json = {}
    for field in wanted:
        value = FIELDS[field.name](number, ask)
        if value is not None:
            node[field.name] = value
    node.setdefault("id", number.id)
    return node
