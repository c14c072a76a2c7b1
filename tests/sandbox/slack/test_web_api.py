"""The Web API: tokens, scopes, channels, messages, limits and faults."""

import json

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.conftest import section


async def test_auth_test_names_the_bot_and_its_scopes(slack, client):
    answer = await client.auth_test()
    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == ("T0DESK", "U0DESK", "B0DESK")
    assert "chat:write" in answer.headers["x-oauth-scopes"]


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_revoked_token_is_refused(slack, client, error):
    slack.revoke(slack.bot_token, error)
    with pytest.raises(SlackApiError, match=error):
        await client.auth_test()
    slack.revoke(slack.bot_token, "")
    assert (await client.auth_test())["ok"]


async def test_unknown_missing_and_wrong_tokens_are_refused(slack):
    for token, error in [
        ("xoxb-other", "invalid_auth"),
        ("", "not_authed"),
        (slack.app_token, "not_allowed_token_type"),
    ]:
        with pytest.raises(SlackApiError, match=error):
            await AsyncWebClient(token=token, base_url=slack.api_url).auth_test()
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await AsyncWebClient(base_url=slack.api_url).apps_connections_open(app_token=slack.bot_token)


async def test_a_missing_scope_is_named(slack, client):
    slack.grant("commands")
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="C0GENERAL", text="Hi")
    assert refused.value.response["needed"] == "chat:write"
    assert refused.value.response["provided"] == "commands"
    with pytest.raises(SlackApiError) as refused:
        await client.conversations_info(channel="C0AUDIT")
    assert refused.value.response["needed"] == "groups:read"


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOWHERE", "channel_not_found"),
        ("C0SECRET", "channel_not_found"),
        ("C0RANDOM", "not_in_channel"),
        ("C0OLD", "is_archived"),
    ],
)
async def test_the_bot_posts_only_where_it_may(slack, client, channel, error):
    with pytest.raises(SlackApiError, match=error):
        await client.chat_postMessage(channel=channel, text="Hi")
    assert slack.refusals[-1].error == error


async def test_a_message_its_thread_its_edit_and_its_link(slack, client):
    maya = slack.person("maya")
    metadata = {"event_type": "audit", "event_payload": {"record": 1}}
    posted = await client.chat_postMessage(
        channel="#whatsapp-audit", text="@ana is reconnecting", metadata=metadata
    )
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    await client.chat_postMessage(channel=posted["channel"], thread_ts=posted["ts"], text="Code sent")
    edited = await client.chat_update(**where, text="Connected after 40 s")
    link = await client.chat_getPermalink(channel=posted["channel"], message_ts=posted["ts"])
    assert maya.reads("#whatsapp-audit").split("\n") == [
        "desk (edited):",
        "  Connected after 40 s",
        "    desk:",
        "      Code sent",
    ]
    assert edited["message"]["metadata"] == metadata
    assert link["permalink"].endswith(posted["ts"].replace(".", ""))
    await client.chat_delete(**where)
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_update(**where, text="gone")


async def test_an_update_without_blocks_keeps_them_and_an_empty_list_removes_them(slack, client):
    posted = await client.chat_postMessage(channel="C0GENERAL", text="one", blocks=[section("block")])
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    kept = await client.chat_update(**where, text="two")
    assert kept["message"]["blocks"][0]["text"]["text"] == "block"
    removed = await client.chat_update(**where, text="three", blocks=[])
    assert removed["message"]["blocks"] == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": [section("y" * 3000)] * 4 + [section("y" * 1300)]}, "msg_blocks_too_long"),
        ({"text": "x", "blocks": [section("y" * 3001)]}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
        ({"blocks": [section("no text beside")]}, "invalid_blocks"),
        ({"text": "x", "thread_ts": "1.000001"}, "cannot_reply_to_message"),
        ({"text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
    ],
)
@pytest.mark.filterwarnings("ignore:The top-level `text` argument")
async def test_messages_slack_would_not_take(slack, client, arguments, error):
    with pytest.raises(SlackApiError, match=error):
        await client.chat_postMessage(channel="C0GENERAL", **arguments)
    assert slack.channel("#general").messages == []


async def test_an_ephemeral_is_for_one_member_only(slack, client, ana):
    await client.chat_postEphemeral(channel="C0GENERAL", user=ana.id, text="Only for Ana")
    assert "Only for Ana" in ana.sees()
    assert "Only for Ana" not in slack.person("maya").reads("#general")
    with pytest.raises(SlackApiError, match="user_not_in_channel"):
        await client.chat_postEphemeral(channel="C0AUDIT", user=ana.id, text="x")
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await client.chat_postEphemeral(channel="C0RANDOM", user=ana.id, text="x")


async def test_an_ephemeral_cannot_be_edited_later(slack, client, ana):
    posted = await client.chat_postEphemeral(channel="C0GENERAL", user=ana.id, text="Only for Ana")
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_update(channel="C0GENERAL", ts=posted["message_ts"], text="x")


async def test_somebody_elses_message_cannot_be_edited(slack, client, ana):
    await ana.type("mine")
    [message] = slack.channel("#general").messages
    with pytest.raises(SlackApiError, match="cant_update_message"):
        await client.chat_update(channel="C0GENERAL", ts=message.ts, text="x")


async def test_a_direct_message_reaches_its_person(slack, client):
    luis = slack.person("luis")
    opened = await client.conversations_open(users=[luis.id])
    await client.chat_postMessage(channel=opened["channel"]["id"], text="Enter the code")
    await client.chat_postMessage(channel=luis.id, text="Please")
    assert "Enter the code" in luis.sees()
    assert luis.sees().index("Enter the code") < luis.sees().index("Please")
    assert "Enter the code" not in slack.person("ana").sees()


async def test_one_message_a_second_and_channel(wound, client_of):
    slack, clock = wound
    client = client_of(slack)
    await client.chat_postMessage(channel="C0GENERAL", text="1")
    await client.chat_postMessage(channel="C0AUDIT", text="another channel")
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="C0GENERAL", text="2")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"
    clock.skip_s(1)
    await client.chat_postMessage(channel="C0GENERAL", text="3")


