"""Reading the message templates of an account (meta-graph.md §4.2)."""

from dataclasses import asdict

from bot.sandbox.meta.ask import Ask
from bot.sandbox.meta.errors import Json, bad_param, no_field
from bot.sandbox.meta.fields import parse
from bot.sandbox.meta.paging import cut, paging

STATUSES = frozenset({"APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED", "IN_APPEAL"})


FIELDS = ("name", "language", "status", "category", "id")


async def get_templates(ask: Ask) -> Json:
    """`fields`, `status`, `name`, `limit`, `after`, `before`."""
    bag = ask.bag
    wanted = [field.name for field in parse(bag.maybe("fields"))] or list(FIELDS)
    status, name = bag.maybe("status"), bag.maybe("name")
    if status and status not in STATUSES:
        raise bad_param(f"Param status must be one of {{{', '.join(sorted(STATUSES))}}}")
    chosen = {
        each.id: asdict(each)
        for each in ask.world.accounts[ask.node_id].templates
        if status in ("", each.status) and name in ("", each.name)
    }
    for field in wanted:
        if field not in FIELDS:
            raise no_field(field, "MessageTemplate")
    page = cut(
        list(chosen), limit=bag.whole("limit", 25), after=bag.maybe("after"), before=bag.maybe("before")
    )
    rows = [{key: chosen[each][key] for key in dict.fromkeys([*wanted, "id"])} for each in page.ids]
    answer: Json = {"data": rows}
    if rows:
        params = {name: bag.maybe(name) for name in bag.items} | {"access_token": ask.viewer.text}
        url = f"{ask.base_url}/v{ask.version}.0/{ask.node_id}/message_templates"
        answer["paging"] = paging(page, url=url, params=params)
    return answer
