"""Stories behind what a review of the outbox and the audit channel found."""

import asyncio
import json
import re
import sqlite3

import pytest
from sqlalchemy import update
from sqlmodel import Session

from bot.sandbox.slack.happenings import PATIENCE_S
from bot.sandbox.slack.model import Message
from storage import outbox
from tests.desk import Desk
from tests.e2e.steps import choosing, with_a_code_out
from tests.e2e.trouble import idle


def audit(desk: Desk) -> list[Message]:
    return [m for m in desk.slack.channel("#whatsapp-audit").messages if m.author == "U0DESK"]


async def test_a_number_without_a_name_is_posted_and_kept_by_its_last_digits_only(desk: Desk):
    (number,) = [n for n in desk.meta.world.numbers.values() if n.digits.endswith("4821")]
    number.verified_name = ""
    await with_a_code_out(desk.ana)
    await desk.ana.click("Stop reconnecting")
    await desk.ana.wait_for_window("Stopped")
    await desk.told()
    parent = next(m for m in audit(desk) if "was reconnecting" in m.text)
    assert "<@U0ANA> was reconnecting …4821" in parent.text
    assert "[reconnect] [4821] [stopped]" in json.dumps(parent.blocks)
    with sqlite3.connect(f"file:{desk.path}?mode=ro", uri=True) as db:
        kept = [body for (body,) in db.execute("SELECT body FROM outbox").fetchall()]
    db.close()
    assert [body for body in kept if number.digits in re.sub(r"[ ().+-]", "", body)] == []


@pytest.mark.parametrize("word", ["edit_window_closed", "as_user_not_supported"])
async def test_an_edit_slack_never_accepts_is_given_up_and_holds_nothing_back(desk: Desk, word: str):
    await choosing(desk.ana)
    await desk.told()
    desk.slack.add_fault("chat.update", "error", error=word, times=None)
    await desk.ana.click("Stop reconnecting")
    await desk.ana.wait_for_window("Stopped")
    await choosing(desk.ana)
    await desk.told()
    assert len([m for m in audit(desk) if "is reconnecting Sales" in m.text]) == 2
    assert len([call for call in desk.slack.calls if call.method == "chat.update"]) == 1


async def test_a_record_that_cannot_be_drawn_reaches_the_channel_all_the_same(desk: Desk):
    await desk.told()

    def owe(session: Session) -> None:
        outbox.owe(session, kind="audit", lane="106", recipient="C0AUDIT", number_id="106", flow_id="", body={},
                   audit_seq=9, at=desk.clock.now())  # fmt: skip
        session.exec(update(outbox.OUTBOX).where(outbox.OUTBOX.c.audit_seq == 9).values(body="damaged"))

    await desk.bot.services.db.write(owe)
    async with asyncio.timeout(PATIENCE_S):
        while (await desk.bot.services.db.read(outbox.backlog)).count:
            desk.skip(minutes=1)
            await asyncio.sleep(0.1)
    assert audit(desk)[-1].text == "Record #9"
    assert audit(desk)[-1].metadata["event_payload"]["records"] == "9"


async def test_each_post_carries_the_seal_of_its_newest_record(desk: Desk):
    await with_a_code_out(desk.ana)
    await desk.told()
    with sqlite3.connect(f"file:{desk.path}?mode=ro", uri=True) as db:
        seals = {str(seq): digest for seq, digest in db.execute("SELECT seq, hash FROM audit").fetchall()}
    db.close()
    posted = [m.metadata["event_payload"] for m in audit(desk) if m.metadata]
    assert posted
    assert [seals[said["records"].split(",")[-1]][:12] for said in posted] == [
        said["head"] for said in posted
    ]


async def test_a_flood_of_refused_tries_is_one_record_a_minute(desk: Desk):
    desk.skip(seconds=60 - desk.clock.now().second)  # all of it in one minute
    for _ in range(5):
        await desk.luis.type("/whatsapp reconnect 4821")
    desk.skip(minutes=2)
    await desk.luis.type("/whatsapp reconnect 4821")
    await desk.luis.type("/whatsapp refresh 4821")
    await idle(desk)
    await desk.told()
    assert desk.maya.reads("#whatsapp-audit").count("@luis was refused") == 3
