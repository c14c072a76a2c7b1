"""What the stories of trouble share: a hurried bot, a look at everything told, and what must hold afterwards."""

import asyncio
import json
import re
import sqlite3
from collections import Counter
from dataclasses import replace

from bot.app import Tempo
from bot.cipher import Cipher
from bot.graph.limits import Limits
from bot.sandbox.slack.happenings import PATIENCE_S
from bot.sandbox.slack.person import Person
from bot.secret import Secret
from handlers.link import Watch
from storage import audit
from tests.desk import SECRET_KEY, Desk


async def no_pause(_: float) -> None:
    await asyncio.sleep(0)


# Only the waits between tries are short: however busy the machine, an answer that comes is taken.
BRISK = Tempo(graph=Limits(first_wait_s=0.005), pause=no_pause)
# For a Meta that never answers: these limits are what the test waits for.
HASTY = Tempo(
    graph=Limits(
        connect_s=2.0, pool_s=2.0, read_s=1.2, write_s=1.2, answer_s=2.0, retry_s=0.8, first_wait_s=0.005
    ),
    pause=no_pause,
)
# For a Slack that hangs up. A connection that is not there after `rebuild_s` is given up: time enough for a real one.
DROPPED = replace(
    HASTY, watch=Watch(look_s=0.03, fresh_address_s=0.15, rebuild_s=1.5, give_up_s=4.0, ping_s=2.0)
)

_NOT_FOR_PEOPLE = re.compile(
    r"Traceback|Exception|Error\(|(?:SELECT|INSERT INTO|UPDATE) |sqlite3|sqlalchemy|EAA[A-Za-z0-9]{8}|xox[abp]-|xapp-"
    r"|https?://(?!bot\.example)"
)
_LIVE = re.compile(r"<!(?:channel|here|everyone|subteam)|\x00")


async def idle(desk: Desk) -> None:
    """Until the bot has nothing under way."""
    async with asyncio.timeout(PATIENCE_S):
        while len(desk.bot.services.tasks):
            await asyncio.sleep(0.01)


async def types(desk: Desk, person: Person, text: str, channel: str = "#general") -> str:
    """Type it, let the bot finish, and return what came of it: the newest answer, else the window."""
    before = len(own(desk, person))
    await person.type(text, channel)
    await idle(desk)
    news = own(desk, person)[before:]
    return "\n".join(news) if news else person.modal.text if person.modal else ""


def own(desk: Desk, person: Person) -> list[str]:
    """Every message only this person sees, as text."""
    place = person.screen.place
    return [
        "\n".join(person.screen.message(m))
        for m in place.workspace.visible(person.id)
        if m.ephemeral_to is not None or place.workspace.channels[m.channel_id].is_im
    ]


def everything_told(desk: Desk) -> str:
    """Each body the fake Slack was sent, each acknowledgement, and each message that came of them."""
    bodies: list[object] = [call.payload for call in desk.slack.calls]
    bodies += [log.payload for log in desk.slack.envelopes if log.payload]
    place = desk.ana.screen.place
    for channel in place.workspace.channels.values():
        bodies += [[m.text, m.blocks] for m in channel.messages if m.author == "U0BOT" or m.blocks]
    return json.dumps(bodies, ensure_ascii=False)


def assert_told_well(desk: Desk) -> None:
    """Nothing of a machine's insides, no secret, and nothing that would ring or link by itself."""
    told = everything_told(desk)
    assert _NOT_FOR_PEOPLE.findall(told) == []
    assert _LIVE.findall(told) == []
    for secret in secrets_of(desk):
        assert not re.search(rf"(?<![0-9.]){secret}(?![0-9])", told), "a secret was told"


def secrets_of(desk: Desk) -> set[str]:
    codes = {m.code for phone in desk.meta.world.phones.values() for m in phone.messages}
    pins = {pin.reveal() for pin in desk.seed.pins.values()}
    return codes | pins


def outcomes(desk: Desk, action: str = "") -> list[str]:
    """How each act on record ended, oldest first; each intent has at most one."""
    with sqlite3.connect(f"file:{desk.path}?mode=ro", uri=True) as link:
        rows = link.execute(
            "SELECT outcome FROM audit WHERE kind = 'outcome' AND action LIKE ? ORDER BY seq",
            (action or "%",),
        ).fetchall()
    link.close()
    return [outcome for (outcome,) in rows]


def assert_one_outcome_each(desk: Desk) -> None:
    """I2: exactly one outcome per intent, and none without."""
    link = sqlite3.connect(f"file:{desk.path}?mode=ro", uri=True)
    rows = link.execute("SELECT op, kind FROM audit WHERE kind IN ('intent', 'outcome')").fetchall()
    link.close()
    intents = Counter(op for op, kind in rows if kind == "intent")
    ends = Counter(op for op, kind in rows if kind == "outcome")
    assert intents == ends
    assert set(intents.values()) <= {1}


async def assert_records_hold(desk: Desk) -> None:
    """The chain verifies, every act has its one outcome, and nobody was told what is not for people."""
    await idle(desk)
    keys = Cipher((Secret(SECRET_KEY),)).chain_keys
    verdict = await desk.bot.services.db.read(lambda s: audit.verify(s, keys))
    assert verdict.ok, verdict.problem
    assert_one_outcome_each(desk)
    assert_told_well(desk)
