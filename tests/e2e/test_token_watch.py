"""The clock's look at the tokens: extended in time, at most once a day, never worse; warned of once each."""

import asyncio
from datetime import timedelta

import pytest

from bot.acts import Act
from bot.app import Tempo
from bot.errors import NotAllowed
from bot.graph.model import TokenInfo
from bot.roles import Person, Role
from bot.sandbox.meta import seed
from bot.sandbox.meta.faults import Fault
from bot.sandbox.meta.token import TokenRecord
from bot.secret import Secret
from tests.desk import Desk
from tests.e2e.conftest import Desks
from tests.e2e.steps import seen, window_says
from tests.e2e.trouble import outcomes

pytestmark = pytest.mark.usefixtures("nothing_refused")
MESSAGING = "whatsapp_business_messaging"


def ending(desk: Desk, **left: float) -> TokenRecord:
    """The token, of a system user, with so much time left."""
    token = desk.meta.token("main")
    token.kind, token.data_access_expires_at = "SYSTEM_USER", None
    token.expires_at = desk.clock.now() + timedelta(**left)
    return token


async def look(desk: Desk) -> None:
    await desk.bot.services.token_watch.look()
    await desk.told()


def exchanges(desk: Desk) -> int:
    return sum(1 for call in desk.meta.calls if call.path.endswith("/oauth/access_token"))


async def exchanged(desk: Desk) -> None:
    """Until Meta has made a new token."""
    async with asyncio.timeout(5):
        while len(desk.meta.world.tokens) < 2:
            await asyncio.sleep(0.005)


def audit(desk: Desk) -> str:
    return desk.maya.reads("#whatsapp-audit")


async def in_use(desk: Desk) -> str:
    return desk.bot.services.tokens.current().reveal()


async def test_fourteen_days_before_its_end_a_token_is_extended_by_itself(desk: Desk):
    old = ending(desk, days=14)
    await look(desk)
    assert exchanges(desk) == 1
    fresh = await in_use(desk)
    assert fresh != old.text
    assert "extended the token" in audit(desk)
    assert "ends" not in audit(desk).partition("extended the token")[2]
    old.revoke_token()
    await desk.restart()
    assert await in_use(desk) == fresh
    assert fresh.encode() not in desk.path.read_bytes()


@pytest.mark.parametrize("days", [15, 59])
async def test_before_that_it_is_left_alone(desk: Desk, days: int):
    ending(desk, days=days)
    await look(desk)
    assert exchanges(desk) == 0
    assert "token" not in audit(desk).replace("took a new access token into use", "")


async def test_a_token_that_never_ends_is_never_exchanged(desk: Desk):
    ending(desk, days=3).expires_at = None
    await look(desk)
    assert exchanges(desk) == 0


@pytest.mark.parametrize("state", ["expired", "revoked", "app"])
async def test_what_cannot_be_extended_is_not_tried(desk: Desk, state: str):
    token = ending(desk, days=3)
    match state:
        case "expired":
            token.expire_token()
        case "revoked":
            token.revoke_token()
        case "app":
            token.kind = "APP"
    await look(desk)
    assert exchanges(desk) == 0
    assert warned(desk) == [], "what has ended is no token that ends soon"


async def test_the_running_bot_looks_by_itself(a_desk: Desks):
    desk = await a_desk(tempo=Tempo(token_look_s=60.0))
    await desk.stop()
    old = ending(desk, days=2)
    desk.tempo = Tempo(token_look_s=0.0)
    await desk.start()
    await exchanged(desk)
    await desk.told()
    assert await in_use(desk) != old.text


def _lose_a_scope(token: TokenRecord) -> None:
    token.lost_on_exchange.add(MESSAGING)


async def test_a_new_token_that_lacks_a_permission_is_not_kept_and_that_is_told_once(desk: Desk):
    old = ending(desk, days=10)
    _lose_a_scope(old)
    await look(desk)
    assert await in_use(desk) == old.text
    assert audit(desk).count("could not refresh the token by itself") == 1
    assert f"the new token lacks: {MESSAGING}" in audit(desk)
    for _ in range(3):
        await look(desk)
        await desk.restart()
    assert exchanges(desk) == 1, "at most one try a day"
    desk.skip(hours=23, minutes=50)
    await look(desk)
    assert exchanges(desk) == 1, "a day is not over yet"
    desk.skip(hours=3)
    await look(desk)
    assert exchanges(desk) == 2
    assert audit(desk).count("could not refresh the token by itself") == 1, "the same reason is told once"


