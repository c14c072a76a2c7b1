"""`/whatsapp explain <code>` and “What is this?”: what an error number of Meta's means, who can act, what to do."""

from collections.abc import Mapping

from bot.error_numbers.explaining import explain
from bot.roles import Role
from handlers.call import Answer, Call, Listener, after, says
from handlers.command import Subcommand
from handlers.views import diagnose_ids as ids
from handlers.views import explain as views


async def run(call: Call) -> Answer:
    """From a table: nobody is asked, so the answer is the acknowledgement."""
    return says(views.message(explain(call.words)))


async def on_open(call: Call) -> Answer:
    """“What is this?”: value = the number, then Meta's words. Laid over the window, which stays as it is."""
    number, _, words = str(call.action.get("value") or "").partition(" ")
    explained = explain(number)

    async def work() -> None:
        if not await call.screen.lay_over(views.window(explained, words)):
            await call.screen.say(views.message(explained, words))

    return after(work)


COMMANDS = (
    Subcommand(
        "explain", "/whatsapp explain <code>", "What an error number of Meta's means, and who can do what about it.",
        "Explain", Role.VIEWER, run,
    ),
)  # fmt: skip
ACTIONS: Mapping[str, Listener] = {ids.EXPLAIN: on_open}
SUBMITS: Mapping[str, Listener] = {}
CLOSES: Mapping[str, Listener] = {}
