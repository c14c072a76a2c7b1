"""The login dialog: what it refuses to show, what a person can answer, and what the code is good for."""

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot.sandbox.meta.seed import (
    APP_ID,
    APP_SECRET,
    CAFE,
    COLLEAGUE_ID,
    LOGIN_CONFIG_ID,
    SHOP,
    STRANGER_ID,
    STRANGERS_ACCOUNT,
)
from bot.sandbox.meta.server import FakeMeta
from bot.sandbox.meta.token import MANAGEMENT, MESSAGING
from bot.sandbox.time import MovableClock
from tests.sandbox.meta.conftest import Answer, Graph

BACK = "http://127.0.0.1:8080/oauth/meta/callback"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
GOOD = {"client_id": APP_ID, "redirect_uri": BACK, "state": "s1", "config_id": LOGIN_CONFIG_ID}
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}


class Browser:
    """Follows links and sends forms as a browser would, without following the redirect out."""

    def __init__(self, meta: FakeMeta, session: aiohttp.ClientSession) -> None:
        meta.world.apps[APP_ID].allow_redirect(BACK)
        self.url = f"{meta.url}/v25.0/dialog/oauth"
        self.session = session

    async def open(self, query: Mapping[str, str] | list[tuple[str, str]]) -> tuple[int, str]:
        async with self.session.get(self.url, params=query) as answer:
            self.headers = answer.headers
            return answer.status, await answer.text()

    async def send(self, fields: list[tuple[str, str]]) -> tuple[int, str, dict[str, str]]:
        """Status, text, and what the redirect carries."""
        async with self.session.post(self.url, data=fields, allow_redirects=False) as answer:
            address = answer.headers.get("Location", "")
            told = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
            assert not address or address.startswith(BACK)
            return answer.status, await answer.text(), told

    async def agree(
        self,
        query: Mapping[str, str] = GOOD,
        *accounts: str,
        scopes: tuple[str, ...] = (MANAGEMENT, MESSAGING),
    ) -> str:
        """The code."""
        status, text = await self.open(query)
        assert status == 200, text
        fields = [("account", each) for each in accounts or (SHOP, CAFE)] + [
            ("scope", each) for each in scopes
        ]
        status, text, told = await self.send([("ticket", ticket(text)), ("do", "continue"), *fields])
        assert status == 302, text
        assert told["state"] == query["state"]
        return told["code"]


def ticket(text: str) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', text)
    assert found
    return found[1]


@pytest.fixture
def browser(meta: FakeMeta, graph: Graph) -> Browser:
    return Browser(meta, graph.session)


async def exchange(graph: Graph, code: str, **more: str) -> Answer:
    graph.token = ""
    asked = {"client_id": APP_ID, "client_secret": APP_SECRET, "redirect_uri": BACK, "code": code} | more
    return await graph.get("/oauth/access_token", **asked)


async def test_the_dialog_names_the_app_the_person_and_the_accounts(browser: Browser) -> None:
    status, text = await browser.open(GOOD)
    assert status == 200
    for words in ("Acme Ops", "Ana Sandbox", "Acme Shop", "Acme Café", "Log in as Otto Other", "sandbox"):
        assert words in text
    assert "Bakery" not in text
    assert "<script" not in text
    assert "default-src 'none'" in browser.headers["Content-Security-Policy"]
    assert browser.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"client_id": "1"}, "Invalid App ID"),
        ({"client_id": ""}, "Invalid App ID"),
        ({"redirect_uri": BACK + "/"}, "URL blocked"),
        ({"redirect_uri": "https://elsewhere.example/"}, "URL blocked"),
        ({"redirect_uri": ""}, "URL blocked"),
        ({"response_type": "token"}, "response_type"),
        ({"state": ""}, "no state"),
        ({"state": "x" * 513}, "too long"),
        ({"config_id": "7"}, "no such login configuration"),
        ({"config_id": ""}, "either"),
        ({"scope": MANAGEMENT}, "either"),
        ({"config_id": "", "scope": f"{MANAGEMENT},everything"}, "Invalid scopes: everything"),
        ({"code_challenge": CHALLENGE}, "S256"),
        ({"code_challenge": VERIFIER, "code_challenge_method": "plain"}, "S256"),
        ({"code_challenge": "short", "code_challenge_method": "S256"}, "S256"),
        ({"as": "5"}, "no such person"),
    ],
)
async def test_a_link_meta_would_not_take_is_refused_without_a_redirect(
    browser: Browser, change: dict[str, str], words: str
) -> None:
    status, text = await browser.open({**GOOD, **change})
    assert status == 400
    assert words in text
    assert "<form" not in text


