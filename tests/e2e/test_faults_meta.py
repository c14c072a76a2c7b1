"""Meta answers badly, late, or not at all: what people see, what is on record, and that nothing is sent twice."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from bot.sandbox.meta.faults import KINDS, Fault
from tests.desk import Desk
from tests.e2e.steps import at_the_pin, choosing, seen, window_says, with_a_code_out
from tests.e2e.trouble import BRISK, HASTY, assert_records_hold, everything_told, idle, outcomes, types

NEVER_AGAIN = [k for k in KINDS if k not in ("status_429", "drop_connection_at_accept", "reset", "hang")]
SILENT = ("hang", "hang_before", "hang_after", "slow_loris")
BEFORE_ONLY = ("hang_before", "reset_before")
AFTER_ONLY = ("hang_after", "reset_after")
UNSURE = "may or may not have been"
READ_BACK = "Meta's answer was lost, but reading the number back shows that it was done."
MakeDesk = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def desk(a_desk: MakeDesk, request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    """Impatient only with a Meta that never answers: an answer that is merely late must not be given up."""
    kind = request.node.callspec.params.get("kind") if hasattr(request.node, "callspec") else None
    desk = await a_desk(tempo=HASTY if kind in SILENT else BRISK)
    yield desk
    await assert_records_hold(desk)


def phased() -> list[tuple[str, str]]:
    found = [(kind, "before") for kind in NEVER_AGAIN if kind not in AFTER_ONLY]
    return found + [(kind, "after") for kind in NEVER_AGAIN if kind not in BEFORE_ONLY]


def strike(desk: Desk, kind: str, phase: str, path: str) -> None:
    desk.meta.add_fault(Fault(kind, match=f"POST /v25.0/{path}", phase=phase))


def sales(desk: Desk) -> str:
    return desk.meta.number("Sales").id


@pytest.mark.parametrize(("kind", "phase"), phased())
async def test_a_write_without_a_clear_answer_is_unsure_never_repeated_and_goes_on(desk, kind, phase):
    """One reconnect in which this fault strikes every write once: five writes, five outcomes “unknown”."""
    ana, done = desk.ana, phase == "after"
    desk.meta.account(desk.meta.number("Sales").account_id).unsubscribe_app(desk.seed.app_id)
    await choosing(ana)
    await unsure_about_the_code(desk, kind, phase)
    await unsure_about_the_check(desk, kind, done)
    await unsure_about_the_new_pin(desk, kind, phase)
    await unsure_about_the_registration_and_the_subscription(desk, kind, done)
    again = [] if done else ["ok"]
    assert outcomes(desk, "code.request") == ["unknown", *again]
    assert outcomes(desk, "code.verify") == ["unknown", *again]
    assert outcomes(desk, "pin.set") == ["unknown"]
    assert outcomes(desk, "number.register") == ["unknown", *again]
    assert outcomes(desk, "webhook.subscribe") == ["unknown"]
    twice = 1 if done else 2
    assert [desk.writes(p) for p in ("request_code", "verify_code", "/register", "/subscribed_apps", sales(desk))] == [
        twice, twice, twice, 1, 1,
    ]  # fmt: skip


async def unsure_about_the_code(desk: Desk, kind: str, phase: str) -> None:
    ana = desk.ana
    strike(desk, kind, phase, f"{sales(desk)}/request_code")
    await ana.submit()
    await ana.wait_for_window("Not sure")
    assert "The code may or may not have been sent." in seen(ana)
    assert "Nothing is lost, and nothing was repeated." in seen(ana)
    await ana.click("Check status")
    await ana.wait_for_window("Enter the code")
    assert "it may or may not have been sent" in seen(ana)
    await ana.click("Send again")
    await window_says(ana, "Too early")
    if phase == "before":
        desk.skip(seconds=61)
        await ana.click("Send again")
        await window_says(ana, "Meta was asked for an SMS")


async def unsure_about_the_check(desk: Desk, kind: str, done: bool) -> None:
    ana, code = desk.ana, desk.meta.phone("Sales").latest_code()
    strike(desk, kind, "after" if done else "before", f"{sales(desk)}/verify_code")
    await ana.submit({"Verification code": code})
    await ana.wait_for_window("Connect the number" if done else "Not sure")
    assert (READ_BACK if done else f"The code {UNSURE} checked.") in seen(ana)
    if not done:
        await ana.click("Check status")
        await ana.wait_for_window("Enter the code")
        await ana.submit({"Verification code": code})
        await ana.wait_for_window("Connect the number")


async def unsure_about_the_new_pin(desk: Desk, kind: str, phase: str) -> None:
    ana = desk.ana
    strike(desk, kind, phase, sales(desk))
    await ana.click("Set a new PIN")
    await ana.wait_for_window("Set a new PIN")
    await ana.submit({"New two-step PIN": "681357", "This replaces the old PIN": ["Yes, replace it"]})
    await ana.wait_for_window("Not sure")
    assert f"The new PIN {UNSURE} set." in seen(ana)
    assert desk.writes("/register") == 0  # what was not surely set is not used at once
    await ana.click("Check status")
    await ana.wait_for_window("Connect the number")


async def unsure_about_the_registration_and_the_subscription(desk: Desk, kind: str, done: bool) -> None:
    ana, pin, phase = (
        desk.ana,
        {"Two-step PIN": str(desk.meta.number("Sales").pin)},
        "after" if done else "before",
    )
    strike(desk, kind, phase, f"{sales(desk)}/register")
    strike(desk, kind, phase, f"{desk.meta.number('Sales').account_id}/subscribed_apps")
    await ana.submit(pin)
    await ana.wait_for_window("Connected" if done else "Not sure")
    assert (READ_BACK if done else f"The number {UNSURE} registered.") in seen(ana)
    if not done:
        await ana.click("Check status")
        await ana.wait_for_window("Connect the number")
        assert "1 of 2 guesses left" in seen(ana)
        await ana.submit(pin)
    await ana.wait_for_window("Connected")


async def test_metas_own_words_end_before_ours_begin(desk):
    await choosing(desk.ana)
    desk.meta.add_fault(Fault("http_500", match="request_code"))
    await desk.ana.submit()
    await window_says(desk.ana, "Meta says: “Service temporarily unavailable”. Press “Check status”")


@pytest.mark.parametrize(
    "kind", ["http_500", "hang_after", "garbage_json", "empty", "reset_after", "wrong_types"]
)
async def test_a_token_exchange_without_a_clear_answer_leaves_the_old_token_in_use(desk, kind):
    desk.meta.token("main").expires_at = desk.clock.now() + timedelta(days=5)
    await at_the_pin(desk, desk.ana)
    desk.meta.add_fault(Fault(kind, match="/oauth/access_token"))
    await desk.ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await desk.ana.wait_for_window("Connected")
    assert outcomes(desk, "token.extend") == ["unknown"]
    assert sum("oauth" in call.path for call in desk.meta.calls) == 1
    assert (
        "Number" not in await types(desk, desk.ana, "/whatsapp status 4821")
        or desk.meta.calls[-1].status == 200
    )


@pytest.mark.parametrize("step", ["code", "check", "register"])
async def test_a_refused_connection_is_told_as_not_sent_and_costs_nothing(desk, step):
    go, values = await before(desk, step)
    port = urlsplit(desk.meta.url).port
    await desk.meta.close()
    written = len(desk.meta.calls)
    await desk.ana.submit(values)
    await window_says(desk.ana, "Meta could not be reached. Nothing was sent. Try again in a minute.")
    assert len(desk.meta.calls) == written
    assert outcomes(desk)[-1] == "not_sent"
    await desk.meta.start(port)
    await desk.ana.submit(values)
    await desk.ana.wait_for_window(go)


async def before(desk: Desk, step: str) -> tuple[str, dict[str, str]]:
    """The window after the step, and what to fill in; the person stands right before it."""
    if step == "code":
        await choosing(desk.ana)
        return "Enter the code", {}
    if step == "check":
        await with_a_code_out(desk.ana)
        return "Connect the number", {"Verification code": desk.meta.phone("Sales").latest_code()}
    await at_the_pin(desk, desk.ana)
    return "Connected", {"Two-step PIN": desk.seed.sales_pin}


READS = ["http_500", "hang", "reset", "garbage_json", "deep_nesting", "huge_body", "wrong_types"]


@pytest.mark.parametrize("kind", READS)
async def test_when_nothing_can_be_read_it_is_could_not_tell_and_nothing_is_written(desk, kind):
    desk.meta.add_fault(Fault(kind, match="GET /v", times=0))
    for command in ("status 4821", "budget 4821", "reconnect 4821", "refresh 4821"):
        said = await types(desk, desk.ana, f"/whatsapp {command}")
        assert "Could not tell: Meta did not answer, or not in a way that can be read." in said
    assert "No number could be read." in await types(desk, desk.vik, "/whatsapp status")
    assert [call for call in desk.meta.calls if call.is_write] == []
    assert outcomes(desk) == []
    desk.meta.clear_faults()
    desk.skip(seconds=11)  # a failing account is not asked at every question
    await choosing(desk.ana)


@pytest.mark.parametrize("kind", ["http_500", "hang", "garbage_json", "wrong_types"])
async def test_reads_that_fail_within_the_flow_change_nothing_that_was_done(desk, kind):
    await with_a_code_out(desk.ana)
    desk.meta.add_fault(Fault(kind, match="GET /v", times=0))
    await desk.ana.submit({"Verification code": desk.meta.phone("Sales").latest_code()})
    await desk.ana.wait_for_window("Connect the number")
    await desk.ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await desk.ana.wait_for_window("Almost there")
    assert "Meta could not be read back: the number may be connected." in seen(desk.ana)
    assert outcomes(desk) == ["ok", "ok", "ok", "unknown"]
    assert (desk.writes("verify_code"), desk.writes("/register"), desk.writes("subscribed_apps")) == (1, 1, 0)
    await desk.ana.click("Check status")
    await idle(desk)
    assert "Could not tell" in seen(desk.ana) or "does not say clearly" in seen(desk.ana)
    desk.meta.clear_faults()
    await desk.ana.click("Continue")
    await desk.ana.wait_for_window("Connected")


@pytest.mark.parametrize("retry_after", ["120", None, "999999999"])
async def test_a_throttle_closes_the_button_for_everybody_and_a_restart_does_not_forget_it(desk, retry_after):
    await choosing(desk.ana)
    desk.meta.add_fault(Fault("status_429", match="POST /v", retry_after=retry_after))
    await desk.ana.submit()
    await window_says(desk.ana, "Meta asks us to wait.")
    assert "No code can be asked for now." in seen(desk.ana)
    assert desk.ana.modal.submit is None
    assert "a wait set by Meta (Meta's code 4)" in seen(desk.ana)
    said = await types(desk, desk.vik, "/whatsapp status 4821")
    assert "Meta asks us to wait until" in said
    await desk.restart()
    for person in (desk.ana, desk.maya):
        await person.type("/whatsapp reconnect 4821")
        await window_says(person, "Meta asks us to wait until")
    assert desk.writes("request_code") == 1
    desk.skip(seconds=3601)
    await choosing(desk.ana)
    await desk.ana.submit()
    await desk.ana.wait_for_window("Enter the code")


async def test_while_meta_asks_to_wait_a_press_is_not_sent_and_costs_nothing(desk):
    await at_the_pin(desk, desk.ana)
    desk.meta.add_fault(Fault("status_429", match="GET /v"))
    await types(desk, desk.vik, "/whatsapp status")
    await desk.ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await window_says(desk.ana, "Meta asks us to wait.")
    assert (desk.writes("/register"), outcomes(desk, "number.register")) == (0, ["not_sent"])
    assert "7 of 7 registrations left" in seen(desk.ana)
    desk.skip(seconds=61)
    await desk.ana.click("Check status")
    await window_says(desk.ana, "Ownership is proven.")
    await desk.ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await desk.ana.wait_for_window("Connected")


@pytest.mark.parametrize(
    ("subcode", "step"),
    list(zip([458, 459, 460, 463, 464, 465, 466, 467, 492], ["code", "check", "register"] * 3, strict=True)),
)
async def test_a_token_that_dies_in_mid_flow_is_said_so_and_the_flow_is_kept(desk, step, subcode):
    go, values = await before(desk, step)
    desk.meta.token("main").revoke_token(subcode)
    await desk.ana.submit(values)
    await window_says(desk.ana, "“Reconnect with Meta” (`/whatsapp oauth`) makes a new one")
    assert f"(Meta's code 190/{subcode})" in seen(desk.ana)
    assert outcomes(desk)[-1] == "failed"
    said = await types(desk, desk.vik, "/whatsapp status 4821")
    assert "/whatsapp token replace" in said
    desk.meta.token("main").revive()
    await desk.ana.type("/whatsapp reconnect 4821")
    await idle(desk)
    await desk.ana.submit(values)
    await desk.ana.wait_for_window(go)


async def test_a_missing_permission_says_who_gives_it_and_the_flow_is_kept(desk):
    await choosing(desk.ana)
    desk.meta.token("main").remove_scope("whatsapp_business_management")
    await desk.ana.submit()
    await window_says(desk.ana, "Our access token lacks a permission")
    assert "A manager grants it in Business settings" in seen(desk.ana)
    assert outcomes(desk) == ["failed"]
    assert "5 of 5 codes left" in seen(desk.ana)  # nothing reached the number
    desk.meta.token("main").scopes.append("whatsapp_business_management")
    await desk.ana.submit()
    await desk.ana.wait_for_window("Enter the code")


async def test_a_number_that_meta_no_longer_shows_is_said_so(desk):
    await choosing(desk.ana)
    desk.meta.number("Sales").status = "MIGRATED"
    await desk.ana.submit()
    await window_says(desk.ana, "Meta does not find this number, or our token may not see it.")
    assert "Check in WhatsApp Manager whether it is still there." in seen(desk.ana)
    assert outcomes(desk) == ["failed"]


async def test_connected_is_believed_only_when_it_is_read_back(desk):
    """Meta accepts the registration, but its status goes on saying something else."""
    await at_the_pin(desk, desk.ana)
    desk.meta.number("Sales").connect_reads = 99
    await desk.ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await desk.ana.wait_for_window("Almost there")
    assert "Meta still says DISCONNECTED." in seen(desk.ana)
    desk.meta.number("Sales").connecting_reads = 0
    await desk.ana.click("Try refreshing permissions")
    await desk.ana.wait_for_window("Connected")
    assert desk.writes("/register") == 1


async def test_a_claim_of_connected_without_any_registration_needs_no_write(desk):
    await choosing(desk.ana)
    number = desk.meta.number("Sales")
    number.status, number.platform_type = "CONNECTED", "CLOUD_API"
    await desk.ana.type("/whatsapp reconnect 4821")
    await desk.ana.wait_for_window("Connected")
    assert "It was connected already: nothing had to be done." in seen(desk.ana)
    assert [call for call in desk.meta.calls if call.is_write] == []


UGLY = [
    "<!channel> <@U0MAYA> <x://evil.example|Log in>",
    "S" * 5000,
    "\u202eelur\u202c \u2066right\u2069 مبيعات",
    "NUL \x00 bell \x07 \ud83d",
    ":large_green_circle: *Connected* `x` ~y~ &lt;!here&gt;",
    "",
]


@pytest.mark.parametrize("name", UGLY)
async def test_a_hostile_name_is_only_text_in_every_block_and_every_fallback(desk, name):
    desk.meta.number("Sales").verified_name = name
    for command in ("status", "status 4821", "budget 4821", "reconnect Xyz", "refresh 4821"):
        await types(desk, desk.ana, f"/whatsapp {command}")
    await desk.ana.close() if desk.ana.modal else None
    await desk.ana.type("/whatsapp reconnect 4821")
    await desk.ana.wait_for("How should Meta send the code?")
    await desk.ana.submit()
    await desk.ana.wait_for_window("Enter the code")
    await desk.ana.submit(
        {"Verification code": desk.meta.phone(desk.meta.number("15550104821")).latest_code()}
    )
    await desk.ana.wait_for_window("Connect the number")
    await desk.ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await desk.ana.wait_for_window("Connected")
    await desk.told()
    told = everything_told(desk)
    assert "<x://" not in told
    assert ":large_green_circle: *Connected* `x`" not in told
    assert not {"\u202e", "\x00", "\x07", "\u2066"} & set(told)
    assert [r for r in desk.slack.refusals if r.error != "not_found"] == []
