"""A browser at Meta's login: opens the link from Slack, answers the dialog, and comes back to the bot."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

import aiohttp
from sqlmodel import col, select

from bot.sandbox.meta import seed
from bot.sandbox.meta.token import MANAGEMENT, MESSAGING
from bot.sandbox.slack.person import Person
from storage.tables import TokenRow
from tests.desk import Desk
from tests.e2e.steps import seen, title

PUBLIC = "https://desk.example"  # a proxy in front of the bot, which these tests stand in for
BACK = f"{PUBLIC}/oauth/meta/callback"
WINDOW = "Reconnect with Meta"


def settings() -> dict[str, str]:
    return {
        "PUBLIC_URL": PUBLIC,
        "HTTP_PORT": "0",
        "META_VERIFY_TOKEN": "a verify token of sixteen or more".replace(" ", "-"),
        "META_LOGIN_CONFIG_ID": seed.LOGIN_CONFIG_ID,
    }


@dataclass
class Shown:
    """A page of the bot."""

    status: int
    text: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        body = re.sub(r"<style>.*?</style>|</?span>", "", self.text, flags=re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", body).split())

    @property
    def heading(self) -> str:
        found = re.search(r"<h1>(.*?)</h1>", self.text)
        return found[1] if found else ""


class Browser:
    """Keeps every address it was at, as a browser's history does."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._session = aiohttp.ClientSession()
        self.history: list[str] = []

    async def __aenter__(self) -> "Browser":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def dialog(self, url: str, *, user: str = "") -> str:
        """Open the link; the page of Meta's."""
        self.history.append(url)
        asked = url + (f"&as={user}" if user else "")
        async with self._session.get(asked) as answer:
            text = await answer.text()
            assert answer.status == 200, text
        return text

    async def answer(
        self,
        url: str,
        *,
        yes: bool = True,
        user: str = "",
        accounts: Sequence[str] = (seed.SHOP, seed.CAFE),
        scopes: Sequence[str] = (MANAGEMENT, MESSAGING),
    ) -> str:
        """Open the link and press a button there; the address Meta sends the browser to."""
        page = await self.dialog(url, user=user)
        found = re.search(r'name="ticket" value="([^"]+)"', page)
        assert found, page
        fields = [("ticket", found[1]), ("do", "continue" if yes else "cancel")]
        fields += [("account", each) for each in accounts] + [("scope", each) for each in scopes]
        at = url.partition("?")[0]
        async with self._session.post(at, data=fields, allow_redirects=False) as answer:
            assert answer.status == 302, await answer.text()
            return str(answer.headers["Location"])

    async def come_back(self, address: str) -> Shown:
        """Follow the redirect to the bot, through the proxy."""
        self.history.append(address)
        assert address.startswith(BACK), address
        here = self._desk.web_url + address.removeprefix(PUBLIC).partition("#")[0]
        async with self._session.get(here, allow_redirects=False) as answer:
            return Shown(answer.status, await answer.text(), dict(answer.headers))

    async def only(self, method: str, address: str) -> int:
        """Ask for the address in another way; the status."""
        here = self._desk.web_url + address.removeprefix(PUBLIC).partition("#")[0]
        async with self._session.request(method, here, allow_redirects=False) as answer:
            return answer.status

    async def log_in(self, url: str, **how: object) -> Shown:
        """The whole way."""
        return await self.come_back(await self.answer(url, **how))  # type: ignore[arg-type]  # handed on as given


async def link(person: Person, number: str = "Support") -> str:
    """`/whatsapp oauth`: the address behind the button, as this person sees it."""
    await person.type(f"/whatsapp oauth {number}")
    await person.wait_until(
        lambda: title(person) == WINDOW and "works once" in seen(person), what="the link to Meta"
    )
    return url(person)


def url(person: Person) -> str:
    """The address behind “Open Meta's login” in the window on top."""
    assert person.modal is not None
    return next(
        str(element["url"])
        for block in person.modal.window.view["blocks"]
        for element in block.get("elements", ())
        if element.get("url")
    )


def state_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["state"][0]


async def looked(desk: Desk) -> None:
    """The numbers were read before, as they are in any running bot, and that was noted."""
    await desk.bot.services.directory.look()
    await desk.bot.services.tasks.drain(within_s=5)


async def tokens_kept(desk: Desk) -> list[TokenRow]:
    """Every row of the token table, oldest first."""
    return await desk.bot.services.db.read(
        lambda session: list(session.exec(select(TokenRow).order_by(col(TokenRow.id))))
    )
