"""`/whatsapp token replace`: a token is tried before it is kept, and stands nowhere but at Meta and encrypted."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.errors import NotAllowed
from bot.roles import Person as Who
from bot.roles import Role
from bot.sandbox.meta import seed
from bot.sandbox.meta.faults import Fault
from bot.sandbox.meta.token import TokenRecord
from bot.sandbox.slack.person import Person
from bot.secret import Secret
from tests.desk import Desk
from tests.e2e.steps import seen, window_says

pytestmark = pytest.mark.usefixtures("nothing_refused")
MESSAGING = "whatsapp_business_messaging"


def another(desk: Desk) -> TokenRecord:
    """A second token, of a system user, that never ends."""
    made = desk.meta.world.new_token_like(desk.meta.token("main"), life=None)
    made.kind, made.data_access_expires_at, made.label = "SYSTEM_USER", None, "second"
    return made


async def typing(person: Person, words: str = "") -> None:
    await person.type(f"/whatsapp token replace {words}".strip())
    await window_says(person, "This replaces")


async def hand_over(person: Person, token: str) -> None:
    await person.submit({"New access token": token})


def in_use(desk: Desk) -> str:
    return desk.bot.services.tokens.current().reveal()


async def test_a_good_token_is_tried_kept_and_used_from_then_on(desk: Desk):
    await desk.vik.type("/whatsapp status")
    await desk.vik.wait_for("Sales")
    await typing(desk.maya)
    assert "Slack shows it while you type" in seen(desk.maya)
    fresh = another(desk)
    desk.meta.calls.clear()
    await hand_over(desk.maya, f"  {fresh.text} ")
    await window_says(desk.maya, "The token was replaced.")
    tried = {call.path.rsplit("/", 1)[-1] for call in desk.meta.calls}
    assert {"debug_token", seed.SHOP, "phone_numbers", "message_templates"} <= tried
    desk.meta.token("main").revoke_token()
    assert in_use(desk) == fresh.text
    await desk.restart()
    assert in_use(desk) == fresh.text
    await desk.told()
    line = next(one for one in desk.maya.reads("#whatsapp-audit").splitlines() if "replaced the token" in one)
    for part in ("@maya", "token kind: SYSTEM_USER", "ends: never", MESSAGING, "accounts: 2"):
        assert part in line, line


def _belongs_elsewhere(token: TokenRecord, desk: Desk) -> None:
    desk.meta.world.apps["5550001112223"] = desk.meta.world.apps[desk.seed.app_id]
    token.app_id = "5550001112223"


def _describe_another_app(token: TokenRecord, desk: Desk) -> None:
    """Meta shows the token, and names another app in it."""
    desk.meta.world.apps[desk.seed.app_id].id = "5550001112223"


def _let_it_end(token: TokenRecord, desk: Desk) -> None:
    token.expire_token()
    desk.skip(seconds=2)


def _refuse(path: str) -> Callable[[TokenRecord, Desk], None]:
    return lambda token, desk: desk.meta.add_fault(Fault("http_503", path, times=0))


WRONG: dict[str, tuple[Callable[[TokenRecord, Desk], None], str]] = {
    "dead": (lambda token, desk: token.revoke_token(), "Meta does not accept it."),
    "expired": (_let_it_end, "Meta does not accept it."),
    "lapsed": (lambda token, desk: token.lapse_data_access(), "Its time is over."),
    "another app": (_belongs_elsewhere, "It belongs to another Meta app."),
    "another app, as Meta describes it": (_describe_another_app, "It belongs to another Meta app."),
    "a scope missing": (
        lambda token, desk: token.remove_scope(MESSAGING),
        f"It lacks a permission: {MESSAGING}.",
    ),
    "the account missing": (
        lambda token, desk: token.unassign(seed.SHOP, (seed.SHOP, seed.CAFE)),
        f"It could not read account {seed.SHOP}.",
    ),
    "inspection": (_refuse("debug_token"), "Meta could not look at it."),
    "account": (_refuse(f"/v25.0/{seed.SHOP}"), f"It could not read account {seed.SHOP}."),
    "numbers": (_refuse(f"{seed.SHOP}/phone_numbers"), "It could not read the numbers"),
    "templates": (_refuse("message_templates"), "It could not read the templates"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_the_test_that_failed_is_said_beside_the_field_and_nothing_changes(desk: Desk, name: str):
    break_it, says = WRONG[name]
    await desk.vik.type("/whatsapp status")
    await desk.vik.wait_for("Sales")
    old, fresh = in_use(desk), another(desk)
    await typing(desk.maya, "4821")
    break_it(fresh, desk)
    await hand_over(desk.maya, fresh.text)
    await window_says(desk.maya, says)
    assert "Nothing was changed." in seen(desk.maya)
    assert "Replace token" in seen(desk.maya).splitlines()[0], "the field is still there"
    assert in_use(desk) == old
    await desk.told()
    assert "tried to replace the token: it failed a test" in desk.maya.reads("#whatsapp-audit")
    desk.meta.clear_faults()
    await desk.restart()
    assert in_use(desk) == old


@pytest.mark.parametrize("typed", ["nonsense", "EAA with spaces inside it, long enough", "ü" * 40])
async def test_what_cannot_be_a_token_is_not_sent_anywhere(desk: Desk, typed: str):
    await typing(desk.maya)
    desk.meta.calls.clear()
    await hand_over(desk.maya, typed)
    await window_says(desk.maya, "That is no access token")
    assert desk.meta.calls == []


async def test_the_token_in_use_is_no_new_one(desk: Desk):
    await typing(desk.maya)
    await hand_over(desk.maya, in_use(desk))
    await window_says(desk.maya, "This is the token that is in use already.")


@pytest.mark.parametrize("who", ["ana", "vik"])
async def test_only_a_manager_may_replace_it(desk: Desk, who: str):
    await desk.person(who).type("/whatsapp token replace")
    await desk.person(who).wait_for("Only managers and above may replace the token.")


@pytest.mark.parametrize("role", [Role.NOBODY, Role.VIEWER, Role.OPERATOR])
async def test_whatever_window_it_came_from_a_token_is_taken_from_a_manager_only(desk: Desk, role: Role):
    fresh = desk.meta.world.new_token_like(desk.meta.token("main"), life=None)
    before, somebody = len(desk.meta.calls), Who("U0ANA", "ana", role)
    with pytest.raises(NotAllowed):
        await desk.bot.services.replacing.replace(somebody, Secret(fresh.text), seed.SHOP, key="press:1")
    assert len(desk.meta.calls) == before


async def test_a_token_that_reaches_one_account_only_serves_that_one_beside_the_old_one(desk: Desk):
    await desk.vik.type("/whatsapp status")
    await desk.vik.wait_for("Sales")
    fresh = another(desk)
    fresh.limit_to(seed.CAFE)
    fresh.unassign(seed.SHOP, (seed.SHOP, seed.CAFE))
    await typing(desk.maya, "Outlet")
    await hand_over(desk.maya, fresh.text)
    await window_says(desk.maya, "The old token goes on serving")
    for _ in range(2):
        tokens = desk.bot.services.tokens
        assert tokens.for_node(seed.CAFE).reveal() == fresh.text
        assert tokens.for_node(seed.SHOP).reveal() == desk.seed.token.reveal()
        await desk.vik.type("/whatsapp status")
        await desk.vik.wait_for("Outlet")
        assert {ref.account_id for ref in await desk.bot.services.directory.refs()} == {seed.SHOP, seed.CAFE}
        await desk.restart()
    fresh.revoke_token()
    await desk.maya.type("/whatsapp token Outlet")
    await window_says(desk.maya, "Login needed")
    await desk.maya.type("/whatsapp token 4821")
    await window_says(desk.maya, "Connected")


async def test_a_slow_meta_does_not_lose_what_was_typed_for_nothing(desk: Desk):
    fresh = another(desk)
    await typing(desk.maya)
    desk.meta.latency_s = 0.9
    await hand_over(desk.maya, fresh.text)
    await desk.maya.wait_until(lambda: "The token was replaced." in seen(desk.maya), timeout_s=10)


async def test_a_second_token_that_fails_in_the_same_window_is_told_why_as_the_first_was(desk: Desk):
    bad, worse = another(desk), another(desk)
    bad.remove_scope(MESSAGING)
    worse.revoke_token()
    await typing(desk.maya)
    await hand_over(desk.maya, bad.text)
    await window_says(desk.maya, "It lacks a permission")
    await hand_over(desk.maya, worse.text)
    await window_says(desk.maya, "Meta does not accept it.")
    await desk.told()
    assert desk.maya.reads("#whatsapp-audit").count("test: ") == 2


async def test_a_double_click_replaces_once(desk: Desk):
    fresh = another(desk)
    await typing(desk.maya)
    await desk.maya.submit_twice({"New access token": fresh.text})
    await window_says(desk.maya, "The token was replaced.")
    await desk.told()
    assert desk.maya.reads("#whatsapp-audit").count("replaced the token") == 1


async def test_a_token_typed_stands_in_no_record_log_file_or_metadata(
    desk: Desk, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("DEBUG")
    good, bad = another(desk), another(desk)
    bad.expires_at = desk.clock.now() + timedelta(days=20)
    bad.remove_scope(MESSAGING)
    await typing(desk.maya)
    await hand_over(desk.maya, bad.text)
    await window_says(desk.maya, "It lacks a permission")
    await hand_over(desk.maya, good.text)
    await window_says(desk.maya, "The token was replaced.")
    await desk.told()
    await asyncio.sleep(0)
    said = "\n".join(
        record.getMessage()
        for record in caplog.records
        if record.name.startswith(("bot", "handlers", "storage", "httpx"))
    )
    kept = desk.path.read_bytes()
    for secret in (good.text, bad.text, desk.seed.token.reveal()):
        assert secret not in said
        assert secret.encode() not in kept
        assert secret not in desk.maya.reads("#whatsapp-audit")
        assert secret not in seen(desk.maya)
