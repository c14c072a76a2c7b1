"""Who can act, in the terms of who reads it."""

import pytest

from bot.remedy import Who
from bot.roles import Role
from handlers.views.who import Reader, who_acts

PEOPLE = (("U0ANA", "U0MAYA", "U0OMAR"), ("U0MAYA", "U0OMAR"), ("U0OMAR",))
VIEWER, OPERATOR, MANAGER = (Reader(role, *PEOPLE) for role in (Role.VIEWER, Role.OPERATOR, Role.MANAGER))
IF_ADMIN = "You can do this if you are an admin of the business at Meta."


@pytest.mark.parametrize(
    ("who", "reader", "says"),
    [
        (Who.TEAM, OPERATOR, "You can do this."),
        (Who.TEAM, VIEWER, "Any operator can: <@U0ANA>, <@U0MAYA>, <@U0OMAR>."),
        (Who.MANAGER, OPERATOR, "A manager can: <@U0MAYA>, <@U0OMAR>."),
        (Who.MANAGER, MANAGER, "You can do this."),
        (Who.META_ADMIN, OPERATOR, f"{IF_ADMIN} Otherwise ask a manager of this desk: <@U0MAYA>, <@U0OMAR>."),
        (Who.META_ADMIN, MANAGER, f"{IF_ADMIN} Otherwise ask one."),
        (Who.DESK_ADMIN, OPERATOR, "Whoever runs this bot can: <@U0OMAR>."),
        (Who.META, MANAGER, "Only Meta can."),
        (Who.NOBODY, VIEWER, "Nobody has to do anything."),
    ],
)
def test_it_is_said_to_who_reads_it(who: Who, reader: Reader, says: str):
    assert who_acts(who, reader) == says


@pytest.mark.parametrize("who", Who)
@pytest.mark.parametrize("role", Role)
def test_it_is_a_whole_sentence_for_everybody_also_where_nobody_is_named(who: Who, role: Role):
    assert who_acts(who, Reader(role)).endswith(".")
    assert ": ." not in who_acts(who, Reader(role))


def test_of_many_only_the_first_are_named():
    many = Reader(Role.VIEWER, managers=tuple(f"U{n:09}" for n in range(40)))
    assert who_acts(Who.MANAGER, many).count("<@") == 5
    assert who_acts(Who.MANAGER, many).endswith(", 35 more.")
