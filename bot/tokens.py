"""The access tokens: imported from the settings once, kept encrypted, each serving the accounts of its slot."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.audit import BOT, Act, Journal, Outcome, Record
from bot.cipher import Cipher
from bot.clock import Clock
from bot.evidence.records import Extension
from bot.graph.client import Graph
from bot.graph.model import TokenInfo
from bot.roles import Person
from bot.secret import Secret
from bot.token_held import (
    EXTENDED,
    FROM_SETTINGS,
    IN_USE,
    NOT_EXTENDED,
    TRIED,
    Held,
    adopted,
    columns,
    held_in,
)
from bot.token_state import Known, TokenState, judge, read_snapshot
from storage import events, tokens
from storage.db import Database
from storage.errors import Conflict, Unavailable


class Tokens:
    """Holds the tokens in use. The only reader of stored tokens."""

    def __init__(
        self,
        *,
        db: Database,
        cipher: Cipher,
        journal: Journal,
        clock: Clock,
        given: Secret,
        app_id: str,
        accounts: Sequence[str] = (),
    ) -> None:
        """`given`: the settings' token. `accounts`: the ones named there; others are learnt."""
        self._db = db
        self._cipher = cipher
        self._journal = journal
        self._clock = clock
        self._given = given
        self._app_id = app_id
        self._held: dict[str, Held] = {IN_USE: Held(IN_USE, given)}
        self._uses: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._accounts = set(accounts)
        self._known: dict[tuple[str, str], Known] = {}
        self._is_new = False
        self._is_loaded = False
        self._adopting = asyncio.Lock()

    def current(self) -> Secret:
        return self._held[IN_USE].token

    def for_node(self, node_id: str) -> Secret:
        """The token that serves this number or account; the default one for everything else."""
        return self.of_account(self.account_of(node_id)).token

    def of_account(self, account_id: str) -> Held:
        """The token that serves an account ("" for none), with what is known of it."""
        return self._held.get(self._uses.get(account_id, IN_USE), self._held[IN_USE])

    def is_in_use(self, held: Held) -> bool:
        return self._held.get(held.slot) == held

    def account_of(self, node_id: str) -> str:
        """The account of a number; an id that is no known number's stands for itself."""
        return self._numbers.get(node_id, node_id)

    def learn(self, numbers: Mapping[str, str]) -> None:
        """Numbers with their accounts, as they were read from Meta."""
        self._numbers.update(numbers)
        self._accounts.update(numbers.values())

    def all(self) -> tuple[Held, ...]:
        """Every token in use, the default one first."""
        return tuple(self._held.values())

    def secrets(self) -> tuple[Secret, ...]:
        """The same, only the tokens themselves."""
        return tuple(held.token for held in self._held.values() if held.token)

    def served_by(self, slot: str) -> tuple[str, ...]:
        """The accounts known to be served by this slot."""
        known = self._accounts | self._uses.keys()
        return tuple(sorted(one for one in known if self._uses.get(one, IN_USE) == slot))

    async def load(self) -> None:
        """Take up the stored tokens, unless the settings now hold another one than was imported.

        Raises bot.cipher.WrongKey when SECRET_KEY does not open what is stored, StorageError when it
        cannot be read: then the given token stays in use.
        """
        rows, uses = await self._db.read(lambda session: (tokens.in_use(session), tokens.uses(session)))
        opened = {row.slot: held_in(row, self._cipher.decrypt(row.ciphertext)) for row in rows}
        imported = opened.pop(FROM_SETTINGS, None)
        self._is_new = bool(self._given) and (imported is None or imported.token != self._given)
        if self._is_new or IN_USE not in opened:
            opened[IN_USE] = Held(IN_USE, self._given)
        self._held = {IN_USE: opened.pop(IN_USE), **opened}
        self._uses = {account: slot for account, slot in uses.items() if slot in self._held}
        self._is_loaded = True

    async def take_in(self) -> None:
        """Keep a token that the settings hold for the first time. Raises StorageError."""
        if self._is_new:
            self._held[IN_USE] = await self._db.write(self._import)
            self._is_new = False

    def _import(self, session: Session) -> Held:
        now, token_id = self._clock.now(), 0
        for slot in (FROM_SETTINGS, IN_USE):
            token_id = self._save(session, slot, self._given, TokenInfo("", "", False), now)
        op = f"token.imported:{now.isoformat()}"
        self._journal.write(
            session,
            Record(op=op, kind="fact", act=Act.TOKEN_IMPORTED, person=BOT, at=now, outcome=Outcome.OK),
        )
        self._forget(session, IN_USE, now)
        return Held(IN_USE, self._given, token_id, since=now)

    def still_serves(self, session: Session, held: Held) -> bool:
        """Whether that very token is the one stored for its slot: people replace tokens at any moment."""
        row = tokens.current(session, held.slot)
        return held.id == (row.id if row else 0)

    def keep(self, session: Session, held: Held, fresh: Secret, info: TokenInfo) -> Held:
        """Store a proven new token in the place of `held`, within the caller's transaction; after its commit
        call `use` with what this returns. Raises Conflict when another one has taken that place."""
        if not self.still_serves(session, held):
            raise Conflict("Another token took its place meanwhile.")
        now = self._clock.now()
        token_id = self._save(session, held.slot, fresh, info, now, held.label)
        self._forget(session, held.slot, now)
        return Held(held.slot, fresh, token_id, held.label, now)

    def use(self, held: Held) -> None:
        self._held[held.slot] = held
        self._known = {key: known for key, known in self._known.items() if key[0] != held.slot}

    async def adopt(
        self, person: Person, fresh: Secret, info: TokenInfo, *, accounts: Sequence[str], label: str, act: Act
    ) -> None:
        """Keep a token that was proven to reach `accounts`, let it serve them, and record that, at once.

        It takes the place of the token that serves them when it reaches all which that one serves, and stands
        beside it otherwise. Raises StorageError: then nothing has changed.
        """
        if not self._is_loaded or self._is_new:
            raise Unavailable("The stored tokens could not be read yet, so no other one is kept.")
        async with self._adopting:  # which slot it takes depends on who serves whom
            now, slot = self._clock.now(), self._slot_for(info, accounts)
            uses = self._uses | {one: slot for one in accounts if self._uses.get(one, IN_USE) != slot}
            idle = [one for one in self._held if one not in (IN_USE, slot, *uses.values())]
            record = adopted(
                person, info, act, now, fingerprint=self._cipher.fingerprint(fresh), label=label, accounts=accounts
            )  # fmt: skip

            def work(session: Session) -> Held:
                token_id = self._save(session, slot, fresh, info, now, label)
                for one in uses.items() - self._uses.items():
                    tokens.serve(session, *one, at=now)
                for each in idle:
                    tokens.retire(session, each, at=now)
                self._forget(session, slot, now)
                self._journal.write(session, record)
                return Held(slot, fresh, token_id, label, now)

            held = await self._db.write(work)
            self._uses = uses
            for each in idle:
                self._held.pop(each, None)
            self._accounts.update(accounts)
            self.use(held)

    def _slot_for(self, info: TokenInfo, accounts: Sequence[str]) -> str:
        slots = {self._uses.get(account, IN_USE) for account in accounts}
        if len(slots) == 1:
            slot = slots.pop()
            if set(self.served_by(slot)) <= set(accounts):
                return slot
        named = f"{info.kind.lower() or 'token'}-{info.user_id or 'unnamed'}"
        if set(self.served_by(named)) <= set(accounts):
            return named
        return f"{named}-{min(accounts, default='')}"  # the same user's other token serves other accounts

    def _save(
        self, session: Session, slot: str, token: Secret, info: TokenInfo, now: datetime, label: str = ""
    ) -> int:
        return tokens.save(
            session, slot=slot, ciphertext=self._cipher.encrypt(token), at=now, label=label, **columns(info)
        )  # fmt: skip

    def _forget(self, session: Session, slot: str, now: datetime) -> None:
        """What is known of a slot's former token says nothing of the new one."""
        for what in (NOT_EXTENDED, TRIED, EXTENDED):
            events.unstand(session, scope=f"token:{slot}", what=what, before=now)

    def describe(self, session: Session, held: Held, info: TokenInfo) -> None:
        """Note what Meta says of a token now, within the caller's transaction."""
        if held.id:
            tokens.describe(session, held.id, **columns(info))

    def fingerprint(self, held: Held) -> str:
        """Names a token where its text may not stand."""
        return self._cipher.fingerprint(held.token)

    async def extension(self, account_id: str) -> Extension | None:
        """The last extension of the token that serves this account, when it failed. Raises StorageError."""
        failed, _ = await self._history(self.of_account(account_id))
        return failed

    async def _history(self, held: Held) -> tuple[Extension | None, datetime | None]:
        """How the last extension failed, if it did, and when one last went well."""
        rows = await self._db.read(lambda session: events.standings(session, [held.scope]))
        known = {row.what: row for row in rows}
        failed, extended = known.get(NOT_EXTENDED), known.get(EXTENDED)
        return Extension(failed.at, failed.value) if failed else None, extended.at if extended else None

    async def state(self, graph: Graph, account_id: str) -> TokenState:
        """How the token that serves this account stands (meta-graph.md Appendix B), read from Meta now.

        `account_id` "": of the default token, whatever it reaches. Raises StorageError, never a GraphError.
        """
        held = self.of_account(account_id)
        failed, extended = await self._history(held)
        snapshot = await read_snapshot(graph, held.token, account_id, app_id=self._app_id, clock=self._clock)
        snapshot = replace(snapshot, extension=failed)
        state = judge(snapshot, slot=held.slot, label=held.label, since=held.since, extended_at=extended)
        if state.known:
            self._known[held.slot, account_id] = Known(state.standing, snapshot.now, state.info)
            return state
        return replace(state, last_known=self._known.get((held.slot, account_id)))
