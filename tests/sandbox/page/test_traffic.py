"""The Inspector: each thing that travels is told with its outcome, and no secret is ever in it."""

import asyncio
import io
import json
import re
from contextlib import suppress
from typing import Any

import aiohttp

from bot.sandbox import story
from bot.sandbox.meta.faults import Fault
from bot.sandbox.page.server import PageServer
from bot.sandbox.paper import Paper
from bot.sandbox.scene import Scene
from bot.sandbox.world import Sandbox
from tests.sandbox.page.browser import Browser, Tab
from tests.sandbox.slack.conftest import actions, button, field, modal, section

JSON = dict[str, Any]


async def entry(tab: Tab, what: str, **facts: object) -> JSON:
    """The next entry that is called so and is so."""

    def fits(one: JSON) -> bool:
        return one["what"] == what and all(one[name] == value for name, value in facts.items())

    frame = await tab.next("traffic", lambda f: any(fits(e) for e in f["entries"]))
    return next(e for e in frame["entries"] if fits(e))


async def graph(browser: Browser, method: str, path: str, **params: str) -> None:
    headers = {"Authorization": f"Bearer {browser.sandbox.seed.token.reveal()}"}
    url = f"{browser.sandbox.meta.url}/v25.0/{path}"
    async with browser.http.request(method, url, params=params, headers=headers) as answer:
        await answer.read()


async def test_an_envelope_is_told_when_it_leaves_and_again_when_it_is_acknowledged(browser: Browser):
    async with browser.tab() as tab:
        on = browser.opens(modal(field("b", "B"), actions(button("Go")), title="Form"))
        await browser.act("say", channel="C0GENERAL", text="/whatsapp status")
        sent = await entry(tab, "/whatsapp")
        assert (sent["who"], sent["direction"], sent["kind"]) == ("slack", "out", "envelope")
        done = await entry(tab, "/whatsapp", n=sent["n"], ok=True) if sent["ok"] is None else sent
        assert 0 <= done["ms"] < 1000
        await browser.act("press", on=on, block_id="buttons", action_id="go")
        await entry(tab, "block_actions go", ok=True)
        await browser.act("submit", view=on["view"], values={"b": {"value": {"value": "x"}}})
        await entry(tab, "view_submission window", ok=True)
        await browser.act("home")
        assert (await entry(tab, "app_home_opened", ok=True))["detail"]["payload"]["event"]["tab"] == "home"


async def test_what_was_not_acknowledged_or_delivered_is_told_as_that(browser: Browser):
    browser.slack.delivery.deadline_s = 0.3
    browser.acknowledges = False
    async with browser.tab() as tab:
        await browser.act("say", channel="C0GENERAL", text="/whatsapp")
        told = await entry(tab, "/whatsapp", ok=False)
        assert told["note"] == "not acknowledged within 3 seconds"
        browser.slack.drop()
        await browser.slack.workspace.happenings.until(
            lambda: not browser.slack.delivery.links.connections, timeout_s=0.2
        )
        await browser.act("say", channel="C0GENERAL", text="/whatsapp help")
        assert (await entry(tab, "/whatsapp", ok=False))["note"] == "no connection to deliver it on"


async def test_a_refused_call_shows_the_offending_path(browser: Browser):
    async with browser.tab() as tab:
        await browser.call("chat.postMessage", channel="C0GENERAL", text="x", blocks=[{"type": "nope"}])
        told = await entry(tab, "chat.postMessage")
        assert (told["kind"], told["ok"], told["note"]) == ("call", False, "invalid_blocks")
        assert told["problems"][0].startswith("blocks[0]")
        await browser.call("chat.postMessage", channel="C0GENERAL", text="x", blocks=[section("fine")])
        told = await entry(tab, "chat.postMessage")
        assert (told["ok"], told["problems"]) == (True, [])
        assert told["ms"] is not None
        browser.answers = lambda envelope: {"response_action": "errors", "errors": {"nope": "x"}}
        on = browser.opens(modal(field("b", "B", optional=True)))
        await browser.act("submit", view=on["view"])
        told = await entry(tab, "ack", kind="refusal")
        assert told["problems"] == ["errors.nope: not the block_id of an input"]


async def test_a_fault_of_slack_is_told(browser: Browser):
    browser.slack.add_fault("api.test", "429")
    async with browser.tab() as tab:
        await browser.call("api.test")
        assert (await entry(tab, "api.test", ok=False))["note"] == "429"


async def test_a_graph_call_is_told_with_its_outcome(browser: Browser):
    sales = browser.sandbox.meta.number("Sales").id
    async with browser.tab() as tab:
        await graph(browser, "GET", sales, fields="status")
        told = await entry(tab, f"GET /v25.0/{sales}")
        assert (told["who"], told["kind"], told["ok"]) == ("meta", "graph", True)
        assert told["detail"]["params"] == {"fields": "status"}
        await graph(browser, "POST", f"{sales}/register", messaging_product="whatsapp", pin="999999")
        told = await entry(tab, f"POST /v25.0/{sales}/register", ok=False)
        assert told["note"].startswith("error 133")
        assert told["detail"]["params"]["pin"] == "••••"
        browser.sandbox.meta.add_fault(Fault("reset", match="GET"))
        with suppress(aiohttp.ClientError):
            await graph(browser, "GET", sales)
        told = await entry(tab, f"GET /v25.0/{sales}", ok=False)
        assert told["note"] == "not answered"


