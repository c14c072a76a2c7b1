"""What a tab is told: everything at the start, then each change, and never what its person may not see."""

import asyncio
import json
from contextlib import suppress

import pytest

from bot.sandbox.page import tab as tabs
from bot.sandbox.slack.happenings import PATIENCE_S
from tests.sandbox.page.browser import Browser
from tests.sandbox.slack.conftest import actions, button, field, modal, section

EVERYBODY = ("U0ANA", "U0LUIS", "U0MAYA", "U0VIK", "U0ADA", "U0GUEST", "U0FOREIGN")


async def test_a_tab_begins_with_everything_its_person_needs(browser: Browser):
    async with browser.tab("U0ANA") as tab:
        hello = tab.hello
    assert set(hello) == {
        "kind", "me", "people", "commands", "names", "app", "team", "channels", "stack", "home", "phones", "meta",
        "bot", "faults", "clock", "traffic",
    }  # fmt: skip
    roles = {person["name"]: person["role"] for person in hello["people"]}
    assert roles == {
        "ana": "operator", "luis": "none", "maya": "manager", "vik": "viewer", "ada": "administrator",
        "guest": "guest", "foreign": "foreign", "desk": "app", "slackbot": "app",
    }  # fmt: skip
    assert all(person["about"] and person["real_name"] for person in hello["people"])
    assert hello["names"]["U0ANA"] == "@ana"
    assert hello["names"]["C0GENERAL"] == "#general"
    assert {number["name"] for number in hello["meta"]["numbers"]} >= {"Sales", "Support"}
    assert {phone["name"] for phone in hello["phones"]} >= {"Sales", "Support"}
    assert hello["bot"] == {"running": False, "pid": None, "starting": False, "log": []}
    assert hello["clock"]["skipped_s"] == 0


async def test_the_channels_of_each_are_those_slack_would_show(browser: Browser):
    seen = {}
    for who in EVERYBODY:
        async with browser.tab(who) as tab:
            seen[who] = {c["name"] for c in tab.hello["channels"] if not c["archived"]}
            named = {name for name in tab.hello["names"].values() if name.startswith("#")}
            assert named == {f"#{c['name']}" for c in tab.hello["channels"] if c["kind"] != "im"}
    staff = {"general", "random"}
    assert seen == {
        "U0ANA": {*staff, "dm-ana"}, "U0LUIS": {*staff, "dm-luis"}, "U0VIK": {*staff, "dm-vik"},
        "U0MAYA": {*staff, "whatsapp-audit", "dm-maya"}, "U0ADA": {*staff, "whatsapp-audit", "secret", "dm-ada"},
        "U0GUEST": {"general", "dm-guest"}, "U0FOREIGN": {"general"},
    }  # fmt: skip


@pytest.mark.parametrize("who", ["", "U0NOBODY", "U0DESK", "USLACKBOT"])
async def test_nobody_looks_through_the_eyes_of_a_stranger_or_a_bot(browser: Browser, who: str):
    async with browser.http.get(f"{browser.page.url}live?as={who}") as answer:
        assert answer.status == 404


async def test_a_message_is_told_to_those_who_are_there(browser: Browser):
    async with browser.tab("U0MAYA") as maya, browser.tab("U0ANA") as ana:
        written = browser.says("only for managers", "#whatsapp-audit", blocks=[actions(button("View"))])
        told = await maya.next("message")
        assert told["channel"] == "C0AUDIT"
        assert told["message"] == {
            "ts": written.ts, "channel": "C0AUDIT", "author": "U0DESK", "text": "only for managers",
            "blocks": written.blocks, "thread_ts": None, "ephemeral": False, "edited": False, "values": {},
            "trouble": "",
            "link": f"#/archives/C0AUDIT/p{written.ts.replace('.', '')}",
        }  # fmt: skip
        await browser.call("api.test")
        assert [f["kind"] for f in await ana.quiet("api.test") if f["kind"] == "message"] == []


