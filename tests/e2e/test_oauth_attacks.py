"""The way back from Meta when somebody tampers, repeats or is too late: one page for every link that cannot be used."""

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from bot.errors import NotAllowed
from bot.logs import OURS
from bot.roles import Person as Who
from bot.roles import Role
from bot.sandbox.meta import seed
from storage import logins
from tests.desk import Desk
from tests.e2e.logging_in import BACK, Browser, Shown, link, state_of, tokens_kept

CANNOT = "This link cannot be used"


def exchanges(desk: Desk) -> int:
    return len([call for call in desk.meta.calls if call.path.endswith("/oauth/access_token")])


async def no_trace(desk: Desk) -> None:
    """Neither a record nor a token came of it."""
    await desk.told()
    audit = desk.maya.reads("#whatsapp-audit")
    assert "came back from Meta's login" not in audit
    assert len(await tokens_kept(desk)) == 2


@pytest.mark.parametrize(
    "query",
    [
        "",
        "state=",
        "code=abc",
        "state={forged}&code=abc",
        "state={forged}&error=access_denied",
        "state={mine}",
        "state={mine}&code=",
        "state={mine}&code=a%20b",
        "state={mine}&code=%00",
        "state={mine}&code=" + "x" * 2049,
        "state={mine}&state={mine}&code=abc",
        "state={mine}&state={forged}&code=abc",
        "state={mine}&code=abc&code=def",
        "state={mine}x&code=abc",
        "state={upper}&code=abc",
        "state=%F0%9F%92%A9&code=abc",
        "state[]={mine}&code=abc",
        "state=' OR 1=1 --&code=abc",
    ],
)
async def test_what_does_not_fit_a_link_gets_one_page_and_uses_nothing_up(
    login_desk: Desk, browser: Browser, query: str
) -> None:
    good = await browser.answer(await link(login_desk.ana))
    mine = state_of(good)
    asked = query.format(mine=mine, forged=secrets.token_urlsafe(32), upper=mine.swapcase())
    page = await browser.come_back(f"{BACK}?{asked}")
    unknown = await browser.come_back(f"{BACK}?state={secrets.token_urlsafe(32)}&code=abc")
    assert (page.status, page.heading) == (400, CANNOT)
    assert same(page, unknown)
    assert exchanges(login_desk) == 0
    await no_trace(login_desk)
    assert (await browser.come_back(good)).status == 200, "the link itself still works"


async def test_used_replaced_expired_and_unknown_links_cannot_be_told_apart(
    login_desk: Desk, browser: Browser
) -> None:
    desk = login_desk
    used = await browser.answer(await link(desk.ana))
    assert (await browser.come_back(used)).status == 200
    await desk.ana.close()
    replaced = await browser.answer(await link(desk.ana))
    await desk.ana.close()
    expired = await browser.answer(await link(desk.ana))
    desk.skip(minutes=16)
    unknown = f"{BACK}?state={secrets.token_urlsafe(32)}&code=abc"
    pages = [await browser.come_back(address) for address in (used, replaced, expired, unknown)]
    assert {page.heading for page in pages} == {CANNOT}
    assert all(same(page, pages[0]) for page in pages)
    assert exchanges(desk) == 1
    await desk.told()
    audit = desk.maya.reads("#whatsapp-audit")
    for why in ("used again", "replaced", "expired"):
        assert audit.count(f"[{why}]") == 1


async def test_trying_a_used_link_again_and_again_is_one_record(login_desk: Desk, browser: Browser) -> None:
    back = await browser.answer(await link(login_desk.ana))
    assert (await browser.come_back(back)).status == 200
    for _ in range(5):
        assert (await browser.come_back(back)).heading == CANNOT
    await login_desk.told()
    assert login_desk.maya.reads("#whatsapp-audit").count("works no more was opened") == 1


async def test_the_same_way_back_eight_times_at_once_is_one_login(login_desk: Desk, browser: Browser) -> None:
    back = await browser.answer(await link(login_desk.ana))
    pages = await asyncio.gather(*(browser.come_back(back) for _ in range(8)))
    assert sorted(page.status for page in pages) == [200] + [400] * 7
    assert exchanges(login_desk) == 1
    assert len([row for row in await tokens_kept(login_desk) if row.retired_at is None]) == 2


async def test_a_code_of_another_login_is_of_no_use_here(login_desk: Desk, browser: Browser) -> None:
    """Code injection: the victim's state with a code that an attacker got. PKCE is what stops it."""
    desk = login_desk
    hers = await browser.answer(await link(desk.ana))
    his = await browser.answer(await link(desk.maya))
    code = parse_qs(urlsplit(his).query)["code"][0]
    page = await browser.come_back(f"{BACK}?{urlencode({'state': state_of(hers), 'code': code})}")
    assert (page.status, page.heading) == (502, "Meta refused")
    await desk.ana.wait_for("was not taken, and nothing was changed")
    assert len(await tokens_kept(desk)) == 2
    assert (await browser.come_back(hers)).heading == CANNOT, "a link is tried once"


