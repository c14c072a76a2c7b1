"""The demo without a page: a story told at the terminal, then a prompt."""

import sys

from bot.sandbox import story, verdict
from bot.sandbox.paper import Paper
from bot.sandbox.prompt import Prompt
from bot.sandbox.scene import Scene
from bot.sandbox.world import Sandbox

OK, FAILED = 0, 1
STORIES = {"reconnect": story.RECONNECT}


async def perform(sandbox: Sandbox, paper: Paper, *, told: str | None, prompt: bool) -> int:
    """Start the sandbox; play the story `told` (None: the usual one, and then the prompt where there is a
    terminal), or with `prompt` only that. Exit code 1: the story did not end as it should."""
    paper.line("Starting a Slack, a Meta and the bot on this machine …", "dim")
    await sandbox.start()
    _introduce(sandbox, paper)
    code = OK if prompt else await _tell(sandbox, paper, STORIES[told or "reconnect"])
    if prompt or (told is None and sys.stdin.isatty() and paper.is_live and code == OK):
        await Prompt(Scene(sandbox, paper)).run()
    return code


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
