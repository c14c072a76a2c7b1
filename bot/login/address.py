"""The address of Meta's login dialog: a single-use state of 256 bit, PKCE's challenge, and where to come back to."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from bot.config import Config
from bot.secret import Secret

LIFE = timedelta(minutes=15)
STATE_BYTES, VERIFIER_BYTES = 32, 48  # 43 and 64 characters; RFC 7636 wants a verifier of 43 to 128


@dataclass(frozen=True, slots=True)
class Link:
    """What the person presses, until when it works. Whoever has the address may use it: shown to one person only."""

    url: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class Fresh:
    """The two secrets of a new link. Only the state's hash and the sealed verifier are ever kept."""

    state: Secret = field(default_factory=lambda: Secret(secrets.token_urlsafe(STATE_BYTES)))
    verifier: Secret = field(default_factory=lambda: Secret(secrets.token_urlsafe(VERIFIER_BYTES)))


def hash_of(state: Secret) -> str:
    """A plain hash is enough: nobody guesses 256 random bits."""
    return hashlib.sha256(state.reveal().encode()).hexdigest()


def dialog(config: Config, fresh: Fresh, scopes: Sequence[str]) -> str:
    """Where the person logs in (meta-graph.md §6.4). A configuration says by itself which permissions it asks for."""
    digest = hashlib.sha256(fresh.verifier.reveal().encode()).digest()
    asked = {"config_id": config.login_config_id} if config.login_config_id else {"scope": ",".join(scopes)}
    query = {
        "client_id": config.meta_app_id,
        "redirect_uri": config.callback_url,
        "state": fresh.state.reveal(),
        "response_type": "code",
        **asked,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii"),
        "code_challenge_method": "S256",
    }
    base = config.dialog_url.rstrip("/")
    return f"{base}/{config.graph_api_version}/dialog/oauth?{urlencode(query)}"
