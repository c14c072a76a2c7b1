"""A person's eyes and hands: messages, Home, buttons, selects, response_url."""

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack import ClientRefused
from bot.sandbox.slack.acks import TROUBLE
from tests.sandbox.slack.conftest import actions, button, field, modal, section, text


def clicked(bolt, action_id="go"):
    """Every body a click on this action brought."""
    bodies = []

    @bolt.action(action_id)
    async def on_click(ack, body):
        bodies.append(body)
        await ack()

    return bodies


async def test_a_click_in_a_message_brings_the_message_along(bolt, slack, client):
    bodies = clicked(bolt)
    maya = slack.person("maya")
    posted = await client.chat_postMessage(
        channel="C0AUDIT", text="x", blocks=[actions(button("Take over", value="flow-1"))]
    )
    await maya.click("Take over")
    [body] = bodies
    assert body["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": "C0AUDIT",
        "is_ephemeral": False,
    }
    assert body["message"]["ts"] == posted["ts"]
    assert body["channel"]["name"] == "whatsapp-audit"
    assert body["actions"][0]["value"] == "flow-1"
    assert body["response_url"].startswith(slack.url)
    assert "view" not in body


async def test_a_click_in_a_window_brings_the_view_and_what_was_entered(bolt, slack, ana, opens):
    bodies = clicked(bolt)
    opens(modal(field("code", "Code"), actions(button("Send again"))))
    await ana.type("/whatsapp")
    await ana.fill(code="12")
    await ana.click("Send again")
    [body] = bodies
    view = body["view"]
    assert body["container"] == {"type": "view", "view_id": view["id"]}
    assert (view["id"], view["hash"], view["root_view_id"]) == (ana.modal.id, ana.modal.hash, ana.modal.id)
    assert view["previous_view_id"] is None
    assert view["state"]["values"]["code"]["value"]["value"] == "12"
    assert "response_url" not in body
    assert "channel" not in body


async def test_an_ephemeral_is_not_sent_along_with_its_click(bolt, slack, client, ana):
    bodies = clicked(bolt)
    await client.chat_postEphemeral(
        channel="C0GENERAL", user=ana.id, text="x", blocks=[actions(button("Continue"))]
    )
    await ana.click("Continue")
    assert "message" not in bodies[0]
    assert bodies[0]["container"]["is_ephemeral"] is True


async def test_the_newest_button_is_the_one_clicked_unless_told_where(bolt, slack, client, ana):
    bodies = clicked(bolt)
    for value in ("old", "new"):
        blocks = [actions(button("Open", value=value))]
        await client.chat_postMessage(channel="C0GENERAL", text="x", blocks=blocks)
    await ana.click("Open")
    await ana.click("Open", where=slack.channel("#general").messages[0])
    await ana.click("go", where="#general")
    assert [b["actions"][0]["value"] for b in bodies] == ["new", "old", "new"]


async def test_among_equal_buttons_the_text_beside_decides(bolt, slack, client, ana):
    bodies = clicked(bolt)
    row = {**section("Support …77"), "accessory": button("View", value="support")}
    below = {"type": "actions", "elements": [button("View", value="sales")]}
    blocks = [row, section("Sales …48"), below]
    await client.chat_postMessage(channel="C0GENERAL", text="x", blocks=blocks)
    await ana.click("View", beside="sales")
    await ana.click("View", beside="Support")
    assert [b["actions"][0]["value"] for b in bodies] == ["sales", "support"]
    with pytest.raises(ClientRefused, match="beside “Ops”"):
        await ana.click("View", beside="Ops")


async def test_a_button_that_is_not_there_names_those_that_are(slack, client, ana):
    await client.chat_postMessage(channel="C0GENERAL", text="x", blocks=[actions(button("Open"))])
    with pytest.raises(ClientRefused, match="no button “Close”; there are: “Open”"):
        await ana.click("Close")


async def test_a_confirm_dialog_can_be_declined(bolt, slack, client, ana):
    bodies = clicked(bolt)
    sure = {"title": text("Sure?"), "text": text("Really?"), "confirm": text("Yes"), "deny": text("No")}
    blocks = [actions(button("Set a new PIN", confirm=sure))]
    await client.chat_postMessage(channel="C0GENERAL", text="x", blocks=blocks)
    assert await ana.click("Set a new PIN", confirm=False) is None
    assert bodies == []
    await ana.click("Set a new PIN")
    assert len(bodies) == 1


async def test_a_double_click_arrives_twice(bolt, slack, client, ana):
    bodies = clicked(bolt)
    await client.chat_postMessage(channel="C0GENERAL", text="x", blocks=[actions(button("Go"))])
    await ana.double_click("Go")
    assert len(bodies) == 2
    assert bodies[0]["trigger_id"] != bodies[1]["trigger_id"]


async def test_a_click_nobody_answers_shows_trouble(bolt, slack, client, ana):
    await client.chat_postMessage(channel="C0GENERAL", text="x", blocks=[actions(button("Go"))])
    ack = await ana.click("Go")
    assert ack.error == "operation_timeout"
    assert TROUBLE in ana.reads("#general")


