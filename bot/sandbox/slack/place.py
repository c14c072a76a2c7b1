"""Everything the parts of the fake Slack share, in one value."""

from dataclasses import dataclass

from bot.sandbox.slack.answers import Answers
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.refusals import Refusals
from bot.sandbox.slack.windows import Windows
from bot.sandbox.slack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Place:
    workspace: Workspace
    windows: Windows
    delivery: Delivery
    answers: Answers
    refusals: Refusals
    commands: tuple[str, ...]
    should_escape: bool
