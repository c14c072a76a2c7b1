"""What the tests of the page's world share: how it looks, and asking its Meta for a code."""

import copy

import aiohttp

from bot.sandbox.meta.seed import TOKEN_TEXT
from bot.sandbox.page.knobs import JSON, Knobs
from bot.sandbox.world import Sandbox


def shown(knobs: Knobs) -> JSON:
    """All of it but the events sent: what was told once stays told."""
    world = copy.deepcopy({"meta": knobs.meta(), "phones": knobs.phones()})
    del world["meta"]["hooks"]["events"]
    return world


def told(knobs: Knobs) -> list[str]:
    """What Meta told by webhook, the first first."""
    events: list[JSON] = knobs.meta()["hooks"]["events"]
    return [event["about"] for event in reversed(events)]


async def ask_code(sandbox: Sandbox, *, patience_s: float = 2.0) -> tuple[int, bytes]:
    """Ask for a code for Sales as the bot would. (0, b"…"): no answer, and why."""
    url = f"{sandbox.meta.url}/v25.0/{sandbox.meta.number('Sales').id}/request_code"
    headers = {"Authorization": f"Bearer {TOKEN_TEXT}"}
    patience = aiohttp.ClientTimeout(total=patience_s)
    try:
        async with (
            aiohttp.ClientSession(timeout=patience, headers=headers) as session,
            session.post(url, json={"code_method": "SMS", "language": "en_US"}) as answer,
        ):
            return answer.status, await answer.read()
    except (aiohttp.ClientError, TimeoutError) as problem:
        return 0, type(problem).__name__.encode()


def arrived(sandbox: Sandbox) -> int:
    return len(sandbox.meta.phone("Sales").messages)
