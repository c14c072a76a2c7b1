"""Reading an account (WABA), the numbers in it and the apps that listen to it."""

import json
from collections.abc import Callable, Mapping, Sequence

from bot.sandbox.meta import health, number_node
from bot.sandbox.meta.account import AccountRecord
from bot.sandbox.meta.ask import Ask
from bot.sandbox.meta.errors import Json, bad_param, no_field
from bot.sandbox.meta.fields import Wanted, parse
from bot.sandbox.meta.number import NumberRecord
from bot.sandbox.meta.paging import cut, paging

NODE_TYPE = "WhatsAppBusinessAccount"
DEFAULT = tuple(Wanted(name) for name in ("id", "name", "timezone_id", "message_template_namespace"))
ON_LISTS = tuple(
    Wanted(name)
    for name in (
        "id",
        "display_phone_number",
        "verified_name",
        "code_verification_status",
        "quality_rating",
        "platform_type",
        "throughput",
        "last_onboarded_time",
    )
)
"""What the phone_numbers edge shows without `fields`."""


def _owner(account: AccountRecord, ask: Ask) -> Json:
    business = ask.world.businesses[account.business_id]
    return {"id": business.id, "name": business.name}


def _health(account: AccountRecord, ask: Ask) -> Json:
    return health.of_account(account, ask.world.businesses[account.business_id], ask.app.id)


FIELDS: Mapping[str, Callable[[AccountRecord, Ask], object]] = {
    "id": lambda account, ask: account.id,
    "name": lambda account, ask: account.name,
    "status": lambda account, ask: account.status,
    "account_review_status": lambda account, ask: account.review_status,
    "business_verification_status": lambda account, ask: (
        ask.world.businesses[account.business_id].verification
    ),
    "ownership_type": lambda account, ask: "SELF",
    "owner_business_info": _owner,
    "country": lambda account, ask: "US",
    "currency": lambda account, ask: "USD",
    "timezone_id": lambda account, ask: "1",
    "creation_time": lambda account, ask: account.created_at and int(account.created_at.timestamp()),
    "message_template_namespace": lambda account, ask: f"ba30_{account.id}",
    "health_status": _health,
    number_node.PORTFOLIO_LIMIT: lambda account, ask: (
        ask.world.businesses[account.business_id].messaging_limit
    ),
}


async def get_account(ask: Ask) -> Json:
    account = ask.world.accounts[ask.node_id]
    wanted = parse(ask.bag.maybe("fields")) or DEFAULT
    node: Json = {}
    for field in wanted:
        value = _field(account, field, ask)
        if value is not None:
            node[field.name] = value
    node.setdefault("id", account.id)
    return node


def _field(account: AccountRecord, field: Wanted, ask: Ask) -> object:
    if field.name == "phone_numbers":
        return list_numbers(
            account, field.children or ON_LISTS, ask, limit=field.limit or 25, after=field.after
        )
    if field.name == "subscribed_apps":
        return list_apps(account, ask)
    too_new = field.name == number_node.PORTFOLIO_LIMIT and ask.version < number_node.PORTFOLIO_LIMIT_SINCE
    if field.name not in FIELDS or too_new:
        raise no_field(field.name, NODE_TYPE)
    return FIELDS[field.name](account, ask)


async def get_phone_numbers(ask: Ask) -> Json:
    account = ask.world.accounts[ask.node_id]
    bag = ask.bag
    return list_numbers(
        account,
        parse(bag.maybe("fields")) or ON_LISTS,
        ask,
        limit=bag.whole("limit", 25),
        after=bag.maybe("after"),
        before=bag.maybe("before"),
        params={name: bag.maybe(name) for name in bag.items} | {"access_token": ask.viewer.text},
    )


async def get_subscribed_apps(ask: Ask) -> Json:
    return list_apps(ask.world.accounts[ask.node_id], ask)


def list_numbers(
    account: AccountRecord,
    wanted: Sequence[Wanted],
    ask: Ask,
    *,
    limit: int,
    after: str = "",
    before: str = "",
    params: Mapping[str, str] | None = None,
) -> Json:
    """One page, newest onboarded first. `params` go into `paging.next`."""
    numbers = {number.id: number for number in _chosen(ask.world.numbers_of(account.id), ask)}
    page = cut(list(numbers), limit=limit, after=after, before=before)
    shown = [numbers[number_id] for number_id in page.ids]
    number_node.check(wanted, shown, ask.version)
    answer: Json = {"data": [number_node.render(number, wanted, ask) for number in shown]}
    if shown:
        url = f"{ask.base_url}/v{ask.version}.0/{account.id}/phone_numbers"
        kept = params or {"access_token": ask.viewer.text, "limit": str(limit)}
        answer["paging"] = paging(page, url=url, params=kept)
    return answer


def _chosen(numbers: Sequence[NumberRecord], ask: Ask) -> Sequence[NumberRecord]:
    """`filtering` (account_mode only) and `sort` as far as Meta's documents agree on them."""
    sort = ask.bag.maybe("sort")
    if sort not in ("", "last_onboarded_time.desc", "last_onboarded_time.asc"):
        raise bad_param("Param sort must be one of {last_onboarded_time.asc, last_onboarded_time.desc}")
    if sort.endswith(".asc"):
        numbers = list(reversed(numbers))
    rules = ask.bag.structure("filtering")
    if rules is None:
        return numbers
    match rules:
        case [{"field": "account_mode", "operator": "EQUAL", "value": str(mode)}]:
            return [number for number in numbers if number.account_mode == mode]
    raise bad_param(f"Filtering is not supported: {json.dumps(rules)[:100]}")


def list_apps(account: AccountRecord, ask: Ask) -> Json:
    data: list[Json] = []
    for app_id, override in account.subscriptions.items():
        app = ask.world.apps.get(app_id)
        entry: Json = {
            "whatsapp_business_api_data": {
                "id": app_id,
                "name": app.name if app else f"App {app_id}",
                "link": f"https://www.facebook.com/games/?app_id={app_id}",
            }
        }
        if override:
            entry["override_callback_uri"] = override
        data.append(entry)
    return {"data": data}
