"""Exchange a token that will end for one that lasts: the one implementation, for people and for the clock.

The new token is kept only when debug_token says that it is valid, of the same app and user, and lacks nothing;
until then the old one stays. It is saved in the transaction that records the outcome, so a crash in between
leaves an intent without an outcome and the old token in use.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.audit import BOT, Act, Outcome, Record
from bot.errors import BotError
from bot.flows.act import Acts
from bot.flows.guard import op_of
from bot.flows.result import Result, result_of
from bot.graph.client import Graph
from bot.graph.errors import GraphError
from bot.graph.model import TokenInfo
from bot.numbers import NumberRef
from bot.roles import Person, Role
from bot.secret import Secret
from bot.token_held import EXTENDED, NOT_EXTENDED, TRIED, Held
from bot.token_rules import can_extend, is_better, should_extend
from bot.token_state import TokenState
from bot.tokens import Tokens
from storage import events
from storage.errors import Conflict, StorageError

NOTHING = Result(Outcome.NONE)
FASTER = Result(Outcome.NONE, says="Somebody else was just doing it.")
AGAIN_AFTER = timedelta(days=1)
JITTER = timedelta(hours=2)
TOLD = "extension_failure_told"
CUT_OFF = "the bot was stopped before Meta's answer was kept"
ADVICE = "“Refresh token” in /whatsapp token tries again; when that fails too, “Reconnect with Meta”"


class Extending:
    """One exchange at a time."""

    def __init__(
        self,
        *,
        acts: Acts,
        graph: Graph,
        tokens: Tokens,
        app_id: str,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`chance`: between 0 and 1, so that the bots of this world do not all ask at the same moment."""
        self._acts = acts
        self._graph = graph
        self._tokens = tokens
        self._app_id = app_id
        self._chance = chance
        self._one = asyncio.Lock()

    async def look(self, account_id: str) -> TokenState:
        """How the token that serves this account stands, read now. Raises StorageError."""
        return await self._tokens.state(self._graph, account_id)

    async def refresh(self, person: Person, account_id: str, *, key: str) -> Result:
        """“Refresh token”: exchange the token that serves this account, however long it has left.

        Raises NotAllowed; GraphError when it cannot be looked at; BotError when it cannot be exchanged.
        """
        person.must_be(Role.MANAGER, to="refresh the token")
        held = self._tokens.of_account(account_id)
        info = await self._graph.inspect_token(held.token)
        if not can_extend(info, self._acts.clock.now()):
            raise _cannot(info)
        return await self.extend(person, held, info, key=key)

    async def when_due(self, held: Held, info: TokenInfo) -> Result:
        """By the clock: at 14 days or less, at most once a day. Raises StorageError."""
        now = self._acts.clock.now()
        if not should_extend(info, now):
            return NOTHING
        rows = await self._acts.db.read(lambda session: events.standings(session, [held.scope]))
        tried = next((row for row in rows if row.what == TRIED), None)
        if tried and tried.until and now < tried.until:
            return NOTHING
        return await self.extend(BOT, held, info, key=f"{held.slot}:{held.id}:{now.isoformat()}")

    async def extend(
        self,
        person: Person,
        held: Held,
        info: TokenInfo,
        *,
        key: str,
        ref: NumberRef | None = None,
        flow_id: str = "",
    ) -> Result:
        """Intent, one call, proof, and the outcome together with the new token. Without an intent no call."""
        async with self._one:
            now = self._acts.clock.now()
            if not self._tokens.is_in_use(held) or not can_extend(info, now):
                return FASTER
            intent = Record(
                op=op_of(Act.TOKEN_EXTEND, key), kind="intent", act=Act.TOKEN_EXTEND, person=person, at=now,
                ref=ref, flow_id=flow_id, details=self._named(held),
            )  # fmt: skip
            try:
                await self._acts.tell(lambda session: self._begin(session, held, intent, now))
            except StorageError as error:
                return Result(Outcome.NOT_SENT, reason="not recorded", says=error.sentence)
            except Conflict:  # the same press again, or a token that was replaced at this moment
                return FASTER
            return await self._exchange(held, info, intent)

    def _named(self, held: Held) -> Mapping[str, str]:
        return {"token": self._tokens.fingerprint(held), **({"whose": held.label} if held.label else {})}

    def _begin(self, session: Session, held: Held, intent: Record, now: datetime) -> None:
        if not self._tokens.still_serves(session, held):
            raise Conflict
        self._acts.journal.write(session, intent, posted=intent.person != BOT)
        again = now + AGAIN_AFTER + JITTER * self._chance()
        events.stand(session, scope=held.scope, what=TRIED, value="", at=now, until=again)
        events.stand(session, scope=held.scope, what=NOT_EXTENDED, value=CUT_OFF, at=now)

    async def _exchange(self, held: Held, info: TokenInfo, intent: Record) -> Result:
        fresh: list[Secret] = []

        async def exchange() -> None:
            fresh.append(await self._graph.extend_token(held.token, system_user=info.kind == "SYSTEM_USER"))

        result = await self._acts.attempt(exchange())
        if result.ok:
            result = await self._adopt(held, info, intent, fresh[0])
        if not result.ok:
            known = intent.person == BOT and await self._was_told(held, result)
            await self._acts.record_outcome(intent, result, posted=not known)
            await self._note(held, intent, result, told=known)
        return result

    async def _was_told(self, held: Held, result: Result) -> bool:
        """Whether the last thing told of this token is that the clock failed for this very reason."""
        try:
            rows = await self._acts.db.read(lambda session: events.standings(session, [held.scope]))
        except StorageError:
            return False
        return any(row.what == TOLD and row.value == _failure(held, result) for row in rows)

    async def _adopt(self, held: Held, old: TokenInfo, intent: Record, fresh: Secret) -> Result:
        """Keep the new token together with the outcome. A Result that is not ok: nothing was kept."""
        try:
            new = await self._graph.inspect_token(fresh)
        except GraphError as error:
            return replace(result_of(error), outcome=Outcome.FAILED)
        why_not = is_better(old, new, self._app_id)
        if why_not:
            return Result(Outcome.FAILED, reason="not better", says=why_not)
        now = self._acts.clock.now()
        outcome = intent.outcome_of(Outcome.OK, at=now)

        def work(session: Session) -> Held:
            kept = self._tokens.keep(session, held, fresh, new)
            events.stand(session, scope=held.scope, what=EXTENDED, value="", at=now)
            self._acts.journal.write(session, outcome)
            return kept

        try:
            self._tokens.use(await self._acts.tell(work))
        except StorageError as error:
            return Result(Outcome.FAILED, reason="not recorded", says=error.sentence)
        except Conflict as faster:  # what a person has put there stays
            return Result(Outcome.FAILED, reason="replaced", says=faster.sentence)
        return Result(Outcome.OK)

    async def _note(self, held: Held, intent: Record, result: Result, *, told: bool) -> None:
        """Keep why for the diagnosis, unless another token serves by now; what the clock tried is told on change."""
        now, reason = self._acts.clock.now(), clause(result.says or result.reason)
        trouble = Record(
            op=f"{Act.TOKEN_NOT_EXTENDED.value}:{held.id}:{now.isoformat()}", kind="fact",
            act=Act.TOKEN_NOT_EXTENDED, person=BOT, at=now, reason=result.reason, trace=result.trace,
            details={**self._named(held), "why": reason, "do": ADVICE},
        )  # fmt: skip

        def work(session: Session) -> None:
            if not self._tokens.still_serves(session, held):
                return
            events.stand(session, scope=held.scope, what=NOT_EXTENDED, value=reason, at=now)
            if intent.person == BOT and not told:
                events.stand(session, scope=held.scope, what=TOLD, value=_failure(held, result), at=now)
                self._acts.journal.write(session, trouble)

        try:
            await self._acts.tell(work)
        except StorageError:
            return  # the outcome itself is kept trying; that it failed stands in its intent's mark already


def _failure(held: Held, result: Result) -> str:
    return f"{held.id} {result.reason}"


def clause(sentence: str) -> str:
    """A sentence of ours fit to stand behind a colon."""
    text = sentence.strip().rstrip(".")
    return text[:1].lower() + text[1:] if text.startswith(("The ", "Our ", "This ", "That ")) else text


def _cannot(info: TokenInfo) -> BotError:
    if not info.is_valid:
        return BotError("A dead token cannot be refreshed.", hint="“Reconnect with Meta” makes a new one.")
    if info.never_expires:
        return BotError("This token never ends, so there is nothing to refresh.")
    return BotError(
        "Meta does not extend a token of this kind.", hint="“Reconnect with Meta” makes a new one."
    )