async def test_why_it_failed_is_kept_for_the_diagnosis_until_it_goes_well(desk: Desk):
    old = ending(desk, days=10)
    _lose_a_scope(old)
    await look(desk)
    await desk.restart()
    kept = await desk.bot.services.tokens.extension(seed.SHOP)
    assert kept is not None
    assert kept.reason == f"the new token lacks: {MESSAGING}"
    old.lost_on_exchange.clear()
    desk.skip(hours=27)
    await look(desk)
    assert await in_use(desk) != old.text
    assert await desk.bot.services.tokens.extension(seed.SHOP) is None


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("http_503", "may or may not"),
        ("reset_before", "may or may not"),
        ("reset_after", "may or may not"),
        ("garbage_json", "may or may not"),
        ("http_200_html", "may or may not"),
    ],
)
async def test_a_lost_answer_is_unknown_the_old_token_stays_and_nothing_is_repeated(
    desk: Desk, kind: str, says: str
):
    old = ending(desk, days=10)
    desk.meta.add_fault(Fault(kind, "/oauth/access_token"))
    await look(desk)
    await look(desk)
    assert await in_use(desk) == old.text
    assert exchanges(desk) <= 1
    assert says in audit(desk)
    assert "could not refresh the token by itself" in audit(desk)


async def test_a_refusal_is_told_with_its_reason_and_kept(desk: Desk):
    old = ending(desk, days=10)
    desk.meta.add_fault(Fault("status_429", "/oauth/access_token", retry_after="60"))
    await look(desk)
    assert await in_use(desk) == old.text
    assert "why: Meta asks us to wait" in audit(desk)
    kept = await desk.bot.services.tokens.extension(seed.SHOP)
    assert kept is not None
    assert "wait" in kept.reason


async def test_a_token_that_cannot_be_looked_at_is_left_alone(desk: Desk):
    ending(desk, days=10)
    desk.meta.add_fault(Fault("http_503", "debug_token", times=0))
    await look(desk)
    assert exchanges(desk) == 0
    assert warned(desk) == []


async def test_a_new_token_that_cannot_be_proved_is_not_kept(desk: Desk):
    old = ending(desk, days=10)
    desk.meta.latency_s = 0.1
    look_at_it = asyncio.create_task(desk.bot.services.token_watch.look())
    await exchanged(desk)
    desk.meta.add_fault(Fault("http_503", "debug_token", times=0))
    await look_at_it
    await desk.told()
    assert await in_use(desk) == old.text
    assert "token not extended" in audit(desk)


async def test_a_failure_is_told_once_with_its_reason_and_again_only_when_the_reason_changes(desk: Desk):
    ending(desk, days=13)
    lines: list[int] = []
    for fault in ("http_503", "http_503", "http_503", "status_429", "http_503"):
        desk.meta.faults.clear()
        desk.meta.add_fault(Fault(fault, "oauth/access_token", times=0))
        await look(desk)
        lines.append(audit(desk).count("AFault"))
        desk.skip(hours=27)
    assert lines == [2, 2, 2, 4, 6], "the outcome and its reason"
    assert len(outcomes(desk, Act.TOKEN_EXTEND.value)) == 5, "each try stands in the records all the same"


async def test_cut_off_between_the_exchange_and_the_saving_it_is_unknown_and_the_old_token_serves(desk: Desk):
    old = ending(desk, days=10)
    desk.meta.latency_s = 0.1
    look_at_it = asyncio.create_task(desk.bot.services.token_watch.look())
    await exchanged(desk)
    look_at_it.cancel()
    await asyncio.gather(look_at_it, return_exceptions=True)
    desk.meta.latency_s = 0.0
    await desk.restart()
    await desk.told()
    assert await in_use(desk) == old.text
    assert "may or may not have been done" in audit(desk)
    kept = await desk.bot.services.tokens.extension(seed.SHOP)
    assert kept is not None
    assert "stopped before Meta's answer was kept" in kept.reason
    await look(desk)
    assert len(desk.meta.world.tokens) == 2, "not before a day has passed"


def maya(desk: Desk) -> Person:
    return Person(desk.maya.id, "maya", Role.MANAGER)


async def put_another(desk: Desk) -> str:
    """A manager's token takes the place of the one that is being exchanged."""
    made = desk.meta.world.new_token_like(desk.meta.token("main"), life=None)
    info = TokenInfo(made.app_id, "SYSTEM_USER", True, user_id=made.user_id, never_expires=True)
    await desk.bot.services.tokens.adopt(
        maya(desk), Secret(made.text), info, accounts=(seed.SHOP,), label="maya's", act=Act.TOKEN_REPLACED
    )
    return made.text