async def test_a_parameter_that_comes_twice_is_refused(browser: Browser) -> None:
    status, text = await browser.open([*GOOD.items(), ("redirect_uri", BACK)])
    assert (status, "twice" in text) == (400, True)


async def test_what_is_in_the_link_cannot_write_into_the_page(browser: Browser) -> None:
    _, text = await browser.open({**GOOD, "extras": '"><b id=x>'})
    assert "<b id=x>" not in text


async def test_only_this_machine_may_ask_and_no_foreign_page(browser: Browser) -> None:
    for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}):
        async with browser.session.get(browser.url, params=GOOD, headers=headers) as answer:
            assert answer.status == 403


async def test_agreeing_sends_the_browser_back_with_a_code_and_the_state(browser: Browser) -> None:
    assert len(await browser.agree()) > 100


async def test_declining_sends_the_browser_back_with_metas_refusal(browser: Browser) -> None:
    _, text = await browser.open(GOOD)
    status, _, told = await browser.send([("ticket", ticket(text)), ("do", "cancel")])
    assert (status, told["error"], told["error_reason"]) == (302, "access_denied", "user_denied")
    assert told["state"] == "s1"
    assert "code" not in told


async def test_without_an_account_the_question_comes_again(browser: Browser) -> None:
    _, text = await browser.open(GOOD)
    answer = [("ticket", ticket(text)), ("do", "continue"), ("scope", MANAGEMENT)]
    status, again, _ = await browser.send(answer)
    assert (status, "Choose at least one" in again) == (400, True)
    assert ticket(again) == ticket(text)
    assert re.findall(r'value="([^"]+)" checked', again) == [MANAGEMENT]


async def test_a_page_answers_once_and_not_for_ever(browser: Browser, clock: MovableClock) -> None:
    _, text = await browser.open(GOOD)
    answer = [("ticket", ticket(text)), ("do", "cancel")]
    assert (await browser.send(answer))[0] == 302
    assert (await browser.send(answer))[0] == 400
    _, text = await browser.open(GOOD)
    clock.skip(timedelta(hours=1, seconds=1))
    assert (await browser.send([("ticket", ticket(text)), ("do", "cancel")]))[0] == 400
    assert (await browser.send([("ticket", "made up"), ("do", "continue")]))[0] == 400


@pytest.mark.parametrize("do", ["", "perhaps"])
async def test_an_answer_is_yes_or_no(browser: Browser, do: str) -> None:
    _, text = await browser.open(GOOD)
    assert (await browser.send([("ticket", ticket(text)), ("do", do)]))[0] == 400


async def test_only_forms_and_links_are_answered(browser: Browser) -> None:
    async with browser.session.post(browser.url, json={}) as answer:
        assert answer.status == 400
    async with browser.session.put(browser.url, params=GOOD) as answer:
        assert answer.status == 400


async def test_the_code_buys_a_token_for_the_chosen_accounts(
    browser: Browser, graph: Graph, meta: FakeMeta
) -> None:
    answer = await exchange(graph, await browser.agree(GOOD, SHOP))
    assert answer.status == 200
    assert set(answer.body) == {"access_token", "token_type"}
    graph.token = str(answer.body["access_token"])
    assert (await graph.get(f"/{SHOP}", fields="name")).body["name"] == "Acme Shop"
    assert (await graph.get(f"/{CAFE}", fields="name")).code == (100, 33)
    token = meta.token(graph.token)
    assert (token.kind, token.expires_at, token.targets[MANAGEMENT]) == ("SYSTEM_USER", None, (SHOP,))


