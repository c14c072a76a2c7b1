"""The main job, as people live it: a disconnected number is brought back from Slack."""

from tests.desk import Desk


async def test_an_operator_brings_a_disconnected_number_back(desk: Desk):
    ana = desk.ana
    await ana.type("/whatsapp reconnect 4821")
    await ana.wait_for_window("Reconnect number")
    await ana.wait_for("How should Meta send the code?")
    await ana.submit()
    await ana.wait_for_window("Enter the code")
    await ana.submit({"Verification code": desk.meta.phone("Sales").latest_code()})
    await ana.wait_for_window("Connect the number")
    await ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await ana.wait_for_window("Connected")
    print(ana.sees())
    assert desk.meta.number("Sales").status == "CONNECTED"
    await desk.told()
    print(desk.maya.reads("#whatsapp-audit"))
    assert "Connected" in desk.maya.reads("#whatsapp-audit")