async def test_nobody_else_is_told_of_ephemerals_direct_messages_windows_and_home_tabs(browser: Browser):
    async with browser.tab("U0LUIS") as luis, browser.tab("U0ANA") as ana:
        alone = browser.says("a whisper", ephemeral_to="U0ANA")
        direct = browser.says("a direct word", "U0ANA")
        browser.opens(modal(field("b", "A field"), title="A window of hers"))
        browser.slack.place.windows.publish("U0ANA", {"type": "home", "blocks": [section("her home")]})
        browser.slack.workspace.edit(alone, "a whisper again", [], None)
        browser.slack.workspace.delete(alone)
        browser.slack.workspace.delete(direct)
        await browser.call("api.test")
        assert {f["kind"] for f in await luis.quiet("api.test")} == {"traffic"}
        hers = await ana.quiet("api.test")
        assert [f["kind"] for f in hers if f["kind"] != "traffic"] == ["stack", "home", "gone", "gone"]
        assert hers[0]["stack"][0]["title"] == "A window of hers"
    async with browser.tab("U0LUIS") as luis, browser.tab("U0ANA") as ana:
        browser.says("only hers", ephemeral_to="U0ANA")
        assert (await ana.next("message"))["message"]["text"] == "only hers"
        await browser.call("api.test")
        assert {f["kind"] for f in await luis.quiet("api.test")} == {"traffic"}
    async with browser.tab("U0LUIS") as luis:
        assert "hers" not in json.dumps(luis.hello)
        assert "her home" not in json.dumps(luis.hello)


async def test_what_changes_within_one_step_is_told_once_and_as_it_ended(browser: Browser):
    async with browser.tab() as tab:
        message = browser.says("first")
        browser.slack.workspace.edit(message, "second", [], None)
        told = await tab.next("message")
        assert (told["message"]["text"], told["message"]["edited"]) == ("second", True)
        browser.slack.workspace.delete(message)
        gone = await tab.next("gone")
        assert gone == {"kind": "gone", "channel": "C0GENERAL", "ts": message.ts}
        assert sum(f["kind"] == "message" for f in tab.frames) == 1


async def test_a_thread_and_an_ephemeral_are_told_as_such(browser: Browser):
    async with browser.tab() as tab:
        root = browser.says("root")
        browser.says("reply", thread_ts=root.ts)
        browser.says("psst", ephemeral_to="U0ANA")
        told = [(await tab.next("message"))["message"] for _ in range(3)]
        assert [(m["thread_ts"], m["ephemeral"]) for m in told] == [
            (None, False),
            (root.ts, False),
            (None, True),
        ]


async def test_a_channel_that_appears_is_told_to_its_members(browser: Browser):
    async with browser.tab("U0ADA") as ada, browser.tab("U0ANA") as ana:
        browser.slack.workspace.add_channel("war-room", ("ada", "desk"), private=True)
        told = await ada.next("channel")
        assert told["channel"] == {
            "id": "C0WARROOM", "name": "war-room", "kind": "private", "archived": False, "messages": [],
        }  # fmt: skip
        await browser.call("api.test")
        assert all(f["kind"] != "channel" for f in await ana.quiet("api.test"))


async def test_windows_are_told_with_their_values_errors_and_trouble(browser: Browser):
    browser.slack.delivery.deadline_s = 0.3
    async with browser.tab() as tab:
        browser.opens(modal(field("b", "A field", initial_value="begin"), title="Form"))
        view = (await tab.next("stack"))["stack"][0]
        assert (view["type"], view["title"], view["submit"], view["close"]) == ("modal", "Form", "Send", None)
        assert view["values"]["b"]["value"] == {"type": "plain_text_input", "value": "begin"}
        assert (view["errors"], view["trouble"]) == ({}, "")
        browser.answers = lambda envelope: {"response_action": "errors", "errors": {"b": "Not that."}}
        await browser.act("submit", view=view["id"], values={})
        assert (await tab.next("stack"))["stack"][0]["errors"] == {"b": "Not that."}
        browser.acknowledges = False
        await browser.act("submit", view=view["id"], values={})
        told = await tab.next("stack", lambda f: f["stack"][0]["trouble"])
        assert told["stack"][0]["errors"] == {}
        window = browser.slack.place.windows.find(view["id"])
        browser.slack.place.windows.close(window)
        assert (await tab.next("stack"))["stack"] == []


