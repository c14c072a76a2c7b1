"""A Slack on loopback: Web API, Socket Mode and people, stricter than the real one."""

from collections.abc import Callable, Iterable, Sequence
from typing import Unpack

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.slack.answers import Answers
from bot.sandbox.slack.delivery import Ack, Delivery
from bot.sandbox.slack.faults import Fault, FaultOptions, Kind
from bot.sandbox.slack.happenings import PATIENCE_S, Happenings
from bot.sandbox.slack.model import JSON, ApiCall, Callback, Channel, EnvelopeLog, Now
from bot.sandbox.slack.payloads import slash
from bot.sandbox.slack.person import Person
from bot.sandbox.slack.place import Place
from bot.sandbox.slack.refusals import Refusals
from bot.sandbox.slack.web_api import WebApi
from bot.sandbox.slack.windows import Windows
from bot.sandbox.slack.workspace import Workspace

SCOPES = (
    "commands",
    "chat:write",
    "users:read",
    "usergroups:read",
    "channels:read",
    "groups:read",
    "im:write",
)


class FakeSlack:
    """One workspace with one app, `start`ed on a loopback port.

    `ack_s`, `trigger_s`: how long an acknowledgement may take and a trigger_id lives. `posts_per_s`: how
    many messages a channel takes per second (0: any). `event_retry_s`: when an unacknowledged event comes
    again. `commands`: what the manifest registers; `should_escape`: whether mentions arrive as ids.
    """

    def __init__(
        self,
        *,
        clock: Now | None = None,
        scopes: Iterable[str] = SCOPES,
        team_id: str = "T0DESK",
        ack_s: float = 3.0,
        trigger_s: float = 3.0,
        ticket_s: float = 30.0,
        posts_per_s: float = 0.0,
        event_retry_s: Sequence[float] = (0.0, 60.0, 300.0),
        commands: tuple[str, ...] = ("/whatsapp",),
        should_escape: bool = True,
    ) -> None:
        self.bot_token = "xoxb-sandbox-bot"  # noqa: S105 - opens nothing but this sandbox
        self.app_token = "xapp-sandbox-app"  # noqa: S105
        self.signing_secret = "5a11d80c" * 4
        self.refusals = Refusals()
        happenings = Happenings()
        self.workspace = Workspace(clock or Clock(), team_id, happenings)
        self.windows = Windows(self.workspace, trigger_s=trigger_s)
        self.delivery = Delivery(self.refusals, ticket_s, ack_s, event_retry_s)
        answers = Answers(self.workspace, self.refusals)
        self._place = Place(
            self.workspace, self.windows, self.delivery, answers, self.refusals, commands, should_escape
        )
        self.tokens = {self.bot_token: "", self.app_token: ""}
        self._web = WebApi(self._place, frozenset(scopes), self.tokens, posts_per_s)
        self._people: dict[str, Person] = {}
        self._runner: web.AppRunner | None = None

    # -- running ----------------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1. OSError when the port is taken."""
        app = web.Application(client_max_size=1 << 20)
        app.router.add_route("*", "/api/{method}", self._web.handle)
        app.router.add_get("/link", self.delivery.links.link)
        app.router.add_post("/actions/{key}", self._place.answers.handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.5, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        host, taken = self._runner.addresses[0][:2]
        self._place.answers.base_url = f"http://{host}:{taken}"

    async def close(self) -> None:
        self._web.closing.set()
        await self.delivery.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> "FakeSlack":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def url(self) -> str:
        """http://127.0.0.1:PORT"""
        return self._place.answers.base_url

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"{self.url}/api/"

    async def connected(self, count: int = 1, *, since: int = 0, timeout_s: float = PATIENCE_S) -> None:
        """Wait until the app has this many sockets open, and opened more than `since` so far."""
        await self.delivery.links.connected(count, since=since, timeout_s=timeout_s)

    def send_to(self, url: str) -> None:
        """From now on over HTTP, signed, to this request URL; "": over Socket Mode again."""
        self.delivery.posting.signing_secret = self.signing_secret
        self.delivery.posting.url = url

    @property
    def place(self) -> Place:
        """Its parts, for whoever shows them or acts in them."""
        return self._place

    # -- people and places --------------------------------------------------------------------------------

    def person(self, name: str) -> Person:
        """ana, luis: operators; maya: manager; vik: viewer; ada: admin; guest; foreign: of another team."""
        if name not in self._people:
            self._people[name] = Person(self._place, self.workspace.user(name))
        return self._people[name]

    def channel(self, name: str) -> Channel:
        """By name or id: #general, #whatsapp-audit, #random (without the bot), #secret, #old (archived)."""
        return self.workspace.channel(name)

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Hear of everything that happens; the returned function ends it."""
        return self.workspace.happenings.subscribe(callback)

    # -- the record ---------------------------------------------------------------------------------------

    @property
    def calls(self) -> list[ApiCall]:
        """Every Web API request, oldest first."""
        return self._web.calls

    def called(self, method: str) -> list[ApiCall]:
        return [call for call in self.calls if call.method == method]

    @property
    def envelopes(self) -> list[EnvelopeLog]:
        """Every delivery over the websocket, oldest first."""
        return self.delivery.envelopes

    # -- trouble ------------------------------------------------------------------------------------------

    def add_fault(self, method: str, kind: Kind, **options: Unpack[FaultOptions]) -> Fault:
        """Let `method` ("*": any) fail; see Fault for the options."""
        fault = Fault(method, kind, **options)
        self._web.faults.waiting.append(fault)
        return fault

    def lift_fault(self, fault: Fault) -> None:
        """Take back one that is like this, if there is any."""
        if fault in self._web.faults.waiting:
            self._web.faults.waiting.remove(fault)

    def clear_faults(self) -> None:
        self._web.faults.waiting.clear()

    def revoke(self, token: str, error: str = "token_revoked") -> None:
        """From now on this token is answered with `error`; "" makes it good again."""
        self.tokens[token] = error

    def grant(self, *scopes: str) -> None:
        """Set what the bot's token may do."""
        self._web.scopes = frozenset(scopes)

    def redeliver_next(
        self, times: int = 1, delays_s: Sequence[float] = (0.0,), *, same_id: bool = True
    ) -> None:
        """The next envelope arrives `times` more times, each `delays_s` after the first."""
        self.delivery.redeliver_next(times, delays_s, same_id=same_id)

    def deliver_twice(self, on: bool) -> None:
        """Whether every envelope arrives a second time, half a second later."""
        self.delivery.twice = on

    async def redeliver(self, log: EnvelopeLog, *, same_id: bool = True) -> Ack:
        """Send an old envelope again."""
        return await self.delivery.redeliver(log.envelope, copy=log.copy + 1, same_id=same_id)

    async def settled(self) -> None:
        """Wait until nothing is on its way to the bot."""
        await self.delivery.settled()

    async def disconnect(
        self, reason: str = "refresh_requested", *, close_after_s: float | None = None
    ) -> None:
        """warning, refresh_requested, too_many_websockets or link_disabled, to every socket."""
        await self.delivery.links.disconnect(reason, close_after_s=close_after_s)

    def drop(self) -> None:
        """Cut every TCP connection."""
        self.delivery.links.drop()

    def go_half_open(self) -> None:
        """The sockets stay and are dead."""
        self.delivery.links.go_half_open()

    # -- for benchmarks -----------------------------------------------------------------------------------

    def slash_envelope(self, name: str, text: str, channel: str = "#general") -> JSON:
        """What `deliver` takes: one slash command of this person, nothing shown anywhere."""
        command, _, rest = text.partition(" ")
        return slash(self._place, self.workspace.user(name), command, rest, self.channel(channel))

    async def deliver(self, envelope: JSON) -> Ack:
        """Send one envelope; the time is taken at the socket."""
        return await self.delivery.deliver(envelope)
