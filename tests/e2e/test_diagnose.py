"""`/whatsapp diagnose`: one verdict with its proof, every check beneath it, and every number in one list."""

import asyncio
import re
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.roles import Person as Judge
from bot.roles import Role
from bot.sandbox.meta import seed
from bot.sandbox.meta.faults import Fault
from bot.sandbox.slack.person import Person
from tests.checks.reaching import told
from tests.desk import Desk
from tests.e2e.steps import buttons, seen, window_says
from tests.e2e.trouble import HASTY, idle
from tests.web.meta import WEB

pytestmark = pytest.mark.usefixtures("nothing_refused")


async def diagnosed(person: Person, number: str) -> str:
    """The verdict's window, in place of any other."""
    while person.modal:
        await person.close()
    await person.type(f"/whatsapp diagnose {number}")
    await window_says(person, "What to do:")
    return seen(person)


async def test_the_verdict_names_cause_effect_fix_who_how_long_and_proof(desk: Desk):
    text = await diagnosed(desk.ana, "Sales")
    assert "🔴 Down: A code is needed" in text
    assert "Meta says: “NOT_VERIFIED”" in text
    assert "Effect: Customers' messages do not arrive, and nothing can be sent." in text
    assert "What to do: Press “Request code” while somebody holds the phone." in text
    assert "Who: You can do this if you hold the phone of this number; otherwise whoever holds it." in text
    assert "Takes: about 5 minutes" in text
    assert re.search(r"Proof: GET /\d+, read at \d\d:\d\d\.  Reason: `OTP_NEEDED`", text)
    assert buttons(desk.ana)[:3] == ["Request code", "Show all checks", "Diagnose again"]


async def test_who_can_act_is_told_in_the_reader_s_own_terms(desk: Desk):
    desk.meta.token("main").expires_at = desk.clock.now() + timedelta(days=5)
    assert "Who: A manager can: @maya, @ada." in await diagnosed(desk.ana, "Support")
    assert "Ask a manager" in buttons(desk.ana)
    assert "Who: You can do this." in await diagnosed(desk.maya, "Support")
    assert "Ask a manager" not in buttons(desk.maya)
    assert "Who: You can do this." in await diagnosed(desk.ana, "Outlet")


async def test_the_checks_are_folded_beneath_and_each_says_how_it_was_read(desk: Desk):
    ana = desk.ana
    text = await diagnosed(ana, "Sales")
    assert "31 checks: " in text
    assert "Is the access token alive?" not in text
    await ana.click("Show all checks")
    await window_says(ana, "Is the access token alive?")
    whole = seen(ana)
    assert len(re.findall(r"^ *(✅ ok|❌ bad|❔ could not tell) ", whole, re.MULTILINE)) == 31
    assert re.search(r"✅ ok Is the access token alive\?.*\n? *GET /debug_token, read at \d\d:\d\d", whole)
    await ana.click("Show the verdict only")
    await ana.wait_until(lambda: "Is the access token alive?" not in seen(ana), what="folded again")


async def test_a_healthy_number_is_called_healthy(desk: Desk):
    text = await diagnosed(desk.ana, "Support")
    assert "🟢 Healthy\nHealthy: the token is alive" in text
    assert "Request code" not in buttons(desk.ana)


async def test_who_diagnosed_what_is_one_line_for_managers(desk: Desk):
    await diagnosed(desk.ana, "Sales")
    await desk.told()
    lines = [line for line in desk.maya.reads("#whatsapp-audit").splitlines() if "diagnosed" in line]
    assert len(lines) == 1
    assert "@ana diagnosed: a cause was found · Sales …4821 · [OTP_NEEDED]" in lines[0]


async def test_a_diagnosis_writes_nothing_at_meta(desk: Desk):
    await diagnosed(desk.ana, "Sales")
    assert desk.writes("") == 0


async def test_one_number_takes_one_round_of_reads_once_it_is_known(desk: Desk):
    await diagnosed(desk.ana, "Sales")
    before = len(desk.meta.calls)
    await desk.ana.click("Diagnose again")
    await desk.ana.wait_until(lambda: len(desk.meta.calls) >= before + 5, what="the reads")
    await idle(desk)
    asked = sorted(call.path.rpartition("/")[2] for call in list(desk.meta.calls)[before:])
    assert len(asked) == 5
    assert {"debug_token", "subscriptions", "subscribed_apps"} < set(asked)


async def test_a_viewer_may_not_diagnose_and_reads_who_may(desk: Desk):
    await desk.vik.type("/whatsapp diagnose Sales")
    await desk.vik.wait_for("Only operators and above may use `/whatsapp diagnose`.")


async def test_every_number_stands_in_one_list_worst_first(desk: Desk):
    ana = desk.ana
    await ana.type("/whatsapp diagnose")
    await window_says(ana, "9 numbers: 7 down, 1 works, with a note, 1 healthy.")
    text = seen(ana)
    assert text.index("Old shop") < text.index("Sales") < text.index("Billing") < text.index("Support")
    assert "App not subscribed – This bot's app is not subscribed" in text
    await ana.click("Diagnose", beside="Returns")
    await window_says(ana, "Not registered")
    await window_says(ana, "Proof:")
    assert "Register" in buttons(ana)


