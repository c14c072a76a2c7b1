"""Who may do what: decided at every open, submit and click, failing closed, and on record."""

import pytest

from handlers.preflight import SlackRefused
from tests.desk import Desk
from tests.e2e.steps import at_the_pin, choosing, seen, window_says, with_a_code_out

ROLES = {"luis": 0, "vik": 1, "ana": 2, "maya": 3, "ada": 4}
NEEDS = {"status": 1, "budget": 1, "reconnect": 2, "refresh": 2}
PLURAL = {1: "viewers", 2: "operators"}
PROOF = {
    "status": "Checked at",
    "budget": "Budget of Sales",
    "reconnect": "How should Meta",
    "refresh": "No code is sent",
}
IN_GROUPS = {"WHATSAPP_OPERATORS": "S0OPERATORS", "WHATSAPP_MANAGERS": "S0MANAGERS"}


@pytest.mark.parametrize("verb", NEEDS)
@pytest.mark.parametrize("name", ROLES)
async def test_each_verb_is_for_its_role_and_the_ones_above(
    desk: Desk, nothing_refused: None, name: str, verb: str
):
    person = desk.person(name)
    await person.type(f"/whatsapp {verb} 4821")
    if ROLES[name] >= NEEDS[verb]:
        await person.wait_for(PROOF[verb])
        return
    assert f"Only {PLURAL[NEEDS[verb]]} and above may use `/whatsapp {verb}`." in person.sees()
    assert "Ask a manager to do it" in person.sees()
    await desk.told()
    audit = desk.maya.reads("#whatsapp-audit")
    assert f"@{name} was refused: not allowed · [role] · asked: command" in audit
    assert f"Only {PLURAL[NEEDS[verb]]} and above may use `/whatsapp {verb}`." in audit


@pytest.mark.parametrize(
    ("label", "beside", "why"),
    [
        ("Reconnect", "Sales", "reconnect a number"),
        ("View", "Sales", "look at numbers"),
        ("Check now", "", "look at numbers"),
    ],
)
async def test_buttons_are_checked_when_they_are_pressed(
    desk: Desk, nothing_refused: None, label: str, beside: str, why: str
):
    await desk.ana.type("/whatsapp status")
    await desk.ana.wait_for("9 numbers:")
    board = desk.slack.workspace.visible("U0ANA")[-1]
    desk.slack.workspace.post(desk.slack.channel("#general"), everybodys(board))
    await desk.luis.click(label, where="#general", beside=beside)
    await desk.luis.wait_for(f"may {why}.")
    await desk.told()
    assert "@luis was refused: not allowed · [role] · asked: press" in desk.maya.reads("#whatsapp-audit")


def everybodys(message):
    """The same message, as if it stood in a channel for all."""
    from dataclasses import replace

    return replace(message, ephemeral_to=None)


async def test_groups_give_roles(a_desk, nothing_refused: None):
    desk: Desk = await a_desk(**IN_GROUPS)
    await choosing(desk.luis)
    await desk.maya.type("/whatsapp reconnect 4821")
    await desk.maya.wait_for_window("In use")
    assert "Take over" in desk.maya.modal.buttons
    assert len(desk.slack.called("usergroups.users.list")) == 2


async def test_a_group_that_was_not_read_for_too_long_gives_nothing(a_desk, nothing_refused: None):
    desk: Desk = await a_desk(**IN_GROUPS)
    desk.skip(minutes=12)
    await desk.ana.type("/whatsapp reconnect 4821")
    assert "Only operators and above may" in desk.ana.sees()


async def test_a_group_that_cannot_be_read_gives_nothing(a_desk):
    desk: Desk = await a_desk(**IN_GROUPS)
    desk.slack.add_fault("usergroups.users.list", "error", times=None, error="fatal_error")
    await desk.restart()
    await desk.ana.type("/whatsapp reconnect 4821")
    assert "Only operators and above may" in desk.ana.sees()
    await desk.vik.type("/whatsapp status")
    await desk.vik.wait_for("9 numbers:")


async def test_groups_in_the_lists_need_the_permission_to_read_groups(a_desk):
    desk: Desk = await a_desk(**IN_GROUPS)
    desk.slack.grant("commands", "chat:write")
    with pytest.raises(SlackRefused, match="usergroups:read"):
        await desk.restart()


@pytest.mark.parametrize("step", ["choose", "code", "pin"])
async def test_a_role_taken_away_between_open_and_submit_counts(a_desk, nothing_refused: None, step: str):
    desk: Desk = await a_desk(**IN_GROUPS)
    ana = desk.ana
    await {"choose": choosing, "code": with_a_code_out}.get(step, lambda person: at_the_pin(desk, person))(
        ana
    )
    spent = desk.writes("")
    group = desk.slack.workspace.groups["S0OPERATORS"]
    group.users.remove("U0ANA")
    await desk.restart()
    values = {"code": {"Verification code": "123456"}, "pin": {"Two-step PIN": "123456"}}.get(step, {})
    await ana.submit(values)
    await window_says(ana, "Only operators and above may")
    assert desk.writes("") == spent
    await desk.told()
    assert "@ana was refused: not allowed · [role] · asked: submit" in desk.maya.reads("#whatsapp-audit")


async def test_somebody_of_another_workspace_is_refused_whatever_they_ask(desk: Desk, nothing_refused: None):
    foreign = desk.person("foreign")
    for words in ("", "help", "status", "code", "reconnect 4821"):
        await foreign.type(f"/whatsapp {words}")
    assert foreign.sees().count("This bot serves another workspace.") == 5
    assert foreign.modal is None
    await desk.told()
    assert 1 <= desk.maya.reads("#whatsapp-audit").count("[foreign team]") <= 2  # one a minute


async def test_with_nobody_configured_there_is_only_help(a_desk, nothing_refused: None):
    nobody = dict.fromkeys(
        ("WHATSAPP_VIEWERS", "WHATSAPP_OPERATORS", "WHATSAPP_MANAGERS", "WHATSAPP_ADMINS"), ""
    )
    desk: Desk = await a_desk(**nobody)
    for person in (desk.ana, desk.maya, desk.person("ada")):
        await person.type("/whatsapp help")
        assert "You have no role in this bot yet" in person.sees()
        for verb in NEEDS:
            await person.type(f"/whatsapp {verb} 4821")
        assert person.sees().count("Only ") == 4
        assert seen(person) == ""


async def test_only_a_manager_takes_over(desk: Desk, nothing_refused: None):
    await with_a_code_out(desk.ana)
    await desk.maya.type("/whatsapp reconnect 4821")
    await desk.maya.wait_for_window("In use")
    in_use = {p: p.modal for p in (desk.maya,)}
    assert "Take over" in in_use[desk.maya].buttons
    await desk.vik.type("/whatsapp reconnect 4821")
    assert desk.vik.modal is None


async def test_the_command_is_taken_only_where_it_is_allowed(a_desk, nothing_refused: None):
    desk: Desk = await a_desk(WHATSAPP_CHANNELS="C0RANDOM")
    await desk.ana.type("/whatsapp status", "#general")
    assert "`/whatsapp` is not used in this channel." in desk.ana.sees()
    assert "#random" in desk.ana.sees()
    await desk.ana.type("/whatsapp status", "@desk")
    await desk.ana.wait_for("9 numbers:")
    await desk.ana.type("/whatsapp help", "#random")
    await desk.ana.wait_for("WhatsApp help")
