"""Webhooks on their way: to whom, signed how, tried again for how long, twice, and out of order."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.sandbox.meta.account import HOOK_FIELDS, AppRecord
from bot.sandbox.meta.event import Event
from bot.sandbox.meta.seed import APP_ID, APP_SECRET, CAFE, SHOP
from bot.sandbox.meta.sending import GIVES_UP_AFTER, Sending
from bot.sandbox.meta.server import FakeMeta
from bot.sandbox.time import MovableClock
from tests.sandbox.meta.hook import Hook

DAY = timedelta(days=1)
TELLINGS = {
    "messages": ("message", "sent", "delivered", "read", "failed"),
    "account_update": (
        "restrict",
        "violate",
        "disable",
        "offboard",
        "come_back",
        "remove_partner",
        "delete_account",
    ),
    "account_alerts": ("alert",),
    "account_review_update": ("review",),
    "phone_number_quality_update": ("quality",),
    "phone_number_name_update": ("name",),
    "security": ("security",),
    "message_template_status_update": ("template",),
    "business_capability_update": ("capability",),
}


@pytest.fixture
async def hook(meta: FakeMeta) -> AsyncIterator[Hook]:
    """The app's own webhook."""
    hook = Hook()
    await hook.open()
    meta.world.apps[APP_ID].callback_url = hook.url
    yield hook
    await hook.close()


def last(meta: FakeMeta) -> Sending:
    return meta.delivery.sendings[-1]


def test_every_field_of_a_number_desk_can_be_told() -> None:
    assert set(TELLINGS) == set(HOOK_FIELDS)


@pytest.mark.parametrize(
    ("field", "knob"), [(field, knob) for field, knobs in TELLINGS.items() for knob in knobs]
)
async def test_each_telling_arrives_as_one_change_of_its_field(
    meta: FakeMeta, hook: Hook, field: str, knob: str
) -> None:
    meta.control.turn("events", "Support", knob, {})
    await meta.delivery.settled()
    ((account, told, value),) = hook.posts[0].changes
    assert (account, told) == (SHOP, field)
    assert value
    assert last(meta).state == "delivered"


async def test_the_signature_is_over_the_very_bytes_with_the_apps_secret(meta: FakeMeta, hook: Hook) -> None:
    meta.tell("Support").message("Grüße / 50 %")
    await meta.delivery.settled()
    (post,) = hook.posts
    right = hmac.new(APP_SECRET.encode(), post.body, hashlib.sha256).hexdigest()
    assert post.headers["X-Hub-Signature-256"] == f"sha256={right}"
    assert b"Gr\\u00fc\\u00dfe \\/ 50 %" in post.body


async def test_a_message_names_the_number_by_id_and_an_account_event_by_digits(
    meta: FakeMeta, hook: Hook
) -> None:
    support = meta.number("Support")
    meta.tell(support).message(sender="15550001111")
    meta.tell(support).security()
    await meta.delivery.settled()
    (_, _, message), (_, _, security) = hook.posts[0].changes[0], hook.posts[1].changes[0]
    metadata = {"display_phone_number": support.digits, "phone_number_id": support.id}
    assert message["metadata"] == metadata
    assert security["display_phone_number"] == support.digits
    assert support.id not in str(security)


async def test_the_statuses_of_a_message_share_its_id(meta: FakeMeta, hook: Hook) -> None:
    telling = meta.tell("Support")
    for step in (telling.sent, telling.delivered, telling.failed, telling.sent):
        step()
    await meta.delivery.settled()
    statuses = [post.changes[0][2]["statuses"][0] for post in hook.posts]  # type: ignore[index]  # JSON
    ids = [each["id"] for each in statuses]
    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert statuses[2]["errors"][0]["code"] == 131047
    assert isinstance(statuses[0]["timestamp"], str)