async def test_what_somebody_enters_does_not_come_back_at_them(browser: Browser):
    async with browser.tab() as tab:
        on = browser.opens(modal(field("b", "A field"), actions(button("Go"))))
        await tab.next("stack")
        values = {"b": {"value": {"type": "plain_text_input", "value": "typing"}}}
        await browser.act("press", on=on, block_id="buttons", action_id="go", values=values)
        await browser.call("api.test")
        assert all(f["kind"] == "traffic" for f in await tab.quiet("api.test"))
    async with browser.tab() as again:
        assert again.hello["stack"][0]["values"]["b"]["value"]["value"] == "typing"


async def test_the_world_is_told_when_it_changes_and_not_when_it_does_not(browser: Browser):
    async with browser.tab() as tab:
        sales = browser.sandbox.meta.number("Sales")
        assert (await browser.post(f"world/meta/numbers/{sales.id}/ban", {}))[0] == 200
        told = await tab.next("meta")
        assert next(n for n in told["meta"]["numbers"] if n["name"] == "Sales")["status"] == "BANNED"
        fault = next(f for f in tab.hello["faults"] if f["lasting"])
        assert (await browser.post("world/fault", {"id": fault["id"], "on": True}))[0] == 200
        told = await tab.next("faults")
        assert next(f for f in told["faults"] if f["id"] == fault["id"])["on"]
        assert (await browser.post("world/time", {"skip_s": 600}))[0] == 200
        told = await tab.next("clock")
        assert told["clock"]["skipped_s"] == 600
        browser.sandbox.meta.phone("Sales").deliver("SMS", "123456", "en_US")
        assert "123456" in json.dumps(await tab.next("phones"))  # within a second, though nobody told of it
        seen = len(tab.frames)
        await tab.next("traffic") if await browser.call("api.test") else None
        assert [f["kind"] for f in tab.frames[seen:]] == ["traffic"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("nothing", {}), ("bot", {"do": "dance"}), ("bot", {}), ("time", {"skip_s": "1"}),
        ("meta/numbers/Nobody/ban", {}), ("meta/numbers/Sales/fly", {}), ("fault", {"id": "no"}),
    ],
)  # fmt: skip
async def test_the_world_refuses_nonsense_with_a_sentence(
    browser: Browser, path: str, body: dict[str, object]
):
    status, answer = await browser.post(f"world/{path}", body)
    assert status == 200  # a browser would write any other into its console
    assert answer["error"].endswith(".")


async def test_a_slow_tab_is_cut_off_and_holds_up_nobody(browser: Browser):
    """One that reads nothing: the sockets' own buffers fill, then its line, then it is gone."""
    host, port = browser.page.url.removeprefix("http://").rstrip("/").split(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=1024)
    writer.write(
        f"GET /live?as=U0LUIS HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n".encode()
    )
    await reader.readline()
    async with browser.tab("U0ANA") as quick:
        for n in range(tabs.MOST_WAITING * 2):
            browser.says(f"{n} " + "x" * 15_000)
            if n % 20 == 0:  # the quick one keeps up
                await quick.next("message", lambda f, n=n: f["message"]["text"].startswith(f"{n} "))
    read = bytearray()
    with suppress(ConnectionError):
        async with asyncio.timeout(PATIENCE_S):
            while more := await reader.read(1 << 16):
                read += more
    assert len(read) < tabs.MOST_WAITING * 2 * 15_000  # it ended before all was told
    writer.close()


async def test_five_hundred_messages_cost_a_new_one_little(browser: Browser):
    for n in range(500):
        browser.says(f"message {n}", blocks=[section(f"*{n}*")] * 5)
    async with browser.tab() as tab:
        assert len(tab.hello["channels"][0]["messages"]) == 500
        browser.says("one more")
        told = await tab.next("message")
        assert len(json.dumps(told)) < 1000
