"""What people call a number, as somebody configured it."""

import pytest

from bot.errors import BadInput
from bot.graph.model import Number
from bot.numbers import find, ref_of


def sales(**nicknames: str):
    number = Number(
        id="106540352242922", account_id="1", display="+1 555-010-4821", verified_name="Lucky Shoes"
    )
    return ref_of(number, {nick.replace("_", " "): target for nick, target in nicknames.items()})


def test_a_nickname_is_shown_as_it_was_typed():
    assert sales(McSales_eu="106540352242922").name == "McSales eu"


def test_two_nicknames_of_one_number_both_find_it_and_the_first_is_shown():
    ref = sales(Sales="106540352242922", hotline="15550104821")
    assert (ref.name, ref.also) == ("Sales", ("hotline",))
    for typed in ("sales", "HOTLINE", "hotl", "4821"):
        assert find(typed, [ref]) is ref
    with pytest.raises(BadInput, match="Did you mean “hotline”"):
        find("hotlin e", [ref])


def test_a_number_without_a_nickname_goes_by_its_verified_name():
    assert sales(other="99999").name == "Lucky Shoes"
