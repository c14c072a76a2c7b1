"""What a person does on the page: it reaches the bot as Slack would send it, or is refused with a sentence."""

from typing import Any

import pytest

from bot.sandbox.page import cast
from handlers.features import FEATURES
from tests.sandbox.page.browser import Browser
from tests.sandbox.slack.conftest import actions, button, field, modal, section, text

JSON = dict[str, Any]


def option(value: str) -> JSON:
    return {"text": text(value.capitalize()), "value": value}


def test_the_suggested_commands_are_the_bots_own() -> None:
    theirs = [(c.usage, c.summary) for feature in FEATURES for c in feature.COMMANDS]
    ours = [(f"{command} {hint}".strip(), about) for command, hint, about in cast.COMMANDS]
    assert ours[1:-1] == theirs


async def test_a_slash_command_reaches_the_bot_and_its_reply_the_person(browser: Browser):
    browser.answers = lambda envelope: None
    async with browser.tab() as tab:
        assert await browser.act("say", channel="C0GENERAL", text="/whatsapp status @luis") == {}
        await tab.next("traffic", lambda f: f["entries"][0]["ok"])
    payload = browser.heard[-1]["payload"]
    assert (payload["command"], payload["text"]) == ("/whatsapp", "status <@U0LUIS|luis>")
    assert (payload["user_id"], payload["channel_id"]) == ("U0ANA", "C0GENERAL")


async def test_a_command_nobody_answers_does_not_keep_the_composer_waiting(browser: Browser):
    browser.slack.delivery.deadline_s = 0.3
    browser.acknowledges = False
    async with browser.tab() as tab:
        await browser.act("say", channel="C0GENERAL", text="/whatsapp")
        told = await tab.next("message")
    assert "operation_timeout" in told["message"]["text"]
    assert told["message"]["ephemeral"]


async def test_a_message_is_written_as_slack_would_send_it(browser: Browser):
    async with browser.tab("U0LUIS") as luis:
        await browser.act("say", channel="C0GENERAL", text="@ana <b>5 & 6</b> in #general, @nobody")
        told = (await luis.next("message"))["message"]
        assert told["text"] == "<@U0ANA> &lt;b&gt;5 &amp; 6&lt;/b&gt; in <#C0GENERAL>, @nobody"
        assert told["author"] == "U0ANA"
        await browser.act("say", channel="C0GENERAL", text="and below", thread_ts=told["ts"])
        assert (await luis.next("message"))["message"]["thread_ts"] == told["ts"]
    async with browser.tab("U0GUEST"):
        await browser.act("say", "U0GUEST", channel="D0GUEST", text="hello, bot")
    assert browser.slack.workspace.dm("U0GUEST").messages[0].text == "hello, bot"
    assert browser.heard == []


@pytest.mark.parametrize(
    ("person", "body", "words"),
    [
        ("U0ANA", {"channel": "C0AUDIT", "text": "hi"}, "no such channel"),
        ("U0LUIS", {"channel": "D0ANA", "text": "hi"}, "no such channel"),
        ("U0ANA", {"channel": "C0NONE", "text": "hi"}, "no such channel"),
        ("U0ANA", {"channel": "C0OLD", "text": "hi"}, "archived"),
        ("U0ANA", {"channel": "C0GENERAL", "text": "  "}, "nothing to send"),
        ("U0ANA", {"channel": "C0GENERAL", "text": 7}, "nothing to send"),
        ("U0ANA", {"channel": "C0GENERAL"}, "nothing to send"),
        ("U0ANA", {"channel": "C0GENERAL", "text": "x" * 12_001}, "at most 12000"),
        (
            "U0ANA",
            {"channel": "C0GENERAL", "text": "/whatsapp", "thread_ts": "1.1"},
            "not supported in threads",
        ),
        ("U0ANA", {"channel": "C0GENERAL", "text": "hi", "thread_ts": "1.1"}, "not there any more"),
        ("U0DESK", {"channel": "C0GENERAL", "text": "hi"}, "Nobody here"),
        ("USLACKBOT", {"channel": "C0GENERAL", "text": "hi"}, "Nobody here"),
        ("", {"channel": "C0GENERAL", "text": "hi"}, "Nobody here"),
    ],
)
async def test_what_slack_would_not_send_is_refused(browser: Browser, person: str, body: JSON, words: str):
    browser.slack.workspace.dm("U0ANA")
    assert words in await browser.refused("say", person, **body)


