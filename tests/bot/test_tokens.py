"""Which token serves which account, kept over a restart, each change with its record."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.acts import Act
from bot.audit import Journal
from bot.cipher import Cipher
from bot.clock import Clock
from bot.graph.model import TokenInfo
from bot.roles import Person, Role
from bot.secret import Secret
from bot.token_rules import can_extend, end_of, is_better, should_extend
from bot.tokens import Tokens
from storage import audit, tokens
from storage.db import Database
from storage.errors import StorageError
from storage.tables import AuditRow
from tests.desk import SECRET_KEY, utc

APP, ONE, TWO, THREE = "670843887433847", "1001001", "1001002", "1001003"
MAYA = Person("U0MAYA", "maya", Role.MANAGER)
GIVEN = Secret("EAAGgiven000000000000000000")
NOW = utc(2026, 11, 22, 12, 0)
INFO = TokenInfo(APP, "SYSTEM_USER", True, user_id="7007", never_expires=True, scopes=frozenset({"a", "b"}))


@pytest.fixture
async def held(db: Database) -> Tokens:
    return await started(db)


async def started(db: Database, given: Secret = GIVEN, accounts: tuple[str, ...] = (ONE, TWO)) -> Tokens:
    """As the bot does at its start."""
    cipher = Cipher([Secret(SECRET_KEY)])
    made = Tokens(
        db=db, cipher=cipher, journal=Journal(key=cipher.chain_key, channel="C0AUDIT"), clock=Clock(), given=given,
        app_id=APP, accounts=accounts,
    )  # fmt: skip
    await made.load()
    await made.take_in()
    return made


async def adopt(held: Tokens, text: str, *accounts: str, user: str = "7007") -> None:
    await held.adopt(
        MAYA,
        Secret(text),
        replace(INFO, user_id=user),
        accounts=accounts,
        label="Acme",
        act=Act.TOKEN_REPLACED,
    )


def serving(held: Tokens) -> dict[str, str]:
    return {account: held.for_node(account).reveal() for account in (ONE, TWO, THREE, "")}


async def test_the_settings_token_serves_everything(held: Tokens) -> None:
    assert set(serving(held).values()) == {GIVEN.reveal()}


async def test_one_that_reaches_all_takes_the_place_of_the_default(db: Database, held: Tokens) -> None:
    await adopt(held, "EAAGall", ONE, TWO)
    assert set(serving(held).values()) == {"EAAGall"}
    assert set(serving(await started(db)).values()) == {"EAAGall"}
    assert await db.read(tokens.uses) == {}


async def test_one_that_reaches_less_serves_only_that(db: Database, held: Tokens) -> None:
    await adopt(held, "EAAGtwo", TWO)
    for one in (held, await started(db)):
        assert serving(one) == {
            ONE: GIVEN.reveal(),
            TWO: "EAAGtwo",
            THREE: GIVEN.reveal(),
            "": GIVEN.reveal(),
        }
        assert [each.slot for each in one.all()] == ["default", "system_user-7007"]


async def test_the_next_one_for_the_same_account_takes_its_place(db: Database, held: Tokens) -> None:
    await adopt(held, "EAAGtwo", TWO)
    await adopt(held, "EAAGtwo-again", TWO, user="8008")
    assert serving(held)[TWO] == "EAAGtwo-again"
    assert len(await db.read(tokens.in_use)) == 3, "the import, the default, and one for the account"


async def test_two_tokens_of_one_user_for_two_accounts_stand_side_by_side(held: Tokens) -> None:
    held.learn({"555003": THREE})
    await adopt(held, "EAAGtwo", TWO)
    await adopt(held, "EAAGthree", THREE)
    assert serving(held) == {ONE: GIVEN.reveal(), TWO: "EAAGtwo", THREE: "EAAGthree", "": GIVEN.reveal()}


async def test_two_that_are_kept_at_the_same_moment_both_serve(db: Database, held: Tokens) -> None:
    held.learn({"555003": THREE})
    await asyncio.gather(
        adopt(held, "EAAGtwo", TWO, user="8008"), adopt(held, "EAAGthree", THREE, user="9009")
    )
    for one in (held, await started(db)):
        assert serving(one) == {ONE: GIVEN.reveal(), TWO: "EAAGtwo", THREE: "EAAGthree", "": GIVEN.reveal()}


async def test_one_that_serves_nothing_any_more_is_retired(db: Database, held: Tokens) -> None:
    await adopt(held, "EAAGtwo", TWO)
    await adopt(held, "EAAGboth", ONE, TWO)
    assert serving(held) == {ONE: "EAAGboth", TWO: "EAAGboth", THREE: GIVEN.reveal(), "": GIVEN.reveal()}
    await adopt(held, "EAAGnext", ONE, TWO, user="8008")
    assert [each.token.reveal() for each in held.all()] == [GIVEN.reveal(), "EAAGnext"]
    assert [each.token.reveal() for each in (await started(db)).all()] == [GIVEN.reveal(), "EAAGnext"]


async def test_a_number_is_served_by_its_accounts_token(held: Tokens) -> None:
    held.learn({"555001": TWO, "555002": ONE})
    await adopt(held, "EAAGtwo", TWO)
    assert held.for_node("555001").reveal() == "EAAGtwo"
    assert held.for_node("555002") == GIVEN
    assert held.account_of("555001") == TWO
    assert held.account_of(ONE) == ONE


async def test_an_account_learnt_later_keeps_the_default_from_being_replaced(held: Tokens) -> None:
    held.learn({"555003": THREE})
    await adopt(held, "EAAGtwo", ONE, TWO)
    assert serving(held)[THREE] == GIVEN.reveal()


async def test_another_token_in_the_settings_takes_the_default_and_leaves_the_rest(
    db: Database, held: Tokens
) -> None:
    await adopt(held, "EAAGtwo", TWO)
    again = await started(db, Secret("EAAGfrom-settings-anew"))
    assert serving(again)[ONE] == "EAAGfrom-settings-anew"
    assert serving(again)[TWO] == "EAAGtwo"


async def test_settings_without_a_token_keep_the_stored_one(db: Database, held: Tokens) -> None:
    await adopt(held, "EAAGall", ONE, TWO)
    again = await started(db, Secret(""))
    assert serving(again)[ONE] == "EAAGall"


async def test_its_record_names_kind_end_and_scopes_and_a_fingerprint_only(
    db: Database, held: Tokens
) -> None:
    await adopt(held, "EAAGall", ONE, TWO)
    (row,) = [one for one in await db.read(lambda s: _records(s)) if one.action == "token.replaced"]
    assert (row.actor, row.outcome) == ("U0MAYA", "ok")
    for part in ('"ends":"never"', '"scopes":"a, b"', '"token_kind":"SYSTEM_USER"', '"accounts":"2"'):
        assert part in row.details
    assert "EAAG" not in row.details
    fingerprint = held.fingerprint(held.of_account(ONE))
    assert fingerprint in row.details
    assert fingerprint.isalpha()
    assert len(fingerprint) == 8


async def test_nothing_is_adopted_when_it_cannot_be_stored(db: Database, held: Tokens) -> None:
    await db.close()
    with pytest.raises(StorageError):
        await adopt(held, "EAAGall", ONE, TWO)
    assert held.current() == GIVEN


async def test_nothing_is_adopted_before_the_stored_ones_were_read(db: Database) -> None:
    cipher = Cipher([Secret(SECRET_KEY)])
    journal = Journal(key=cipher.chain_key, channel="C0AUDIT")
    early = Tokens(db=db, cipher=cipher, journal=journal, clock=Clock(), given=GIVEN, app_id=APP)
    with pytest.raises(StorageError):
        await adopt(early, "EAAGall", ONE)


def _records(session: Session) -> list[AuditRow]:
    return audit.latest(session, "", 50)


ENDING = replace(INFO, kind="USER", never_expires=False, expires_at=NOW + timedelta(days=10))


@pytest.mark.parametrize(
    ("info", "can", "should"),
    [
        (ENDING, True, True),
        (replace(ENDING, expires_at=NOW + timedelta(days=14)), True, True),
        (replace(ENDING, expires_at=NOW + timedelta(days=14, seconds=1)), True, False),
        (replace(ENDING, expires_at=NOW), False, False),
        (replace(ENDING, is_valid=False), False, False),
        (replace(ENDING, kind="APP"), False, False),
        (replace(ENDING, kind="PAGE"), False, False),
        (replace(ENDING, never_expires=True), False, False),
        (replace(ENDING, expires_at=None), False, False),
        (replace(ENDING, kind="SYSTEM_USER"), True, True),
    ],
)
def test_what_can_and_should_be_extended(info: TokenInfo, can: bool, should: bool) -> None:
    assert (can_extend(info, NOW), should_extend(info, NOW)) == (can, should)


BETTER = replace(ENDING, expires_at=NOW + timedelta(days=60))
NARROW = {"whatsapp_business_management": ("1",)}
WIDE = {"whatsapp_business_management": ("1", "2")}


@pytest.mark.parametrize(
    ("old", "new", "why_not"),
    [
        (ENDING, BETTER, ""),
        (ENDING, replace(BETTER, expires_at=None, never_expires=True), ""),
        (ENDING, replace(BETTER, scopes=frozenset({"a", "b", "c"})), ""),
        (ENDING, replace(BETTER, is_valid=False), "not valid"),
        (ENDING, replace(BETTER, app_id="1"), "another app"),
        (ENDING, replace(BETTER, user_id="1"), "another user"),
        (ENDING, replace(BETTER, scopes=frozenset({"a"})), "lacks: b"),
        (ENDING, ENDING, "lasts no longer"),
        (replace(ENDING, expires_at=None, never_expires=True), BETTER, "lasts no longer"),
        (replace(ENDING, granular=WIDE), replace(BETTER, granular=NARROW), "fewer accounts"),
        (replace(ENDING, granular=NARROW), replace(BETTER, granular=WIDE), ""),
        (
            replace(ENDING, granular={"whatsapp_business_management": None}),
            replace(BETTER, granular=WIDE),
            "fewer",
        ),
    ],
)
def test_when_a_new_token_may_take_the_place_of_the_old(old: TokenInfo, new: TokenInfo, why_not: str) -> None:
    said = is_better(old, new, APP)
    assert (why_not in said) if why_not else said == ""


def test_the_end_is_the_earlier_one() -> None:
    data = NOW + timedelta(days=3)
    assert end_of(replace(ENDING, data_access_expires_at=data)) == data
    assert end_of(ENDING) == ENDING.expires_at
    assert end_of(INFO) is None
