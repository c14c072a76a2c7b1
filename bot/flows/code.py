"""Prove ownership: have Meta send a code, and have Meta check it. Each at most once per click."""

from dataclasses import replace
from datetime import datetime

from bot.audit import Act, Outcome, Record
from bot.errors import BadInput, BudgetSpent, StaleFlow
from bot.flows.act import Acts
from bot.flows.guard import must_hold_phone, must_own
from bot.flows.moved import Claimed, Moved
from bot.flows.opening import Opening
from bot.flows.placing import code_lives
from bot.flows.result import Result
from bot.flows.state import Reconnect, Step
from bot.graph.client import Graph
from bot.meanings import WRONG_CODE
from bot.roles import Person, Role
from bot.secret import Secret

METHODS = ("SMS", "VOICE")
ENDED = "This reconnect has ended: no code is asked of you any more. Thank you."
FOR_HOLDER = "Ask whoever gave you the code box for a new one."  # a holder has no button for it
_AGAIN = "Press “Send again” for a new one."
TOO_OLD = "This code is more than ten minutes old, so it was not sent to Meta."


class Code:
    """The two calls that need the phone."""

    def __init__(self, *, acts: Acts, graph: Graph, opening: Opening) -> None:
        self._acts = acts
        self._graph = graph
        self._opening = opening

    async def claim_code(
        self, person: Person, flow_id: str, *, method: str, language: str, key: str
    ) -> Claimed:
        """Intend to ask Meta for a code. `key` names the click: the same click never asks twice."""
        person.must_be(Role.OPERATOR, to="ask for a code")
        if method not in METHODS:
            raise BadInput("Choose “SMS” or “Voice call”.", field="method")

        def move(flow: Reconnect, now: datetime, op: str) -> Reconnect:
            must_own(flow, person)
            return flow.to(Step.SENDING, language=language, asked_method=method, asked_op=op)

        flow, record = await self._acts.claim(
            flow_id, person, Act.CODE_REQUEST, key, move, method=method, language=language
        )
        return Claimed(flow, lambda: self._ask(flow, record))

    async def _ask(self, flow: Reconnect, record: Record) -> Moved:
        asked_at = self._acts.clock.now()
        result = await self._acts.attempt(
            self._graph.request_code(flow.ref.id, method=flow.asked_method, language=flow.language)
        )

        def after(f: Reconnect, now: datetime) -> Reconnect:
            if result.ok:
                return f.with_asked_code(asked_at).to(Step.SENT, code_unsure=False)
            if result.outcome is Outcome.UNKNOWN:
                unsure = f.with_asked_code(asked_at)
                return unsure.to(Step.UNSURE, unsure_after=Step.SENDING, code_unsure=True)
            return f.to(Step.SENT) if code_lives(f, now) else f.to(Step.CHOOSE, method=f.asked_method)

        flow = await self._acts.finish(flow.id, record, result, after)
        if result.code == 136024:  # often “verified already”: Meta's state decides
            return replace(await self._opening.look_again(record.person, flow), result=result)
        return Moved(flow, result)

    async def claim_check(self, person: Person, flow_id: str, *, code: Secret, key: str) -> Claimed:
        """Intend to have Meta check the code. Only the owner, or the holder while there is one."""

        def move(flow: Reconnect, now: datetime, op: str) -> Reconnect:
            must_hold_phone(flow, person)
            if not flow.active and person.id != flow.owner:
                raise StaleFlow(ENDED)  # with no command: the colleague may have no role to run one
            after = flow.to(Step.CHECKING)
            if flow.code_dies_at and now >= flow.code_dies_at:
                raise BadInput(TOO_OLD, field="code", hint=FOR_HOLDER if person.id == flow.holder else _AGAIN)
            return after

        before = await self._opening.get(flow_id)
        try:
            flow, record = await self._acts.claim(
                flow_id, person, Act.CODE_VERIFY, key, move, code_op=before.code_op
            )
        except BudgetSpent as spent:
            if spent.until is None and person.id == before.holder:
                spent.hint = FOR_HOLDER
            raise
        return Claimed(flow, lambda: self._check(flow, record, code))

    async def _check(self, flow: Reconnect, record: Record, code: Secret) -> Moved:
        result = _of_check(await self._acts.attempt(self._graph.verify_code(flow.ref.id, code=code)))

        def after(f: Reconnect, now: datetime) -> Reconnect:
            if result.ok:
                f = replace(f, done=Step.CHECKING, done_at=now)
                return f.to(Step.PIN, code_sent_at=None, holder=None, holder_view_id=None)
            if result.outcome is Outcome.UNKNOWN:
                return f.to(Step.UNSURE, unsure_after=Step.CHECKING, done=Step.CHECKING, done_at=now)
            return f.to(Step.SENT)

        flow = await self._acts.finish(flow.id, record, result, after)
        if result.ok or result.outcome is Outcome.UNKNOWN:
            return replace(await self._opening.look_again(record.person, flow), result=result)
        return Moved(flow, result)


def _of_check(result: Result) -> Result:
    if result.outcome is Outcome.FAILED and (result.code, result.subcode) == (100, 0):
        return replace(result, says=WRONG_CODE.says, do=WRONG_CODE.do)
    return result
