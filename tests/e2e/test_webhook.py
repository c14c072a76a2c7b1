"""`/whatsapp webhook`: where events go by level, the test of our end point, and each change with its read-back."""

from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import select

from bot.errors import NotAllowed
from bot.evidence.records import Trial
from bot.roles import Person, Role
from bot.sandbox.meta.account import AppRecord
from bot.sandbox.meta.faults import Fault
from storage.tables import EventRow
from tests.desk import Desk
from tests.e2e.steps import buttons, seen, window_says
from tests.e2e.webhook_desk import ELSEWHERE, asks, ours, reachable

pytestmark = pytest.mark.usefixtures("nothing_refused")
A_Desk = Callable[..., Awaitable[Desk]]
OTHER_APP = "111222333444555"


@pytest.fixture
async def desk(a_desk: A_Desk) -> Desk:
    return await reachable(a_desk)


def account(desk: Desk):
    return desk.meta.world.accounts[desk.seed.account_ids[0]]


def app(desk: Desk):
    return desk.meta.world.apps[desk.seed.app_id]


async def apply(desk: Desk, until: str) -> str:
    await desk.ana.submit()
    await window_says(desk.ana, until)
    await desk.told()
    return seen(desk.ana)


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ("number", "set on the number itself"),
        ("account", "set on the WhatsApp account"),
        ("app", "set on the app"),
    ],
)
async def test_the_level_that_wins_is_named_and_nothing_secret_of_its_address(
    desk: Desk, level: str, said: str
):
    if level == "number":
        desk.meta.number("Sales").override_url = ELSEWHERE
    elif level == "account":
        account(desk).subscriptions[desk.seed.app_id] = ELSEWHERE
    else:
        app(desk).callback_url = ELSEWHERE
    text = await asks(desk.ana, "Sales", "Last event received")
    assert said in text
    assert "https://hooks.example.com/whatsapp?…" in text
    assert "hidden" not in text
    assert "only ever go to the app's own address" in text
    assert "Never, as far as our records go back." in text


async def test_without_a_public_address_it_says_what_it_cannot_tell(a_desk: A_Desk):
    desk = await a_desk()
    text = await asks(desk.ana, "Sales", "Last event received")
    assert "This bot has no public address." in text
    assert "Could not tell: this bot has no public address." in text
    await desk.ana.type("/whatsapp webhook test Sales")
    await window_says(desk.ana, "there is nothing to test")


async def test_other_apps_are_named_and_what_cannot_be_read_is_not_guessed(desk: Desk):
    desk.meta.world.apps[OTHER_APP] = AppRecord(OTHER_APP, "Somebody's CRM", "secret-of-the-other-app")
    account(desk).subscriptions = {OTHER_APP: None}
    desk.meta.add_fault(Fault("reset", match=f"/{desk.seed.app_id}/subscriptions", times=0))
    text = await asks(desk.ana, "Sales", "Last event received")
    assert "Ours is not subscribed: nothing can arrive." in text
    assert "Others: Somebody's CRM." in text
    assert "Meta did not answer in time" in text


async def test_an_app_of_somebody_else_stays_as_it_is(desk: Desk):
    desk.meta.world.apps[OTHER_APP] = AppRecord(OTHER_APP, "Somebody's CRM", "secret-of-the-other-app")
    account(desk).subscriptions[OTHER_APP] = ELSEWHERE
    await asks(desk.ana, "fix Sales", "What else is touched")
    await apply(desk, "Read back: it is in force.")
    assert account(desk).subscriptions[OTHER_APP] == ELSEWHERE
    assert account(desk).subscriptions[desk.seed.app_id] == ours(desk)


async def test_without_a_number_one_is_chosen_and_the_way_is_kept(desk: Desk):
    await desk.ana.type("/whatsapp webhook fix")
    await window_says(desk.ana, "Which number? (webhook fix)")
    await desk.ana.choose("Choose a number", "Sales …4821")
    await window_says(desk.ana, "What else is touched")


async def test_the_test_passes_at_our_own_end_point_and_is_no_traffic(desk: Desk):
    text = await asks(desk.ana, "test Sales", "parts passed")
    assert "4 of 4 parts passed." in text
    kept = await desk.bot.services.db.read(lambda session: len(session.exec(select(EventRow)).all()))
    assert kept == 0
    handshake = desk.bot.services.webhooks.last_test
    assert handshake is not None
    assert [result.trial for result in handshake.results] == list(Trial)
    await desk.told()
    assert "tested the webhook: every part passed" in desk.maya.reads("#whatsapp-audit")


