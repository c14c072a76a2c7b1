"""Does this machine's clock agree with Slack's and Meta's?"""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp

from bot.checkup.finding import Finding, ok, problem, unknown, warning
from bot.config import Config

SLIGHT, WRONG = timedelta(seconds=5), timedelta(seconds=60)


async def look(config: Config, session: aiohttp.ClientSession) -> list[Finding]:
    """From the `Date` of an answer to a question without any token in it."""
    places = {"Slack": f"{config.slack_api_url}api.test", "Meta": config.graph_api_url}
    return list(await asyncio.gather(*(_compared(who, url, session) for who, url in places.items())))


async def _compared(who: str, url: str, session: aiohttp.ClientSession) -> Finding:
    what = f"Clock, against {who}’s"
    before = datetime.now(UTC)
    try:
        async with session.get(url, allow_redirects=False) as answer:
            theirs = parsedate_to_datetime(answer.headers["Date"])
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError) as error:
        return unknown(what, f"no usable answer ({type(error).__name__})", "Check the network.")
    ours = before + (datetime.now(UTC) - before) / 2
    return judge(what, abs(theirs.astimezone(UTC) - ours) if theirs.tzinfo else None)


def judge(what: str, apart: timedelta | None) -> Finding:
    """The header counts whole seconds, so one of them proves nothing."""
    if apart is None:
        return unknown(what, "its answer carries no time zone")
    if apart < SLIGHT:
        return ok(what, "they agree")
    said = f"{apart.total_seconds():.0f} seconds apart"
    if apart < WRONG:
        return warning(what, said, "Turn on time synchronisation (NTP) on this machine.")
    return problem(what, said, "Set this machine's clock: waits and deadlines would be told wrongly.")
