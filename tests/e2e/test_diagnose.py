"""`/whatsapp diagnose`: one verdict with its proof, however the number is ill."""

import pytest

from tests.desk import Desk
from tests.e2e.steps import buttons, seen, window_says

pytestmark = pytest.mark.usefixtures("nothing_refused")


async def test_the_verdict_of_a_number_names_cause_effect_fix_and_proof(desk: Desk):
    await desk.ana.type("/whatsapp diagnose Sales")
    await window_says(desk.ana, "What to do")
    text = seen(desk.ana)
    print(text, buttons(desk.ana))
    assert "A code is needed" in text
    assert "OTP_NEEDED" in text


async def test_all_numbers(desk: Desk):
    await desk.ana.type("/whatsapp diagnose")
    await window_says(desk.ana, "9 numbers")
    print(seen(desk.ana))