async def test_a_verb_that_is_none_is_refused(browser: Browser):
    assert await browser.refused("dance") == "A person cannot do that here."


async def test_a_press_sends_what_stands_in_the_fields_with_it(browser: Browser):
    on = browser.opens(modal(field("b", "A field"), actions(button("Go", value="v1"))))
    values = {"b": {"value": {"type": "plain_text_input", "value": "typed"}}}
    assert await browser.act("press", on=on, block_id="buttons", action_id="go", values=values) == {}
    payload = browser.heard[-1]["payload"]
    assert payload["actions"][0]["value"] == "v1"
    assert payload["view"]["state"]["values"] == values
    assert payload["user"]["id"] == "U0ANA"


async def test_a_press_on_a_message_and_on_the_home_tab(browser: Browser):
    message = browser.says("look", blocks=[actions(button("Go"))])
    on = {"channel": "C0GENERAL", "ts": message.ts}
    await browser.act("press", "U0LUIS", on=on, block_id="buttons", action_id="go")
    assert browser.heard[-1]["payload"]["container"]["message_ts"] == message.ts
    assert browser.heard[-1]["payload"]["user"]["id"] == "U0LUIS"
    home = browser.slack.place.windows.publish("U0ANA", {"type": "home", "blocks": [actions(button("Go"))]})
    await browser.act("press", on={"view": home.id}, block_id="buttons", action_id="go")
    assert browser.heard[-1]["payload"]["view"]["type"] == "home"
    there: JSON = {"on": {"view": home.id}, "block_id": "buttons", "action_id": "go"}
    assert "not open" in await browser.refused("press", "U0LUIS", **there)


async def test_a_click_nobody_acknowledges_shows_slacks_regrets(browser: Browser):
    browser.slack.delivery.deadline_s = 0.3
    browser.acknowledges = False
    message = browser.says("look", blocks=[actions(button("Go"))])
    async with browser.tab() as tab:
        on = {"channel": "C0GENERAL", "ts": message.ts}
        assert await browser.act("press", on=on, block_id="buttons", action_id="go") == {}
        told = await tab.next("message", lambda f: f["message"]["trouble"])
        assert told["message"]["trouble"].startswith("We had some trouble")
        browser.acknowledges = True
        await browser.act("press", on=on, block_id="buttons", action_id="go")
        assert (await tab.next("message"))["message"]["trouble"] == ""


SELECTS = [
    ("static_select", {"options": [option("a"), option("b")]}, option("b"), "selected_option"),
    ("multi_static_select", {"options": [option("a"), option("b")]}, [option("a")], "selected_options"),
    ("radio_buttons", {"options": [option("a"), option("b")]}, option("a"), "selected_option"),
    ("checkboxes", {"options": [option("a"), option("b")]}, [option("a"), option("b")], "selected_options"),
    ("users_select", {}, "U0LUIS", "selected_user"),
    ("multi_users_select", {}, ["U0LUIS", "U0MAYA"], "selected_users"),
    ("channels_select", {}, "C0GENERAL", "selected_channel"),
    ("conversations_select", {}, "U0LUIS", "selected_conversation"),
    ("datepicker", {}, "2026-11-22", "selected_date"),
    ("timepicker", {}, "09:30", "selected_time"),
    ("datetimepicker", {}, 1_790_000_000, "selected_date_time"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "more", "value", "key"), SELECTS, ids=[s[0] for s in SELECTS])
