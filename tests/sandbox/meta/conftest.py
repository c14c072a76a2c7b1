"""A fake Meta with a clock that can be moved, and a plain HTTP client in front of it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from json import loads

import aiohttp
import pytest

from bot.sandbox.meta.seed import APP_ID, APP_SECRET, SHOP, TOKEN_TEXT, small_world
from bot.sandbox.meta.server import FakeMeta
from bot.sandbox.time import MovableClock

APP_TOKEN = f"{APP_ID}|{APP_SECRET}"


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, object]
    headers: Mapping[str, str]

    @property
    def error(self) -> dict[str, object]:
        error = self.body["error"]
        assert isinstance(error, dict)
        return error

    @property
    def code(self) -> tuple[object, object]:
        """(code, subcode); subcode 0 when there is none."""
        return self.error["code"], self.error.get("error_subcode", 0)

    @property
    def ok(self) -> bool:
        return self.status == 200 and self.body == {"success": True}


@dataclass
class Graph:
    """Talks to the fake as any client would: /v25.0 before the path, a bearer token in front."""

    meta: FakeMeta
    session: aiohttp.ClientSession
    token: str = TOKEN_TEXT
    version: str = "/v25.0"
    headers: dict[str, str] = field(default_factory=dict)

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: object = None,
        data: Mapping[str, str] | bytes | None = None,
    ) -> Answer:
        headers = ({"Authorization": f"Bearer {self.token}"} if self.token else {}) | self.headers
        url = self.meta.url + self.version + path
        async with self.session.request(
            method, url, headers=headers, params=params, json=json, data=data
        ) as answer:
            return Answer(answer.status, loads(await answer.read()), dict(answer.headers))

    async def get(self, path: str, **params: str) -> Answer:
        return await self.call("GET", path, params=params)

    async def post(self, path: str, **body: object) -> Answer:
        return await self.call("POST", path, json=body)

    async def ask_code(self, name: str, method: str = "SMS") -> Answer:
        number = self.meta.number(name)
        return await self.post(f"/{number.id}/request_code", code_method=method, language="en_US")

    async def try_code(self, name: str, code: str) -> Answer:
        return await self.post(f"/{self.meta.number(name).id}/verify_code", code=code)

    async def register(self, name: str, pin: str) -> Answer:
        number = self.meta.number(name)
        return await self.post(f"/{number.id}/register", messaging_product="whatsapp", pin=pin)

    async def field(self, name: str, asked: str) -> object:
        return (await self.get(f"/{self.meta.number(name).id}", fields=asked)).body[asked]


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def meta(clock: MovableClock) -> AsyncIterator[FakeMeta]:
    meta = FakeMeta(world=small_world(clock).world)
    await meta.start()
    yield meta
    await meta.close()


@pytest.fixture
async def graph(meta: FakeMeta) -> AsyncIterator[Graph]:
    async with aiohttp.ClientSession() as session:
        yield Graph(meta, session)


@pytest.fixture
def shop(meta: FakeMeta) -> str:
    return f"/{SHOP}"
