"""The links themselves: made for one person and one account, taken once, refused on record."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from bot.audit import Act, Outcome, Record
from bot.cipher import Cipher
from bot.config import Config
from bot.errors import BotError
from bot.flows.act import Acts
from bot.flows.guard import op_of
from bot.login import telling
from bot.login.address import LIFE, Fresh, Link, dialog, hash_of
from bot.login.windows import owe_window
from bot.numbers import NumberRef
from bot.roles import Person, Role
from bot.secret import Secret
from bot.status import NEEDED_SCOPES
from storage import audit, logins
from storage.tables import LoginLinkRow

Who = Callable[[str, str], Person]  # Slack user id and name → the person with the role they have now


class NoAddress(BotError):
    """Meta has nowhere to send people back to: the bot runs without an address of its own."""


@dataclass(frozen=True, slots=True)
class Login:
    """Who came back from Meta, with which link. `intent`: the record that stands before the exchange.

    `window`: the one in Slack in which the link was shown.
    """

    key: str
    person: Person
    ref: NumberRef
    verifier: Secret
    intent: Record = field(repr=False)
    window: str = ""

    @property
    def number(self) -> str:
        """The number as it may stand on a page and in the records."""
        return told(self.ref)


class Links:
    """Makes and takes links, each in one durable transaction with its record."""

    def __init__(self, *, acts: Acts, cipher: Cipher, config: Config) -> None:
        self._acts = acts
        self._cipher = cipher
        self._config = config

    async def make(self, person: Person, account_id: str, ref: NumberRef, *, window: str = "") -> Link:
        """`window`: where it will be shown, to be brought up to date later; "": nowhere that lasts.

        Raises NotAllowed, NoAddress and StorageError: then there is no link."""
        person.must_be(Role.OPERATOR, to="reconnect with Meta")
        if not self._config.callback_url:
            raise NoAddress(
                "The login with Meta needs an address where Meta can send you back to, and this bot has none.",
                hint="Whoever runs the bot sets PUBLIC_URL and META_VERIFY_TOKEN, and adds "
                "PUBLIC_URL/oauth/meta/callback to the app's Valid OAuth Redirect URIs at Meta. Until then a manager "
                "can use `/whatsapp token replace`.",
            )
        fresh, now = Fresh(), self._acts.clock.now()
        key = hash_of(fresh.state)
        on = _on(ref)
        about = {"person": person.name, "number": ref.public_name, "tail": ref.tail, "window": window}

        def work(session: Session) -> None:
            self._expire(session, now)
            replaced = logins.make(
                session, state_hash=key, person=person.id, account_id=account_id,
                number_id=on.id if on else "", about=about, verifier=self._cipher.encrypt(fresh.verifier),
                at=now, until=now + LIFE,
            )  # fmt: skip
            for old in replaced:
                if window_of(old) != window:  # else the new link is about to be drawn there
                    self._over(session, old, telling.REPLACED, now)
            made = Record(
                op=op_of(Act.LOGIN_LINK, key), kind="fact", act=Act.LOGIN_LINK, person=person, at=now, ref=on,
                outcome=Outcome.OK,
            )  # fmt: skip
            self._acts.journal.write(session, made)

        await self._acts.tell(work)
        return Link(dialog(self._config, fresh, NEEDED_SCOPES), now + LIFE)

    async def expire(self) -> None:
        """Say in the windows of links that nobody used in time that they work no more. Raises StorageError."""
        now = self._acts.clock.now()
        if await self._acts.db.read(lambda session: logins.any_over(session, at=now)):
            await self._acts.tell(lambda session: self._expire(session, now))

    def _expire(self, session: Session, now: datetime) -> None:
        for old in logins.expire(session, at=now):
            self._over(session, old, telling.EXPIRED, now)

    def _over(self, session: Session, row: LoginLinkRow, template: str, now: datetime) -> None:
        owe_window(session, self._acts.journal, window_of(row), template, ref_of(row), at=now)

    async def take(self, state: Secret, who: Who, *, declined: bool) -> Login | None:
        """The login that `state` belongs to, taken and on record; None when there is none to take.

        `declined`: there is no code to exchange. Raises StorageError: then the link still works.
        """
        key = hash_of(state)
        if await self._acts.db.read(lambda session: logins.find(session, key)) is None:
            return None  # forged: costs a look-up, no write
        return await self._acts.tell(lambda session: self._take(session, key, who, declined))

    def _take(self, session: Session, key: str, who: Who, declined: bool) -> Login | None:
        now = self._acts.clock.now()
        row = logins.use(session, key, at=now)
        if row is None:
            self._note(session, key, who, now)
            return None
        person, ref = person_of(row, who), ref_of(row)
        op = op_of(Act.LOGIN_USED, key)
        intent = Record(op=op, kind="intent", act=Act.LOGIN_USED, person=person, at=now, ref=_on(ref))
        self._acts.journal.write(session, intent)
        verifier = Secret("") if declined else self._cipher.decrypt(row.verifier)
        owe_window(session, self._acts.journal, window_of(row), telling.USED, ref, at=now)
        return Login(key, person, ref, verifier, intent, window_of(row))

    def _note(self, session: Session, key: str, who: Who, now: datetime) -> None:
        """A link that was one of ours and works no more: on record, once each. A forged one leaves nothing."""
        row, op = logins.find(session, key), op_of(Act.LOGIN_REFUSED, key)
        if row is None or audit.has_op(session, op):
            return
        why = "expired" if row.used_at is None else "used again" if row.result != "replaced" else "replaced"
        refused = Record(
            op=op, kind="fact", act=Act.LOGIN_REFUSED, person=person_of(row, who), at=now, ref=_on(ref_of(row)),
            outcome=Outcome.REFUSED, reason=why,
        )  # fmt: skip
        self._acts.journal.write(session, refused)


def person_of(row: LoginLinkRow, who: Who) -> Person:
    return who(row.person, logins.names(row).get("person", ""))


def window_of(row: LoginLinkRow) -> str:
    return logins.names(row).get("window", "")


def ref_of(row: LoginLinkRow) -> NumberRef:
    """The number as it was when the link was made; without one, the account."""
    names = logins.names(row)
    return NumberRef(row.number_id, row.account_id, names.get("number", ""), names.get("tail", ""))


def told(ref: NumberRef) -> str:
    """A number in a sentence that others may read."""
    return " ".join(filter(None, (ref.public_name, ref.masked if ref.tail else "")))


def _on(ref: NumberRef) -> NumberRef | None:
    """A record is about a number, never about an account in a number's place."""
    return ref if ref.id and ref.id != ref.account_id else None
