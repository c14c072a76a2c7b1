"""A message in a channel is everybody's; what somebody chooses on it is theirs alone."""

from tests.sandbox.page.browser import Browser

FIRST, SECOND = ({"text": {"type": "plain_text", "text": name}, "value": name} for name in ("one", "two"))
PICK = {"type": "static_select", "action_id": "pick", "options": [FIRST, SECOND], "initial_option": FIRST}
BLOCK = {"type": "actions", "block_id": "choice", "elements": [PICK]}


async def test_what_one_person_chooses_on_a_channels_message_the_others_do_not_see(browser: Browser) -> None:
    message = browser.says("pick one", blocks=[BLOCK])
    on = {"channel": message.channel_id, "ts": message.ts}
    await browser.act("press", "U0ANA", on=on, block_id="choice", action_id="pick", value=SECOND)

    chosen = {
        user: message.values_of(user)["choice"]["pick"]["selected_option"] for user in ("U0ANA", "U0LUIS")
    }
    assert chosen == {"U0ANA": SECOND, "U0LUIS": FIRST}
    for person, option in (("U0ANA", SECOND), ("U0LUIS", FIRST)):
        async with browser.tab(person) as tab:
            channels = tab.hello["channels"]
        (channel,) = (one for one in channels if one["id"] == message.channel_id)
        shown = channel["messages"][-1]["values"]["choice"]["pick"]
        assert shown == {"type": "static_select", "selected_option": option}
