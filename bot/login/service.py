"""The logins: a link is handed out, somebody comes back with it, the code becomes a token that is kept or refused."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping

from sqlmodel import Session

from bot.audit import Act
from bot.cipher import Cipher
from bot.config import Config
from bot.directory import Directory
from bot.flows.act import Acts
from bot.flows.result import Result, result_of
from bot.graph.client import Graph
from bot.graph.errors import GraphError
from bot.graph.model import TokenInfo
from bot.login import pages, telling
from bot.login.address import Link
from bot.login.ending import Endings
from bot.login.judging import Fit, Unfit, inspect, judge, lasting, reached
from bot.login.links import Links, Login, Who
from bot.login.pages import Page
from bot.login.targets import Targets
from bot.numbers import NumberRef
from bot.roles import Person, Role
from bot.secret import Secret
from bot.tasks import Tasks
from bot.tokens import Tokens
from storage.errors import StorageError

LOOK_WITHIN_S = 20.0
_STATE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_CODE = re.compile(r"[\x21-\x7e]{1,2048}", re.ASCII)

log = logging.getLogger(__name__)
Look = Callable[[NumberRef], Awaitable[str]]


class Logins:
    """One instance a process. `who` gives the person of a Slack id; `look` says what is still wrong with a number."""

    def __init__(
        self,
        *,
        acts: Acts,
        graph: Graph,
        tokens: Tokens,
        cipher: Cipher,
        config: Config,
        tasks: Tasks,
        directory: Directory,
        who: Who,
        look: Look,
    ) -> None:
        self._acts = acts
        self._graph = graph
        self._tokens = tokens
        self._config = config
        self._tasks = tasks
        self._who = who
        self._look = look
        self._endings = Endings(acts)
        self.targets = Targets(directory=directory, accounts=config.meta_waba_ids)
        self._links = Links(acts=acts, cipher=cipher, config=config)

    async def link(self, person: Person, account_id: str, ref: NumberRef, *, window: str = "") -> Link:
        """A link that works once, within 15 minutes. `window`: Slack's id of the one it is to be shown in.

        Raises NotAllowed, links.NoAddress, StorageError.
        """
        return await self._links.make(person, account_id, ref, window=window)

    async def expire(self) -> None:
        """Bring the windows of links that were not used in time up to date. Raises StorageError."""
        await self._links.expire()

    def close_unfinished(self, session: Session) -> None:
        """At the start: tell those whose login an earlier run took up and never told the end of."""
        self._endings.close_unfinished(session)

    async def arrive(self, query: Mapping[str, str]) -> Page:
        """Somebody comes back from Meta's login with `query`: the page for them. Never raises for what it holds."""
        state, code, error = (query.get(name, "") for name in ("state", "code", "error"))
        if not _STATE.fullmatch(state) or not (error or _CODE.fullmatch(code)):
            return pages.UNUSABLE
        try:
            login = await self._links.take(Secret(state), self._who, declined=bool(error))
        except StorageError as trouble:
            log.warning("a login was not taken up: %s", trouble.sentence)
            return pages.NOT_KEPT
        if login is None:
            return pages.UNUSABLE
        told: list[Page] = []

        async def work() -> None:
            told.append(await self._complete(login, Secret(code), error))

        # beside the request: whoever closes the browser meanwhile stops nothing
        await asyncio.wait({self._tasks.start(work(), name="login")})
        return told[0] if told else pages.BROKEN

    async def _complete(self, login: Login, code: Secret, error: str) -> Page:
        ends = self._endings
        if error:
            return await ends.declined(login, error)
        if login.person.role < Role.OPERATOR:
            return await ends.refused(login, _NO_ROLE)
        fresh, result = await self._exchange(login, code)
        if fresh is None:
            return await ends.not_exchanged(login, result)
        try:
            fit, changed = await self._judge(login, fresh)
        except Unfit as why:
            return await ends.refused(login, why)
        except GraphError as trouble:
            return await ends.not_checked(login, result_of(trouble).reason)
        return await self._keep(login, fit, changed)

    async def _exchange(self, login: Login, code: Secret) -> tuple[Secret | None, Result]:
        """One try: a code lives 30 seconds and works once."""
        fresh: list[Secret] = []

        async def exchange() -> None:
            fresh.append(
                await self._graph.exchange_code(
                    code, redirect_uri=self._config.callback_url, verifier=login.verifier
                )
            )

        result = await self._acts.attempt(exchange())
        return (fresh[0] if fresh else None), result

    async def _judge(self, login: Login, fresh: Secret) -> tuple[Fit, telling.Change]:
        """Raises Unfit or GraphError."""
        account_id, with_it = login.ref.account_id, self._graph.using(fresh)
        old = self._tokens.of_account(account_id)
        info, before = await asyncio.gather(
            inspect(self._graph, fresh), _or_none(self._graph.inspect_token(old.token))
        )
        name = await judge(
            with_it, info, app_id=self._config.meta_app_id, account_id=account_id, number=login.number
        )
        others = [one for one in self._tokens.served_by(old.slot) if one != account_id]
        accounts = (account_id, *await reached(with_it, others))
        token, info = await lasting(self._graph, fresh, info, self._acts.clock.now())
        return Fit(token, info, accounts, name), telling.change(before, info)

    async def _keep(self, login: Login, fit: Fit, changed: telling.Change) -> Page:
        """Store it, say so in the records, and tell the person once the number was looked at."""
        label = fit.account_name or f"login of {login.person.name}"
        try:
            await self._tokens.adopt(
                login.person, fit.token, fit.info, accounts=fit.accounts, label=label, act=Act.TOKEN_CONNECTED
            )
        except StorageError as trouble:
            return await self._endings.not_stored(login, trouble)
        page = await self._endings.kept(login, fit, changed)
        self._tasks.start(self._tell(login, fit, changed), name="tell of a login")
        return page

    async def _tell(self, login: Login, fit: Fit, changed: telling.Change) -> None:
        try:
            async with asyncio.timeout(LOOK_WITHIN_S):
                still = await self._look(login.ref)
        except TimeoutError:
            still = "The number could not be read in time. Type `/whatsapp status` to look."
        await self._endings.connected(login, fit, changed, still)


_NO_ROLE = Unfit(
    "Not allowed",
    "Whoever the link was made for may not reconnect with Meta any more.",
    reason="role",
    hint="Ask a manager to do it.",
)


async def _or_none(read: Awaitable[TokenInfo]) -> TokenInfo | None:
    try:
        return await read
    except GraphError:
        return None  # only to say what has changed
