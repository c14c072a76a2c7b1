"""The login dialog (`/dialog/oauth`): checks the app's request, asks the person, and sends the browser back."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import web

from bot.sandbox.meta import dialog_page
from bot.sandbox.meta.account import AppRecord
from bot.sandbox.meta.login import SCOPES, Grant, LoginConfig, UserRecord
from bot.sandbox.meta.world import World

TICKET_LIFE = timedelta(hours=1)
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)  # a SHA-256 in base64url
STATE = range(1, 513)
DENIED = {
    "error": "access_denied",
    "error_code": "200",
    "error_reason": "user_denied",
    "error_description": "Permissions error",
}


class Refused(Exception):
    """A request the dialog does not even ask about; its text is for the person."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What an app asks for, checked, and who is asked. `query`: as it came, for the links on the page."""

    app: AppRecord
    redirect_uri: str
    state: str
    scopes: tuple[str, ...]
    config: LoginConfig | None
    challenge: str
    user: UserRecord
    query: Mapping[str, str]
    asked_at: datetime


Pairs = list[tuple[str, str]]


class Dialog:
    """`path` is where it is served, without the version."""

    path = "dialog/oauth"

    def __init__(self, world: World) -> None:
        self._world = world
        self._tickets: dict[str, Wish] = {}

    async def answer(self, request: web.BaseRequest) -> web.Response:
        try:
            if request.method == "GET":
                return self._ask(request, self._wish(_once(parse_qsl(request.query_string, True))))
            if request.method == "POST" and request.content_type == "application/x-www-form-urlencoded":
                return self._decided(request, parse_qsl(await request.text(), True))
            raise Refused("This address is for browsers that follow a login link.")
        except Refused as refused:
            return _html("You cannot log in here", dialog_page.refusal(str(refused)), status=400)

    def _wish(self, query: Mapping[str, str]) -> Wish:
        """Refused: Meta would not show its dialog for this, or only we would not."""
        app = self._world.apps.get(query.get("client_id", ""))
        if app is None:
            raise Refused("Invalid App ID: the provided app ID does not look like a valid app ID.")
        redirect_uri = query.get("redirect_uri", "")
        if redirect_uri not in app.redirect_uris:
            raise Refused(
                "URL blocked: this redirect failed because the redirect URI is not in the app's client OAuth "
                "settings."
            )
        if query.get("response_type", "code") != "code":
            raise Refused("Only response_type=code is served here.")
        state = query.get("state", "")
        if len(state) not in STATE:
            raise Refused("The link has no state, or one that is too long.")
        config, scopes = _asked(app, query)
        user = self._user(query.get("as", ""))
        now = self._world.clock.now()
        return Wish(app, redirect_uri, state, scopes, config, _challenge(query), user, query, now)

    def _user(self, asked: str) -> UserRecord:
        users = self._world.users
        if not users or asked not in ("", *users):
            raise Refused("There is no such person here.")
        return users[asked] if asked else next(iter(users.values()))

    def _ask(
        self,
        request: web.BaseRequest,
        wish: Wish,
        *,
        ticket: str = "",
        ticked: Sequence[str] | None = None,
        problem: str = "",
    ) -> web.Response:
        if not ticket:
            self._drop_old(wish.asked_at)
            ticket = secrets.token_urlsafe(24)
            self._tickets[ticket] = wish
        accounts = {each: self._world.accounts[each].name for each in wish.user.account_ids}
        others = [
            (user, {**wish.query, "as": user.id}) for user in self._world.users.values() if user != wish.user
        ]
        body = dialog_page.question(
            app_name=wish.app.name,
            user=wish.user,
            accounts=accounts,
            scopes=wish.scopes,
            others=others,
            action=request.path,
            ticket=ticket,
            ticked=(*accounts, *wish.scopes) if ticked is None else ticked,
            problem=problem,
        )
        back = urlsplit(wish.redirect_uri)
        title = f"Continue to {wish.app.name}?"
        return _html(title, body, forms_to=f"{back.scheme}://{back.netloc}", status=400 if problem else 200)

    def _drop_old(self, now: datetime) -> None:
        self._tickets = {k: wish for k, wish in self._tickets.items() if now - wish.asked_at <= TICKET_LIFE}

    def _decided(self, request: web.BaseRequest, ticks: Pairs) -> web.Response:
        form = dict(ticks)
        ticket = form.get("ticket", "")
        wish = self._tickets.get(ticket)
        now = self._world.clock.now()
        if wish is None or now - wish.asked_at > TICKET_LIFE:
            raise Refused("This page was used already, or is too old. Start again from the app.")
        if form.get("do") == "cancel":
            del self._tickets[ticket]
            return _back(wish, DENIED)
        if form.get("do") != "continue":
            raise Refused("The answer is neither yes nor no.")
        chosen = tuple(each for each in wish.user.account_ids if ("account", each) in ticks)
        scopes = tuple(each for each in wish.scopes if ("scope", each) in ticks)
        if not chosen:
            problem = "Choose at least one WhatsApp account."
            return self._ask(request, wish, ticket=ticket, ticked=scopes, problem=problem)
        del self._tickets[ticket]
        grant = self._world.add_grant(
            Grant(
                code=f"AQ{secrets.token_urlsafe(96)}",
                app_id=wish.app.id,
                redirect_uri=wish.redirect_uri,
                user=wish.user,
                account_ids=chosen,
                scopes=scopes,
                declined=tuple(each for each in wish.scopes if each not in scopes),
                challenge=wish.challenge,
                config=wish.config,
                issued_at=now,
            )
        )
        return _back(wish, {"code": grant.code})