async def test_messages_follow_the_most_specific_override_and_account_events_never_do(
    meta: FakeMeta, hook: Hook
) -> None:
    account, number = meta.account(SHOP), meta.number("Support")
    account.subscriptions[APP_ID] = hook.url + "/account"
    meta.tell(number).message()
    number.override_url = hook.url + "/number"
    meta.tell(number).message()
    meta.tell(number).security()
    await meta.delivery.settled()
    assert [post.path for post in hook.posts] == ["/hook/account", "/hook/number", "/hook"]
    assert [each.level for each in meta.delivery.sendings] == ["account", "number", "app"]


async def test_every_subscribed_app_hears_of_it_signed_with_its_own_secret(
    meta: FakeMeta, hook: Hook
) -> None:
    meta.world.add_app(AppRecord("999", "Other", "othersecret", callback_url=hook.url + "/other"))
    meta.account(SHOP).subscribe_app("999")
    meta.tell("Support").message()
    await meta.delivery.settled()
    assert {post.path for post in hook.posts} == {"/hook", "/hook/other"}
    assert len({post.headers["X-Hub-Signature-256"] for post in hook.posts}) == 2
    assert len({post.body for post in hook.posts}) == 1


async def test_events_for_one_address_go_in_one_request(meta: FakeMeta, hook: Hook) -> None:
    meta.account(CAFE).subscribe_app(APP_ID)
    value = {"decision": "APPROVED"}
    meta.delivery.post(*(Event(each, "account_review_update", value) for each in (SHOP, CAFE, SHOP)))
    await meta.delivery.settled()
    (post,) = hook.posts
    assert [account for account, _, _ in post.changes] == [SHOP, SHOP, CAFE]


@pytest.mark.parametrize("why", ["subscribed", "switched off", "listen", "no webhook"])
async def test_what_nobody_hears_is_noted_and_never_sent(meta: FakeMeta, hook: Hook, why: str) -> None:
    app = meta.world.apps[APP_ID]
    match why:
        case "subscribed":
            meta.account(SHOP).unsubscribe_app(APP_ID)
        case "switched off":
            app.disable_callback()
        case "listen":
            app.drop_field("security")
        case _:
            app.callback_url = None
    meta.tell("Support").security()
    await meta.delivery.settled()
    assert not hook.posts
    assert (last(meta).state, why in last(meta).note) == ("nobody", True)


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/hook",
        "http://10.0.0.1/",
        "http://169.254.169.254/",
        "http://[::ffff:a00:1]/",
    ],
)
async def test_no_event_is_ever_sent_off_this_machine(meta: FakeMeta, hook: Hook, url: str) -> None:
    meta.world.apps[APP_ID].callback_url = url
    meta.tell("Support").message()
    meta.delivery.send_again()
    meta.delivery.forge()
    meta.delivery.retry_now()
    await meta.delivery.settled()
    assert {each.state for each in meta.delivery.sendings} == {"elsewhere"}
    assert not any(each.tries for each in meta.delivery.sendings)


async def test_a_redirect_is_not_followed(meta: FakeMeta, hook: Hook) -> None:
    hook.answers = [302]
    meta.tell("Support").message()
    await meta.delivery.settled()
    assert (len(hook.posts), last(meta).state, last(meta).status) == (1, "waiting", 302)


@pytest.mark.parametrize("trouble", [500, 403, 404, 201, 204, 0])
async def test_anything_but_200_is_tried_again(
    meta: FakeMeta, hook: Hook, clock: MovableClock, trouble: int
) -> None:
    hook.answers = [trouble]
    meta.tell("Support").message()
    await meta.delivery.settled()
    assert last(meta).state == "waiting"
    clock.skip(timedelta(seconds=11))
    await meta.delivery.settled()
    assert last(meta).state == "delivered"
    assert hook.posts[0].body == hook.posts[1].body
    assert hook.posts[0].headers["X-Hub-Signature-256"] == hook.posts[1].headers["X-Hub-Signature-256"]


