"""response_url: five answers in thirty minutes, to the asker or to all, replacing or deleting."""

import aiohttp

from tests.sandbox.slack.conftest import actions, button, section


async def response_url_of(bolt, ana):
    urls = []

    @bolt.command("/whatsapp")
    async def hear(ack, command):
        urls.append(command["response_url"])
        await ack()

    await ana.type("/whatsapp")
    return urls[0]


async def post(url, **payload):
    async with aiohttp.ClientSession() as session, session.post(url, json=payload) as response:
        return response.status, await response.text()


async def test_a_response_url_is_good_for_five_answers(bolt, slack, ana):
    url = await response_url_of(bolt, ana)
    for n in range(5):
        assert await post(url, text=f"answer {n}") == (200, "ok")
    status, words = await post(url, text="answer 5")
    assert status == 404
    assert "used_url" in words
    assert "answer 4" in ana.sees()
    assert "answer 5" not in ana.sees()
    assert slack.refusals[-1].error == "used_url"


async def test_a_response_url_dies_after_thirty_minutes(wound):
    slack, clock = wound
    url = slack.slash_envelope("ana", "/whatsapp")["payload"]["response_url"]
    clock.skip_s(30 * 60 + 1)
    assert (await post(url, text="late"))[0] == 404


async def test_a_response_url_refuses_what_slack_refuses(bolt, slack, ana):
    url = await response_url_of(bolt, ana)
    assert (await post(url, text="x", blocks=[section("y" * 3001)]))[0] == 400
    assert (await post(url, text="x", response_type="everybody"))[0] == 400
    assert (await post(url))[0] == 400
    assert (await post(f"{url}x", text="x"))[0] == 404


async def test_respond_replaces_and_deletes_the_message_that_was_clicked(bolt, slack, client, ana):
    @bolt.action("go")
    async def on_click(ack, respond, action):
        await ack()
        done = {"replace": {"text": "Done.", "replace_original": True}, "delete": {"delete_original": True}}
        await respond(**done[action["value"]])

    for value, label in (("replace", "Replace"), ("delete", "Delete")):
        await client.chat_postEphemeral(
            channel="C0GENERAL", user=ana.id, text="x", blocks=[actions(button(label, value=value))]
        )
    await ana.click("Replace")
    await ana.wait_for("Done.")
    await ana.click("Delete")
    await ana.wait_until(lambda: "[Delete]" not in ana.sees())
    assert "[Replace]" not in ana.sees()


async def test_an_answer_in_the_channel_is_for_everybody(bolt, slack, ana):
    url = await response_url_of(bolt, ana)
    await post(url, text="For all", response_type="in_channel")
    assert "For all" in slack.person("maya").reads("#general")
