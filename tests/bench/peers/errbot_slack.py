"""Errbot with its Slack backend (Socket Mode) and the plugins it comes with."""

import functools
import os
import sys
import tempfile
from pathlib import Path

import slackv3
from errbot.cli import main
from slack_sdk.web.base_client import BaseClient

# it knows no setting for Slack's address
BaseClient.__init__ = functools.partialmethod(BaseClient.__init__, base_url=os.environ["SLACK_API_URL"])

CONFIG = """
import logging
BACKEND = "SlackV3"
BOT_EXTRA_BACKEND_DIR = {backend!r}
BOT_DATA_DIR = BOT_EXTRA_PLUGIN_DIR = {folder!r}
BOT_LOG_FILE = None
BOT_LOG_LEVEL = logging.INFO
BOT_IDENTITY = {{"token": {bot!r}, "app_token": {app!r}}}
BOT_ADMINS = ()
"""

folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
(folder / "config.py").write_text(
    CONFIG.format(
        backend=str(Path(slackv3.__file__).parent), folder=str(folder),
        bot=os.environ["SLACK_BOT_TOKEN"], app=os.environ["SLACK_APP_TOKEN"],
    )
)  # fmt: skip
sys.argv = ["errbot", "-c", str(folder / "config.py")]
main()