async def test_a_code_from_a_link_without_a_challenge_is_of_no_use_here(
    login_desk: Desk, browser: Browser
) -> None:
    address = await link(login_desk.ana)
    bare = re.sub(r"&code_challenge(_method)?=[^&]+", "", address)
    page = await browser.log_in(bare)
    assert (page.status, page.heading) == (502, "Meta refused")
    assert len(await tokens_kept(login_desk)) == 2


async def test_a_code_that_is_half_a_minute_old_is_refused_by_meta(
    login_desk: Desk, browser: Browser
) -> None:
    back = await browser.answer(await link(login_desk.ana))
    login_desk.skip(seconds=31)
    page = await browser.come_back(back)
    assert page.heading == "Meta refused"
    assert "lives for 30 seconds and works once" in page.words
    await login_desk.ana.wait_for("Meta says: This authorization code has expired.")
    await login_desk.told()
    assert "login with Meta failed · Support …0121 · [100/36007]" in login_desk.maya.reads("#whatsapp-audit")


async def test_what_meta_says_in_the_address_is_not_shown(login_desk: Desk, browser: Browser) -> None:
    state = state_of(await link(login_desk.ana))
    told = {
        "state": state,
        "error": "<b>server_error</b>",
        "error_description": "Call 555 <script>alert(1)</script>",
    }
    page = await browser.come_back(f"{BACK}?{urlencode(told)}")
    assert (page.status, page.heading) == (200, "No access was given")
    assert "555" not in page.text
    assert "<script" not in page.text
    assert "server_error" not in page.text
    await login_desk.ana.wait_for("Meta ended the login without giving access")


async def test_an_error_beats_a_code_that_stands_beside_it(login_desk: Desk, browser: Browser) -> None:
    back = await browser.answer(await link(login_desk.ana))
    page = await browser.come_back(back.partition("#")[0] + "&error=access_denied")
    assert page.heading == "Access was declined"
    assert exchanges(login_desk) == 0


async def test_looking_without_opening_uses_nothing_up(login_desk: Desk, browser: Browser) -> None:
    """What previews addresses asks for their head only, or posts to them."""
    back = await browser.answer(await link(login_desk.ana))
    for method in ("HEAD", "POST", "OPTIONS"):
        assert await browser.only(method, back) == 405
    assert (await browser.come_back(back)).status == 200


async def test_the_page_is_plain_accessible_and_guarded(login_desk: Desk, browser: Browser) -> None:
    page = await browser.log_in(await link(login_desk.ana))
    assert page.text.startswith("<!doctype html>")
    for part in (
        '<html lang="en">',
        '<meta charset="utf-8">',
        "<title>Connected with Meta",
        "<main>",
        "<h1>",
    ):
        assert page.text.count(part) == 1
    assert "prefers-color-scheme:dark" in page.text
    assert not re.search(r"<script|<img|<link|<a |href|src=| on\w+=|style=", page.text)
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"


async def test_a_name_cannot_bring_anything_into_the_page(
    a_login_desk: Callable[..., Awaitable[Desk]], browser_of: Callable[[Desk], Awaitable[Browser]]
) -> None:
    desk = await a_login_desk()
    desk.meta.account(seed.SHOP).name = "<script>alert(1)</script> & “Sons”"
    page = await (await browser_of(desk)).log_in(await link(desk.ana))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “Sons”" in page.text
    assert "<script" not in page.text


async def test_no_secret_of_a_login_is_kept_logged_or_shown(
    login_desk: Desk, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    for name in OURS:
        caplog.set_level(logging.DEBUG, logger=name)
    desk = login_desk
    address = await link(desk.ana)
    state = state_of(address)
    assert len(state) == 43, "256 bit"
    back = await browser.answer(address)
    code = parse_qs(urlsplit(back).query)["code"][0]
    pages = [await browser.come_back(back), await browser.come_back(back)]
    await desk.ana.wait_for("is connected with Meta again")
    await desk.told()
    fresh = [token.text for token in desk.meta.world.tokens.values()]
    said = "\n".join([*(page.text + str(page.headers) for page in pages), desk.ana.sees()])
    said += desk.maya.reads("#whatsapp-audit") + caplog.text
    kept = desk.path.read_bytes()
    for secret in (state, code, *fresh):
        assert secret not in said
        assert secret.encode() not in kept
    for id_ in (seed.SHOP, seed.APP_ID, seed.USER_ID, desk.meta.number("Support").id):
        assert id_ not in pages[0].text
    row = await desk.bot.services.db.read(logins.unfinished)
    assert row == [], "told"


def same(one: Shown, other: Shown) -> bool:
    """Whether nobody could tell these two apart."""
    headers = [{k: v for k, v in page.headers.items() if k != "Date"} for page in (one, other)]
    return (one.status, one.text, headers[0]) == (other.status, other.text, headers[1])


async def test_whatever_asks_for_it_a_link_is_made_for_an_operator_only(login_desk: Desk):
    service = login_desk.bot.services.logins
    ref = await service.targets.find("Support")
    with pytest.raises(NotAllowed):
        await service.link(Who("U0VIK", "vik", Role.VIEWER), ref.account_id, ref)
