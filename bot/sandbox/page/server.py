"""The page's server: static files, one websocket a tab, and what people and the world do, on loopback."""

import json
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from bot.sandbox.page.deeds import Deeds
from bot.sandbox.page.guard import LARGEST_BODY, Shut, guard, wrong
from bot.sandbox.page.knobs import Knobs
from bot.sandbox.page.live import Live
from bot.sandbox.page.power import Power
from bot.sandbox.page.traffic import Traffic
from bot.sandbox.slack.model import JSON, ClientRefused, Refused
from bot.sandbox.world import Sandbox

STATIC = Path(__file__).parent / "static"
_TYPES: Mapping[str, str] = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".json": "application/json",
}
_TEXTS = frozenset({".html", ".js", ".css", ".json", ".svg"})


class PageServer:
    """`start` it beside a sandbox, best before the bot is started: it shows what it has seen. `url` is what to
    open."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._knobs = Knobs(sandbox)
        self._live = Live(sandbox, self._knobs, Traffic(sandbox))
        self._deeds = Deeds(sandbox)
        self._power = Power(sandbox)
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0: any free one. OSError: it is taken, and another may be tried."""
        app = web.Application(client_max_size=LARGEST_BODY, middlewares=[guard])
        app.router.add_get("/", self._index)
        app.router.add_get("/static/{path:.+}", self._file)
        app.router.add_get("/live", self._tab)
        app.router.add_post("/act/{verb}", self._act)
        app.router.add_post("/world/{path:.+}", self._turn)
        if self._runner is not None:
            await self._runner.cleanup()
        self._runner = web.AppRunner(app, shutdown_timeout=1.0, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = "http://{}:{}/".format(*self._runner.addresses[0])
        self._live.start()

    async def close(self) -> None:
        await self._live.close()
        await self._deeds.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # -- looking ------------------------------------------------------------------------------------------

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return _static(STATIC / "index.html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return _static(STATIC / request.match_info["path"])

    async def _tab(self, request: web.Request) -> web.StreamResponse:
        user_id = request.query.get("as", "")
        if not self._deeds.is_somebody(user_id):
            return wrong(404, "Nobody here has this id.")
        return await self._live.serve(request, user_id)

    # -- doing --------------------------------------------------------------------------------------------

    async def _act(self, request: web.Request) -> web.StreamResponse:
        body = await _body(request)
        try:
            return web.json_response(await self._deeds.do(request.match_info["verb"], body))
        except (ClientRefused, ValueError, TypeError) as refused:
            return _refused(str(refused))
        except LookupError as missing:
            return _refused(_sentence(missing))
        except Refused as refused:  # a window that has closed meanwhile
            return _refused(f"That is not there any more ({refused.error}).")

    async def _turn(self, request: web.Request) -> web.StreamResponse:
        path = tuple(part for part in request.match_info["path"].split("/") if part)
        body = await _body(request)
        try:
            if path == ("bot",):
                return web.json_response(await self._power.turn(body))
            return web.json_response(await self._knobs.turn(path, body))
        except LookupError as missing:
            return _refused(_sentence(missing))
        except (ValueError, TypeError) as problem:
            return _refused(str(problem))


async def _body(request: web.Request) -> JSON:
    try:
        body = json.loads(await request.text() or "{}")
    except (ValueError, RecursionError):
        raise Shut("What was sent is no JSON.", status=400) from None
    if not isinstance(body, dict):
        raise Shut("A deed is told in a JSON object.", status=400)
    return body


def _refused(sentence: str) -> web.Response:
    """As Slack's own methods do: answered, not failed. A browser writes each failed request into its console."""
    return web.json_response({"error": sentence})


def _sentence(missing: LookupError) -> str:
    """A KeyError shows its key in quotation marks."""
    return str(missing.args[0]) if missing.args else "There is no such thing here."


def _static(path: Path) -> web.StreamResponse:
    """A file of the page; never one outside its folder, nor one of a kind the page has not."""
    try:
        there = path.resolve(strict=True)
        ours = there.is_relative_to(STATIC.resolve()) and there.is_file() and there.suffix in _TYPES
    except (OSError, ValueError, RuntimeError):
        ours = False
    if not ours:
        return wrong(404, "The page has no such part.")
    response = web.Response(body=there.read_bytes(), headers={"Cache-Control": "no-cache"})
    response.content_type = _TYPES[there.suffix]
    if there.suffix in _TEXTS:
        response.charset = "utf-8"
        response.enable_compression()
    return response
