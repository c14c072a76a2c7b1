"""Did the story end well? Asked of Meta over HTTP, and of the audit channel as managers read it."""

from collections.abc import Mapping

import aiohttp

from bot.sandbox.slack.model import Message
from bot.sandbox.world import AUDIT_CHANNEL, Sandbox

READER = "maya"
THREAD: Mapping[str, str] = {
    # step: the words that stand in its reply
    "code asked": "asked for a code: sent",
    "code rejected": "handed the code in: rejected",
    "code accepted": "handed the code in: accepted",
    "registered": "registered the number",
    "refreshed": "refreshed permissions",
    "finished": "finished: Connected",
}


async def missing(sandbox: Sandbox, number: str, *, timeout_s: float = 10.0) -> list[str]:
    """What a finished reconnect of `number` lacks, in sentences; empty: nothing. Waits for late messages."""
    await sandbox.until(lambda: not _missing_in_channel(sandbox, number), timeout_s=timeout_s)
    status = await read_status(sandbox, number)
    wrong = [] if status == "CONNECTED" else [f"Meta says {status or 'nothing'} for {number}, not CONNECTED."]
    return [*wrong, *_missing_in_channel(sandbox, number)]


async def read_status(sandbox: Sandbox, number: str) -> str:
    """The number's `status`, by a plain Graph call of our own; "" when Meta does not give one."""
    record = sandbox.meta.number(number)
    url = f"{sandbox.meta.url}/v25.0/{record.id}"
    headers = {"Authorization": f"Bearer {sandbox.seed.token.reveal()}"}
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session,
        session.get(url, params={"fields": "status"}, headers=headers) as answer,
    ):
        node = await answer.json()
    return str(node.get("status") or "")


def _missing_in_channel(sandbox: Sandbox, number: str) -> list[str]:
    channel = sandbox.slack.channel(AUDIT_CHANNEL)
    roots = [m for m in channel.roots if f"{number} …" in _read(sandbox, m) and channel.thread(m.ts)]
    if not roots:
        return [f"{AUDIT_CHANNEL} has no thread about {number}."]
    root = roots[-1]
    first = _read(sandbox, root)
    wrong = (
        []
        if root.edited and "Connected" in first
        else [f"{AUDIT_CHANNEL}: the first message does not say Connected."]
    )
    replies = "\n".join(_read(sandbox, reply) for reply in channel.thread(root.ts))
    return wrong + [
        f"{AUDIT_CHANNEL}: the thread lacks “{step}” ({words})."
        for step, words in THREAD.items()
        if words not in replies
    ]


def _read(sandbox: Sandbox, message: Message) -> str:
    return "\n".join(sandbox.person(READER).screen.message(message))
