"""What a review by users found: each is one story that once ended in a surprise."""

import pytest

from bot.errors import BadInput
from bot.roles import Person as Who
from bot.roles import Role
from bot.sandbox.meta.faults import Fault
from bot.sandbox.slack.person import Person
from tests.desk import Desk
from tests.e2e.steps import choosing, seen, title, window_says, with_a_code_out

CODE = "Verification code"


async def with_the_box(desk: Desk) -> Person:
    """Ana asked for a code and handed the box to Luis, who has it open."""
    await with_a_code_out(desk.ana)
    await desk.ana.click("Someone else has the phone")
    await window_says(desk.ana, "Who has the phone?")
    await desk.ana.submit({"Who has the phone?": "luis"})
    await desk.luis.wait_for("asks you for the code")
    await desk.luis.click("Enter code")
    await desk.luis.wait_for_window("Enter the code")
    return desk.luis


def _who(person: Person) -> Who:
    return Who(person.id, person.name, Role.OPERATOR)


async def test_the_colleague_is_asked_for_each_new_code(desk: Desk):
    luis = await with_the_box(desk)
    (flow,) = await desk.bot.services.opening.of_person(_who(luis))
    desk.skip(minutes=2)
    again = await desk.bot.services.code.claim_code(
        _who(desk.ana), flow.id, method="SMS", language="en_US", key="the second"
    )
    await again.act()
    await desk.told()
    assert len(desk.slack.workspace.dm("U0LUIS").messages) == 2
    assert luis.sees().count("@ana asks you for the code") == 2
    await luis.submit({CODE: desk.meta.phone("Sales").latest_code()})
    await window_says(luis, "Thank you: Meta accepted the code.")


async def test_nobody_can_join_before_a_code_is_out(desk: Desk):
    await choosing(desk.ana)
    await desk.maya.type("/whatsapp reconnect 4821")
    await window_says(desk.maya, "@ana")
    assert "Join as code holder" not in seen(desk.maya)
    assert "Join as code holder" not in desk.maya.modal.buttons
    assert "Take over" in desk.maya.modal.buttons
    await desk.ana.submit()
    await desk.ana.wait_for_window("Enter the code")
    await desk.maya.close()
    await desk.maya.type("/whatsapp reconnect 4821")
    await desk.maya.wait_until(
        lambda: desk.maya.modal and "Join as code holder" in desk.maya.modal.buttons, what="Join"
    )


async def test_stopping_closes_the_colleagues_box_and_thanks_them(desk: Desk):
    luis = await with_the_box(desk)
    await desk.ana.click("Stop reconnecting")
    await window_says(luis, "This reconnect has ended: no code is asked of you any more. Thank you.")
    assert luis.modal.submit is None
    await luis.wait_for("The code of Sales …4821 is no longer asked of you. Thank you.")


async def test_a_code_typed_after_the_end_gets_a_plain_sentence(desk: Desk):
    luis = await with_the_box(desk)
    (flow,) = await desk.bot.services.opening.of_person(_who(luis))
    await desk.bot.services.opening.cancel(_who(desk.ana), flow.id)
    await luis.submit({CODE: desk.meta.phone("Sales").latest_code()})
    await window_says(luis, "This reconnect has ended: no code is asked of you any more. Thank you.")
    assert "cancelled" not in seen(luis)
    assert "/whatsapp" not in seen(luis)
    assert desk.writes("verify_code") == 0
    assert title(luis) == "WhatsApp"


async def test_closing_the_window_before_a_code_is_sent_frees_the_number_quietly(desk: Desk):
    await choosing(desk.ana)
    await desk.ana.close()
    await desk.told()
    before = desk.ana.sees()
    await choosing(desk.maya)
    assert desk.ana.sees() == before


async def test_closing_the_window_with_a_code_out_keeps_the_number(desk: Desk):
    await with_a_code_out(desk.ana)
    await desk.ana.close()
    await desk.ana.wait_for("Nothing is lost.")
    await desk.maya.type("/whatsapp reconnect 4821")
    await window_says(desk.maya, "@ana is reconnecting this number")


@pytest.mark.parametrize("typed", ["budget", "reconnect"])
async def test_a_meta_that_is_down_is_not_told_as_no_numbers(desk: Desk, typed: str):
    desk.meta.add_fault(Fault("reset_before", "/phone_numbers", times=99))
    await desk.ana.type(f"/whatsapp {typed}")
    await desk.ana.wait_for("Meta")
    assert "no number" not in desk.ana.sees().lower()


async def test_the_box_is_not_handed_to_a_bot(desk: Desk):
    await with_a_code_out(desk.ana)
    (flow,) = await desk.bot.services.opening.of_person(_who(desk.ana))
    for bot in ("USLACKBOT", "U0DESK"):
        with pytest.raises(BadInput, match="a bot holds no phone") as refused:
            await desk.bot.services.hand_off.give(_who(desk.ana), flow.id, to=bot)
        assert refused.value.field == "holder"
    assert (await desk.bot.services.opening.get(flow.id)).holder is None


@pytest.mark.parametrize("typed", ["sales", "4821"])
async def test_a_number_typed_without_a_verb_is_offered_by_role(desk: Desk, typed: str):
    for person in (desk.vik, desk.ana):
        await person.type(f"/whatsapp {typed}")
        await person.wait_for(f"Did you mean `/whatsapp status {typed}`?")
    assert "[Reconnect]" not in desk.vik.sees()
    await desk.vik.click("View")
    await desk.vik.wait_for("Checked at")
    await desk.ana.click("Reconnect")
    await desk.ana.wait_for_window("Reconnect number")