@pytest.mark.parametrize(
    ("set_up", "what", "write"),
    [
        ("app elsewhere", "Set this bot's address on the WhatsApp account.", "subscribed_apps"),
        ("account elsewhere", "Set this bot's address on the WhatsApp account.", "subscribed_apps"),
        ("account elsewhere, app ours", "Clear the address set on the WhatsApp account", "subscribed_apps"),
        ("number elsewhere", "Set this bot's address on the number itself.", "number"),
        ("number elsewhere, app ours", "Clear the address set on the number itself", "number"),
    ],
)
async def test_a_change_is_shown_applied_once_and_read_back(desk: Desk, set_up: str, what: str, write: str):
    number, here = desk.meta.number("Sales"), account(desk)
    if "app ours" in set_up:
        app(desk).callback_url = ours(desk)
    if set_up.startswith("account"):
        here.subscriptions[desk.seed.app_id] = ELSEWHERE
    if set_up.startswith("number"):
        number.override_url = ELSEWHERE
    others = {key: url for key, url in here.subscriptions.items() if key != desk.seed.app_id}
    app_before, path = app(desk).callback_url, number.id if write == "number" else write
    text = await asks(desk.ana, "fix Sales", "What else is touched")
    assert what in text
    assert desk.writes(path) == 0
    after = await apply(desk, "Read back: it is in force.")
    assert "Nothing to do: this number's messages come to this bot." in after
    assert desk.writes(path) == 1
    assert desk.writes("subscriptions") == 0
    assert app(desk).callback_url == app_before
    assert {key: url for key, url in here.subscriptions.items() if key != desk.seed.app_id} == others


async def test_our_app_is_subscribed_when_it_is_missing(desk: Desk):
    app(desk).callback_url = ours(desk)
    account(desk).unsubscribe_app(desk.seed.app_id)
    await asks(desk.ana, "fix Sales", "Subscribe our app to the WhatsApp account.")
    await apply(desk, "Read back: it is in force.")
    assert desk.seed.app_id in account(desk).subscriptions
    assert desk.writes("subscribed_apps") == 1


async def test_with_nothing_to_do_it_says_so_and_offers_no_submit(desk: Desk):
    app(desk).callback_url = ours(desk)
    await asks(desk.ana, "fix Sales", "Nothing to do")
    assert "Apply" not in seen(desk.ana).replace("Applying", "")


async def test_what_changed_since_it_was_shown_is_not_applied(desk: Desk):
    await asks(desk.ana, "fix Sales", "What else is touched")
    desk.meta.number("Sales").override_url = ELSEWHERE
    await desk.ana.submit()
    await window_says(desk.ana, "It is not as it was shown any more")
    assert desk.writes("subscribed_apps") == 0


async def test_a_lost_answer_is_never_repeated_and_the_read_back_decides(desk: Desk):
    await asks(desk.ana, "fix Sales", "What else is touched")
    desk.meta.add_fault(Fault("reset_after", match="POST /v25.0/" + desk.seed.account_ids[0]))
    text = await apply(desk, "Read back:")
    assert "it may or may not have been done" in text
    assert desk.writes("subscribed_apps") == 1


async def test_a_call_that_never_arrived_is_read_back_as_not_done(desk: Desk):
    await asks(desk.ana, "fix Sales", "What else is touched")
    desk.meta.add_fault(Fault("reset_before", match="POST /v25.0/" + desk.seed.account_ids[0]))
    text = await apply(desk, "Read back: it is not in force.")
    assert "Could not tell" in text
    assert "it may or may not have been done" in text


async def test_a_number_that_somebody_reconnects_is_left_alone(desk: Desk):
    await asks(desk.ana, "fix Sales", "What else is touched")
    await desk.maya.type("/whatsapp reconnect 4821")
    await window_says(desk.maya, "How should Meta send the code?")
    await desk.ana.submit()
    await window_says(desk.ana, "holds this number")
    assert desk.writes("subscribed_apps") == 0


