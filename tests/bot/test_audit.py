"""What a record may hold: who it was, never a code, a PIN, a token or a whole number."""

import json

import pytest

from bot.audit import Act, Journal, Record
from bot.numbers import NumberRef
from bot.roles import Person, Role
from storage import outbox
from storage.audit import ChainKey
from storage.db import Database
from tests.storage.rows import NOON

KEY = ChainKey("1", b"k" * 32)


async def body_of(db: Database, **details: str) -> dict[str, str]:
    """The body owed for one record."""
    record = Record(
        op="o1", kind="fact", act=Act.FLOW_HANDED_OFF, person=Person("U0ANA", "Ana", Role.OPERATOR), at=NOON,
        details=details,
    )  # fmt: skip
    await db.write(lambda s: Journal(key=KEY, channel="C1").write(s, record))
    (row,) = await db.read(lambda s: outbox.due(s, NOON))
    body: dict[str, str] = json.loads(row.body)
    return body


async def test_a_persons_id_full_of_digits_stays_whole_and_codes_beside_it_do_not(db: Database) -> None:
    body = await body_of(
        db, to="U02ABC12345", why="<@U0312345678> typed 123456 for ‹@W12345›", said="U02ABC12345 wrote 654321"
    )
    assert body["details.to"] == "U02ABC12345"
    assert body["details.why"] == "<@U0312345678> typed •••• for ‹@W12345›"
    assert body["details.said"] == "U02ABC•••• wrote ••••"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("+1 555-010-4821", ""),  # Meta's display text, for want of a verified name
        ("1 (555) 010 4821", ""),  # a verified name that is the number itself
        ("Sales +1 555-010-4821", "Sales +••••"),
        ("Studio 54", "Studio 54"),
        ("", ""),
    ],
)
def test_a_name_that_is_posted_never_holds_a_whole_number(name: str, shown: str) -> None:
    assert NumberRef("106", "1", name, "15550104821", "+1 555-010-4821").public_name == shown
