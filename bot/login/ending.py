"""How a login ends: the outcome on record, the direct message that is owed and the page, all telling the same."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from bot.audit import Outcome
from bot.flows.act import Acts
from bot.flows.result import Result
from bot.login import pages, telling
from bot.login.judging import Fit, Unfit
from bot.login.links import Login, ref_of, window_of
from bot.login.pages import Page
from bot.login.windows import owe_window
from bot.numbers import NumberRef
from storage import logins
from storage.errors import StorageError

_STOPPED = "I was restarted before it was stored, so it may or may not have been completed at Meta."
_KEPT = "The login was stored. I was restarted before I could look at the number."


class Endings:
    """Every end is one transaction: outcome, message, the link's last word."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    async def declined(self, login: Login, error: str) -> Page:
        """No code came back: the person said no, or something went wrong at Meta."""
        no = error == "access_denied"
        page = (pages.declined if no else pages.not_given)(login.number, login.person.name)
        result = Result(Outcome.REFUSED, reason="declined" if no else "no code", says=page.lines[0])
        return await self._end(login, result, telling.DECLINED, page)

    async def refused(self, login: Login, why: Unfit) -> Page:
        page = pages.refused(why.title, why, login.number, login.person.name)
        return await self._end(
            login, Result(Outcome.REFUSED, reason=why.reason, says=page.lines[0]), telling.REFUSED, page
        )

    async def not_exchanged(self, login: Login, result: Result) -> Page:
        """No token: lost on the way, or refused by Meta."""
        lost = result.outcome is Outcome.UNKNOWN
        page = (pages.unsure if lost else pages.not_exchanged)(login.number, login.person.name)
        return await self._end(login, result, telling.UNSURE if lost else telling.REFUSED, page)

    async def not_checked(self, login: Login, reason: str) -> Page:
        page = pages.not_checked(login.number, login.person.name)
        return await self._end(
            login, Result(Outcome.FAILED, reason=reason, says=page.lines[0]), telling.REFUSED, page
        )

    async def not_stored(self, login: Login, trouble: StorageError) -> Page:
        page = pages.not_stored(login.number, login.person.name)
        result = Result(Outcome.FAILED, reason="not recorded", says=trouble.sentence)
        return await self._end(login, result, telling.REFUSED, page)

    async def _end(self, login: Login, result: Result, template: str, page: Page) -> Page:
        said = " ".join(filter(None, (result.says or page.lines[0], result.do)))
        words = f"Meta says: {result.metas_words}" if result.metas_words else ""

        def work(session: Session) -> None:
            self._outcome(session, login, result, {"meta": result.metas_words} if words else {})
            self._owe(session, login.person.id, login.ref, template, login.window, reason=said, text=words)
            logins.end(session, login.key, result=result.reason or result.outcome.value)

        await self._acts.surely(work, "a login")
        return page

    async def kept(self, login: Login, fit: Fit, changed: telling.Change) -> Page:
        """It is in use. The person is told next; should the bot be stopped before, it tells them at its next start."""

        def work(session: Session) -> None:
            details = telling.details(fit, changed, self._acts.clock.now())
            self._outcome(session, login, Result(Outcome.OK), details)
            logins.end(session, login.key, result=logins.KEPT)

        await self._acts.surely(work, "a login")
        return pages.connected(login.number, fit.account_name, login.person.name)

    async def connected(self, login: Login, fit: Fit, changed: telling.Change, still: str) -> None:
        def work(session: Session) -> None:
            text = telling.report(fit, changed, self._acts.clock.now(), still)
            self._owe(
                session, login.person.id, login.ref, telling.CONNECTED, login.window, reason="", text=text
            )
            logins.end(session, login.key, result="connected")

        await self._acts.surely(work, "a login")

    def close_unfinished(self, session: Session) -> None:
        """What an earlier run took up and told nobody of. Its open record is closed as unknown with the others."""
        for row in logins.unfinished(session):
            kept = row.result == logins.KEPT
            template, said = (telling.CONNECTED, _KEPT) if kept else (telling.STOPPED, _STOPPED)
            self._owe(session, row.person, ref_of(row), template, window_of(row), reason=said, text="")
            logins.end(session, row.state_hash, result="connected" if kept else "unknown")

    def _outcome(self, session: Session, login: Login, result: Result, details: Mapping[str, str]) -> None:
        at: datetime = self._acts.clock.now()
        ended = login.intent.outcome_of(
            result.outcome, at=at, reason=result.reason, trace=result.trace, details=dict(details)
        )
        self._acts.journal.write(session, ended)

    def _owe(
        self, session: Session, to: str, ref: NumberRef, template: str, window: str, *, reason: str, text: str
    ) -> None:
        """To the person, and in the window with the link, which may be open still."""
        journal, now = self._acts.journal, self._acts.clock.now()
        journal.owe_dm(
            session, to=to, template=template, ref=ref, flow_id="", at=now, reason=reason, text=text, about=ref.id
        )  # fmt: skip
        owe_window(session, journal, window, template, ref, at=now, reason=reason, text=text)
