"""What happens in the sandbox, told to every open tab at once, to each only what its person may see."""

import asyncio
import json
from collections.abc import Iterable
from contextlib import suppress

from aiohttp import web

from bot.sandbox.page import picture
from bot.sandbox.page.knobs import Knobs
from bot.sandbox.page.surroundings import Surroundings
from bot.sandbox.page.tab import Tab
from bot.sandbox.page.traffic import Traffic
from bot.sandbox.slack.model import JSON, Happening, Message
from bot.sandbox.world import Sandbox

LOOK_EVERY_S = 1.0
Key = tuple[str, ...]
_ON_WINDOWS = frozenset(
    {"opened", "updated", "closed", "published", "errors", "trouble", "clicked", "submitted"}
)


class Live:
    """One for all tabs. What changed is noted as it happens and told once the present step is over, so
    that a tab never sees the half of it."""

    def __init__(self, sandbox: Sandbox, knobs: Knobs, traffic: Traffic) -> None:
        self._sandbox = sandbox
        self._place = sandbox.slack.place
        self._traffic = traffic
        self._around = Surroundings(sandbox, knobs)
        self._tabs: set[Tab] = set()
        self._dirty: dict[Key, None] = {}
        self._entries: dict[int, JSON] = {}
        self._views: dict[tuple[str, str], str] = {}  # as last told, without what the person entered
        self._due = False
        self._ticking: asyncio.Task[None] | None = None
        sandbox.slack.subscribe(self._happened)
        traffic.on_entry = self._entered
        knobs.changed = self.look
        sandbox.bot.on_change = self._bot_changed

    def start(self) -> None:
        self._ticking = asyncio.create_task(self._tick())

    async def close(self) -> None:
        if self._ticking is not None:
            self._ticking.cancel()
            with suppress(asyncio.CancelledError):
                await self._ticking
        await asyncio.gather(*(tab.close() for tab in tuple(self._tabs)))

    async def serve(self, request: web.Request, user_id: str) -> web.WebSocketResponse:
        """GET /live: tell this tab what the person sees until it goes."""
        ws = web.WebSocketResponse(heartbeat=20.0, max_msg_size=1024)
        await ws.prepare(request)
        tab = Tab(user_id, ws, request.transport)
        hello = self._hello(user_id)
        self._flush()  # what was noted until now is in it already
        tab.tell(_text("hello", **hello))
        self._tabs.add(tab)
        try:
            await tab.run()
        finally:
            self._tabs.discard(tab)
        return ws

    def look(self) -> None:
        """Something around Slack may have changed: the phones, Meta, the bot, the faults, the clock."""
        self._mark("around")

    def _hello(self, user_id: str) -> JSON:
        if not self._tabs:
            self._around.changes()  # nobody was told of them, and nobody needs to be
        return {
            **picture.whole(self._place, user_id),
            **self._around.now(),
            "traffic": self._traffic.entries,
        }

    # -- noting -------------------------------------------------------------------------------------------

    def _happened(self, happening: Happening) -> None:
        data = happening.data
        match happening.kind:
            case "posted" | "dm" | "ephemeral" | "edited":
                self._mark("message", happening.where, data["ts"])
            case "deleted":
                self._mark("gone", happening.where, data["ts"], data["to"] or "")
            case "channel" | "joined":
                self._mark("channel", happening.where)
            case kind if kind in _ON_WINDOWS:
                if "ts" in data:
                    self._mark("message", happening.where or data["channel"], data["ts"])
                else:
                    self._mark("windows", happening.who)

    def _entered(self, entry: JSON) -> None:
        self._entries[entry["n"]] = entry
        self._mark("traffic")
        if entry["kind"] == "hook" or (entry["kind"] == "graph" and not entry["what"].startswith("GET")):
            self.look()

    def _bot_changed(self) -> None:
        self._traffic.process()
        self.look()

    def _mark(self, *key: str) -> None:
        self._dirty[key] = None
        if not self._due:
            self._due = True
            asyncio.get_running_loop().call_soon(self._flush)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if self._tabs:
                self.look()

    # -- telling ------------------------------------------------------------------------------------------

    def _flush(self) -> None:
        dirty, self._dirty, self._due = self._dirty, {}, False
        for key in dirty:
            match key:
                case ("message", channel_id, ts):
                    self._tell_message(channel_id, ts)
                case ("gone", channel_id, ts, only):
                    ids = {only} if only else self._place.workspace.channels[channel_id].members
                    self._tell(ids, _text("gone", channel=channel_id, ts=ts))
                case ("channel", channel_id):
                    self._tell_channel(channel_id)
                case ("windows", user_id):
                    self._tell_windows(user_id)
                case ("traffic",):
                    entries, self._entries = list(self._entries.values()), {}
                    self._tell(None, _text("traffic", entries=entries))
                case ("around",):
                    for kind, value in self._around.changes().items():
                        self._tell(None, _text(kind, **{kind: value}))

    def _tell(self, ids: Iterable[str] | None, text: str) -> None:
        """To the tabs of these people; None: of everybody."""
        for tab in tuple(self._tabs):
            if ids is None or tab.user_id in ids:
                tab.tell(text)

    def _tell_message(self, channel_id: str, ts: str) -> None:
        channel = self._place.workspace.channels[channel_id]
        message = _find(channel.messages, ts)
        if message is None:
            return  # gone again, which is told next
        for user_id in {tab.user_id for tab in self._tabs if picture.may_see(message, channel, tab.user_id)}:
            text = _text("message", channel=channel_id, message=picture.message(message, user_id))
            self._tell({user_id}, text)

    def _tell_channel(self, channel_id: str) -> None:
        channel = self._place.workspace.channels[channel_id]
        for user_id in {tab.user_id for tab in self._tabs} & channel.members:
            self._tell({user_id}, _text("channel", channel=picture.channel(channel, user_id)))

    def _tell_windows(self, user_id: str) -> None:
        """Only when more changed than what the person entered: the tab knows that, and is perhaps at it."""
        stack, home = picture.stack(self._place, user_id), picture.home(self._place, user_id)
        self._tell_views("stack", user_id, stack, _text("stack", stack=stack))
        self._tell_views("home", user_id, [home] if home else [], _text("home", view=home))

    def _tell_views(self, kind: str, user_id: str, views: list[JSON], text: str) -> None:
        bare = json.dumps([{**view, "values": None} for view in views])
        if self._views.get((kind, user_id), "[]") != bare:
            self._views[kind, user_id] = bare
            self._tell({user_id}, text)


def _find(messages: list[Message], ts: str) -> Message | None:
    return next((m for m in reversed(messages) if m.ts == ts), None)


def _text(kind: str, **content: object) -> str:
    return json.dumps({"kind": kind, **content}, ensure_ascii=False, separators=(",", ":"))
