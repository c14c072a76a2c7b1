"""response_url: five answers to one interaction, within thirty minutes."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from bot.sandbox.slack.model import JSON, Message, Refused
from bot.sandbox.slack.refusals import Refusals, check_message
from bot.sandbox.slack.windows import with_ids
from bot.sandbox.slack.workspace import BOT_USER, Workspace

USES = 5
LIFE = timedelta(minutes=30)


@dataclass(slots=True)
class _Url:
    channel_id: str
    user_id: str
    message: Message | None
    issued: datetime
    used: int = 0


class Answers:
    """Hands out response URLs and does what is posted to them."""

    def __init__(self, workspace: Workspace, refusals: Refusals) -> None:
        self._workspace = workspace
        self._refusals = refusals
        self._urls: dict[str, _Url] = {}
        self.base_url = ""

    def url(self, channel_id: str, user_id: str, message: Message | None = None) -> str:
        """A fresh one. `message` is the one that was clicked, for replace_original."""
        key = secrets.token_hex(12)
        self._urls[key] = _Url(channel_id, user_id, message, self._workspace.clock.now())
        return f"{self.base_url}/actions/{key}"

    async def handle(self, request: web.Request) -> web.Response:
        """POST /actions/{key}."""
        try:
            payload = json.loads(await request.text())
            url = self._use(request.match_info["key"])
            self.answer(url.channel_id, url.user_id, payload, url)
        except ValueError:
            return self._no(Refused("invalid_payload"), 400)
        except Refused as refused:
            return self._no(refused, 404 if refused.error in ("used_url", "expired_url") else 400)
        return web.Response(text="ok")

    def _no(self, refused: Refused, status: int) -> web.Response:
        self._refusals.note_refused("response_url", refused)
        return web.json_response({"ok": False, "error": refused.error, **refused.extra}, status=status)

    def _use(self, key: str) -> _Url:
        url = self._urls.get(key)
        if url is None or self._workspace.clock.now() - url.issued > LIFE:
            raise Refused("expired_url")
        if url.used >= USES:
            raise Refused("used_url")
        url.used += 1
        return url

    def answer(self, channel_id: str, user_id: str, payload: object, url: _Url | None = None) -> None:
        """Show `payload` (of a response_url or of a slash command's acknowledgement) where it belongs."""
        if not isinstance(payload, dict):
            raise Refused("invalid_payload")
        original = url.message if url else None
        if payload.get("delete_original"):
            self._delete(original)
            return
        check_message(payload)
        blocks = with_ids(payload.get("blocks") or [], self._workspace)
        if payload.get("replace_original") and original is not None:
            self._still_there(original)
            self._workspace.edit(original, str(payload.get("text") or ""), blocks, payload.get("metadata"))
            return
        self._post(channel_id, user_id, payload, blocks)

    def _delete(self, original: Message | None) -> None:
        if original is None:
            raise Refused("message_not_found")
        self._still_there(original)
        self._workspace.delete(original)

    def _still_there(self, original: Message) -> None:
        if original not in self._workspace.channels[original.channel_id].messages:
            raise Refused("message_not_found")

    def _post(self, channel_id: str, user_id: str, payload: JSON, blocks: list[JSON]) -> None:
        if payload.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
            raise Refused("invalid_payload", problems=("response_type: ephemeral or in_channel",))
        alone = payload.get("response_type") != "in_channel"
        message = Message(
            ts="",
            channel_id=channel_id,
            author=BOT_USER,
            text=str(payload.get("text") or ""),
            blocks=blocks,
            thread_ts=payload.get("thread_ts"),
            ephemeral_to=user_id if alone else None,
        )
        self._workspace.post(self._workspace.channels[channel_id], message)
