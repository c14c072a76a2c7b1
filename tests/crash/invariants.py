"""What must hold after any crash: I1-I5 and I16 of the safety rules, asked of what is left behind."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping

from sqlmodel import Session

from bot.cipher import Cipher
from bot.secret import Secret
from storage import audit
from storage.connect import connect, engine_over
from tests.crash.canary import Sweep
from tests.crash.player import Player
from tests.crash.stage import DEEDS, Stage
from tests.desk import SECRET_KEY

AUDIT_CHANNEL = "C0AUDIT"
# What the bot extends by itself, day after day, is told once (bot/flows/extending.py): each time it is on record.
NOT_POSTED = "SELECT seq FROM audit WHERE action = 'token.extend' AND actor = 'bot'"
NOT_ONE_OUTCOME = """
SELECT op, sum(kind = 'intent'), sum(kind = 'outcome') FROM audit WHERE kind IN ('intent', 'outcome')
GROUP BY op HAVING sum(kind = 'intent') <> 1 OR sum(kind = 'outcome') <> 1
"""


def findings(stage: Stage, players: Iterable[Player]) -> list[str]:
    """Everything that is wrong, in words; [] when nothing is. The bot must have stopped."""
    players = list(players)
    return [
        *stage.found,
        *stage.unclean,
        *_outcomes(stage),
        *_writes(stage, players),
        *_chain(stage),
        *_mirror(stage),
        *_end(stage, players),
        *_leaks(stage, players),
    ]


def rows(stage: Stage, statement: str, *parameters: object) -> list[tuple[object, ...]]:
    link = sqlite3.connect(f"file:{stage.path}?mode=ro", uri=True)
    try:
        return link.execute(statement, parameters).fetchall()
    finally:
        link.close()


def _outcomes(stage: Stage) -> list[str]:
    """I2: exactly one outcome per intent, none without; and no flow left pending."""
    odd = [f"{op}: {i} intents, {o} outcomes" for op, i, o in rows(stage, NOT_ONE_OUTCOME)]
    pending = rows(stage, "SELECT id, step FROM flow WHERE pending = 1")
    return odd + [f"flow left pending at {step}" for _, step in pending]


def _writes(stage: Stage, players: list[Player]) -> list[str]:
    """I3: not more writes at Meta than intents, and not more than people asked for."""
    arrived: Counter[str] = Counter()
    for call in stage.meta.calls:
        if call.is_write:
            arrived[DEEDS.get(call.path.rsplit("/", 1)[-1], "pin.set")] += 1
        elif call.path.endswith("oauth/access_token"):
            arrived["token.extend"] += 1
    intended: dict[object, object] = dict(
        rows(stage, "SELECT action, count(*) FROM audit WHERE kind = 'intent' GROUP BY action")
    )
    asked: Counter[str] = Counter()
    for player in players:
        asked.update(player.deeds)
    found = [f"{n} × {act} at Meta, {intended.get(act, 0)} intended" for act, n in arrived.items()
             if n > int(str(intended.get(act, 0)))]  # fmt: skip
    for act in ("code.request", "code.verify", "number.register", "pin.set"):
        if arrived[act] > asked[act]:
            found.append(f"{arrived[act]} × {act} at Meta, people asked for {asked[act]}")
    return found


def _chain(stage: Stage) -> list[str]:
    """I16: the chain verifies, and SQLite finds its file sound."""
    keys = Cipher((Secret(SECRET_KEY),)).chain_keys
    engine = engine_over(lambda: connect(stage.path, busy_timeout_s=2, query_only=True))
    with engine.connect() as link, Session(link) as session:
        verdict = audit.verify(session, keys)
    sound = rows(stage, "PRAGMA integrity_check")
    return ([] if verdict.ok else [f"chain: {verdict.problem}"]) + (
        [] if sound == [("ok",)] else [f"integrity: {sound[0][0]}"]
    )


def posted(stage: Stage) -> list[list[int]]:
    """The record ids of each message in the audit channel, oldest message first."""
    found = []
    for message in stage.slack.channel(AUDIT_CHANNEL).messages:
        if message.metadata:
            ids = str(message.metadata["event_payload"].get("records", ""))
            found.append([int(id_) for id_ in ids.split(",") if id_])
    return found


def _mirror(stage: Stage) -> list[str]:
    """I5: every record posted; in order per flow; again only where a death (or a lost answer) explains it."""
    flow_of: Mapping[object, object] = dict(rows(stage, "SELECT seq, flow_id FROM audit"))
    acts = dict(rows(stage, "SELECT seq, action FROM audit"))
    times: Counter[int] = Counter(seq for ids in posted(stage) for seq in ids)
    quiet = {seq for (seq,) in rows(stage, NOT_POSTED)}
    found = [
        f"record {seq} ({acts[seq]}) was never posted"
        for seq in flow_of
        if seq not in times and seq not in quiet
    ]
    found += [f"record {seq} was posted {n} times" for seq, n in times.items() if n > 1 + stage.deaths]
    found += [f"record {seq} was posted but does not exist" for seq in times if seq not in flow_of]
    last: dict[object, int] = {}
    for seq in times:  # in the order of their first post
        flow = flow_of.get(seq)
        if seq < last.get(flow, 0):
            found.append(f"record {seq} was posted after {last[flow]} of its flow")
        last[flow] = seq
    return found


def _end(stage: Stage, players: list[Player]) -> list[str]:
    """The number is back, the flow says so, and whoever was interrupted was told."""
    found = []
    for player in players:
        if stage.meta.number(player.number).status != "CONNECTED":
            found.append(f"{player.number} is not connected at Meta")
    unsure = rows(
        stage,
        "SELECT count(*) FROM outbox WHERE kind = 'dm' AND body LIKE '%\"recovered\"%' AND sent_at IS NULL",
    )
    if unsure != [(0,)]:
        found.append("somebody was not told of the restart")
    return found


def _leaks(stage: Stage, players: list[Player]) -> list[str]:
    """I4, the quick look: files, log and everything Slack was sent. The whole sweep is `sweep.py`."""
    named = [("a code or PIN", text) for player in players for text in player.secrets()]
    slack = [stage.slack.bot_token, stage.slack.app_token]
    tokens = [*stage.seed.world.tokens, stage.seed.app_secret.reveal(), *slack]
    sweep = Sweep([*dict.fromkeys(named), *(("a token", text) for text in tokens)])
    for file in [*sorted(stage.folder.glob("desk.db*")), stage.log]:
        sweep.look(file.name, file.read_bytes())
    for call in stage.slack.calls:
        sweep.look(call.method, json.dumps(call.payload, ensure_ascii=False).encode())
    for envelope in stage.slack.envelopes:
        sweep.look("an acknowledgement", json.dumps(envelope.payload, ensure_ascii=False).encode())
    return sweep.hits
