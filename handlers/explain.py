"""`/whatsapp explain <code>` and “What is this?”: what an error number of Meta's means, who can act, what to do."""

from collections.abc import Mapping

from bot.error_numbers.explaining import Explained, explain
from bot.roles import Role
from handlers.call import Answer, Call, Listener, after, says
from handlers.command import Subcommand
from handlers.views import diagnose_ids as ids
from handlers.views import explain as views


async def run(call: Call) -> Answer:
    """From a table: nobody is asked, so the answer to a command is its acknowledgement."""
    explained = explain(call.words)
    return (
        after(lambda: _show(call, explained, ""))
        if call.action
        else says(views.message(explained, call.reader))
    )


async def on_open(call: Call) -> Answer:
    """“What is this?”: value = the number, then Meta's words. Laid over the window, which stays as it is."""
    number, _, words = str(call.action.get("value") or "").partition(" ")
    return after(lambda: _show(call, explain(number), words))


async def _show(call: Call, explained: Explained, words: str) -> None:
    if not await call.screen.lay_over(views.window(explained, call.reader, words)):
        await call.screen.say(views.message(explained, call.reader, words))


COMMANDS = (
    Subcommand(
        "explain", "/whatsapp explain <code>", "What an error number of Meta's means, and who can do what about it.",
        "Explain", Role.VIEWER, run,
    ),
)  # fmt: skip
ACTIONS: Mapping[str, Listener] = {ids.EXPLAIN: on_open}
SUBMITS: Mapping[str, Listener] = {}
CLOSES: Mapping[str, Listener] = {}
