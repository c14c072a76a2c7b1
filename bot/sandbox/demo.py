"""`whatsapp-bot demo`: the bot between a Slack and a Meta on this machine; a story, then a prompt."""

import argparse
import os
import sys
from collections.abc import Sequence

from bot.sandbox import story, verdict
from bot.sandbox.bot_process import BotDied
from bot.sandbox.ending import until_signal
from bot.sandbox.paper import Paper
from bot.sandbox.prompt import Prompt
from bot.sandbox.scene import Scene
from bot.sandbox.world import Sandbox

OK, FAILED = 0, 1
STORIES = {"reconnect": story.RECONNECT}


def main(arguments: Sequence[str]) -> int:
    """Exit code 0; 1 when the story did not end as it should or the bot died; 128+n after signal n."""
    asked = _parser().parse_args(arguments)
    return until_signal(_demo(asked, Paper(sys.stdout, os.environ)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="whatsapp-bot demo",
        description="Play the bot against a Slack and a Meta on this machine. No account is needed, nothing is kept.",
    )
    parser.add_argument(
        "--story", choices=sorted(STORIES), help="play this story without a prompt and say how it ended"
    )
    parser.add_argument("--prompt", action="store_true", help="no story: go to the prompt at once")
    return parser


async def _demo(asked: argparse.Namespace, paper: Paper) -> int:
    sandbox = Sandbox()
    try:
        paper.line("Starting a Slack, a Meta and the bot on this machine …", "dim")
        await sandbox.start()
        _introduce(sandbox, paper)
        code = OK if asked.prompt else await _tell(sandbox, paper, STORIES[asked.story or "reconnect"])
        if asked.prompt or (asked.story is None and sys.stdin.isatty() and paper.is_live and code == OK):
            await Prompt(Scene(sandbox, paper)).run()
        return code
    except BotDied as died:
        paper.line(str(died), "bad")
        paper.box("The end of the bot's log", died.log, style="bad")
        return FAILED
    except TimeoutError:
        paper.line("The bot did not connect in time.", "bad")
        paper.box("The end of the bot's log", sandbox.bot.log_tail(), style="bad")
        return FAILED
    finally:
        await sandbox.stop()


def _introduce(sandbox: Sandbox, paper: Paper) -> None:
    paper.line(
        f"  Slack on {sandbox.slack.url}, Meta on {sandbox.meta.url}; the bot is process {sandbox.bot.pid}.",
        "dim",
    )
    paper.line("  It is the real program over real connections; only Slack and Meta are played.", "dim")


async def _tell(sandbox: Sandbox, paper: Paper, steps: tuple[story.Step, ...]) -> int:
    """Play the story and say whether it ended well."""
    try:
        await story.play(steps, Scene(sandbox, paper))
    except AssertionError as stuck:
        paper.line(f"The story got stuck: {str(stuck).splitlines()[0]}", "bad")
        paper.box("Seen instead", str(stuck).splitlines()[1:])
        paper.box("The end of the bot's log", sandbox.bot.log_tail(), style="bad")
        return FAILED
    lacking = await verdict.missing(sandbox, story.NUMBER)
    paper.line()
    if lacking:
        paper.line("The story did not end as it should:", "bad")
        for sentence in lacking:
            paper.line(f"  ✗ {sentence}", "bad")
        return FAILED
    paper.line(f"✓ Meta, read over HTTP: {story.NUMBER} is CONNECTED.", "good")
    paper.line(f"✓ The audit channel holds the whole story: {', '.join(verdict.THREAD)}.", "good")
    return OK
