"""Which change a webhook needs next, by what is set on which level; pure."""

from dataclasses import replace

import pytest

from bot.evidence.snapshot import Snapshot
from bot.graph.model import AppSubscription, SubscribedApp, Webhooks
from bot.webhook_plan import Deed, plan
from tests.checks.healthy import URL, healthy

THEIRS, LONG = "https://tenant.example/wa", "https://desk.example/" + "a" * 190 + "/webhooks/whatsapp"


def with_hooks(ours: str = URL, *, subscribed: bool = True, **hooks: str | None) -> Snapshot:
    """A number whose addresses are these; no other one is set anywhere."""
    world = healthy()
    assert world.number.value
    number = replace(
        world.number.value,
        webhooks=Webhooks(**{"number": None, "account": None, "application": None} | hooks),
    )
    apps = (SubscribedApp(world.app_id, "Acme Ops"),) if subscribed else ()
    return replace(
        world,
        webhook_url=ours,
        number=replace(world.number, value=number),
        apps=replace(world.apps, value=apps),
    )


@pytest.mark.parametrize(
    ("snapshot", "deed"),
    [
        (with_hooks(application=URL), None),
        (with_hooks(application=THEIRS), Deed.SET_ACCOUNT),
        (with_hooks(application=URL, account=THEIRS), Deed.CLEAR_ACCOUNT),
        (with_hooks(application=THEIRS, account=THEIRS), Deed.SET_ACCOUNT),
        (with_hooks(application=THEIRS, account=URL), None),
        (with_hooks(application=URL, number=THEIRS), Deed.CLEAR_NUMBER),
        (with_hooks(application=THEIRS, account=URL, number=THEIRS), Deed.CLEAR_NUMBER),
        (with_hooks(application=URL, account=THEIRS, number=THEIRS), Deed.SET_NUMBER),
        (with_hooks(application=THEIRS, number=URL), None),
        (with_hooks(application=URL, subscribed=False), Deed.SUBSCRIBE),
    ],
)  # fmt: skip
def test_one_change_at_a_time_at_the_level_that_is_in_the_way(snapshot: Snapshot, deed: Deed | None):
    made = plan(snapshot)
    assert (made.change.deed if made.change else None) == deed
    assert made.done is (deed is None)


def test_an_override_of_ours_that_was_lost_is_set_again_although_the_apps_own_address_is_ours():
    lost = replace(with_hooks(application=URL), override_url=URL)
    made = plan(lost)
    assert made.change is not None
    assert (made.change.deed, made.change.after) == (Deed.SET_ACCOUNT, URL)


def test_an_address_longer_than_meta_takes_is_not_offered_where_it_would_have_to_be_set():
    made = plan(with_hooks(LONG, application=THEIRS))
    assert (made.change, made.done) == (None, False)
    assert "longer than Meta takes here (200 characters)" in made.says
    cleared = plan(with_hooks(LONG, application=LONG, account=THEIRS)).change
    assert cleared is not None
    assert cleared.deed is Deed.CLEAR_ACCOUNT, "nothing of ours has to be written for that"


@pytest.mark.parametrize("reading", ["apps", "number"])
def test_what_could_not_be_read_is_never_a_change(reading: str):
    world = with_hooks(application=THEIRS)
    unread = replace(getattr(world, reading), value=None, why_not="Meta was silent.")
    made = plan(replace(world, **{reading: unread}))
    assert (made.change, made.done) == (None, None)
    assert "could not be read" in made.says


def test_an_app_without_any_webhook_is_helped_by_no_address_of_a_number():
    world = with_hooks(application=None)
    made = plan(replace(world, subscription=replace(world.subscription, value=AppSubscription())))
    assert made.change is None
    assert "no webhook at all" in made.says
    assert made.app == ("The app has no webhook for WhatsApp.",)