async def test_tries_get_rarer_and_end_after_seven_days(
    meta: FakeMeta, hook: Hook, clock: MovableClock
) -> None:
    hook.answers = [500] * 1000
    meta.tell("Support").message()
    gaps: list[timedelta] = []
    for _ in range(100):
        await meta.delivery.settled()
        if last(meta).state != "waiting":
            break
        gap = last(meta).due - clock.now()
        gaps.append(gap)
        clock.skip(gap + timedelta(seconds=1))
    assert last(meta).state == "given up"
    assert gaps[0] < gaps[3] < gaps[-1]
    assert GIVES_UP_AFTER - DAY < sum(gaps, timedelta()) <= GIVES_UP_AFTER
    assert len(hook.posts) == len(gaps) + 1


async def test_a_bot_that_comes_back_after_six_days_still_gets_it(
    meta: FakeMeta, hook: Hook, clock: MovableClock
) -> None:
    hook.answers = [500]
    meta.tell("Support").message()
    await meta.delivery.settled()
    clock.skip(6 * DAY)
    await meta.delivery.settled()
    assert (last(meta).state, len(hook.posts)) == ("delivered", 2)


async def test_duplicates_are_the_same_to_the_letter(meta: FakeMeta, hook: Hook) -> None:
    meta.delivery.deliver_twice()
    meta.tell("Support").message()
    await meta.delivery.settled()
    meta.delivery.deliver_once()
    meta.delivery.send_again()
    await meta.delivery.settled()
    assert len(hook.posts) == 3
    assert len({post.body for post in hook.posts}) == 1


async def test_mixed_up_the_later_of_two_arrives_first(meta: FakeMeta, hook: Hook) -> None:
    meta.delivery.mix_up()
    meta.tell("Support").sent()
    meta.tell("Support").delivered()
    await meta.delivery.settled()
    assert [post.changes[0][2]["statuses"][0]["status"] for post in hook.posts] == [  # type: ignore[index]  # JSON
        "delivered",
        "sent",
    ]


async def test_mixed_up_a_lonely_event_still_comes(meta: FakeMeta, hook: Hook, clock: MovableClock) -> None:
    meta.delivery.mix_up()
    meta.tell("Support").message()
    await meta.delivery.settled()
    assert not hook.posts
    clock.skip(timedelta(seconds=6))
    await meta.delivery.settled()
    assert len(hook.posts) == 1


async def test_held_events_leave_when_let_go(meta: FakeMeta, hook: Hook) -> None:
    meta.delivery.hold()
    meta.tell("Support").message()
    await meta.delivery.settled()
    assert not hook.posts
    meta.delivery.let_go()
    await meta.delivery.settled()
    assert len(hook.posts) == 1


async def test_a_forged_event_bears_another_signature_and_is_not_repeated(meta: FakeMeta, hook: Hook) -> None:
    meta.tell("Support").message()
    await meta.delivery.settled()
    hook.answers = [403]
    meta.delivery.forge()
    await meta.delivery.settled()
    real, forged = hook.posts
    assert real.body == forged.body
    assert real.headers["X-Hub-Signature-256"] != forged.headers["X-Hub-Signature-256"]
    assert (last(meta).state, last(meta).tries) == ("refused", 1)


async def test_there_must_be_something_to_send_again(meta: FakeMeta) -> None:
    for again in (meta.delivery.send_again, meta.delivery.forge):
        with pytest.raises(ValueError, match="Nothing was sent"):
            again()


async def test_waiting_events_survive_a_stop_of_the_fake(meta: FakeMeta, hook: Hook) -> None:
    meta.delivery.hold()
    meta.tell("Support").message()
    await meta.close()
    await meta.start()
    meta.delivery.let_go()
    await meta.delivery.settled()
    assert len(hook.posts) == 1


async def test_old_sendings_are_forgotten(meta: FakeMeta) -> None:
    for _ in range(150):
        meta.tell("Outlet").message()  # nobody is subscribed to the Café
    assert len(meta.delivery.sendings) == 100
    assert CAFE not in repr(meta.delivery.sendings), "no body is shown"
