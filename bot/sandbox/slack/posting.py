"""Slack over HTTP: each envelope as a signed POST to the app's request URL, answered within three seconds."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.slack.model import JSON, EnvelopeLog

FORM, AS_JSON = "application/x-www-form-urlencoded", "application/json"
LARGEST_ANSWER = 1 << 20


@dataclass(frozen=True, slots=True)
class Letter:
    """One request as it leaves: `headers` with the signature over exactly `body`."""

    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(slots=True)
class Posting:
    """Where Slack sends, and with which signing secret. `url` "": it uses Socket Mode."""

    signing_secret: str = field(default="", repr=False)
    url: str = ""

    def letter(self, envelope: Mapping[str, Any], *, at: float | None = None) -> Letter:
        """The envelope's payload as Slack writes it: a form for commands and interactions, JSON for events."""
        payload, type_ = envelope["payload"], str(envelope["type"])
        if type_ == "events_api":
            return self.signed(json.dumps(payload).encode(), AS_JSON, at=at, more=_retry(envelope))
        form = payload if type_ == "slash_commands" else {"payload": json.dumps(payload)}
        return self.signed(urlencode(form).encode(), FORM, at=at)

    def signed(
        self,
        body: bytes,
        content_type: str,
        *,
        at: float | None = None,
        more: Mapping[str, str] | None = None,
    ) -> Letter:
        stamp = str(int(time.time() if at is None else at))
        digest = hmac.new(self.signing_secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
        signature = f"v0={digest.hexdigest()}"
        headers = {
            "Content-Type": content_type, "User-Agent": "Slackbot 1.0 (sandbox)",
            "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature,
        }  # fmt: skip
        return Letter({**headers, **(more or {})}, body)

    async def send(self, log: EnvelopeLog) -> JSON | None:
        """What the app answered, None for an empty answer. Raises aiohttp.ClientError for anything but a 200."""
        letter = self.letter(log.envelope)
        async with aiohttp.ClientSession(auto_decompress=False) as session:
            answer = await session.post(
                self.url, data=letter.body, headers=letter.headers, allow_redirects=False
            )
            said = await answer.content.read(LARGEST_ANSWER)
            if answer.status != 200:
                raise aiohttp.ClientResponseError(answer.request_info, (), status=answer.status)
        return _payload(said.decode())


def _retry(envelope: Mapping[str, Any]) -> Mapping[str, str]:
    if not envelope.get("retry_attempt"):
        return {}
    reason = "http_timeout" if envelope.get("retry_reason") == "timeout" else "http_error"
    return {"X-Slack-Retry-Num": str(envelope["retry_attempt"]), "X-Slack-Retry-Reason": reason}


def _payload(said: str) -> JSON | None:
    """JSON as it is; any other text is the answer to a command."""
    if not said.strip():
        return None
    try:
        found = json.loads(said)
    except ValueError:
        return {"text": said}
    return found if isinstance(found, dict) else None
