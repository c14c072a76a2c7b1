"""All numbers of all accounts: read in parallel, remembered for a minute."""

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from bot.accounts import Accounts, Holder
from bot.card import card
from bot.causes.finding import in_utc
from bot.clock import Clock
from bot.config import Config
from bot.errors import BadInput, BotError
from bot.graph.client import Graph
from bot.graph.errors import GraphError, Throttled, Unreachable
from bot.graph.model import Number
from bot.numbers import Ambiguous, NoLongerListed, NumberRef, find, ref_of
from bot.remembered import Gone, Remembered
from bot.status import Board, Card, Known, Row, Snapshot, row, worst_first

FAILED_FRESH_FOR = timedelta(seconds=10)
FRESH_FOR = timedelta(seconds=60)  # status reads count against 200 calls an hour (meta-graph.md §7.3)

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Listing:
    numbers: tuple[tuple[NumberRef, Number], ...]
    troubles: tuple[str, ...]
    at: datetime
    error: GraphError | None = None  # the first account's that could not be read


class Directory:
    """Finds numbers and reads their state. Holds only what it read lately; decides nothing."""

    def __init__(
        self, *, graph: Graph, config: Config, clock: Clock, tokens: Holder, remembered: Remembered
    ) -> None:
        self._graph = graph
        self._remembered = remembered
        self._tokens = tokens
        self._config = config
        self._clock = clock
        self._listing: _Listing | None = None
        self._accounts = Accounts(graph=graph, config=config, clock=clock, tokens=tokens)
        self._last_good: dict[str, tuple[Row, ...]] = {}  # by account, kept while it cannot be read
        self._known = Known()

    @property
    def known(self) -> Known:
        """What was last read, without reading: an account that fails now is shown as it was."""
        return self._known

    @property
    def due(self) -> bool:
        """Whether what is known is old enough, or was dropped, so that Meta may be asked again."""
        at = self._listing.at if self._listing else None
        return at is None or not timedelta() <= self._clock.now() - at <= _fresh_for(self._listing)

    @property
    def dropped(self) -> bool:
        """Whether what is known was read, but is known to be wrong since."""
        return self._listing is None and self._known.at is not None

    async def look(self) -> None:
        """Read Meta if that is due. Raises BotError when it is not even known which accounts there are."""
        if self.due:
            await self._read()

    async def board(self) -> Board:
        """Every number, read now. Accounts that fail become sentences in `troubles`."""
        listing = await self._read()
        rows = [row(ref, number, listing.at) for ref, number in listing.numbers]
        return Board(worst_first(rows), listing.troubles)

    async def refs(self) -> tuple[NumberRef, ...]:
        """The numbers in the order of the board, at most a minute old; ten seconds when an account failed.

        Raises GraphError when nothing could be read: that is no list without numbers.
        """
        listing = self._listing
        if listing is None or self.due:
            listing = await self._read()
        if listing.error and not listing.numbers:
            raise listing.error
        rows = worst_first(row(ref, number, listing.at) for ref, number in listing.numbers)
        return tuple(r.ref for r in rows)

    async def refs_or_known(self) -> tuple[NumberRef, ...]:
        """As `refs`, with what was read before of accounts that cannot be read now: for what mends just that.

        Raises BotError when nothing is known either.
        """
        try:
            now = {ref.id: ref for ref in await self.refs()}
        except BotError:
            now = {}
            if not self._known.board.rows and not await self._remembered.refs():
                raise
        known = {row.ref.id: row.ref for row in self._known.board.rows}
        before = {ref.id: ref for ref in await self._remembered.refs()}
        return tuple((before | known | now).values())

    async def find(self, text: str) -> NumberRef:
        """The number meant by `text`. Raises BadInput or Ambiguous; GraphError when nothing can be read."""
        try:
            return find(text, await self.refs())
        except BadInput as unknown:
            gone = None if isinstance(unknown, Ambiguous) else await self.gone(text)
            if gone:
                raise NoLongerListed(gone.ref, in_utc(gone.since)) from None
            if self._listing and self._listing.troubles and not isinstance(unknown, Ambiguous):
                unknown.hint = (
                    f"{self._listing.troubles[0]} So it may be there all the same: try again in a minute."
                )
            raise

    async def gone(self, text: str) -> Gone | None:
        """The number meant by `text` (or with that id) among those that Meta lists no longer."""
        kept = {one.ref.id: one for one in await self._remembered.gone()}
        try:
            return kept.get(text) or kept[find(text, (one.ref for one in kept.values())).id]
        except BadInput:
            return None

    async def by_id(self, number_id: str) -> NumberRef:
        """The number with this phone number ID, as it is known here. Raises BadInput when it is not ours."""
        for ref in await self.refs():
            if ref.id == number_id:
                return ref
        raise _not_ours()

    async def number(self, ref: NumberRef) -> Number:
        """The number's node, read now."""
        return await self._graph.number(ref.id)

    async def card(self, ref: NumberRef) -> Card:
        """One number from four reads in parallel; a read that fails makes its facts “could not tell”."""
        number, account, apps, token = await asyncio.gather(
            self._graph.number(ref.id),
            _or_none(self._graph.account(ref.account_id)),
            _or_none(self._graph.subscribed_apps(ref.account_id)),
            _or_none(self._graph.inspect_token(self._tokens.for_node(ref.account_id))),
        )
        snap = Snapshot(number, account, apps, token, self._config.meta_app_id)
        return card(ref, snap, self._clock.now())

    async def _read(self) -> _Listing:
        accounts = await self.account_ids()
        results = await asyncio.gather(*(self._graph.numbers(a) for a in accounts), return_exceptions=True)
        numbers: dict[str, tuple[NumberRef, Number]] = {}
        troubles: list[str] = []
        first: GraphError | None = None
        for account_id, result in zip(accounts, results, strict=True):
            if isinstance(result, GraphError):
                first = first or result
                troubles.append(f"Account {account_id} could not be read: {_why(result)}")
            elif isinstance(result, BaseException):
                raise result
            else:
                numbers.update({n.id: (ref_of(n, self._config.nicknames), n) for n in result})
        self._listing = _Listing(tuple(numbers.values()), tuple(troubles), self._clock.now(), first)
        self._remember(accounts, results, self._listing)
        self._tokens.learn({ref.id: ref.account_id for ref, _ in self._listing.numbers if ref.account_id})
        return self._listing

    def _remember(
        self, accounts: tuple[str, ...], results: list[tuple[Number, ...] | BaseException], listing: _Listing
    ) -> None:
        """An account that failed keeps the rows it had; one that is not ours any more loses them."""
        kept: dict[str, tuple[Row, ...]] = {}
        for account_id, result in zip(accounts, results, strict=True):
            kept[account_id] = self._last_good.get(account_id, ())
            if not isinstance(result, BaseException):
                refs = [(ref_of(number, self._config.nicknames), number) for number in result]
                kept[account_id] = tuple(row(ref, number, listing.at) for ref, number in refs)
        self._last_good = kept
        rows = {one.ref.id: one for rows in kept.values() for one in rows}
        nothing = all(isinstance(result, BaseException) for result in results)
        unread = [
            one for one, result in zip(accounts, results, strict=True) if isinstance(result, BaseException)
        ]
        self._remembered.note([one.ref for one in rows.values()], unread=unread)
        at = self._known.at if accounts and nothing else listing.at
        self._known = Known(Board(worst_first(rows.values()), listing.troubles), at)

    async def account_ids(self) -> tuple[str, ...]:
        """The accounts there are. Raises GraphError or BotError when none is known."""
        return await self._accounts.ids()

    def forget(self) -> None:
        """Drop what was read: the next question reads Meta again."""
        self._listing = None


def _fresh_for(listing: _Listing | None) -> timedelta:
    """A listing with a hole is asked for again soon, but not at every question: reads are rationed."""
    return FAILED_FRESH_FOR if listing and listing.error else FRESH_FOR


async def _or_none(read: Awaitable[T]) -> T | None:
    try:
        return await read
    except GraphError as error:
        log.info("a read failed: %s error=%s trace=%s", type(error).__name__, error.code, error.trace)
        return None


def _why(error: GraphError) -> str:
    if isinstance(error, Throttled) and error.retry_at:
        return f"{error.message} Not before {error.retry_at:%H:%M} UTC."
    if isinstance(error, Unreachable) and error.sent:
        return "Meta did not answer, or not in a way that can be read."
    return f"{error.message} {error.hint}".strip()


def _not_ours() -> BotError:
    return BotError(
        "This number is not in any WhatsApp account this bot can see.",
        hint="It may have been removed, or the token lost access. `/whatsapp status` lists what is there.",
    )
