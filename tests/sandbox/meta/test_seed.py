"""The worlds that come ready-made."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType

from bot.sandbox.meta.seed import CAFE, SHOP, many, small_world
from bot.sandbox.meta.server import FakeMeta
from bot.sandbox.time import MovableClock


def test_the_demo_has_numbers_in_all_kinds_of_trouble() -> None:
    clock = MovableClock()
    world = small_world(clock).world
    assert {
        n.verified_name: (n.status, n.proof(clock.now()), n.pin is not None) for n in world.numbers.values()
    } == {
        "Sales": ("DISCONNECTED", "NOT_VERIFIED", True),
        "Support": ("CONNECTED", "VERIFIED", True),
        "Returns": ("PENDING", "VERIFIED", False),
        "Billing": ("CONNECTED", "EXPIRED", False),
        "Berlin": ("UNVERIFIED", "NOT_VERIFIED", False),
        "Old shop": ("BANNED", "VERIFIED", False),
        "Outlet": ("RESTRICTED", "VERIFIED", False),
        "Warehouse": ("PENDING", "VERIFIED", False),
        "Café App": ("DISCONNECTED", "NOT_VERIFIED", False),
    }
    assert world.number("Warehouse").name_status == "PENDING_REVIEW"
    assert world.number("Café App").is_on_biz_app


def test_one_account_does_not_have_our_app() -> None:
    seed = small_world()
    assert seed.app_id in seed.world.accounts[SHOP].subscriptions
    assert seed.app_id not in seed.world.accounts[CAFE].subscriptions


def test_the_token_has_forty_days_left_and_the_pin_is_the_numbers() -> None:
    seed = small_world()
    token = seed.world.token(seed.token.reveal())
    assert token.expires_at is not None
    assert timedelta(days=39) < token.expires_at - seed.world.clock.now() <= timedelta(days=40)
    assert seed.sales_pin == seed.world.number("Sales").pin


def test_the_numbers_are_of_every_line_type_and_parse() -> None:
    world = small_world().world
    kinds = set()
    for number in world.numbers.values():
        parsed = phonenumbers.parse(f"+{number.digits}")
        assert phonenumbers.is_possible_number(parsed)
        kinds.add(phonenumbers.number_type(parsed))
    assert {
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.VOIP,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
    } <= kinds


@pytest.mark.parametrize(("n", "accounts"), [(100, 1), (1000, 10)])
def test_a_big_world_spreads_its_numbers(n: int, accounts: int) -> None:
    world = many(n, accounts).world
    numbers = world.numbers.values()
    assert len({number.digits for number in numbers}) == len(numbers) == n
    assert Counter(number.account_id for number in numbers) == dict.fromkeys(world.accounts, n // accounts)
    assert sum(number.status == "DISCONNECTED" for number in numbers) == n // 10
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(f"+{number.digits}")) for number in numbers)


@pytest.mark.parametrize("asked", ["Sales", "sales", "4821", "+1 (555) 010-4821", "15550104821"])
def test_a_number_is_found_by_name_or_digits(asked: str) -> None:
    meta = FakeMeta()
    assert meta.number(asked).verified_name == "Sales"
    assert meta.number(meta.number(asked).id).verified_name == "Sales"


@pytest.mark.parametrize("asked", ["Nobody", "", "1", "0000"])
def test_a_number_not_found_is_said(asked: str) -> None:
    with pytest.raises(LookupError):
        FakeMeta().number(asked)


def test_the_movable_clock_skips_forwards_and_jumps_anywhere() -> None:
    clock = MovableClock()
    start = clock.now()
    clock.skip(timedelta(hours=1))
    assert timedelta(hours=1) <= clock.now() - start < timedelta(hours=1, seconds=5)
    clock.jump(datetime(2026, 1, 1, tzinfo=UTC))
    assert clock.now() - datetime(2026, 1, 1, tzinfo=UTC) < timedelta(seconds=5)
    with pytest.raises(ValueError, match="forwards"):
        clock.skip(timedelta(seconds=-1))
