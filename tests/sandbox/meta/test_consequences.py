"""A knob that Meta would tell of is told of: by the event it sends, to who listens, and only then."""

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.meta.seed import APP_ID, SHOP
from bot.sandbox.meta.server import FakeMeta
from tests.sandbox.meta.hook import Hook

BAN_INFO = "ban_info"


@pytest.fixture
async def hook(meta: FakeMeta) -> AsyncIterator[Hook]:
    """The app's own webhook."""
    hook = Hook()
    await hook.open()
    meta.world.apps[APP_ID].callback_url = hook.url
    yield hook
    await hook.close()


@pytest.mark.parametrize(
    ("before", "knob", "field", "event"),
    [
        ("connect", "ban", "account_update", "ACCOUNT_VIOLATION"),
        ("connect", "restrict", "account_update", "ACCOUNT_RESTRICTION"),
        ("connect", "flag", "phone_number_quality_update", "FLAGGED"),
        ("flag", "connect", "phone_number_quality_update", "UNFLAGGED"),
        ("ban", "connect", "account_update", "DISABLED_UPDATE"),
        ("connect", "approve_name", "phone_number_name_update", "APPROVED"),
    ],
)
async def test_what_befalls_a_number_is_told(
    meta: FakeMeta, hook: Hook, before: str, knob: str, field: str, event: str
) -> None:
    meta.control.turn("numbers", "Support", before, {})
    await meta.delivery.settled()
    hook.posts.clear()
    meta.control.turn("numbers", "Support", knob, {})
    await meta.delivery.settled()
    ((account, told, value),) = hook.posts[0].changes
    assert (account, told) == (SHOP, field)
    assert event in (value.get("event"), value.get("decision"))


async def test_a_restriction_of_a_number_names_it_and_its_end(meta: FakeMeta, hook: Hook) -> None:
    meta.control.turn("numbers", "Support", "restrict", {})
    await meta.delivery.settled()
    ((_, _, value),) = hook.posts[0].changes
    assert value["display_phone_number"] == meta.number("Support").digits
    (limit,) = value["restriction_info"]  # type: ignore[misc]  # JSON
    assert limit["expiration"] > meta.world.clock.now().timestamp()


@pytest.mark.parametrize(("knob", "state"), [("disable", "DISABLE"), ("reinstate", "REINSTATE")])
async def test_what_befalls_an_account_changes_how_it_stands_and_is_told(
    meta: FakeMeta, hook: Hook, knob: str, state: str
) -> None:
    meta.control.turn("accounts", SHOP, knob, {})
    await meta.delivery.settled()
    ((account, _, value),) = hook.posts[0].changes
    assert account == SHOP
    assert value[BAN_INFO]["waba_ban_state"] == state  # type: ignore[index]  # JSON
    assert meta.world.accounts[SHOP].status == ("DISABLED" if knob == "disable" else "ACTIVE")


@pytest.mark.parametrize("knob", ["disconnect", "limit_rate", "expire_verification"])
async def test_what_meta_has_no_event_for_is_not_told(meta: FakeMeta, hook: Hook, knob: str) -> None:
    meta.control.turn("numbers", "Support", knob, {})
    await meta.delivery.settled()
    assert hook.posts == []
    meta.control.turn("numbers", "Support", "connect", {})
    await meta.delivery.settled()
    assert hook.posts == []


async def test_with_the_webhook_off_nobody_is_told(meta: FakeMeta, hook: Hook) -> None:
    for app in meta.world.apps.values():
        app.disable_callback()
    meta.control.turn("numbers", "Support", "ban", {})
    await meta.delivery.settled()
    assert hook.posts == []
    assert meta.number("Support").status == "BANNED"
