"""`whatsapp-bot run`: read the settings, start the bot, stop it gracefully."""

import asyncio
import logging
import os
import resource
import signal
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from dotenv import dotenv_values

from bot.app import build
from bot.cipher import WrongKey
from bot.clock import Clock
from bot.config import Config, ConfigError
from bot.logs import set_up
from bot.running import Bot
from bot.web.server import CannotListen
from handlers.link import LinkLost
from handlers.preflight import SlackRefused
from storage.errors import StorageError

OK, BAD_SETTINGS, CANNOT_START, LOST_SLACK = 0, 2, 3, 4  # exit codes; the last one also for a bug
WRONG_KEY = (
    "SECRET_KEY does not open what is stored in the database. Put the key it was written with behind a comma: "
    "SECRET_KEY=new,old."
)

log = logging.getLogger(__name__)


def environment() -> Mapping[str, str]:
    """The process's environment over a `.env` file beside it."""
    from_file = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    return {**from_file, **os.environ}


def main(arguments: Sequence[str], *, clock: Clock | None = None) -> int:
    """Run until SIGTERM or SIGINT. Exit code 2: settings; 3: cannot start; 4: Slack lost for good, or a bug.

    `clock`: another one than this machine's, for whoever wants to see what the bot does later."""
    if arguments:
        return complain(["`run` takes no arguments; settings come from the environment and .env."])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold what people typed
    try:
        config = Config.from_env(environment(), today=datetime.now(UTC).date())
    except ConfigError as error:
        return complain(error.problems)
    set_up(config.log_level)
    for warning in config.warnings:
        log.warning(warning)
    return asyncio.run(serve(config, clock))


def complain(problems: Sequence[str], *, code: int = BAD_SETTINGS) -> int:
    """Tell every problem at once on standard error."""
    print("The bot did not start:", *(f"  - {problem}" for problem in problems), sep="\n", file=sys.stderr)  # noqa: T201
    return code


async def serve(config: Config, clock: Clock | None = None) -> int:
    """Build, start, wait, close."""
    try:
        bot = await build(config, clock=clock)
    except SlackRefused as error:
        return complain(error.problems, code=CANNOT_START)
    except WrongKey:
        return complain([WRONG_KEY])
    except StorageError as error:
        return complain([error.sentence], code=CANNOT_START)
    return await until_stopped(bot)


def _code(ended_by: BaseException | None) -> int:
    """What to tell whoever starts the process again, when the bot ended by itself."""
    if isinstance(ended_by, WrongKey):
        return complain([WRONG_KEY])
    known = isinstance(ended_by, LinkLost)
    log.error("stopping: %s", ended_by, exc_info=None if known else ended_by)
    return LOST_SLACK


async def until_stopped(bot: Bot) -> int:
    """Run the bot until a signal asks it to stop, or it cannot go on."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        await bot.start()
    except CannotListen as error:
        await bot.close()
        return complain([str(error)], code=CANNOT_START)
    log.info("ready")
    stopping = asyncio.create_task(stop.wait())
    lost = asyncio.create_task(bot.wait())
    await asyncio.wait({stopping, lost}, return_when=asyncio.FIRST_COMPLETED)
    code = _code(lost.exception()) if lost.done() else OK
    for task in (stopping, lost):
        task.cancel()
    await asyncio.gather(stopping, lost, return_exceptions=True)
    await bot.close()
    log.info("stopped")
    return code