async def test_a_code_typed_into_a_command_or_a_field_is_hidden(browser: Browser):
    async with browser.tab() as tab:
        await browser.act("say", channel="C0GENERAL", text="/whatsapp code Sales 837-261")
        assert (await entry(tab, "/whatsapp"))["detail"]["payload"]["text"] == "code Sales ••••"
        blocks = [field("reconnect.pin", "Two-step PIN"), field("note", "A note"), actions(button("Go"))]
        on = browser.opens(modal(*blocks))
        values = {
            "reconnect.pin": {"value": {"value": "oops 12"}},
            "note": {"value": {"value": "it is 555 123 not more"}},
        }
        await browser.act("press", on=on, block_id="buttons", action_id="go", values=values)
        shown = (await entry(tab, "block_actions go"))["detail"]["payload"]["view"]["state"]["values"]
        assert shown["reconnect.pin"]["value"]["value"] == "••••"
        assert shown["note"]["value"]["value"] == "it is •••• not more"


def secrets_of(sandbox: Sandbox) -> set[str]:
    """Everything that opens something in this sandbox, and every code there was."""
    world, slack = sandbox.meta.world, sandbox.slack
    codes = {m.code for phone in world.phones.values() for m in phone.messages}
    pins = {number.pin for number in world.numbers.values() if number.pin}
    return {
        *codes, *pins, *(pin.reveal() for pin in sandbox.seed.pins.values()), sandbox.seed.token.reveal(),
        sandbox.seed.app_secret.reveal(), slack.bot_token, slack.app_token, sandbox.settings["SECRET_KEY"],
    }  # fmt: skip


async def test_the_real_bot_through_a_reconnect_leaves_no_secret_and_follows_the_clock_over_a_kill():
    sandbox, told, frames = Sandbox(), io.StringIO(), list[JSON]()
    page = PageServer(sandbox)
    await page.start()
    try:
        await sandbox.start()
        async with aiohttp.ClientSession() as http, http.ws_connect(f"{page.url}live?as=U0ANA") as ws:
            reading = asyncio.create_task(keep(ws, frames))
            await story.play(story.RECONNECT, Scene(sandbox, Paper(told, {})))
            assert "Connected" in told.getvalue()
            await skip_and_kill(sandbox, f"{page.url}world/", http)
            await page.close()
            await reading
    finally:
        await page.close()
        await sandbox.stop()
    traffic = json.dumps([f["entries"] if f["kind"] == "traffic" else f.get("traffic") for f in frames])
    entries = [e for f in frames if f["kind"] == "traffic" for e in f["entries"]]
    shown = [bool(re.search("[ -]?".join(map(re.escape, s)), traffic)) for s in secrets_of(sandbox)]
    assert not any(shown)  # which one is nothing for a test's output either
    assert {e["kind"] for e in entries} >= {"envelope", "call", "graph", "process"}
    assert {e["what"] for e in entries} >= {"/whatsapp", "view_submission reconnect.verify", "views.update"}
    assert [e["note"] for e in entries if e["what"] == "ended"] == ["killed"]
    assert len({e["n"] for e in entries if e["kind"] == "graph" and "/register" in e["what"]}) == 1


async def keep(ws: aiohttp.ClientWebSocketResponse, frames: list[JSON]) -> None:
    """Until the server ends."""
    async for message in ws:
        frames.append(json.loads(message.data))


async def skip_and_kill(sandbox: Sandbox, world: str, http: aiohttp.ClientSession) -> None:
    """What the bot remembers and what it forgets with time: before and after a kill."""
    ana = sandbox.person("ana")

    async def turned(what: str, **body: object) -> JSON:
        async with http.post(world + what, json=body) as answer:
            said: JSON = await answer.json()
            return said

    await ana.type("/whatsapp budget Sales")
    await ana.wait_for("4 of 5 codes left in 24 hours")
    assert await turned("time", skip_s=25 * 3600) == {}
    await ana.type("/whatsapp budget Sales")
    await ana.wait_for("5 of 5 codes left in 24 hours")
    assert "6 of 7 registrations left" in ana.sees()
    first = sandbox.bot.pid
    assert await turned("bot", do="kill") == {}
    assert await turned("time", skip_s=72 * 3600) == {}
    assert await turned("bot", do="start") == {}
    assert sandbox.bot.pid not in (None, first)
    assert await turned("bot", do="start") == {"error": "The bot is running already."}
    await ana.type("/whatsapp budget Sales")
    await ana.wait_for("7 of 7 registrations left in 72 hours")


async def test_a_webhook_is_one_line_however_often_it_is_tried(browser: Browser):
    meta = browser.sandbox.meta
    meta.world.apps[browser.sandbox.seed.app_id].callback_url = "http://127.0.0.1:9/hook"
    async with browser.tab() as tab:
        meta.tell("Support").restrict()
        sent = await entry(tab, "account: ACCOUNT_RESTRICTION", kind="hook", who="meta", direction="out")
        tried = await entry(tab, "account: ACCOUNT_RESTRICTION", n=sent["n"], ok=None)
        assert "no answer" in tried["note"]
        assert tried["detail"]["body"]["entry"][0]["changes"][0]["field"] == "account_update"
        assert (await tab.next("meta", lambda f: f["meta"]["hooks"]["events"][0]["tries"] == 1)) is not None


async def test_what_nobody_hears_shows_with_its_reason(browser: Browser):
    async with browser.tab() as tab:
        browser.sandbox.meta.tell("Outlet").message()
        told = await entry(tab, "a customer writes to Outlet", ok=False)
        assert "not subscribed" in told["note"]