async def test_a_login_by_scope_gives_a_short_token_of_the_person(
    browser: Browser, graph: Graph, meta: FakeMeta
) -> None:
    query = {**GOOD, "config_id": "", "scope": f"{MANAGEMENT} {MESSAGING}"}
    answer = await exchange(graph, await browser.agree(query, scopes=(MANAGEMENT,)))
    assert answer.body["expires_in"] == 7200
    token = meta.token(str(answer.body["access_token"]))
    assert token.kind == "USER"
    assert (token.scopes, token.declined) == ([MANAGEMENT, "public_profile"], [MESSAGING])


async def test_the_wrong_person_can_give_only_the_own_account(
    browser: Browser, graph: Graph, meta: FakeMeta
) -> None:
    code = await browser.agree({**GOOD, "as": STRANGER_ID}, SHOP, STRANGERS_ACCOUNT)
    token = meta.token(str((await exchange(graph, code)).body["access_token"]))
    assert token.targets[MANAGEMENT] == (STRANGERS_ACCOUNT,)


async def test_a_code_works_once_and_a_second_try_ends_the_token(browser: Browser, graph: Graph) -> None:
    code = await browser.agree()
    token = str((await exchange(graph, code)).body["access_token"])
    assert (await exchange(graph, code)).code == (100, 36009)
    graph.token = token
    assert (await graph.get("/me")).code == (190, 466)


async def test_a_code_lives_thirty_seconds(browser: Browser, graph: Graph, clock: MovableClock) -> None:
    code, late = await browser.agree(), await browser.agree()
    clock.skip(timedelta(seconds=29))
    assert (await exchange(graph, code)).status == 200
    clock.skip(timedelta(seconds=2))
    assert (await exchange(graph, late)).code == (100, 36007)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"redirect_uri": BACK + "?"}, (100, 36008)),
        ({"redirect_uri": ""}, (100, 36008)),
        ({"code_verifier": VERIFIER}, (100, 0)),
        ({"client_secret": "wrong"}, (1, 0)),
        ({"code": "AQmadeup"}, (100, 0)),
    ],
)
async def test_an_exchange_with_anything_wrong_is_refused(
    browser: Browser, graph: Graph, change: dict[str, str], code: tuple[int, int]
) -> None:
    asked = {"code": await browser.agree()} | change
    assert (await exchange(graph, **asked)).code == code


async def test_a_wrong_try_uses_the_code_up(browser: Browser, graph: Graph) -> None:
    code = await browser.agree()
    await exchange(graph, code, redirect_uri="https://elsewhere.example/")
    assert (await exchange(graph, code)).code == (100, 36009)


async def test_with_a_challenge_only_its_verifier_opens(browser: Browser, graph: Graph) -> None:
    for verifier, opens in ((VERIFIER, True), ("w" * 64, False), ("", False)):
        code = await browser.agree({**GOOD, **PKCE})
        more = {"code_verifier": verifier} if verifier else {}
        assert ((await exchange(graph, code, **more)).status == 200) is opens


async def test_a_verifier_that_is_too_short_opens_nothing(browser: Browser, graph: Graph) -> None:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"short").digest()).rstrip(b"=").decode()
    code = await browser.agree({**GOOD, "code_challenge": challenge, "code_challenge_method": "S256"})
    assert (await exchange(graph, code, code_verifier="short")).code == (100, 0)


async def test_another_administrator_of_the_same_business_can_log_in(
    browser: Browser, graph: Graph, meta: FakeMeta
) -> None:
    code = await browser.agree({**GOOD, "as": COLLEAGUE_ID}, SHOP)
    token = meta.token(str((await exchange(graph, code)).body["access_token"]))
    assert token.targets[MANAGEMENT] == (SHOP,)


async def test_no_code_or_verifier_stands_in_the_call_log(
    browser: Browser, graph: Graph, meta: FakeMeta
) -> None:
    code = await browser.agree({**GOOD, **PKCE})
    await exchange(graph, code, code_verifier=VERIFIER)
    log = repr(meta.calls)
    assert "/oauth/access_token" in log
    for secret in (code, VERIFIER, APP_SECRET):
        assert secret not in log