@pytest.mark.parametrize("proof", ["Meta proves the extended one", "Meta is silent about it"])
async def test_a_token_that_a_manager_puts_in_its_place_meanwhile_stays(desk: Desk, proof: str):
    ending(desk, days=10)
    desk.meta.latency_s = 0.15
    look_at_it = asyncio.create_task(desk.bot.services.token_watch.look())
    await exchanged(desk)
    theirs = await put_another(desk)
    if proof == "Meta is silent about it":
        desk.meta.add_fault(Fault("http_503", "debug_token", times=0))
    await look_at_it
    await desk.told()
    assert await in_use(desk) == theirs
    assert "token not extended" in audit(desk)
    assert await desk.bot.services.tokens.extension(seed.SHOP) is None, "nothing failed about this one"
    await desk.restart()
    assert await in_use(desk) == theirs


async def test_the_same_press_after_a_lost_answer_asks_meta_once(desk: Desk):
    ending(desk, days=10)
    desk.meta.add_fault(Fault("http_503", "/oauth/access_token"))
    extending = desk.bot.services.extending
    first = await extending.refresh(maya(desk), seed.SHOP, key="press:1")
    again = await extending.refresh(maya(desk), seed.SHOP, key="press:1")
    assert not first.ok
    assert again.says == "Somebody else was just doing it."
    assert exchanges(desk) <= 1


@pytest.mark.parametrize("role", [Role.NOBODY, Role.VIEWER, Role.OPERATOR])
async def test_whoever_asks_only_a_manager_refreshes(desk: Desk, role: Role):
    ending(desk, days=10)
    with pytest.raises(NotAllowed):
        await desk.bot.services.extending.refresh(Person("U0VIK", "vik", role), seed.SHOP, key="press:1")
    assert exchanges(desk) == 0


async def test_what_was_known_of_the_former_token_is_not_told_of_the_new_one(desk: Desk):
    ending(desk, days=10)
    tokens, extending = desk.bot.services.tokens, desk.bot.services.extending
    assert (await extending.look(seed.SHOP)).known
    await put_another(desk)
    desk.meta.add_fault(Fault("http_503", "debug_token", times=0))
    state = await extending.look(seed.SHOP)
    assert (state.known, state.last_known) == (False, None)
    assert tokens.of_account(seed.SHOP).label == "maya's"


async def test_two_who_refresh_at_once_make_one_exchange(desk: Desk):
    ending(desk, days=10)
    desk.meta.latency_s = 0.05
    await asyncio.gather(*(desk.bot.services.token_watch.look() for _ in range(4)))
    assert exchanges(desk) == 1


def warned(desk: Desk) -> list[str]:
    return [line for line in audit(desk).splitlines() if "a token ends soon" in line]


async def test_each_warning_is_told_once_whatever_restarts(desk: Desk):
    token = ending(desk, days=20)
    token.kind = "PAGE"  # Meta does not extend these
    counts = []
    for left in (20, 13.9, 13, 6.9, 6, 2.9, 2, 0.9, 0.5):
        passed = token.expires_at - desk.clock.now() - timedelta(days=left)
        desk.skip(seconds=max(0.0, passed.total_seconds()))
        await look(desk)
        await desk.restart()
        await look(desk)
        counts.append(len(warned(desk)))
    assert counts == [0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert "in 13 days" in warned(desk)[0]
    assert "in 21 hours" in warned(desk)[3]


async def test_seen_late_it_is_warned_of_once(desk: Desk):
    ending(desk, days=2).kind = "PAGE"
    await look(desk)
    await look(desk)
    assert len(warned(desk)) == 1


async def test_access_to_data_that_ends_is_warned_of_too(desk: Desk):
    token = ending(desk, days=20)
    token.expires_at = None
    token.data_access_expires_at = desk.clock.now() + timedelta(days=6)
    await look(desk)
    assert "the token's access to data ends" in warned(desk)[0]


async def test_a_new_token_is_warned_of_anew(desk: Desk):
    token = ending(desk, days=2)
    token.kind = "PAGE"
    await look(desk)
    fresh = desk.meta.world.new_token_like(token, life=timedelta(days=2))
    await desk.maya.type("/whatsapp token replace")
    await window_says(desk.maya, "This replaces")
    await desk.maya.submit({"New access token": fresh.text})
    await window_says(desk.maya, "The token was replaced.")
    await look(desk)
    assert len(warned(desk)) == 2


async def test_no_record_and_no_log_holds_a_token(desk: Desk, caplog: pytest.LogCaptureFixture):
    caplog.set_level("DEBUG", logger="bot")
    ending(desk, days=10)
    await look(desk)
    await desk.maya.type("/whatsapp token 4821")
    await window_says(desk.maya, "Connected")
    await desk.told()
    said = "\n".join(record.getMessage() for record in caplog.records) + audit(desk) + seen(desk.maya)
    for text in desk.meta.world.tokens:
        assert text not in said
        assert text.encode() not in desk.path.read_bytes()