async def test_each_kind_of_choice_arrives_as_slack_sends_it(
    browser: Browser, kind: str, more: JSON, value: object, key: str
):
    on = browser.opens(modal(actions({"type": kind, "action_id": "pick", **more}), submit=None))
    await browser.act("press", on=on, block_id="buttons", action_id="pick", value=value)
    payload = browser.heard[-1]["payload"]
    assert payload["actions"][0][key] == value
    assert payload["view"]["state"]["values"] == {"buttons": {"pick": {"type": kind, key: value}}}
    strange = {"selected_date_time": "soon"}.get(key, option("c") if "option" in key else "2026-99-99")
    for wrong in (strange, [strange], {"value": None}, 3.5, "x" * 20_000):
        await browser.refused("press", on=on, block_id="buttons", action_id="pick", value=wrong)
    await browser.act("press", on=on, block_id="buttons", action_id="pick", value=None)
    assert browser.heard[-1]["payload"]["actions"][0][key] in (None, [])


async def test_an_overflow_menu_sends_what_was_picked(browser: Browser):
    menu = {"type": "overflow", "action_id": "more", "options": [option("a"), option("b")]}
    on = browser.opens(modal({**section("x"), "block_id": "s", "accessory": menu}, submit=None))
    await browser.act("press", on=on, block_id="s", action_id="more", value=option("b"))
    assert browser.heard[-1]["payload"]["actions"][0]["selected_option"] == option("b")
    await browser.refused("press", on=on, block_id="s", action_id="more", value=option("c"))


async def test_options_the_bot_suggests_may_be_chosen_and_no_others(browser: Browser):
    element = {"type": "external_select", "action_id": "pick", "min_query_length": 0}
    on = browser.opens(modal(actions(element), submit=None))
    at: JSON = {"on": on, "block_id": "buttons", "action_id": "pick"}
    assert "does not offer" in await browser.refused("press", **at, value=option("x"))
    browser.answers = lambda envelope: (
        {"options": [option("x")]} if envelope["payload"]["type"] == "block_suggestion" else None
    )
    assert await browser.act("suggest", **at, typed="ex") == {"options": [option("x")]}
    assert browser.heard[-1]["payload"]["value"] == "ex"
    await browser.act("press", **at, value=option("x"))
    browser.answers = lambda envelope: {"option_groups": [{"label": text("G"), "options": [option("y")]}]}
    assert set(await browser.act("suggest", **at, typed="")) == {"option_groups"}
    assert "Say what was typed" in await browser.refused("suggest", **at)


@pytest.mark.parametrize(
    "values",
    [
        7, ["b"], {"b": 7}, {"b": {"value": 7}}, {"b": {"value": {"type": "datepicker", "value": "x"}}},
        {"b": {"value": {}}},
        {"b": {"value": {"value": 7}}}, {"b": {"value": {"value": "x" * 10_001}}}, {"other": {"value": {"value": "x"}}},
        {"b": {"other": {"value": "x"}}}, {"buttons": {"go": {"value": "x"}}},
    ],
)  # fmt: skip
async def test_values_for_fields_that_are_not_there_or_not_so_are_refused(browser: Browser, values: object):
    on = browser.opens(modal(field("b", "A field", initial_value="kept"), actions(button("Go"))))
    for verb in ("fill", "press"):
        await browser.refused(verb, on=on, block_id="buttons", action_id="go", values=values)
    await browser.refused("submit", view=on["view"], values=values)
    window = browser.slack.place.windows.find(on["view"])
    assert window.values["b"]["value"]["value"] == "kept"
    assert browser.heard == []


async def test_of_values_one_of_which_is_wrong_none_is_kept(browser: Browser):
    on = browser.opens(modal(field("a", "A"), field("b", "B")))
    values = {"a": {"value": {"value": "good"}}, "c": {"value": {"value": "bad"}}}
    await browser.refused("fill", on=on, values=values)
    assert browser.slack.place.windows.find(on["view"]).values["a"]["value"]["value"] is None