async def test_who_lost_the_role_meanwhile_applies_nothing(desk: Desk):
    """The role of the press counts, not that of whoever opened the window."""
    await asks(desk.ana, "fix Sales", "What else is touched")
    service = desk.bot.services.webhooks
    ref = await desk.bot.services.directory.find("Sales")
    for person in (Person("U0VIK", "vik", Role.VIEWER), Person("U0LUIS", "luis", Role.NOBODY)):
        with pytest.raises(NotAllowed):
            await service.apply(person, ref, "x", key="1")
        with pytest.raises(NotAllowed):
            await service.test(person, ref, key="1")
    with pytest.raises(NotAllowed):
        await service.move(Person("U0ANA", "ana", Role.OPERATOR), ref, frozenset(), "x", key="1")
    assert desk.writes("subscri") == desk.writes("subscribed_apps") == 0


async def test_viewers_may_not_and_operators_are_not_offered_the_app(desk: Desk):
    await desk.vik.type("/whatsapp webhook Sales")
    await desk.vik.wait_for("Only operators and above")
    await asks(desk.ana, "Sales", "Last event received")
    assert "Change the app's webhook" not in buttons(desk.ana)


async def test_the_app_moves_only_with_every_account_named_by_a_manager(desk: Desk):
    app(desk).subscribed_fields = ("messages", "account_update")
    ids = list(desk.seed.account_ids)
    for each in ids:
        desk.meta.world.accounts[each].subscriptions.setdefault(desk.seed.app_id, None)
    await asks(desk.maya, "Sales", "Last event received")
    await desk.maya.click("Change the app's webhook")
    await window_says(desk.maya, "This moves EVERY account of the app at once")
    text = seen(desk.maya)
    assert "New: account_alerts" in text
    assert len(ids) > 1
    assert all(each in text for each in ids)
    await desk.maya.submit({"Accounts that move: tick each": ids[:1]})
    assert "Tick every account" in seen(desk.maya)
    assert desk.writes("/subscriptions") == 0
    await desk.maya.submit({"Accounts that move: tick each": ids})
    await window_says(desk.maya, "Read back: it is in force.")
    await desk.told()
    assert desk.writes(f"{desk.seed.app_id}/subscriptions") == 1
    assert app(desk).callback_url == ours(desk)
    assert set(app(desk).subscribed_fields) >= {"messages", "security"}
    assert "changed the webhook of the whole app" in desk.maya.reads("#whatsapp-audit")


async def test_an_account_of_which_it_cannot_be_told_stops_a_move_of_the_app(desk: Desk):
    await asks(desk.maya, "Sales", "Last event received")
    desk.meta.add_fault(
        Fault("http_500", match="GET /v25.0/" + desk.seed.account_ids[-1] + "/subscribed_apps", times=0)
    )
    await desk.maya.click("Change the app's webhook")
    await window_says(desk.maya, "it could not be told whether they would move")
    assert "Move them all" not in seen(desk.maya)
    assert desk.writes("/subscriptions") == 0


async def test_whatever_window_it_came_from_a_move_needs_every_account_and_knowledge_of_each(desk: Desk):
    service, maya = desk.bot.services.webhooks, Person("U0MAYA", "maya", Role.MANAGER)
    ref = await desk.bot.services.directory.find("Sales")
    move = (await service.moving(maya, ref)).move
    assert move.ids
    for ticked, mark in ((frozenset[str](), move.mark), (move.ids, "another"), (move.ids | {"1"}, move.mark)):
        assert (await service.move(maya, ref, ticked, mark, key="1")).done is None
    dark = f"GET /v25.0/{desk.seed.account_ids[-1]}/subscribed_apps"
    desk.meta.add_fault(Fault("http_500", match=dark, times=0))
    blind = (await service.moving(maya, ref)).move
    assert blind.unknown == (desk.seed.account_ids[-1],)
    assert (await service.move(maya, ref, blind.ids, blind.mark, key="2")).done is None
    assert desk.writes("/subscriptions") == 0


async def test_the_verdict_leads_to_the_same_change(desk: Desk):
    account(desk).subscriptions[desk.seed.app_id] = ELSEWHERE
    desk.meta.number("Sales").connect()
    await desk.ana.type("/whatsapp diagnose Sales")
    await window_says(desk.ana, "Events go elsewhere")
    await desk.ana.click("Restore webhook override")
    await window_says(desk.ana, "Set this bot's address on the WhatsApp account.")