@pytest.mark.parametrize(("count", "accounts"), [(100, 3), (1000, 5)])
async def test_any_number_of_numbers_is_paged(a_desk, count: int, accounts: int):
    desk: Desk = await a_desk(seed.many(count, accounts))
    ana = desk.ana
    await ana.type("/whatsapp diagnose")
    await ana.wait_until(
        lambda: f"{count} numbers: {count // 10} down" in seen(ana), what="the list", timeout_s=20
    )
    pages = count // 20
    await ana.click("Next")
    await window_says(ana, f"Page 2 of {pages}.")
    await ana.click("Previous")
    await window_says(ana, f"Page 1 of {pages}.")
    names = [call.path.rpartition("/")[2] for call in desk.meta.calls]
    assert names.count("subscribed_apps") == accounts
    assert names.count("subscriptions") == 1
    assert names.count("debug_token") <= 3  # the bot's own at its start, the list of accounts, the diagnosis


async def test_one_number_takes_three_round_trips_and_a_hundred_numbers_three_seconds(a_desk):
    desk: Desk = await a_desk(seed.many(100, 3))
    desk.meta.latency_s = 0.05
    service = desk.bot.services.diagnoses
    start = time.monotonic()
    ref = await service.numbers.find("Branch 10")  # the accounts of the token, then their lists
    before = len(desk.meta.calls)
    report = await service.diagnose(ref)
    assert report.code == "OTP_NEEDED"
    assert time.monotonic() - start < 3.0
    assert len(desk.meta.calls) - before == 5  # at the same time: the third round trip
    start, before = time.monotonic(), len(desk.meta.calls)
    everything = await service.all()
    assert len(everything.reports) == 100
    assert time.monotonic() - start < 3.0
    assert len(desk.meta.calls) - before == 11  # 3 lists, 3 accounts, 3 app lists, 1 token, 1 subscription


async def test_a_reading_is_not_kept_young_by_another_that_is_read_anew(desk: Desk):
    service = desk.bot.services.diagnoses
    ref = await service.numbers.find("Sales")
    await service.diagnose(ref)
    desk.skip(minutes=6)
    await service.again(ref, ("apps",))
    assert service.kept(ref) is not None
    desk.skip(minutes=6)
    assert service.kept(ref) is None, "the number was read twelve minutes ago"


async def test_meta_that_is_down_is_could_not_tell_and_never_a_cause(desk: Desk):
    ana = desk.ana
    await diagnosed(ana, "Sales")
    desk.meta.add_fault(Fault("http_503", times=0))
    await ana.click("Diagnose again")
    await window_says(ana, "Meta does not answer")
    text = seen(ana)
    assert "❔ Could not tell: Meta does not answer" in text
    assert "Was this right?" not in text
    assert "Request code" not in buttons(ana)


async def test_with_meta_down_what_was_last_known_stands_beneath_with_its_time_and_source(a_desk):
    desk: Desk = await a_desk(**WEB)
    ana = desk.ana
    await told(lambda telling: telling.restrict(5))(desk)
    await diagnosed(ana, "Support")
    desk.meta.add_fault(Fault("http_503", times=0))
    await ana.click("Diagnose again")
    await window_says(ana, "❔ Could not tell: Meta does not answer")
    text = seen(ana)
    assert "nothing can be told about this number" in text
    assert re.search(
        r"Last known: Account restricted – Meta restricts .* Told by Meta's event account_update, "
        r".*\d\d:\d\d; it could not be checked now\.",
        text,
    )
    assert "Prepare Meta ticket" not in buttons(ana)


async def test_a_reading_that_hangs_is_cut_off_and_named(desk: Desk):
    ana = desk.ana
    await diagnosed(ana, "Support")
    desk.meta.add_fault(Fault("hang", "subscribed_apps", times=0))
    await ana.click("Diagnose again")
    await ana.wait_until(lambda: "Reading Meta: 4 of 5 answers are there." in seen(ana), what="it fills in")
    assert "⏳ … Is this bot's app subscribed to the account?" in seen(ana)
    await ana.wait_until(
        lambda: "❔ Could not tell\nNothing wrong was found" in seen(ana), what="the end", timeout_s=9
    )
    assert "Not read: the subscribed apps." in seen(ana)


async def test_the_same_question_is_judged_once_by_each_person(desk: Desk):
    ana = desk.ana
    await diagnosed(ana, "Sales")
    await ana.click("Yes")
    await window_says(ana, "Thank you: your answer is counted.")
    await desk.told()
    assert desk.maya.reads("#whatsapp-audit").count("says that the diagnosis was right") == 1


async def test_after_a_restart_the_buttons_still_work(desk: Desk):
    ana = desk.ana
    await diagnosed(ana, "Sales")
    await desk.restart()
    await ana.click("Show all checks")
    await window_says(ana, "Is the access token alive?")
    await ana.click("No")
    await window_says(ana, "Thank you: your answer is counted.")


async def test_each_question_has_a_deadline_of_its_own_however_patient_the_connection_is(a_desk):
    patient = replace(HASTY, graph=replace(HASTY.graph, tries=1, read_s=30.0, answer_s=30.0))
    desk: Desk = await a_desk(tempo=patient)
    diagnoses = desk.bot.services.diagnoses
    ref = await diagnoses.numbers.find("Support")
    desk.meta.add_fault(Fault("hang", "subscribed_apps", times=0))
    async with asyncio.timeout(15):
        report = await diagnoses.diagnose(ref)
    assert [unread.name for unread in report.unread] == ["the subscribed apps"]


async def test_two_people_who_judge_the_same_diagnosis_are_both_counted(desk: Desk):
    judging = desk.bot.services.judging
    ref = await desk.bot.services.directory.find("Sales")
    ana, maya = Judge("U0ANA", "ana", Role.OPERATOR), Judge("U0MAYA", "maya", Role.MANAGER)
    said = [
        await judging.judge(person, ref, made="abcabc", code="OTP_NEEDED", right=True)
        for person in (ana, maya, ana)
    ]
    assert said == [True, True, False]
