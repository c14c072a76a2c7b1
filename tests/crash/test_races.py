"""Two clicks, two people: eighty rounds, and each wish has one effect."""

import asyncio
import random
from functools import partial

from bot.sandbox.slack.happenings import PATIENCE_S
from tests.desk import Desk

ROUNDS = 30
SETTINGS = {"CODE_WAITS": "0", "CODES_PER_DAY": "20", "TRIES_PER_CODE": "6", "TRIES_PER_DAY": "20"}
SETTINGS |= {"WHATSAPP_OPERATORS": "U0ANA,U0LUIS"}


async def _desk(a_desk) -> Desk:
    desk: Desk = await a_desk(**SETTINGS)
    desk.meta.latency_s = 0.015  # longer than two clicks are apart: a click after the answer is a new wish
    rules = desk.meta.number("Sales").rules
    rules.max_codes = rules.max_wrong = 1000
    rules.min_gap *= 0
    return desk


async def _open(desk: Desk, name: str = "ana") -> None:
    await desk.person(name).type("/whatsapp reconnect 4821")
    await desk.person(name).wait_for("How should Meta send the code?")


async def test_a_button_pressed_twice_is_one_wish(a_desk) -> None:
    desk, dice = await _desk(a_desk), random.Random(3)
    await _open(desk)
    await desk.ana.submit_twice()
    await desk.ana.wait_for_window("Enter the code")
    for sent in range(1, ROUNDS):
        assert desk.writes("request_code") == sent
        if sent % 18 == 0:
            desk.skip(hours=25)
        before = desk.ana.modal.hash
        await desk.ana.double_click("Send again", apart_s=dice.choice((0.0, 0.0, 0.002, 0.01)))
        await _redrawn(desk, before)
    assert desk.writes("request_code") == ROUNDS


async def test_a_form_submitted_twice_is_one_try(a_desk) -> None:
    desk, dice = await _desk(a_desk), random.Random(4)
    await _open(desk)
    await desk.ana.submit()
    await desk.ana.wait_for_window("Enter the code")
    for tried in range(1, 26):
        if tried % 5 == 0:
            desk.skip(hours=25)
            before = desk.ana.modal.hash
            await desk.ana.click("Send again")
            await _redrawn(desk, before)
        before = desk.ana.modal.hash
        await desk.ana.submit_twice({"Verification code": "000000"}, apart_s=dice.choice((0.0, 0.002)))
        await _redrawn(desk, before)
        assert desk.writes("verify_code") == tried, desk.ana.sees()


async def _redrawn(desk: Desk, before: str) -> None:
    def again() -> bool:
        modal, working = desk.ana.modal, len(desk.bot.services.tasks)
        return modal is not None and modal.hash != before and modal.submit == "Verify" and not working

    async with asyncio.timeout(PATIENCE_S):  # both clicks have been answered, and what followed them is done
        while not again():
            await asyncio.sleep(0.002)


async def test_of_two_people_who_come_together_one_holds_the_number(a_desk) -> None:
    desk, people = await _desk(a_desk), ("ana", "luis")
    desk.meta.latency_s = 0.0
    for _ in range(25):
        await asyncio.gather(*(desk.person(name).type("/whatsapp reconnect 4821") for name in people))
        for name in people:
            await desk.person(name).wait_until(partial(_is_there, desk, name), what="a window")
        submits = {name: desk.person(name).modal.submit for name in people}
        assert sorted(submits.values(), key=str) == [None, "Send code"], submits
        owner = next(name for name in people if submits[name])
        await desk.person(owner).click("Stop reconnecting")
        await desk.person(owner).wait_for_window("Stopped")
        for name in people:
            await desk.person(name).close()


def _is_there(desk: Desk, name: str) -> bool:
    modal = desk.person(name).modal
    return modal is not None and (modal.submit == "Send code" or modal.title == "In use")
