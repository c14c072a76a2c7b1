"""What is pressed, asked and put in anywhere: external selects, feedback, icon buttons, files, nested blocks."""

import base64

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox.slack import ClientRefused, pointer
from bot.sandbox.slack import values as inputs
from bot.sandbox.slack.files import MOST_BYTES
from bot.sandbox.slack.hand import Hand
from tests.sandbox.slack.conftest import actions, button, field, modal, section, text

MADRID = {"text": text("Madrid"), "value": "mad"}
CITY = {"type": "external_select", "action_id": "city", "min_query_length": 0}


@pytest.fixture
def cities(bolt):
    """The bot answers any external select with Madrid; what it was asked is in the list."""
    asked = []

    @bolt.options("city")
    async def on_options(ack, body):
        asked.append(body)
        await ack(options=[MADRID])

    @bolt.action("city")
    async def on_choice(ack, body):
        asked.append(body)
        await ack()

    return asked


async def test_an_external_select_on_a_message_asks_the_bot_and_tells_where_it_stands(
    slack, ana, client, cities
):
    posted = await client.chat_postMessage(
        channel=slack.workspace.dm(ana.id).id, text="?", blocks=[actions(CITY)]
    )
    await ana.choose("city", "Madrid")
    question, choice = cities
    assert question["type"] == "block_suggestion"
    assert question["container"]["message_ts"] == question["message"]["ts"] == posted["ts"]
    assert question["container"]["type"] == "message"
    assert "view" not in question
    assert choice["actions"][0]["selected_option"] == MADRID


async def test_an_external_select_on_an_ephemeral_message_does_not_carry_the_message(
    slack, ana, client, cities
):
    slack.channel("#general").members.add("U0DESK")
    await client.chat_postEphemeral(channel="C0GENERAL", user=ana.id, text="?", blocks=[actions(CITY)])
    await ana.options("city", "m")
    assert cities[0]["container"]["is_ephemeral"] is True
    assert "message" not in cities[0]


async def test_an_external_select_on_the_home_tab_asks_with_the_view(ana, client, cities):
    await client.views_publish(user_id=ana.id, view={"type": "home", "blocks": [actions(CITY)]})
    assert await ana.options("city", "m") == ["Madrid"]
    assert cities[0]["view"]["type"] == "home"
    assert cities[0]["value"] == "m"


async def test_a_question_on_a_message_that_nobody_answers_is_regretted_there(slack, ana, client, bolt):
    slack.delivery.deadline_s = 0.3
    await client.chat_postMessage(channel=slack.workspace.dm(ana.id).id, text="?", blocks=[actions(CITY)])
    assert await ana.options("city", "m") == []
    (message,) = slack.workspace.dm(ana.id).messages
    assert message.trouble == "We had some trouble connecting. Try again?"


# -- what is pressed ------------------------------------------------------------------------------------

FEEDBACK = {
    "type": "feedback_buttons",
    "action_id": "rating",
    "positive_button": {"text": text("Good"), "value": "good"},
    "negative_button": {"text": text("Bad"), "value": "bad"},
}
ICON = {"type": "icon_button", "action_id": "bin", "icon": "trash", "text": text("Delete"), "value": "7"}


async def _pressed(slack, ana, client, bolt, action_id, value):
    heard = []

    @bolt.action(action_id)
    async def on_press(ack, body):
        heard.extend(body["actions"])
        await ack()

    blocks = [{"type": "context_actions", "elements": [FEEDBACK, ICON]}]
    posted = await client.chat_postMessage(channel=slack.workspace.dm(ana.id).id, text="?", blocks=blocks)
    message = slack.workspace.dm(ana.id).message(posted["ts"])
    block_id = message.blocks[0]["block_id"]
    target = pointer.at(ana.screen, message, block_id, action_id)
    await Hand(slack.place, ana.user).act(target, value)
    return heard[0]


async def test_feedback_says_which_of_the_two_was_pressed(slack, ana, client, bolt):
    pressed = await _pressed(slack, ana, client, bolt, "rating", "bad")
    assert (pressed["type"], pressed["value"]) == ("feedback_buttons", "bad")
    assert pressed["text"]["text"] == "Bad"


async def test_feedback_that_is_not_on_offer_cannot_be_given(slack, ana, client, bolt):
    with pytest.raises(ClientRefused):
        await _pressed(slack, ana, client, bolt, "rating", "middling")


async def test_an_icon_button_is_pressed_like_any_other(slack, ana, client, bolt):
    pressed = await _pressed(slack, ana, client, bolt, "bin", None)
    assert (pressed["type"], pressed["value"]) == ("icon_button", "7")


async def test_blocks_within_blocks_have_ids_of_their_own(slack, ana, client):
    card = {"type": "card", "title": text("One"), "actions": [button("Open", "open")]}
    inside = {"type": "container", "title": text("Box"), "child_blocks": [section("in"), card]}
    await client.chat_postMessage(channel=slack.workspace.dm(ana.id).id, text="?", blocks=[inside])
    (box,) = slack.workspace.dm(ana.id).messages[0].blocks
    ids = [box["block_id"], *(child["block_id"] for child in box["child_blocks"])]
    assert len(set(ids)) == 3
    assert [slot.block_id for slot in inputs.slots([box])] == [ids[-1]]


