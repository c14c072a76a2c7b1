"""Everything a handler may use, in one frozen value."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.audit import Journal
from bot.clock import Clock
from bot.config import Config
from bot.counts import Counts
from bot.diagnosing import Diagnoses
from bot.directory import Directory
from bot.fixes.fixing import Fixing
from bot.flows.act import Acts
from bot.flows.code import Code
from bot.flows.extending import Extending
from bot.flows.handoff import HandOff
from bot.flows.opening import Opening
from bot.flows.refreshing import Refreshing
from bot.flows.register import Register
from bot.flows.replacing import Replacing
from bot.flows.token_watch import TokenWatch
from bot.happened import Happened
from bot.judging import Judging
from bot.login.service import Logins
from bot.roles import Role
from bot.tasks import Tasks
from bot.tokens import Tokens
from bot.webhooks import Webhooks
from storage.db import Database


@dataclass(frozen=True, slots=True)
class Services:
    """Made once, in `bot/app.py`. `acts` is the budget's and the records' door; the rest is named by deed."""

    config: Config
    clock: Clock
    db: Database
    journal: Journal
    tasks: Tasks
    directory: Directory
    acts: Acts
    opening: Opening
    code: Code
    register: Register
    hand_off: HandOff
    refreshing: Refreshing
    tokens: Tokens
    extending: Extending
    replacing: Replacing
    token_watch: TokenWatch
    diagnoses: Diagnoses
    judging: Judging
    fixing: Fixing
    logins: Logins
    webhooks: Webhooks
    happened: Happened
    counts: Counts
    at_least: Callable[
        [Role], tuple[str, ...]
    ]  # the Slack user ids of that role and above, as the settings name them
    stopping: asyncio.Event  # set when the bot begins to stop
