"""`whatsapp-bot doctor`: look at settings, Slack, Meta, database and clock, and say what to do."""

import argparse
import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime

import aiohttp
import httpx

from bot.checkup import clock, database, meta, server, settings, slack
from bot.checkup.finding import Finding, Mark
from bot.clock import Clock
from bot.config import Config
from bot.graph.client import Graph, open_http
from bot.run import environment
from bot.secret import Secret

OK, PROBLEMS, BAD_SETTINGS = 0, 1, 2  # exit codes
TIMEOUT_S = 10.0


def main(arguments: Sequence[str]) -> int:
    """Exit code 0: no problem; 1: problems; 2: the settings cannot be used. Changes nothing, posts nothing."""
    parser = argparse.ArgumentParser(
        prog="whatsapp-bot doctor",
        description="Check settings, Slack, Meta, the database and the clock. Safe beside a running bot.",
    )
    parser.add_argument(
        "--reach",
        action="store_true",
        help="also ask PUBLIC_URL's webhook as Meta does: the bot must be running",
    )
    asked = parser.parse_args(arguments)
    logging.getLogger().addHandler(logging.NullHandler())  # what matters is told below
    now = datetime.now(UTC)
    config, found = settings.read(environment(), now.date())
    _tell(found)
    if config is None:
        return BAD_SETTINGS
    found += asyncio.run(_examine(config, now, reach=asked.reach))
    return _conclude(found)


async def _examine(config: Config, now: datetime, *, reach: bool) -> list[Finding]:
    """Everything behind the settings, told place by place."""
    stored, token = await asyncio.to_thread(database.look, config)
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    http = open_http()
    async with aiohttp.ClientSession(timeout=timeout, trust_env=True) as session:
        try:
            places = await asyncio.gather(
                slack.look(config, session),
                meta.look(config, _graph(config, token, http), now, has_token=bool(token)),
                clock.look(config, session),
                server.look(config, session, reach=reach),
            )
        finally:
            await http.aclose()
    found = [*places[0], *places[1], *stored, *places[2], *places[3]]
    _tell(found)
    return found


def _graph(config: Config, token: Secret, http: httpx.AsyncClient) -> Graph:
    return Graph(
        base_url=config.graph_api_url, version=config.graph_api_version, app_id=config.meta_app_id,
        app_secret=config.meta_app_secret, token=lambda _node: token, http=http, clock=Clock(),
    )  # fmt: skip


def _tell(findings: Sequence[Finding]) -> None:
    for finding in findings:
        sign, word = finding.mark.value
        print(f"{sign} {word:<14} {finding.what}: {finding.says.rstrip('.')}.")  # noqa: T201
        if finding.todo:
            print(f"{'':>17}→ {finding.todo}")  # noqa: T201


def _conclude(findings: Sequence[Finding]) -> int:
    problems = sum(finding.mark is Mark.PROBLEM for finding in findings)
    unknown = sum(finding.mark is Mark.UNKNOWN for finding in findings)
    if problems:
        print(f"\n{problems} problem{'s' if problems > 1 else ''} to solve.")  # noqa: T201
        return PROBLEMS
    print("\nNo problem found." + (f" {unknown} could not be told." if unknown else ""))  # noqa: T201
    return OK
