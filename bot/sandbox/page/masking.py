"""Nothing secret leaves in the Inspector: hidden by name, by field, and by its very text."""

import re
from collections.abc import Iterable

from bot.sandbox.slack.model import JSON
from bot.sandbox.slack.values import TEXTS
from bot.sandbox.world import Sandbox

HIDDEN = "••••"
_SECRET_NAMES = frozenset(
    {"token", "code", "pin", "authorization", "appsecret_proof", "access_token", "input_token", "ticket"}
    | {"client_secret", "fb_exchange_token", "verify_token", "code_verifier", "response_url", "response_urls"}
)
_SECRET_FIELD = re.compile(r"(?<![a-z])(code|pin|token|secret|password)(?![a-z])")
_CODE_LIKE = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}(?!\d)|(?<!\d)(?:\d[ ,-]{1,2}){5}\d(?!\d)")
_TICKET = re.compile(r"(ticket=|/actions/|[?&]state=)[A-Za-z0-9_-]+")
_TYPED = ("text", "value", "initial_value")


class Mask:
    """Knows what is secret in this sandbox at this moment."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def apply(self, detail: JSON) -> JSON:
        """A copy that may be shown."""
        hidden = re.compile("|".join(re.escape(s) for s in sorted(self._known(), key=len, reverse=True)))
        return _object(detail, "", hidden)

    def _known(self) -> Iterable[str]:
        world, slack = self._sandbox.meta.world, self._sandbox.slack
        known = {slack.bot_token, slack.app_token, *world.tokens}
        known |= {token.text for token in world.tokens.values()}
        known |= {app.secret for app in world.apps.values()} | set(world.grants)
        known |= {number.pin for number in world.numbers.values() if number.pin}
        known |= {number.sent.text for number in world.numbers.values() if number.sent}
        known |= {message.code for phone in world.phones.values() for message in phone.messages}
        return {secret for secret in known if len(secret) >= 4}


def _without(value: object, field: str, hidden: re.Pattern[str]) -> object:
    if isinstance(value, dict):
        return _object(value, field, hidden)
    if isinstance(value, list):
        return [_without(inner, field, hidden) for inner in value]
    if isinstance(value, str):
        return _TICKET.sub(rf"\1{HIDDEN}", hidden.sub(HIDDEN, value))
    return value


def _object(value: JSON, field: str, hidden: re.Pattern[str]) -> JSON:
    """`field`: the ids of the input this is part of, so that what was typed there can be told apart."""
    ids = " ".join(str(value[key]) for key in ("block_id", "action_id") if key in value)
    inside = ids or field
    typed = value.get("type") in TEXTS or "command" in value
    shown: JSON = {}
    for key, inner in value.items():
        if key in _SECRET_NAMES and isinstance(inner, str | list):
            shown[key] = HIDDEN if inner else inner
        elif typed and key in _TYPED and isinstance(inner, str):
            shown[key] = _typed(inner, inside, hidden)
        else:
            here = f"{inside} {key}" if isinstance(inner, dict) and "type" not in value else inside
            shown[key] = _without(inner, here, hidden)
    return shown


def _typed(text: str, field: str, hidden: re.Pattern[str]) -> str:
    """What a person typed: nothing of it from a code's or a PIN's field, elsewhere nothing like a code."""
    if _SECRET_FIELD.search(field):
        return HIDDEN
    return _CODE_LIKE.sub(HIDDEN, hidden.sub(HIDDEN, text))
