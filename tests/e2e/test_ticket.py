"""“Prepare Meta ticket”: what is there to copy, and where the copy for the managers is filed."""

import re
from dataclasses import replace

import pytest

from bot.causes.account import ACCOUNT_LOCKED
from bot.fixes.prepare_ticket import ticket
from bot.sandbox.slack.model import Message
from tests.checks.healthy import healthy
from tests.desk import Desk
from tests.e2e import steps
from tests.e2e.steps import seen, window_says
from tests.e2e.test_diagnose import diagnosed
from tests.handlers.views.ugly import NOW
from tests.handlers.views.ugly_diagnose import report

pytestmark = pytest.mark.usefixtures("nothing_refused")


def filed(desk: Desk, words: str) -> list[Message]:
    """The messages of the audit channel that say so."""
    return [one for one in desk.slack.channel("#whatsapp-audit").messages if words in one.text]


async def test_a_ticket_names_ids_times_and_codes_and_no_whole_number(desk: Desk):
    ana = desk.ana
    await diagnosed(ana, "Old shop")
    await ana.click("Prepare Meta ticket")
    await window_says(ana, "Copy this into a ticket")
    text = seen(ana)
    number = desk.meta.number("Old shop")
    for part in (number.id, number.account_id, desk.seed.app_id, "Graph API version: v25.0", "ends in 0123"):
        assert part in text, part
    ticket = text[
        text.index("WhatsApp Business Platform") : text.index("Effect:", text.index("What was read"))
    ]
    assert number.digits not in re.sub(r"[^0-9a-z]", "", ticket)
    assert desk.seed.token.reveal() not in text
    await desk.told()
    assert "prepared a ticket for Meta · Old shop …0123 · [NUMBER_BANNED]" in desk.maya.reads(
        "#whatsapp-audit"
    )


async def test_a_ticket_is_filed_below_a_line_of_its_own_when_no_reconnect_is_open(desk: Desk):
    await diagnosed(desk.ana, "Old shop")
    await desk.ana.click("Prepare Meta ticket")
    await window_says(desk.ana, "Copy this into a ticket")
    await desk.told()
    (line,) = filed(desk, "prepared a ticket for Meta")
    (copy,) = filed(desk, "Copy to")
    assert (line.thread_ts, copy.thread_ts) == (None, line.ts)
    assert f"Phone number ID: {desk.meta.number('Old shop').id}" in str(copy.blocks)


async def test_a_ticket_made_while_a_reconnect_is_open_is_filed_in_its_thread(desk: Desk):
    await steps.with_a_code_out(desk.ana)
    await desk.ana.close()
    desk.meta.account("102290129340398").lock()
    await desk.ana.type("/whatsapp diagnose Sales")
    await window_says(desk.ana, "Effect:")
    await desk.ana.click("Prepare Meta ticket")
    await window_says(desk.ana, "Copy this into a ticket")
    await desk.told()
    (line,), (copy,) = filed(desk, "prepared a ticket for Meta"), filed(desk, "Copy to")
    assert line.thread_ts is not None  # below the line that tells of the reconnect
    assert line.thread_ts == copy.thread_ts


@pytest.mark.parametrize("written", ["15550100123", "+1 555-010-0123", "+1 (555) 010-0123"])
def test_a_ticket_says_no_whole_number_although_meta_does(written: str):
    made = report(ACCOUNT_LOCKED, f"The number {written} of account 102290129340398 is locked")
    ref = replace(made.ref, digits="15550100123")
    text = ticket(replace(made, ref=ref), made.verdict, healthy(), version="v25.0", now=NOW)
    assert written not in text
    assert f"The number {ref.masked} of account 102290129340398 is locked" in text