async def test_rich_text_starts_with_what_the_view_says(slack, ana, client):
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}
    view = modal(field("notes", "Notes", kind="rich_text_input", initial_value=rich))
    await client.views_open(trigger_id=slack.windows.trigger(ana.id), view=view)
    window = slack.windows.top(ana.id)
    assert slack.windows.payload(window)["state"]["values"]["notes"]["value"]["rich_text_value"] == rich


@pytest.mark.parametrize(
    ("kind", "more", "chosen"),
    [
        ("conversations_select", {}, "C0GENERAL"),
        ("multi_conversations_select", {}, ["C0GENERAL"]),
        ("conversations_select", {"filter": {"include": ["public", "im"]}}, "C0GENERAL"),
        ("conversations_select", {"filter": {"include": ["im"]}}, None),  # not one that it offers
        (
            "conversations_select",
            {"initial_conversation": "C0RANDOM"},
            "C0RANDOM",
        ),  # what is named goes first
    ],
)
async def test_a_select_can_begin_with_the_conversation_its_window_was_opened_in(
    bolt, opens, slack, ana, kind, more, chosen
):
    select = {"type": kind, "action_id": "where", "default_to_current_conversation": True, **more}
    opens(modal(actions(select, button("More")), submit=None))

    @bolt.action("go")
    async def push(ack, body, client):
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=modal(actions(select), submit=None))

    await ana.type("/whatsapp", "#general")
    await ana.click("More")
    bottom, top = slack.windows.stacks[ana.id]
    for window in (bottom, top):
        assert chosen in window.values["buttons"]["where"].values()


async def test_a_select_on_a_message_can_begin_with_where_the_message_stands(slack, ana, client):
    select = {"type": "conversations_select", "action_id": "where", "default_to_current_conversation": True}
    here = slack.workspace.dm(ana.id)
    await client.chat_postMessage(channel=here.id, text="?", blocks=[actions(select)])
    assert here.messages[0].values["buttons"]["where"]["selected_conversation"] == here.id


# -- closing and answering ----------------------------------------------------------------------------------


async def test_a_window_that_is_closed_takes_those_on_it_along_and_each_is_told_of(slack, ana, client, bolt):
    told = []

    @bolt.view_closed("window")
    async def on_closed(ack, body):
        told.append((body["view"]["title"]["text"], body["is_cleared"]))
        await ack()

    first = modal(section("1"), title="First", notify_on_close=True)
    await client.views_open(trigger_id=slack.windows.trigger(ana.id), view=first)
    bottom = slack.windows.top(ana.id)
    second = modal(section("2"), title="Second", notify_on_close=True)
    await client.views_push(trigger_id=slack.windows.trigger(ana.id, bottom.id), view=second)
    await Hand(slack.place, ana.user).close(bottom)
    assert sorted(told) == [("First", False), ("Second", False)]
    assert slack.windows.top(ana.id) is None


async def test_closing_what_was_closed_a_moment_ago_tells_nobody_anything(slack, ana, client, bolt):
    view = modal(section("1"), notify_on_close=True)
    await client.views_open(trigger_id=slack.windows.trigger(ana.id), view=view)
    window = slack.windows.top(ana.id)
    slack.windows.close(window)
    assert await Hand(slack.place, ana.user).close(window) == []


async def test_a_message_that_was_deleted_cannot_be_replaced(slack, ana, client, bolt):
    message = slack.workspace.dm(ana.id)
    await client.chat_postMessage(channel=message.id, text="?", blocks=[actions(button("Go"))])
    (shown,) = message.messages
    url = slack.place.answers.url(message.id, ana.id, shown)
    slack.workspace.delete(shown)
    answer = await AsyncWebhookClient(url).send(text="late", replace_original=True)
    assert (answer.status_code, "message_not_found" in answer.body) == (400, True)


# -- files ---------------------------------------------------------------------------------------------------


async def test_a_file_is_told_in_the_values_and_by_files_info(slack, ana, client):
    slack.grant("files:read")
    put = slack.workspace.files.put(ana.user, "codes.txt", base64.b64encode(b"123 456").decode())
    info = await client.files_info(file=put["id"])
    assert info["file"]["name"] == "codes.txt"
    assert (info["file"]["size"], info["file"]["user"]) == (7, ana.id)


async def test_a_file_needs_the_scope_and_must_be_there(slack, client):
    with pytest.raises(SlackApiError, match="missing_scope"):
        await client.files_info(file="F0")
    slack.grant("files:read")
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_info(file="F0")


@pytest.mark.parametrize(
    ("name", "content"), [("", "AAAA"), ("a.txt", "not base64!"), ("a.txt", "A" * (MOST_BYTES * 2))]
)
async def test_a_file_that_cannot_be_kept_is_refused_with_a_sentence(slack, ana, name, content):
    with pytest.raises(ValueError, match=r"\.$"):
        slack.workspace.files.put(ana.user, name, content)


async def test_only_the_name_of_a_file_is_kept_of_its_path(slack, ana):
    assert slack.workspace.files.put(ana.user, "../../etc/passwd", "AAAA")["name"] == "passwd"
