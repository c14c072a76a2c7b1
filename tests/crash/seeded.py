"""Bugs put into a copy of the product, to see that the harness finds what it claims to find."""

from dataclasses import dataclass

from tests.crash.tree import Patch

_RERUN = """
    async def _run_again(self) -> None:
        for row in await self._parts.services.db.read(flows.active_flows):
            flow = from_row(row)
            if flow.step is Step.UNSURE and flow.unsure_after is Step.SENDING:
                code = self._parts.services.code
                await code._graph.request_code(flow.ref.id, method=flow.method, language=flow.language)

    async def start(self) -> None:
"""


@dataclass(frozen=True, slots=True)
class Bug:
    """`by`: the scenario that must find it; "power" is the power-loss replay."""

    name: str
    by: str
    patches: tuple[Patch, ...]


BUGS = (
    Bug("call first, record afterwards", "kill points", (
        Patch("bot/flows/act.py", "            self.journal.write(session, intents[-1][1])\n            return after\n",
              "            return after\n"),
        Patch("bot/flows/act.py", "        self.journal.write(session, told, posted=posted)\n",
              "        self.journal.write(session, intent)\n"
              "        self.journal.write(session, told, posted=posted)\n"),
    )),
    Bug("a write is sent again when its answer is lost", "lost answers", (
        Patch("bot/graph/calling.py",
              "        await self._send(request, _judge_confirmation, until=self._until())\n",
              "        try:\n            await self._send(request, _judge_confirmation, until=self._until())\n"
              "        except Unreachable:\n"
              "            await self._send(request, _judge_confirmation, until=self._until())\n"),
    )),
    Bug("the restarted bot repeats the act it is not sure of", "kill points", (
        Patch("bot/running.py", "    async def start(self) -> None:\n", _RERUN),
        Patch("bot/running.py", "        await self._parts.link.start(",
              "        await self._run_again()\n        await self._parts.link.start("),
        Patch("bot/running.py", "import asyncio\n", "import asyncio\nfrom bot.flows.state import Step\n"
              "from bot.flows.store import from_row\nfrom storage import flows\n"),
    )),
    Bug("recovery forgets the open intents", "kill points", (
        Patch("bot/flows/recovery.py", "    orphans = audit.open_intents(session)\n", "    orphans: list = []\n"),
    )),
    Bug("recovery forgets the pending flows", "kill points", (
        Patch("bot/flows/recovery.py", "    for flow in waiting.values():\n", "    for flow in ():\n"),
    )),
    Bug("posts are settled before they are posted", "kill points", (
        Patch("bot/outbox.py", "        posted = self._posted.get(ids[0])\n",
              "        posted = self._posted.get(ids[0])\n        await self._db.write("
              "lambda s: outbox.settle(s, ids, channel='C', ts='0', at=self._clock.now()))\n"),
    )),
    Bug("posts are never settled", "double submits", (
        Patch("bot/outbox.py", "        outbox.settle(session, ids, channel=sent.channel, ts=sent.ts, at=now)\n", ""),
    )),
    Bug("a second click counts as a second wish", "double submits", (
        Patch("bot/flows/act.py", "        op = op_of(act, key)\n        intents",
              "        import secrets\n        op = op_of(act, key + secrets.token_hex(4))\n        intents"),
        Patch("bot/flows/state.py", "    Step.SENDING: frozenset({", "    Step.SENDING: frozenset({Step.SENDING, "),
    )),
    Bug("an outcome is not recorded", "double submits", (
        Patch("bot/flows/act.py", "            self._outcome(session, intent, result, now)\n            return after(",
              "            return after("),
    )),
    Bug("tries come back with each new code", "greedy guesser", (
        Patch("bot/budget.py", "    for spend in _since(ledger, Act.CODE_VERIFY, now - DAY):\n",
              "    last = max((s.at for s in _since(ledger, Act.CODE_REQUEST, now - DAY)), default=now - DAY)\n"
              "    for spend in _since(ledger, Act.CODE_VERIFY, last):\n"),
    )),
    Bug("the code is logged", "byte sweep", (
        Patch("bot/flows/code.py", "verify_code(flow.ref.id, code=code)",
              "verify_code(flow.ref.id, code=(print(code.reveal(), file=__import__('sys').stderr), code)[1])"),
    )),
    Bug("the PIN is kept with the flow", "byte sweep", (
        Patch("bot/flows/register.py", "return f.to(Step.REFRESH, done=",
              "return f.to(Step.REFRESH, reason=pin.reveal(), done="),
    )),
    Bug("what people typed is logged at DEBUG", "byte sweep", (
        Patch("bot/logs.py", "    handler.addFilter(speaks)\n", ""),
    )),
    Bug("a commit that failed counts as made", "failing disk", (
        Patch("storage/writer.py", '            raw.execute("COMMIT")\n',
              '            with contextlib.suppress(sqlite3.Error):\n                raw.execute("COMMIT")\n'),
    )),
    Bug("commits are not synced (NORMAL in WAL)", "power", (
        Patch("storage/connect.py", '"PRAGMA synchronous=FULL"', '"PRAGMA synchronous=NORMAL"'),
        Patch("storage/connect.py", '"PRAGMA journal_mode=TRUNCATE"', '"PRAGMA journal_mode=WAL"'),
        Patch("storage/connect.py", 'mode != "truncate"', 'mode != "wal"'),
    )),
    Bug("commits are not synced (OFF)", "power", (
        Patch("storage/connect.py", '"PRAGMA synchronous=FULL"', '"PRAGMA synchronous=OFF"'),
    )),
)  # fmt: skip
