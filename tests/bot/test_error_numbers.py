"""What Meta's error numbers mean: one table, looked up in every form people paste."""

import pytest

from bot.error_numbers.explaining import ROWS, TABLE, explain, row_of
from bot.graph.errors import Refused, TokenRejected, Unreachable
from bot.graph.kinds import APP_THROTTLES, KINDS, NUMBER_WAITS, SUBKINDS, TRANSIENT
from bot.meanings import MEANINGS, meaning
from bot.remedy import Fix

GRAPH = {
    1,
    2,
    3,
    4,
    10,
    17,
    32,
    33,
    100,
    102,
    104,
    190,
    341,
    368,
    452,
    613,
    803,
    80007,
    80008,
    130429,
    130472,
    130497,
}
CLOUD = {131000, 131005, 131008, 131009, 131016, 131021, 131026, 131030, 131031, 131037, 131042, 131045, 131047, 131048,
         131049, 131050, 131051, 131052, 131053, 131056, 131057, 131059, 131062, 131063, 131064, 132000, 132001, 132005,
         132007, 132008, 132012, 132015, 132016, 133000, 133004, 133005, 133006, 133008, 133009, 133010, 133015, 133016,
         134011, 135000, 136024, 138024, 138025, 141002, 141006, 141010, 1752041}  # fmt: skip
SUBCODES = {136025, 2388001, 2388012, 2388091, 2388093, 2388103, 2446079, 2494100}
OF_190 = set(range(456, 469)) | {492}


def test_every_number_that_the_notes_on_meta_name_is_explained() -> None:
    assert {code for code in GRAPH | CLOUD if row_of(code) is None} == set()
    assert {sub for sub in SUBCODES if (0, sub) not in TABLE} == set()
    assert {sub for sub in OF_190 if (190, sub) not in TABLE} == set()
    assert {(100, 33), (100, 2207051)} <= set(TABLE)


def test_every_number_that_the_bot_itself_acts_on_is_explained() -> None:
    acted_on = {*APP_THROTTLES, *NUMBER_WAITS, *TRANSIENT, *KINDS} - {0}
    assert {code for code in acted_on if row_of(code) is None} == set()
    assert set(SUBKINDS) <= set(TABLE)


def test_no_number_stands_twice_and_each_row_is_whole() -> None:
    assert len(TABLE) == len(ROWS)
    for row in ROWS:
        for text in (row.says, row.do):
            assert text.endswith("."), row.name
        assert row.source
        assert row.fix in Fix
        assert row.last == 0 or row.last > row.code


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("190/463", "190/463"),
        ("133005", "133005"),
        ("#131047", "131047"),
        ("(#80008) There have been too many calls", "80008"),
        ("2388001", "2388001"),
        ("100/2388001", "2388001"),
        ("100/33", "100/33"),
        ("200", "200–299"),
        ("294", "200–299"),
        ("190 460", "190/460"),
        ("code 133016, please", "133016"),
    ],
)
def test_a_number_is_found_however_it_is_typed(typed: str, name: str) -> None:
    found = explain(typed)
    assert found.row
    assert found.row.name == name
    assert found.whole
    assert found.sentence == found.row.says


def test_an_unknown_number_says_so() -> None:
    found = explain("999999")
    assert found.row is None
    assert found.sentence == "999999 is not in this bot's table. Meta's own words beside it count."


def test_an_unknown_subcode_gives_what_the_code_means_and_says_so() -> None:
    found = explain("190/999")
    assert found.row
    assert not found.whole
    assert "does not accept our access token" in found.sentence
    assert "The second number is not" in found.sentence
    assert {row.subcode for row in found.others} == OF_190


def test_words_without_a_number_are_answered_with_an_example() -> None:
    for text in ("", "help", "٣٣", "  ", "12345678901234567890"):
        assert explain(text).row is None
        assert explain(text).sentence == "Type a number as Meta gives it, for example 133005 or 190/463."


def test_a_dead_token_is_explained_with_the_button_that_helps() -> None:
    for row in ROWS:
        if row.code == 190:
            assert "“Reconnect with Meta” (`/whatsapp oauth`)" in explain(row.name).do


def test_what_is_said_where_an_error_happens_comes_from_the_same_rows() -> None:
    assert meaning(Refused("", code=133005)).says == explain("133005").sentence
    assert {key for key in MEANINGS if key not in TABLE} == set()


def test_a_row_only_for_explaining_does_not_hide_that_nothing_was_confirmed() -> None:
    silent = meaning(Unreachable("", sent=True, code=2))
    assert silent.do == "Press “Check status” before trying again."
    assert "/whatsapp oauth" in meaning(TokenRejected("", code=190, subcode=463)).do
