"""What a review found in the flows: each is one story that once went wrong."""


from bot.sandbox.meta.faults import Fault
from tests.desk import Desk
from tests.e2e.steps import choosing


def audit(desk: Desk) -> str:
    return desk.maya.reads("#whatsapp-audit")


async def test_a_status_read_back_is_told_as_connected_only_when_it_is(desk: Desk):
    desk.meta.add_fault(Fault("reset_before", "/request_code"))
    await choosing(desk.ana)
    await desk.ana.submit()
    await desk.ana.wait_for_window("Not sure")
    await desk.ana.click("Check status")
    await desk.ana.wait_for_window("Enter the code")
    await desk.told()
    assert "read the status back: not connected" in audit(desk)
    assert "read the status back: Connected" not in audit(desk)
