"""May the token of a login be kept? What Meta says of it, and what it can read, decide; nothing else is asked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.graph.client import Graph
from bot.graph.model import TokenInfo
from bot.login.judging import MESSAGING, Unfit, judge, lasting
from bot.secret import Secret
from bot.status import NEEDED_SCOPES
from tests.bot.graph.conftest import ACCOUNT, APP_ID
from tests.bot.graph.wire import Wire, says

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
FRESH, LONGER = Secret("EAAGfreshTokenOfTheLogin1"), "EAAGlongerTokenOfTheLogin"
GOOD = TokenInfo(APP_ID, "USER", True, user_id="7", scopes=frozenset(NEEDED_SCOPES))
HOUR = replace(GOOD, expires_at=NOW + timedelta(hours=1))


async def judged(wire: Wire, graph: Graph, info: TokenInfo) -> str:
    wire.will(says({"data": [], "id": ACCOUNT, "name": "Acme Shop"}))
    return await judge(graph, info, app_id=APP_ID, account_id=ACCOUNT, number="Support")


async def test_a_token_of_our_app_that_lives_and_reaches_the_account_is_fit(wire: Wire, graph: Graph) -> None:
    assert await judged(wire, graph, GOOD) == "Acme Shop"
    assert await judged(wire, graph, replace(GOOD, granular={MESSAGING: ("1", ACCOUNT)})) == "Acme Shop"


@pytest.mark.parametrize(
    ("info", "reason"),
    [
        (replace(GOOD, app_id="555"), "another app"),
        (replace(GOOD, is_valid=False), "not valid"),
        (replace(GOOD, scopes=frozenset({MESSAGING})), "scope missing"),
        (replace(GOOD, granular={MESSAGING: ("555",)}), "another business"),
    ],
)
async def test_what_meta_says_of_a_token_is_enough_to_refuse_it(
    wire: Wire, graph: Graph, info: TokenInfo, reason: str
) -> None:
    """Messaging that was granted for another account only is seen by no read."""
    with pytest.raises(Unfit) as refused:
        await judged(wire, graph, info)
    assert refused.value.reason == reason


@pytest.mark.parametrize("lost", [False, True])
async def test_a_short_token_is_exchanged_only_for_a_better_one(wire: Wire, graph: Graph, lost: bool) -> None:
    scopes = [MESSAGING] if lost else sorted(NEEDED_SCOPES)
    ends = int((NOW + timedelta(days=60)).timestamp())
    known = {
        "app_id": APP_ID,
        "type": "USER",
        "is_valid": True,
        "user_id": "7",
        "scopes": scopes,
        "expires_at": ends,
    }
    wire.will(says({"access_token": LONGER, "token_type": "bearer"}), says({"data": known}))
    token, info = await lasting(graph, FRESH, HOUR, NOW)
    assert token.reveal() == (FRESH.reveal() if lost else LONGER)
    assert info.expires_at == (HOUR.expires_at if lost else datetime.fromtimestamp(ends, UTC))
