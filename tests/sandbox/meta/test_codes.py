"""Asking for a code and trying it: what the fake Meta allows and what it refuses."""

import asyncio
from datetime import timedelta

import pytest

from bot.sandbox.meta.server import FakeMeta
from bot.sandbox.time import MovableClock
from tests.sandbox.meta.conftest import Graph


def not_the(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


async def test_a_code_arrives_by_sms_and_proves_ownership(graph: Graph, meta: FakeMeta) -> None:
    assert (await graph.ask_code("Sales")).ok
    assert (await graph.try_code("Sales", meta.phone("Sales").latest_code())).ok
    assert await graph.field("Sales", "code_verification_status") == "VERIFIED"


async def test_a_code_arrives_by_call_in_the_language_asked(graph: Graph, meta: FakeMeta) -> None:
    path = f"/{meta.number('Berlin').id}/request_code"
    assert (await graph.post(path, code_method="VOICE", language="de")).ok
    (call,) = meta.phone("Berlin").messages
    assert (call.kind, call.text[:6]) == ("CALL", "Hallo!")
    assert (await graph.try_code("Berlin", call.code)).ok
    assert await graph.field("Berlin", "status") == "PENDING"


async def test_an_sms_to_a_landline_is_lost(graph: Graph, meta: FakeMeta) -> None:
    assert (await graph.ask_code("Berlin")).ok
    assert meta.phone("Berlin").messages == ()
    assert meta.phone("Berlin").lost == 1


async def test_messages_can_be_lost_declined_and_late(
    graph: Graph, meta: FakeMeta, clock: MovableClock
) -> None:
    phone = meta.phone("Sales")
    phone.lose_next_sms()
    phone.decline_next_call()
    await graph.ask_code("Sales")
    clock.skip(timedelta(minutes=1))
    await graph.ask_code("Sales", "VOICE")
    with pytest.raises(LookupError):
        phone.latest_code()
    phone.delay = timedelta(minutes=2)
    clock.skip(timedelta(minutes=1))
    await graph.ask_code("Sales")
    assert phone.messages == ()
    clock.skip(timedelta(minutes=2))
    assert (await graph.try_code("Sales", phone.latest_code())).ok


async def test_a_voice_menu_swallows_the_call(graph: Graph, meta: FakeMeta) -> None:
    meta.phone("Sales").ivr = True
    await graph.ask_code("Sales", "VOICE")
    assert meta.phone("Sales").messages == ()


async def test_a_code_works_only_once(graph: Graph, meta: FakeMeta) -> None:
    await graph.ask_code("Sales")
    code = meta.phone("Sales").latest_code()
    assert (await graph.try_code("Sales", code)).ok
    answer = await graph.try_code("Sales", code)
    assert (answer.status, answer.code) == (400, (100, 136025))
    assert answer.error["error_user_title"] == "Code expired"


async def test_of_two_tries_at_once_only_one_works(graph: Graph, meta: FakeMeta) -> None:
    await graph.ask_code("Sales")
    code = meta.phone("Sales").latest_code()
    answers = await asyncio.gather(*(graph.try_code("Sales", code) for _ in range(5)))
    assert sum(answer.ok for answer in answers) == 1


async def test_a_code_dies_after_ten_minutes(graph: Graph, meta: FakeMeta, clock: MovableClock) -> None:
    await graph.ask_code("Sales")
    clock.skip(timedelta(minutes=10))
    answer = await graph.try_code("Sales", meta.phone("Sales").latest_code())
    assert answer.code == (100, 136025)


async def test_a_code_still_works_just_before_ten_minutes(
    graph: Graph, meta: FakeMeta, clock: MovableClock
) -> None:
    await graph.ask_code("Sales")
    clock.skip(timedelta(minutes=9, seconds=50))
    assert (await graph.try_code("Sales", meta.phone("Sales").latest_code())).ok


async def test_a_new_code_voids_the_one_before(graph: Graph, meta: FakeMeta, clock: MovableClock) -> None:
    await graph.ask_code("Sales")
    first = meta.phone("Sales").latest_code()
    clock.skip(timedelta(minutes=1))
    await graph.ask_code("Sales")
    second = meta.phone("Sales").latest_code()
    if first != second:  # one in a million
        assert (await graph.try_code("Sales", first)).code == (100, 0)
    assert (await graph.try_code("Sales", second)).ok


async def test_a_wrong_code_is_told_in_words_for_people(graph: Graph, meta: FakeMeta) -> None:
    await graph.ask_code("Sales")
    answer = await graph.try_code("Sales", not_the(meta.phone("Sales").latest_code()))
    assert answer.code == (100, 0)
    assert "not correct" in str(answer.error["error_user_msg"])


@pytest.mark.parametrize("code", ["12345", "1234567", "12 456", "１２３４５６", "abcdef"])
async def test_a_code_of_the_wrong_shape_burns_a_try(graph: Graph, meta: FakeMeta, code: str) -> None:
    await graph.ask_code("Sales")
    assert (await graph.try_code("Sales", code)).code == (100, 0)
    assert len(meta.number("Sales").attempts.wrong_codes) == 1


async def test_a_code_sent_as_a_number_is_refused(graph: Graph, meta: FakeMeta) -> None:
    await graph.ask_code("Sales")
    path = f"/{meta.number('Sales').id}/verify_code"
    assert (await graph.post(path, code=123456)).code == (100, 0)
    assert (await graph.post(path)).code == (100, 0)
    assert not meta.number("Sales").attempts.wrong_codes


async def test_after_six_wrong_codes_not_even_the_right_one_works(
    graph: Graph, meta: FakeMeta, clock: MovableClock
) -> None:
    await graph.ask_code("Sales")
    right = meta.phone("Sales").latest_code()
    for _ in range(6):
        assert (await graph.try_code("Sales", not_the(right))).code == (100, 0)
    assert (await graph.try_code("Sales", right)).code == (4, 2446079)
    clock.skip(timedelta(hours=24))
    await graph.ask_code("Sales")
    assert (await graph.try_code("Sales", meta.phone("Sales").latest_code())).ok


async def test_asking_again_too_soon_is_refused(graph: Graph, clock: MovableClock) -> None:
    assert (await graph.ask_code("Sales")).ok
    clock.skip(timedelta(seconds=20))
    assert (await graph.ask_code("Sales")).code == (4, 2446079)
    clock.skip(timedelta(seconds=11))
    assert (await graph.ask_code("Sales")).ok


async def test_too_many_codes_in_a_day_are_refused(graph: Graph, meta: FakeMeta, clock: MovableClock) -> None:
    meta.number("Sales").rules.max_codes = 2
    for _ in range(2):
        assert (await graph.ask_code("Sales")).ok
        clock.skip(timedelta(hours=1))
    assert (await graph.ask_code("Sales")).code == (4, 2388093)
    clock.skip(timedelta(hours=22, minutes=1))
    assert (await graph.ask_code("Sales")).ok


async def test_a_proven_number_gets_no_code(graph: Graph) -> None:
    answer = await graph.ask_code("Returns")
    assert (answer.status, answer.code) == (400, (136024, 0))
    assert answer.error["error_user_title"] == "Phone number is already verified"
    assert answer.error["error_user_msg"]


@pytest.mark.parametrize("name", ["Old shop", "Café App"])
async def test_a_banned_or_business_app_number_gets_no_code(graph: Graph, name: str) -> None:
    assert (await graph.ask_code(name)).code == (100, 2388091)


async def test_a_test_number_gets_no_code(graph: Graph, meta: FakeMeta) -> None:
    meta.number("Sales").account_mode = "SANDBOX"
    assert (await graph.ask_code("Sales")).code == (100, 2388091)


async def test_deleted_and_migrated_numbers_get_no_code(graph: Graph, meta: FakeMeta) -> None:
    meta.number("Sales").delete()
    assert (await graph.ask_code("Sales")).code == (33, 0)
    meta.number("Sales").migrate()
    assert (await graph.ask_code("Sales")).code == (100, 33)


@pytest.mark.parametrize("method", ["sms", "IVR", "EMAIL", ""])
async def test_the_method_must_be_sms_or_voice(graph: Graph, method: str) -> None:
    assert (await graph.ask_code("Sales", method)).code == (100, 0)


async def test_ivr_works_for_numbers_on_the_allow_list(graph: Graph, meta: FakeMeta) -> None:
    meta.number("Sales").ivr_allowed = True
    assert (await graph.ask_code("Sales", "IVR")).ok


@pytest.mark.parametrize("language", ["", "english", "EN", "en-US", "en_us", "en_US "])
async def test_the_language_must_be_a_code(graph: Graph, meta: FakeMeta, language: str) -> None:
    path = f"/{meta.number('Sales').id}/request_code"
    assert (await graph.post(path, code_method="SMS", language=language)).code == (100, 0)


async def test_a_proof_unused_for_fourteen_days_expires(
    graph: Graph, meta: FakeMeta, clock: MovableClock
) -> None:
    await graph.ask_code("Sales")
    await graph.try_code("Sales", meta.phone("Sales").latest_code())
    clock.skip(timedelta(days=13, hours=23))
    assert await graph.field("Sales", "code_verification_status") == "VERIFIED"
    clock.skip(timedelta(hours=2))
    assert await graph.field("Sales", "code_verification_status") == "EXPIRED"
    assert (await graph.ask_code("Sales")).ok


async def test_the_proof_of_a_connected_number_stays(graph: Graph, clock: MovableClock) -> None:
    clock.skip(timedelta(days=15))
    assert await graph.field("Support", "code_verification_status") == "VERIFIED"
    assert await graph.field("Billing", "code_verification_status") == "EXPIRED"


async def test_codes_are_strings_that_may_start_with_zero(
    graph: Graph, meta: FakeMeta, clock: MovableClock
) -> None:
    number = meta.number("Sales")
    number.rules.max_codes = 1000
    codes = []
    for _ in range(60):
        clock.skip(timedelta(minutes=1))
        await graph.ask_code("Sales")
        codes.append(meta.phone(number).latest_code())
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert any(code.startswith("0") for code in codes) or len(set(codes)) > 50
