"""Meta at the webhook: its requests, signed as it signs them, and samples of every field."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import aiohttp

from tests.desk import Desk

VERIFY_TOKEN = "a verify token nobody guesses".replace(" ", "-")
WEB = {"PUBLIC_URL": "http://127.0.0.1:9", "HTTP_PORT": "0", "META_VERIFY_TOKEN": VERIFY_TOKEN}
PATH = "/webhooks/whatsapp"
AT = 1_763_800_000
CUSTOMER, NAME, WORDS = "15550123456", "Kim Customer", "hi, my order please"


def signature(secret: str, raw: bytes) -> str:
    return f"sha256={hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}"


def envelope(account: str, *changes: Mapping[str, Any], time: int = AT) -> dict[str, Any]:
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": account, "time": time, "changes": [*changes]}],
    }


def inbound(number: str, digits: str, *, id_: str = "wamid.HBg1", at: int = AT) -> dict[str, Any]:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": digits, "phone_number_id": number},
        "contacts": [{"profile": {"name": NAME}, "wa_id": CUSTOMER}],
        "messages": [
            {"from": CUSTOMER, "id": id_, "timestamp": str(at), "type": "text", "text": {"body": WORDS}}
        ],
    }
    return {"field": "messages", "value": value}


def status(number: str, word: str, *, id_: str = "wamid.HBg2", at: int = AT, code: int = 0) -> dict[str, Any]:
    told: dict[str, Any] = {"id": id_, "status": word, "timestamp": str(at), "recipient_id": CUSTOMER}
    if code:
        told["errors"] = [{"code": code, "title": "t", "message": "m", "error_data": {"details": WORDS}}]
    metadata = {"display_phone_number": "15550104821", "phone_number_id": number}
    return {"field": "messages", "value": {"metadata": metadata, "statuses": [told]}}


def account_update(event: str, **more: Any) -> dict[str, Any]:
    return {"field": "account_update", "value": {"event": event, **more}}


class Post:
    """Sends to a desk's webhook."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def secret(self) -> str:
        return self._desk.seed.app_secret.reveal()

    async def raw(self, body: bytes, headers: Mapping[str, str] | None = None) -> int:
        given = {"X-Hub-Signature-256": signature(self.secret, body)} if headers is None else dict(headers)
        url = self._desk.web_url + PATH
        async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=given) as answer:
            await answer.read()
            return answer.status

    async def __call__(self, *changes: Mapping[str, Any], account: str = "", time: int = AT) -> int:
        """Meta tells of these, and what it is answered; returns when they are taken in."""
        body = json.dumps(envelope(account or self._desk.seed.account_ids[0], *changes, time=time)).encode()
        code = await self.raw(body)
        if code == 200:
            await self._desk.bot.services.happened.taken_in()
        return code