def _once(pairs: Pairs) -> Mapping[str, str]:
    if len(dict(pairs)) < len(pairs):
        raise Refused("A parameter of the link stands in it twice.")
    return dict(pairs)


def _asked(app: AppRecord, query: Mapping[str, str]) -> tuple[LoginConfig | None, tuple[str, ...]]:
    """The configuration and its scopes, or the scopes named; never both."""
    config_id, named = query.get("config_id", ""), query.get("scope", "").replace(",", " ").split()
    if bool(config_id) == bool(named):
        raise Refused("The link must name either a configuration (config_id) or permissions (scope).")
    if config_id:
        config = app.login_configs.get(config_id)
        if config is None:
            raise Refused("Invalid configuration: the app has no such login configuration.")
        return config, config.scopes
    unknown = [scope for scope in named if scope not in SCOPES]
    if unknown:
        raise Refused(f"Invalid scopes: {', '.join(unknown)}.")
    return None, tuple(dict.fromkeys(named))


def _challenge(query: Mapping[str, str]) -> str:
    challenge, method = query.get("code_challenge", ""), query.get("code_challenge_method", "")
    if not challenge and not method:
        return ""
    if method != "S256" or not CHALLENGE.fullmatch(challenge):
        raise Refused("The code challenge must be a SHA-256 in base64url, and its method S256.")
    return challenge


def _back(wish: Wish, told: Mapping[str, str]) -> web.Response:
    """To where the app wants the browser, with Meta's odd fragment."""
    joint = "&" if urlsplit(wish.redirect_uri).query else "?"
    address = f"{wish.redirect_uri}{joint}{urlencode({**told, 'state': wish.state})}#_=_"
    return web.Response(status=302, headers={"Location": address, "Cache-Control": "no-store"})


def _html(title: str, body: str, *, status: int = 200, forms_to: str = "") -> web.Response:
    nonce = secrets.token_urlsafe(12)
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self' {forms_to}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return web.Response(
        text=dialog_page.page(title, body, nonce=nonce),
        content_type="text/html",
        status=status,
        headers={
            "Content-Security-Policy": policy,
            "Cache-Control": "no-store",
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )
