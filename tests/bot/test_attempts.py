"""What the records say was tried last on a number: of each act the newest outcome, and when the next makes sense."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.acts import Act, Outcome
from bot.attempts import attempts_of, numbers_in, tried_lately
from bot.audit import Journal, Record
from bot.cipher import Cipher
from bot.config import Config
from bot.evidence.records import Attempts
from bot.numbers import NumberRef
from bot.roles import Person, Role
from bot.secret import Secret
from storage import gates
from storage.db import Database
from tests.bot.test_config import GOOD, TODAY
from tests.desk import SECRET_KEY

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
CONFIG = Config.from_env(GOOD, today=TODAY)
REF = NumberRef("106540352242922", "102290129340398", "Sales", "15550104821")
ANA = Person("U0ANA", "ana", Role.OPERATOR)
JOURNAL = Journal(key=Cipher((Secret(SECRET_KEY),)).chain_key, channel="C0AUDIT")
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def db(empty_database: Path, tmp_path: Path) -> AsyncIterator[Database]:
    shutil.copyfile(empty_database, tmp_path / "desk.db")
    database = Database(f"sqlite:///{tmp_path}/desk.db")
    await database.start()
    yield database
    await database.close()


async def put(
    db: Database, act: Act, ago: timedelta, outcome: Outcome, reason: str = "", words: str = ""
) -> None:
    """An act of Ana's on Sales, with its outcome."""
    at = NOW - ago
    intent = Record(op=f"{act}:{ago}", kind="intent", act=act, person=ANA, at=at, ref=REF)
    details = {"meta": words} if words else {}
    end = intent.outcome_of(outcome, at=at, reason=reason, trace="T1", details=details)

    def work(session: Session) -> None:
        JOURNAL.write(session, intent)
        JOURNAL.write(session, end)

    await db.write(work)


async def found(db: Database) -> Attempts:
    return await db.read(lambda session: attempts_of(session, REF, CONFIG, NOW))


async def test_nothing_tried_is_nothing(db: Database) -> None:
    assert await found(db) == Attempts()
    assert await db.read(lambda session: tried_lately(session, [REF.id, "555"], NOW)) == set()


async def test_of_each_act_the_newest_counts_with_meta_s_words_and_trace(db: Database) -> None:
    await put(db, Act.REGISTER, 9 * MINUTE, Outcome.FAILED, "133005", "PIN mismatch")
    await put(db, Act.REGISTER, 3 * MINUTE, Outcome.FAILED, "100/2388001", "Cannot create certificate")
    await put(db, Act.CODE_VERIFY, 5 * MINUTE, Outcome.OK)
    last = (await found(db)).last
    register = last[Act.REGISTER]
    assert (register.ok, register.code, register.subcode) == (False, 100, 2388001)
    assert (register.words, register.trace, register.at) == (
        "Cannot create certificate",
        "T1",
        NOW - 3 * MINUTE,
    )
    assert last[Act.CODE_VERIFY].ok
    assert await db.read(lambda session: tried_lately(session, [REF.id, "555"], NOW)) == {REF.id}


async def test_wrong_pins_are_counted_since_the_last_good_one(db: Database) -> None:
    await put(db, Act.REGISTER, 90 * MINUTE, Outcome.FAILED, "133005")
    await put(db, Act.PIN_SET, 60 * MINUTE, Outcome.OK)
    await put(db, Act.REGISTER, 30 * MINUTE, Outcome.FAILED, "133005")
    await put(db, Act.REGISTER, 20 * MINUTE, Outcome.FAILED, "133005")
    assert (await found(db)).pin_misses == 2


async def test_only_a_wrong_pin_counts_as_one(db: Database) -> None:
    await put(db, Act.REGISTER, 30 * MINUTE, Outcome.FAILED, "133005")
    await put(db, Act.REGISTER, 20 * MINUTE, Outcome.FAILED, "133016")
    await put(db, Act.REGISTER, 10 * MINUTE, Outcome.UNKNOWN, "unreachable")
    assert (await found(db)).pin_misses == 1


async def test_a_wait_that_was_over_before_the_last_try_is_not_its_own(db: Database) -> None:
    await put(db, Act.REGISTER, 30 * MINUTE, Outcome.FAILED, "133008")
    over = NOW - 40 * MINUTE
    await db.write(
        lambda session: gates.set_gate(
            session, scope=REF.id, action=Act.REGISTER.value, until=over, reason="133008"
        )
    )
    assert (await found(db)).last[Act.REGISTER].until is None


async def test_what_went_well_waits_for_nothing(db: Database) -> None:
    await put(db, Act.REGISTER, 30 * MINUTE, Outcome.OK)
    until = NOW + 10 * MINUTE
    await db.write(
        lambda session: gates.set_gate(
            session, scope=REF.id, action=Act.REGISTER.value, until=until, reason="133008"
        )
    )
    assert (await found(db)).last[Act.REGISTER].until is None


@pytest.mark.parametrize("left", [10 * MINUTE, -MINUTE])
async def test_a_wait_of_meta_s_is_known_while_it_runs_and_once_it_is_over(
    db: Database, left: timedelta
) -> None:
    await put(db, Act.REGISTER, 30 * MINUTE, Outcome.FAILED, "133008")
    until = NOW + left
    await db.write(
        lambda session: gates.set_gate(
            session, scope=REF.id, action=Act.REGISTER.value, until=until, reason="133008"
        )
    )
    assert (await found(db)).last[Act.REGISTER].until == until


async def test_what_is_a_week_ago_still_counts(db: Database) -> None:
    await put(db, Act.REGISTER, timedelta(days=7), Outcome.FAILED, "133016")
    assert (await found(db)).last[Act.REGISTER].code == 133016


async def test_what_is_long_ago_says_nothing(db: Database) -> None:
    await put(db, Act.REGISTER, timedelta(days=9), Outcome.FAILED, "133016")
    assert await found(db) == Attempts()


@pytest.mark.parametrize(
    ("reason", "numbers"),
    [
        ("133005", (133005, 0)),
        ("190/463", (190, 463)),
        ("unreachable", (0, 0)),
        ("", (0, 0)),
        ("1/x", (0, 0)),
    ],
)
def test_a_reason_of_ours_is_no_number_of_meta_s(reason: str, numbers: tuple[int, int]) -> None:
    assert numbers_in(reason) == numbers
