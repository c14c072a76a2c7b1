"""The fake Meta on loopback: a Graph API stricter than Meta's, that fails when it is told to."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.meta import access, oauth, routes, versions
from bot.sandbox.meta.account import AccountRecord
from bot.sandbox.meta.ask import Ask
from bot.sandbox.meta.bag import Bag, read_bag
from bot.sandbox.meta.calls import Call
from bot.sandbox.meta.control import Control, from_here
from bot.sandbox.meta.delivery import Delivery
from bot.sandbox.meta.dialog import Dialog
from bot.sandbox.meta.errors import Json, MetaError
from bot.sandbox.meta.faults import Fault, Faults, play
from bot.sandbox.meta.happenings import Happenings, Telling
from bot.sandbox.meta.number import NumberRecord
from bot.sandbox.meta.phone import Phone
from bot.sandbox.meta.seed import small_world
from bot.sandbox.meta.token import TokenRecord
from bot.sandbox.meta.usage import Usage
from bot.sandbox.meta.world import World


class FakeMeta:
    """Give it a world (its clock comes along) or only a clock (then it is the demo's small world).

    `calls`: every request, secrets masked. `on_write`: awaited when a POST or DELETE arrives, before
    anything else happens. `on_answer`: called when an answer is made, or given up. `latency_s`: how long
    each answer takes. `lies`: writes are answered with success and not done. `control`: the knobs. After
    `close` it may be started again. `delivery`: the webhooks on their way; `tell`: make one.
    """

    def __init__(self, *, clock: Clock | None = None, world: World | None = None) -> None:
        self.world = world or small_world(clock or Clock()).world
        self.url = ""
        self.calls: list[Call] = []
        self.on_write: Callable[[Call], Awaitable[None]] | None = None
        self.on_answer: Callable[[Call], None] | None = None
        self.latency_s = 0.0
        self.faults = Faults()
        self.usage = Usage(self.world)
        self.lies = False
        self.delivery = Delivery(self.world)
        self.happenings = Happenings(self.world, self.delivery)
        self.control = Control(self.world, self.faults, self.calls, self.delivery, self.happenings)
        self.dialog = Dialog(self.world)
        self._closing = asyncio.Event()
        self._web: web.Server | None = None
        self._listener: asyncio.Server | None = None

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 is any free one. `url` says which."""
        self._closing = asyncio.Event()
        self._web = server = web.Server(self._answer, access_log=None)

        def accept() -> asyncio.Protocol:
            return _Dropped() if self.faults.take_at_accept() else server()

        self._listener = await asyncio.get_running_loop().create_server(accept, "127.0.0.1", port)
        self.url = f"http://127.0.0.1:{self._listener.sockets[0].getsockname()[1]}"
        self.delivery.start()

    async def close(self) -> None:
        """Stop listening; those left hanging are cut off."""
        self._closing.set()
        await self.delivery.close()
        if self._listener is not None:
            self._listener.close()
        if self._web is not None:
            self._web.pre_shutdown()
            await self._web.shutdown(1.0)
        self._listener = self._web = None

    def number(self, asked: str) -> NumberRecord:
        """By id, verified name, or digits. LookupError: none or several."""
        return self.world.number(asked)

    def account(self, account_id: str) -> AccountRecord:
        return self.world.accounts[account_id]

    def token(self, asked: str) -> TokenRecord:
        """By text or label."""
        return self.world.token(asked)

    def phone(self, number: str | NumberRecord) -> Phone:
        """The telephone that rings when this number is asked for a code."""
        record = number if isinstance(number, NumberRecord) else self.world.number(number)
        return self.world.phones[record.id]

    def tell(self, number: str | NumberRecord) -> Telling:
        """What Meta can tell by webhook about this number or its account: `tell("Sales").message()`."""
        record = number if isinstance(number, NumberRecord) else self.world.number(number)
        return self.happenings.about(record)

    def add_fault(self, fault: Fault) -> None:
        self.faults.add(fault)

    def clear_faults(self) -> None:
        self.faults.clear()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path.startswith("/_sandbox"):
            return await self.control.answer(request)
        if request.path.endswith(f"/{Dialog.path}"):
            return await self.dialog.answer(request) if from_here(request) else web.Response(status=403)
        bag, trouble = await _read(request)
        call = Call(self.world.clock.now(), request.method, request.path, bag.masked())
        self.calls.append(call)
        began = time.monotonic()
        try:
            return await self._reply(request, call, bag, trouble)
        finally:
            call.ms = (time.monotonic() - began) * 1000
            if self.on_answer is not None:
                self.on_answer(call)

    async def _reply(
        self, request: web.BaseRequest, call: Call, bag: Bag, trouble: MetaError | None
    ) -> web.StreamResponse:
        if call.is_write and self.on_write is not None:
            await self.on_write(call)
        if self.latency_s:
            await asyncio.sleep(self.latency_s)
        fault = self.faults.take(f"{request.method} {request.path}")
        if fault is not None and fault.phase == "before":
            return await play(fault, request, {"success": True}, self._closing)
        if self.lies and call.is_write:
            call.status = 200
            return web.json_response({"success": True})
        reply = await self._decide(request, call, bag, trouble)
        if fault is not None:
            return await play(fault, request, reply.body, self._closing)
        return web.json_response(reply.body, status=reply.status, headers=reply.headers)

    async def _decide(
        self, request: web.BaseRequest, call: Call, bag: Bag, trouble: MetaError | None
    ) -> "_Reply":
        """Answer honestly, and note in `call` what was answered."""
        reply = _Reply({}, 200, {"x-fb-trace-id": "A" + secrets.token_urlsafe(16)})
        try:
            if trouble is not None:
                raise trouble
            reply.body = await self._ask(request, bag, reply.headers)
            call.effect = call.is_write
        except MetaError as error:
            reply.body = error.body(reply.headers["x-fb-trace-id"])
            reply.status = error.status
            call.code = error.code
        call.status = reply.status
        return reply

    async def _ask(self, request: web.BaseRequest, bag: Bag, headers: dict[str, str]) -> Json:
        now = self.world.clock.now()
        version, parts = versions.split(request.path)
        if parts == ("oauth", "access_token") and request.method in ("GET", "POST"):
            return await oauth.exchange(self.world, bag, now)
        if request.method not in ("GET", "POST", "DELETE"):
            raise MetaError(100, f"(#100) Unsupported method {request.method}")
        token = access.bearer(request.headers.get("Authorization", ""), bag.maybe("access_token"))
        viewer = access.viewer_of(self.world, token, now)
        app = self.world.app_of(viewer)
        access.check_proof(app, viewer, bag.maybe("appsecret_proof"))
        served = versions.served(app.default_version if version is None else version, now)
        headers["facebook-api-version"] = f"v{served}.0"
        asked = Ask(self.world, now, request.method, served, self.url, request.path, bag, viewer, app)
        route, ask = routes.find(asked, parts)
        account = routes.account_of(self.world, ask.node_id)
        self.usage.note(app, account, now)
        headers |= self.usage.headers(app, account)
        self.usage.refuse(app, account)
        routes.permit(route, ask, account, now)
        return await route.handle(ask)


@dataclass(slots=True)
class _Reply:
    body: Json
    status: int
    headers: dict[str, str]


class _Dropped(asyncio.Protocol):
    """A connection nobody listens on."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()


async def _read(request: web.BaseRequest) -> tuple[Bag, MetaError | None]:
    """The parameters, or why there are none that could be read."""
    try:
        return await read_bag(request), None
    except MetaError as error:
        return Bag(), error
    except web.HTTPRequestEntityTooLarge:
        return Bag(), MetaError(1, "Please reduce the amount of data you're asking for", status=413)
    except UnicodeDecodeError:
        return Bag(), MetaError(100, "(#100) The request body is not UTF-8")
