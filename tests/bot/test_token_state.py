"""How a token stands by what Meta's words say, where no number says it (meta-graph.md Appendix B)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.evidence.reading import Reading
from bot.token_standing import Standing
from bot.token_state import judge
from tests.checks.healthy import healthy


@pytest.mark.parametrize(
    ("code", "words", "says"),
    [
        (190, "The user's account has been Disabled for policy reasons.", "is disabled"),
        (190, "Error validating access token.", "no longer accepts"),
        (102, "Session key invalid or no longer valid.", "no longer accepts"),
        (0, "", "no longer accepts"),
    ],
)
def test_a_dead_token_without_a_subcode_is_told_by_its_words(code: int, words: str, says: str):
    state = dead(error_code=code, error_words=words)
    assert state.standing is Standing.REAUTH
    assert says in state.sentence


def test_a_dead_token_whose_time_is_over_has_expired_whatever_else_is_said():
    state = dead(expires_at=healthy().now - timedelta(seconds=1), never_expires=False)
    assert "has expired" in state.sentence


def dead(**told: object):
    world = healthy()
    assert world.token.value
    info = replace(world.token.value, is_valid=False, **told)
    return judge(replace(world, token=Reading("debug_token", world.now, value=info)), slot="default")
