"""Registering, deregistering and the PIN: the ladder's last rungs and their limits."""

from datetime import timedelta

import pytest

from bot.sandbox.meta.seed import SALES_PIN
from bot.sandbox.meta.server import FakeMeta
from bot.sandbox.time import MovableClock
from tests.sandbox.meta.conftest import Graph

WRONG = "000000"


@pytest.fixture
def proven(meta: FakeMeta) -> None:
    """Sales has a PIN, ownership is proven, and only the registration is missing."""
    meta.number("Sales").disconnect(proven=True)


async def test_a_proven_number_without_a_pin_connects_and_keeps_the_pin_given(
    graph: Graph, meta: FakeMeta
) -> None:
    assert await graph.field("Returns", "is_pin_enabled") is False
    assert (await graph.register("Returns", "135790")).ok
    assert await graph.field("Returns", "status") == "CONNECTED"
    assert await graph.field("Returns", "platform_type") == "CLOUD_API"
    assert await graph.field("Returns", "is_pin_enabled") is True
    meta.number("Returns").disconnect(proven=True)
    assert (await graph.register("Returns", "135790")).ok


async def test_an_unproven_number_is_not_registered(graph: Graph) -> None:
    answer = await graph.register("Sales", SALES_PIN)
    assert (answer.status, answer.code) == (400, (133006, 0))


@pytest.mark.usefixtures("proven")
async def test_the_pin_must_match(graph: Graph) -> None:
    assert (await graph.register("Sales", WRONG)).code == (133005, 0)
    assert await graph.field("Sales", "status") == "DISCONNECTED"


@pytest.mark.usefixtures("proven")
async def test_three_wrong_pins_lock_even_the_right_one_out(graph: Graph, clock: MovableClock) -> None:
    for expected in (133005, 133005, 133008):
        clock.skip(timedelta(seconds=10))
        answer = await graph.register("Sales", WRONG)
        assert answer.code == (expected, 0)
    data = answer.error["error_data"]
    assert data == {"messaging_product": "whatsapp", "details": "Please wait 60 minutes before trying again."}
    assert (await graph.register("Sales", SALES_PIN)).code == (133008, 0)
    clock.skip(timedelta(hours=1))
    assert (await graph.register("Sales", WRONG)).code == (133005, 0)
    clock.skip(timedelta(seconds=10))
    assert (await graph.register("Sales", SALES_PIN)).ok


@pytest.mark.usefixtures("proven")
async def test_a_second_guess_within_seconds_is_too_fast(graph: Graph, clock: MovableClock) -> None:
    await graph.register("Sales", WRONG)
    assert (await graph.register("Sales", SALES_PIN)).code == (133009, 0)
    clock.skip(timedelta(seconds=3))
    assert (await graph.register("Sales", SALES_PIN)).ok


@pytest.mark.usefixtures("proven")
async def test_a_new_pin_needs_no_old_one_and_ends_the_lock(
    graph: Graph, meta: FakeMeta, clock: MovableClock
) -> None:
    for _ in range(3):
        clock.skip(timedelta(seconds=10))
        await graph.register("Sales", WRONG)
    assert (await graph.post(f"/{meta.number('Sales').id}", pin="246800")).ok
    assert (await graph.register("Sales", "246800")).ok


async def test_a_pin_for_a_number_that_is_neither_registered_nor_proven_is_refused(
    graph: Graph, meta: FakeMeta
) -> None:
    assert (await graph.post(f"/{meta.number('Sales').id}", pin="246800")).code == (133010, 0)


@pytest.mark.parametrize("pin", ["12345", "1234567", "12a456", "", 123456, None])
async def test_a_pin_is_six_digits_sent_as_text(graph: Graph, meta: FakeMeta, pin: object) -> None:
    path = f"/{meta.number('Returns').id}"
    answer = await graph.post(f"{path}/register", messaging_product="whatsapp", pin=pin)
    assert answer.code == (100, 0)
    assert (await graph.post(path, pin=pin)).code == (100, 0)
    assert not meta.number("Returns").attempts.registers


async def test_the_product_must_be_named(graph: Graph, meta: FakeMeta) -> None:
    path = f"/{meta.number('Returns').id}/register"
    assert (await graph.post(path, pin="135790")).code == (100, 0)
    assert (await graph.post(path, pin="135790", messaging_product="sms")).code == (100, 0)


async def test_an_unknown_region_is_refused_and_a_known_one_taken(graph: Graph, meta: FakeMeta) -> None:
    path = f"/{meta.number('Returns').id}/register"
    body = {"messaging_product": "whatsapp", "pin": "135790"}
    assert (await graph.post(path, **body, data_localization_region="XX")).code == (100, 0)
    assert (await graph.post(path, **body, data_localization_region="DE")).ok


async def test_registering_a_registered_number_succeeds_and_keeps_its_pin(
    graph: Graph, meta: FakeMeta
) -> None:
    before = meta.number("Support").pin
    assert (await graph.register("Support", WRONG)).ok
    assert meta.number("Support").pin == before


