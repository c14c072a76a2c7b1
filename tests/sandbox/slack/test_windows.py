"""Windows: what a person enters, what an acknowledgement does, what is kept and what is gone."""

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack import ClientRefused
from tests.sandbox.slack.conftest import (
    actions,
    answering,
    button,
    field,
    modal,
    section,
    text,
)


async def test_a_fourth_window_on_the_stack_is_refused(bolt, opens, ana):
    opens(modal(actions(button("More"))))
    errors = []

    @bolt.action("go")
    async def more(ack, body, client):
        await ack()
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=modal(actions(button("More"))))
        except SlackApiError as refused:
            errors.append(refused.response["error"])

    await ana.type("/whatsapp")
    for _ in range(3):
        await ana.click("More")
    assert errors == ["push_limit_reached"]


async def test_a_closed_window_is_not_found(slack, ana, client):
    opened = await client.views_open(trigger_id=slack.windows.trigger(ana.id), view=modal(section("Hi")))
    await ana.close()
    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_update(view_id=opened["view"]["id"], view=modal(section("Late")))


async def test_a_stale_hash_is_a_conflict_and_no_hash_wins(slack, ana, client):
    opened = await client.views_open(trigger_id=slack.windows.trigger(ana.id), view=modal(section("1")))
    id_, stale = opened["view"]["id"], opened["view"]["hash"]
    fresh = (await client.views_update(view_id=id_, hash=stale, view=modal(section("2"))))["view"]["hash"]
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=id_, hash=stale, view=modal(section("3")))
    await client.views_update(view_id=id_, hash=fresh, view=modal(section("4")))
    await client.views_update(view_id=id_, view=modal(section("5")))
    assert "5" in ana.modal.text


async def test_a_trigger_opens_one_window_only(slack, ana, client):
    trigger = slack.windows.trigger(ana.id)
    await client.views_open(trigger_id=trigger, view=modal(section("1")))
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await client.views_open(trigger_id=trigger, view=modal(section("2")))


async def test_a_trigger_dies_after_three_seconds(wound, client_of):
    slack, clock = wound
    trigger = slack.windows.trigger("U0ANA")
    clock.skip_s(3.1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client_of(slack).views_open(trigger_id=trigger, view=modal(section("late")))


async def test_an_invented_trigger_is_refused(slack, client):
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        await client.views_open(trigger_id="1.2.3", view=modal(section("x")))


async def test_values_stay_where_both_ids_stay_and_are_reset_elsewhere(slack, ana, client):
    both = modal(field("a", "Kept"), field("b", "Reset"))
    opened = await client.views_open(trigger_id=slack.windows.trigger(ana.id), view=both)
    await ana.fill(kept="one", reset="two")
    after = modal(field("a", "Kept", initial_value="ignored"), field("b2", "Reset", initial_value="fresh"))
    answer = await client.views_update(view_id=opened["view"]["id"], view=after)
    assert ana.modal.fields == {"Kept": "one", "Reset": "fresh"}
    assert answer["view"]["state"]["values"]["a"]["value"]["value"] == "one"


async def test_initial_values_are_submitted_untouched(bolt, opens, ana):
    sms = {"text": text("SMS"), "value": "sms"}
    call = {"text": text("Voice call"), "value": "voice"}
    how = field("how", "How?", kind="radio_buttons", options=[sms, call], initial_option=sms)
    opens(modal(how, field("note", "Note", initial_value="hello"), field("more", "More", optional=True)))
    heard = answering(bolt)
    await ana.type("/whatsapp")
    assert "(•) SMS" in ana.sees()
    await ana.submit()
    values = heard[0]["view"]["state"]["values"]
    assert values["how"]["value"]["selected_option"] == sms
    assert values["note"]["value"]["value"] == "hello"
    assert values["more"]["value"]["value"] is None


async def test_slacks_app_holds_back_what_the_view_does_not_allow(slack, ana, client):
    view = modal(field("code", "Code", min_length=4, max_length=6), field("n", "Number", kind="number_input",
                 is_decimal_allowed=False, min_value="1", max_value="9"))  # fmt: skip
    await client.views_open(trigger_id=slack.windows.trigger(ana.id), view=view)
    for typed, complaint in [
        ({"code": "", "number": "1"}, "complete this required field"),
        ({"code": "123", "number": "1"}, "3 characters"),
        ({"code": "1234567", "number": "1"}, "7 characters"),
        ({"code": "1234", "number": "x"}, "enter a number"),
        ({"code": "1234", "number": "1.5"}, "whole number"),
        ({"code": "1234", "number": "10"}, "from 1 to 9"),
    ]:
        with pytest.raises(ClientRefused, match=complaint):
            await ana.submit(typed)
    assert slack.envelopes == []


async def test_a_window_without_a_submit_button_cannot_be_sent(slack, ana, client):
    view = modal(section("Wait…"), submit=None)
    await client.views_open(trigger_id=slack.windows.trigger(ana.id), view=view)
    with pytest.raises(ClientRefused, match="no submit button"):
        await ana.submit()


async def test_closing_is_told_only_when_asked_for(bolt, opens, ana):
    closed = []

    @bolt.view_closed("window")
    async def on_closed(ack, body):
        closed.append((body["view"]["private_metadata"], body["is_cleared"]))
        await ack()

    opens(modal(section("1"), submit=None))
    await ana.type("/whatsapp")
    assert await ana.close() == []
    opens(modal(section("2"), submit=None, notify_on_close=True, private_metadata="flow"))
    await ana.type("/whatsapp")
    [ack] = await ana.close()
    assert ack.ok
    assert closed == [("flow", False)]


async def test_an_external_id_is_unique(slack, ana, client):
    maya = slack.person("maya")
    view = modal(section("x"), external_id="only-one")
    await client.views_open(trigger_id=slack.windows.trigger(ana.id), view=view)
    with pytest.raises(SlackApiError, match="duplicate_external_id"):
        await client.views_open(trigger_id=slack.windows.trigger(maya.id), view=view)
    await client.views_update(external_id="only-one", view=modal(section("found")))
    assert "found" in ana.modal.text


async def test_a_view_over_250_kb_is_too_large(slack, ana, client):
    blocks = [field(f"b{n}", "Pick", kind="checkboxes", options=_many(n)) for n in range(100)]
    with pytest.raises(SlackApiError, match="view_too_large"):
        await client.views_open(trigger_id=slack.windows.trigger(ana.id), view=modal(*blocks))


def _many(n):
    return [
        {"text": text("t" * 75), "value": f"{n}-{i}" + "v" * 140, "description": text("d" * 75)}
        for i in range(10)
    ]


async def test_an_invalid_view_names_the_path(slack, ana, client):
    with pytest.raises(SlackApiError) as refused:
        await client.views_open(
            trigger_id=slack.windows.trigger(ana.id), view=modal(section("x" * 3001), title="Fine")
        )
    assert refused.value.response["error"] == "invalid_arguments"
    assert "/view/blocks/0/text" in refused.value.response["response_metadata"]["messages"][0]
    assert slack.refusals[-1].problems[0].startswith("blocks[0].text")


async def test_a_refused_view_does_not_use_up_the_trigger(slack, ana, client):
    trigger = slack.windows.trigger(ana.id)
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_open(trigger_id=trigger, view=modal(title="x" * 30))
    await client.views_open(trigger_id=trigger, view=modal(section("now")))
    assert ana.modal is not None