async def test_the_home_tab_is_published_and_clicked(bolt, slack, ana):
    views = []

    @bolt.event("app_home_opened")
    async def opened(event, client):
        views.append(event.get("view"))
        home = {"type": "home", "blocks": [section(f"Hello {len(views)}"), actions(button("Refresh"))]}
        await client.views_publish(user_id=event["user"], view=home)

    bodies = clicked(bolt)
    assert ana.home is None
    await ana.open_home()
    await ana.wait_for("Hello 1")
    first = ana.home.id
    await ana.open_home()
    await ana.wait_for("Hello 2")
    assert ana.home.id == first
    assert views[0] is None
    assert views[1]["id"] == first
    await ana.click("Refresh")
    assert bodies[0]["view"]["type"] == "home"


async def test_a_home_with_a_submit_button_is_refused(slack, client, ana):
    home = {"type": "home", "blocks": [section("x")], "submit": text("Send")}
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_publish(user_id=ana.id, view=home)


async def test_choices_are_made_by_their_words(bolt, slack, ana, opens):
    options = [{"text": text(word), "value": word.lower()} for word in ("Sales", "Support", "Ops")]
    opens(
        modal(
            field("one", "One", kind="static_select", options=options),
            field("many", "Many", kind="checkboxes", options=options),
            field("who", "Who", kind="users_select"),
            field("day", "Day", kind="datepicker", optional=True),
        )
    )
    await ana.type("/whatsapp")
    await ana.fill(one="Sales", many=["Support", "ops"], who="luis", day="2026-11-30")
    assert ana.modal.fields == {
        "One": "Sales",
        "Many": ["Support", "Ops"],
        "Who": "U0LUIS",
        "Day": "2026-11-30",
    }
    assert "[@luis ▾]" in ana.sees()
    assert "[x] Support" in ana.sees()
    with pytest.raises(ClientRefused, match="has no “Nowhere”"):
        await ana.choose("One", "Nowhere")


async def test_an_external_select_asks_the_bot_for_its_options(bolt, slack, ana, opens):
    @bolt.options("value")
    async def offer(ack, payload):
        found = [w for w in ("Sales", "Support") if payload["value"].lower() in w.lower()]
        await ack(options=[{"text": text(w), "value": w} for w in found])

    opens(modal(field("number", "Number", kind="external_select")))
    await ana.type("/whatsapp")
    assert await ana.options("Number", "s") == ["Sales", "Support"]
    await ana.choose("Number", "Support")
    assert ana.modal.fields == {"Number": "Support"}


async def test_a_choice_in_an_actions_block_is_sent_at_once_and_one_in_an_input_is_not(
    bolt, slack, ana, opens
):
    options = [{"text": text("A"), "value": "a"}]
    select = {"type": "static_select", "action_id": "pick", "options": options}
    bodies = clicked(bolt, "pick")
    opens(modal(field("quiet", "Quiet", kind="static_select", options=options), actions(select)))
    await ana.type("/whatsapp")
    await ana.choose("Quiet", "A")
    assert bodies == []
    await ana.choose("pick", "A")
    assert bodies[0]["actions"][0]["selected_option"]["value"] == "a"


async def test_enter_is_sent_where_the_view_asks_for_it(bolt, slack, ana, opens):
    bodies = clicked(bolt, "value")
    opens(modal({**field("code", "Code"), "dispatch_action": True}))
    await ana.type("/whatsapp")
    await ana.fill(code="12")
    assert bodies == []
    await ana.press_enter("Code")
    assert bodies[0]["actions"][0]["value"] == "12"


async def test_a_button_for_others_is_not_shown(slack, client, ana):
    blocks = [actions(button("Take over", visible_to_user_ids=["U0MAYA"]), button("Look", "look"))]
    await client.chat_postMessage(channel="C0GENERAL", text="x", blocks=blocks)
    assert "[Take over]" in slack.person("maya").reads("#general")
    assert "[Take over]" not in ana.reads("#general")
    with pytest.raises(ClientRefused):
        await ana.click("Take over")


async def test_waiting_in_vain_says_what_is_seen_instead(slack, ana, client):
    await client.chat_postMessage(channel=ana.id, text="Something else")
    with pytest.raises(AssertionError, match="Something else"):
        await ana.wait_for("Connected", timeout_s=0.01)


async def test_an_outsider_cannot_read_or_write_in_a_channel(slack, ana):
    with pytest.raises(ClientRefused):
        ana.reads("#whatsapp-audit")
    with pytest.raises(ClientRefused):
        await ana.type("/whatsapp", channel="#old")


async def test_everything_that_happens_can_be_watched(bolt, slack, ana, opens):
    seen = []
    stop = slack.subscribe(lambda happening: seen.append(happening.kind))
    opens(modal(field("code", "Code")))
    await ana.type("/whatsapp")
    await ana.close()
    stop()
    await ana.type("/whatsapp")
    assert [kind for kind in seen if kind != "called"] == ["typed", "opened", "closed"]