async def test_a_name_in_review_has_no_certificate(graph: Graph, meta: FakeMeta) -> None:
    answer = await graph.register("Warehouse", "135790")
    assert answer.code == (100, 2388001)
    assert answer.error["error_user_title"] == "Cannot Create Certificate"
    assert meta.number("Warehouse").pin is None
    meta.number("Warehouse").approve_name()
    assert (await graph.register("Warehouse", "135790")).ok


async def test_ten_registers_in_72_hours_then_blocked_for_72_hours(graph: Graph, clock: MovableClock) -> None:
    for _ in range(10):
        assert (await graph.register("Support", WRONG)).ok
    answer = await graph.register("Support", WRONG)
    assert (answer.status, answer.code) == (400, (133016, 0))
    assert "too many attempts" in str(answer.error["error_data"]).lower()
    clock.skip(timedelta(hours=71, minutes=59))
    assert (await graph.register("Support", WRONG)).code == (133016, 0)
    clock.skip(timedelta(minutes=2))
    assert (await graph.register("Support", WRONG)).ok


async def test_the_window_of_72_hours_moves(graph: Graph, clock: MovableClock) -> None:
    for _ in range(5):
        await graph.register("Support", WRONG)
    clock.skip(timedelta(hours=40))
    for _ in range(5):
        await graph.register("Support", WRONG)
    clock.skip(timedelta(hours=33))  # the first five have left the window, the second five have not
    for _ in range(5):
        assert (await graph.register("Support", WRONG)).ok
    assert (await graph.register("Support", WRONG)).code == (133016, 0)


async def test_deregister_counts_in_the_same_window(graph: Graph, meta: FakeMeta) -> None:
    path = f"/{meta.number('Support').id}/deregister"
    assert (await graph.post(path)).ok
    for _ in range(9):
        assert (await graph.post(path)).code == (133010, 0)
    assert (await graph.register("Support", WRONG)).code == (133016, 0)


async def test_deregister_disconnects_and_the_proof_allows_to_come_back(graph: Graph, meta: FakeMeta) -> None:
    assert (await graph.post(f"/{meta.number('Support').id}/deregister")).ok
    assert await graph.field("Support", "status") == "DISCONNECTED"
    assert await graph.field("Support", "platform_type") == "NOT_APPLICABLE"
    assert (await graph.register("Support", str(meta.number("Support").pin))).ok


async def test_a_business_app_number_is_not_deregistered(graph: Graph, meta: FakeMeta) -> None:
    assert (await graph.post(f"/{meta.number('Café App').id}/deregister")).code == (100, 0)


async def test_passing_and_lasting_refusals_of_register(graph: Graph, meta: FakeMeta) -> None:
    number = meta.number("Returns")
    number.maintenance = 1
    answer = await graph.register("Returns", "135790")
    assert (answer.status, answer.code) == (503, (133004, 0))
    number.half_deregistered = True
    assert (await graph.register("Returns", "135790")).code == (133000, 0)
    assert (await graph.post(f"/{number.id}/deregister")).ok
    number.locked = True
    answer = await graph.register("Returns", "135790")
    assert (answer.status, answer.code) == (403, (131031, 0))
    number.locked = False
    assert (await graph.register("Returns", "135790")).ok


async def test_a_recently_deleted_number_waits(graph: Graph, meta: FakeMeta, clock: MovableClock) -> None:
    meta.number("Returns").deleting_until = clock.now() + timedelta(minutes=5)
    assert (await graph.register("Returns", "135790")).code == (133015, 0)
    clock.skip(timedelta(minutes=5))
    assert (await graph.register("Returns", "135790")).ok


async def test_banned_locked_deleted_and_moved_numbers_are_not_registered(
    graph: Graph, meta: FakeMeta
) -> None:
    assert (await graph.register("Old shop", "135790")).code == (131031, 0)
    returns = meta.number("Returns")
    meta.account(returns.account_id).lock()
    assert (await graph.register("Returns", "135790")).code == (131031, 0)
    returns.delete()
    assert (await graph.register("Returns", "135790")).code == (33, 0)
    returns.migrate()
    assert (await graph.register("Returns", "135790")).code == (100, 33)


async def test_the_status_may_lag_behind_by_reads(graph: Graph, meta: FakeMeta) -> None:
    meta.number("Returns").connect_reads = 2
    assert (await graph.register("Returns", "135790")).ok
    seen = [await graph.field("Returns", "status") for _ in range(3)]
    assert seen == ["PENDING", "PENDING", "CONNECTED"]


async def test_the_status_may_lag_behind_by_time(graph: Graph, meta: FakeMeta, clock: MovableClock) -> None:
    meta.number("Returns").connect_delay = timedelta(seconds=30)
    assert (await graph.register("Returns", "135790")).ok
    assert await graph.field("Returns", "status") == "PENDING"
    assert (await graph.register("Returns", "135790")).ok
    assert await graph.field("Returns", "status") == "PENDING"
    clock.skip(timedelta(seconds=30))
    assert await graph.field("Returns", "status") == "CONNECTED"


async def test_a_new_display_name_goes_to_review(graph: Graph, meta: FakeMeta) -> None:
    assert (await graph.post(f"/{meta.number('Support').id}", new_display_name="Help")).ok
    assert await graph.field("Support", "new_name_status") == "PENDING_REVIEW"
    assert (await graph.post(f"/{meta.number('Support').id}")).code == (100, 0)
