"""Replace a token by one that a person typed: tried by doing before it is kept, and the old one stays until then."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from bot.audit import Act, Outcome, Record
from bot.errors import BadInput
from bot.flows.act import Acts
from bot.flows.guard import op_of
from bot.flows.result import in_short, result_of
from bot.graph.client import Graph
from bot.graph.errors import GraphError, Unreachable
from bot.graph.model import TokenInfo
from bot.roles import Person, Role
from bot.secret import Secret
from bot.status import NEEDED_SCOPES
from bot.token_held import IN_USE
from bot.token_rules import end_of, is_of_another_app
from bot.tokens import Tokens

FIELD = "token"
AT_ONCE = 4
REMEMBERED = 16
_KINDS = MappingProxyType({"SYSTEM_USER": "system user", "USER": "user"})
_T = TypeVar("_T")
_USABLE = frozenset(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class Replaced:
    """What was taken into use. `left`: accounts of the old token that the new one does not reach."""

    info: TokenInfo
    accounts: tuple[str, ...]
    left: tuple[str, ...]


class _Failed(Exception):
    """A test the token did not pass. `test`: its name for the records; `says`: for the person."""

    def __init__(self, test: str, says: str, error: GraphError | None = None) -> None:
        super().__init__(test)
        self.test = test
        self.says = says
        self.error = error


class Replacing:
    """“Replace token”."""

    def __init__(self, *, acts: Acts, graph: Graph, tokens: Tokens, app_id: str) -> None:
        self._acts = acts
        self._graph = graph
        self._tokens = tokens
        self._app_id = app_id
        self._clicks: dict[str, asyncio.Future[Replaced]] = {}

    async def replace(self, person: Person, typed: Secret, account_id: str, *, key: str) -> Replaced:
        """Try the token on `account_id` ("": on every account the default one serves) and keep it.

        `key` names the click: the second of a double click gets the answer to the first.
        Raises NotAllowed; BadInput with the test that failed, and then nothing has changed; StorageError.
        """
        person.must_be(Role.MANAGER, to="replace the token")
        first = self._clicks.get(key)
        if first is None:
            first = asyncio.ensure_future(self._replace(person, typed, account_id))
            self._clicks[key] = first
            first.add_done_callback(lambda done: self._forget(key, done))
        return await asyncio.shield(first)

    def _forget(self, key: str, done: "asyncio.Future[Replaced]") -> None:
        """What failed may be tried again in the same window; of what went well the last few are kept."""
        if done.cancelled() or done.exception():
            self._clicks.pop(key, None)
        while len(self._clicks) > REMEMBERED:
            del self._clicks[next(iter(self._clicks))]

    async def _replace(self, person: Person, typed: Secret, account_id: str) -> Replaced:
        fresh = _tidy(typed)
        try:
            info, reached, left = await self._try(fresh, account_id)
        except _Failed as failed:
            await self._acts.record(self._refused(person, failed))
            raise BadInput(failed.says, field=FIELD, hint="Nothing was changed.") from None
        label = f"{_KINDS.get(info.kind, 'token')} …{info.user_id[-3:]}" if info.user_id else ""
        await self._tokens.adopt(person, fresh, info, accounts=reached, label=label, act=Act.TOKEN_REPLACED)
        return Replaced(info, reached, left)

    async def _try(
        self, fresh: Secret, account_id: str
    ) -> tuple[TokenInfo, tuple[str, ...], tuple[str, ...]]:
        if fresh in self._tokens.secrets():
            raise _Failed("same", "This is the token that is in use already.")
        info = await self._asked("debug_token", "Meta could not look at it", self._graph.inspect_token(fresh))
        self._inspect(info, self._acts.clock.now())
        slot = self._tokens.of_account(account_id).slot if account_id else IN_USE
        served = self._tokens.served_by(slot)
        wanted = (account_id,) if account_id else (served or info.account_ids)
        if not wanted:
            raise _Failed("accounts", "It names no WhatsApp account. Set META_WABA_IDS and try again.")
        await self._use(fresh, wanted)
        others = [one for one in served if one not in wanted]
        also = await self._reached(fresh, others)
        return info, (*wanted, *also), tuple(one for one in others if one not in also)

    def _inspect(self, info: TokenInfo, now: datetime) -> None:
        if not info.is_valid:
            words = f" Meta says: “{info.error_words}”" if info.error_words else ""
            raise _Failed("valid", f"Meta does not accept it.{words}")
        if info.app_id != self._app_id:
            raise _Failed("app", "It belongs to another Meta app. Make it for the app of this bot.")
        lacking = [scope for scope in NEEDED_SCOPES if scope not in info.scopes]
        if lacking:
            raise _Failed("scopes", f"It lacks a permission: {', '.join(lacking)}.")
        end = end_of(info)
        if end is not None and end <= now:
            raise _Failed("life", "Its time is over.")

    async def _use(self, fresh: Secret, accounts: Sequence[str]) -> None:
        """Read account, number and templates of each, a few at once; the first failure counts."""
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(account_id: str) -> None:
            async with slots:
                await self._use_on(fresh, account_id)

        done = await asyncio.gather(*(one(account) for account in accounts), return_exceptions=True)
        for result in done:
            if isinstance(result, BaseException):
                raise result

    async def _use_on(self, fresh: Secret, account_id: str) -> None:
        graph, of = self._graph.using(fresh), f"of account {account_id}"
        await self._asked("account", f"It could not read account {account_id}", graph.account(account_id))
        numbers = await self._asked(
            "number", f"It could not read the numbers {of}", graph.numbers(account_id)
        )
        if numbers:
            await self._asked("number", f"It could not read a number {of}", graph.number(numbers[0].id))
        await self._asked("templates", f"It could not read the templates {of}", graph.templates(account_id))

    async def _reached(self, fresh: Secret, accounts: Sequence[str]) -> tuple[str, ...]:
        reached = []
        for account in accounts:
            try:
                await self._use_on(fresh, account)
            except _Failed:
                continue
            reached.append(account)
        return tuple(reached)

    async def _asked(self, test: str, says: str, read: Awaitable[_T]) -> _T:
        try:
            return await read
        except GraphError as error:
            told = result_of(error)
            why = told.says or in_short(told)
            if isinstance(error, Unreachable):
                why = "Meta did not answer, or not in a way that can be read. Try again in a minute."
            elif is_of_another_app(error):
                why = "It belongs to another Meta app. Make it for the app of this bot."
            raise _Failed(test, f"{says}. {why}", error) from None

    def _refused(self, person: Person, failed: _Failed) -> Record:
        """Each try is an act of its own: a window in which one failed stays open, and its clicks have one key."""
        now, told = self._acts.clock.now(), result_of(failed.error) if failed.error else None
        return Record(
            op=op_of(Act.TOKEN_REPLACED, f"{person.id}:{now.isoformat()}"), kind="fact", act=Act.TOKEN_REPLACED,
            person=person, at=now, outcome=Outcome.FAILED, reason=told.reason if told else failed.test,
            trace=told.trace if told else "", details={"test": failed.test},
        )  # fmt: skip


def _tidy(typed: Secret) -> Secret:
    """What was pasted without the white space around it. Raises BadInput when it cannot be a token."""
    text = typed.reveal().strip()
    if len(text) < 20 or not _USABLE.issuperset(text):
        raise BadInput(
            "That is no access token: those are long, without a space.",
            field=FIELD,
            hint="Nothing was changed.",
        )
    return Secret(text)
