"""opsdroid with its Slack connector (Socket Mode) and one skill, as its documentation starts it."""

import functools
import os
import sys
import tempfile
from pathlib import Path

from opsdroid.cli import cli
from opsdroid.connector.slack import connector

# it knows no setting for Slack's address
connector.AsyncWebClient = functools.partial(connector.AsyncWebClient, base_url=os.environ["SLACK_API_URL"])

SKILL = """
from opsdroid.matchers import match_regex
from opsdroid.skill import Skill

class Hello(Skill):
    @match_regex("hello")
    async def hello(self, message):
        await message.respond("hello")
"""
CONFIG = """
welcome-message: false
logging: {{level: info, console: true}}
web: {{port: 0}}
parsers:
connectors:
  slack: {{bot-token: {bot}, app-token: {app}, socket-mode: true}}
skills:
  hello: {{path: {skill}}}
"""

folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
skill, config = folder / "hello.py", folder / "configuration.yaml"
skill.write_text(SKILL)
config.write_text(
    CONFIG.format(bot=os.environ["SLACK_BOT_TOKEN"], app=os.environ["SLACK_APP_TOKEN"], skill=skill)
)
sys.argv = ["opsdroid", "start", "-f", str(config)]
cli()