async def test_who_is_who(slack, client):
    assert (await client.users_info(user="U0GUEST"))["user"]["is_restricted"]
    assert (await client.users_info(user="U0FOREIGN"))["user"]["team_id"] == "T0OTHER"
    assert (await client.usergroups_users_list(usergroup="S0OPERATORS"))["users"] == ["U0ANA", "U0LUIS"]
    assert len((await client.usergroups_list())["usergroups"]) == 2
    for failing, error in [
        (client.users_info(user="U0NOBODY"), "user_not_found"),
        (client.usergroups_users_list(usergroup="S0NONE"), "no_such_subteam"),
    ]:
        with pytest.raises(SlackApiError, match=error):
            await failing


async def test_what_is_where(slack, client):
    slack.grant("channels:read", "groups:read", "im:read", "channels:join", "team:read", "chat:write")
    info = await client.conversations_info(channel="C0AUDIT")
    assert info["channel"]["is_private"]
    assert info["channel"]["is_member"]
    members = await client.conversations_members(channel="C0AUDIT", limit=2)
    following = members["response_metadata"]["next_cursor"]
    rest = await client.conversations_members(channel="C0AUDIT", limit=2, cursor=following)
    assert members["members"] + rest["members"] == ["U0ADA", "U0DESK", "U0MAYA"]
    listed = await client.conversations_list(types="public_channel,private_channel", exclude_archived=True)
    assert [c["name"] for c in listed["channels"]] == ["general", "whatsapp-audit", "random"]
    own = await client.users_conversations(types="public_channel,private_channel")
    assert "random" not in [c["name"] for c in own["channels"]]
    await client.conversations_join(channel="C0RANDOM")
    await client.chat_postMessage(channel="C0RANDOM", text="Now it works")
    assert (await client.team_info())["team"]["id"] == "T0DESK"


async def test_an_unknown_method_and_broken_json_are_answered_as_slack_does(slack, client):
    with pytest.raises(SlackApiError, match="unknown_method"):
        await client.api_call("chat.shout")
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {slack.bot_token}", "Content-Type": "application/json"}
        async with session.post(f"{slack.api_url}chat.postMessage", data="{", headers=headers) as response:
            assert (await response.json())["error"] == "invalid_json"


async def test_a_form_and_json_are_both_taken_and_reads_ignore_json(slack):
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    async with aiohttp.ClientSession() as session:
        form = {"channel": "C0GENERAL", "text": "hi", "blocks": json.dumps([section("hi")])}
        async with session.post(f"{slack.api_url}chat.postMessage", data=form, headers=headers) as response:
            assert (await response.json())["ok"]
        in_form = {"token": slack.bot_token, "user": "U0ANA"}
        async with session.post(f"{slack.api_url}users.info", data=in_form) as response:
            assert (await response.json())["ok"]
        body = {"user": "U0ANA"}
        async with session.post(f"{slack.api_url}users.info", json=body, headers=headers) as response:
            assert (await response.json())["error"] == "user_not_found"
    assert ("users.info", "json_not_supported") in [(r.method, r.error) for r in slack.refusals]


async def test_calls_are_kept_with_their_whole_payload(slack, client):
    await client.chat_postMessage(channel="C0GENERAL", text="hi", blocks=[section("hi")])
    [call] = slack.calls
    assert call.payload["blocks"] == [section("hi")]
    assert call.answer["ts"] == slack.channel("#general").messages[0].ts
