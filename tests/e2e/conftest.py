"""`nothing_refused`: a story in which Slack took everything the bot sent, and no bug was logged."""

from collections.abc import Iterator

import pytest

from tests.desk import Desk

CLOSED = "not_found"  # a window that its person has closed meanwhile


@pytest.fixture
def nothing_refused(desk: Desk, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [refusal for refusal in desk.slack.refusals if refusal.error != CLOSED] == []
    assert [r.getMessage() for r in caplog.records if r.levelname in ("ERROR", "CRITICAL")] == []