async def test_what_slacks_app_checks_is_told_for_all_fields_at_once(browser: Browser):
    on = browser.opens(
        modal(
            field("a", "A"), field("b", "B", max_length=3), field("c", "C", kind="email_text_input"),
            field("d", "D", kind="number_input", is_decimal_allowed=False), field("e", "E", optional=True),
        )
    )  # fmt: skip
    values = {
        "b": {"value": {"value": "long"}},
        "c": {"value": {"value": "x"}},
        "d": {"value": {"value": "1.5"}},
    }
    answer = await browser.act("submit", view=on["view"], values=values)
    assert answer == {
        "problems": {
            "a": "Please complete this required field.", "b": "4 characters; from 0 to 3 are allowed.",
            "c": "Please enter a valid email address.", "d": "Please enter a whole number.",
        }
    }  # fmt: skip
    assert browser.heard == []
    good = {"a": {"value": {"value": "1"}}, "b": {"value": {"value": "1"}}, "c": {"value": {"value": "a@b.c"}},
            "d": {"value": {"value": "1"}}}  # fmt: skip
    assert await browser.act("submit", view=on["view"], values=good) == {}
    state = browser.heard[-1]["payload"]["view"]["state"]["values"]
    assert state["c"]["value"] == {"type": "email_text_input", "value": "a@b.c"}
    assert "not open" in await browser.refused("submit", view=on["view"], values=good)


async def test_only_the_window_on_top_of_ones_own_can_be_used(browser: Browser):
    below = browser.opens(modal(field("b", "A field")))
    windows = browser.slack.place.windows
    windows.stack_up("U0ANA", modal(section("on top"), submit=None))
    for verb in ("submit", "close"):
        assert "not open" in await browser.refused(verb, view=below["view"])
    assert "not open" in await browser.refused("submit", "U0LUIS", view=below["view"])
    top = windows.stacks["U0ANA"][-1].id
    assert "nothing to submit" in await browser.refused("submit", view=top)
    assert "no such element" in await browser.refused("press", on={"view": top}, block_id="x", action_id="y")
    await browser.refused("press", on=7, block_id="x", action_id="y")
    await browser.refused("press", on={}, block_id="x", action_id="y")


async def test_an_ephemeral_of_somebody_else_cannot_be_pressed(browser: Browser):
    message = browser.says("psst", blocks=[actions(button("Go"))], ephemeral_to="U0LUIS")
    on = {"channel": "C0GENERAL", "ts": message.ts}
    assert "not there" in await browser.refused("press", on=on, block_id="buttons", action_id="go")
    assert browser.heard == []


async def test_closing_a_window_tells_the_bot_if_it_asked(browser: Browser):
    async with browser.tab() as tab:
        on = browser.opens(modal(section("x"), notify_on_close=True))
        await browser.act("close", view=on["view"])
        await tab.next("stack", lambda f: f["stack"] == [])
        await tab.next("traffic", lambda f: f["entries"][0]["what"] == "view_closed window")
    assert browser.heard[-1]["payload"]["type"] == "view_closed"


async def test_opening_the_app_is_told_to_the_bot_in_ones_own_workspace_only(browser: Browser):
    async with browser.tab() as tab:
        await browser.act("home", tab="messages")
        await tab.next("traffic", lambda f: f["entries"][0]["ok"])
    assert browser.heard[-1]["payload"]["event"]["tab"] == "messages"
    assert "two tabs" in await browser.refused("home", tab="about")
    assert "not installed" in await browser.refused("home", "U0FOREIGN")
    home = browser.slack.place.windows.publish("U0ANA", {"type": "home", "blocks": [section("x")]})
    assert "cannot be closed" in await browser.refused("close", view=home.id)
