"""One thing Meta has to tell, and the request it is told in (meta-graph.md §5.2, §5.4)."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.meta.errors import Json

FOLLOWS_OVERRIDES = frozenset({"messages"})
"""Message-like fields go where the most specific override points; all others to the app's own URL (§4.3)."""


@dataclass(frozen=True, slots=True)
class Event:
    """`number_id` "": about the account. `about`: in words, for the sandbox's page."""

    account_id: str
    field: str
    value: Mapping[str, object]
    number_id: str = ""
    about: str = ""


def body_of(events: Sequence[Event], at: datetime) -> bytes:
    """The bytes Meta sends: an entry for each account, non-ASCII and slashes escaped."""
    entries: dict[str, list[Json]] = {}
    for event in events:
        entries.setdefault(event.account_id, []).append({"field": event.field, "value": event.value})
    document = {
        "object": "whatsapp_business_account",
        "entry": [
            {"id": account_id, "time": int(at.timestamp()), "changes": changes}
            for account_id, changes in entries.items()
        ],
    }
    return json.dumps(document, separators=(",", ":")).replace("/", "\\/").encode()


def signed(body: bytes, secret: str) -> dict[str, str]:
    """The headers, with both signatures over exactly these bytes."""
    key = secret.encode()
    return {
        "Content-Type": "application/json",
        "User-Agent": "facebookexternalua",
        "X-Hub-Signature": f"sha1={hmac.new(key, body, hashlib.sha1).hexdigest()}",
        "X-Hub-Signature-256": f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}",
    }
