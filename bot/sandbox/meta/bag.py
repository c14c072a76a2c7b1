"""The parameter bag: Graph merges query string, form body and JSON body into one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from bot.sandbox.meta.errors import MetaError, bad_param

HIDDEN = "••••"
SECRETS = frozenset(
    {
        "code",
        "code_verifier",
        "pin",
        "access_token",
        "input_token",
        "fb_exchange_token",
        "client_secret",
        "appsecret_proof",
        "verify_token",
    }
)


@dataclass(frozen=True, slots=True)
class Bag:
    """Parameters by name. The body wins over the query string."""

    items: Mapping[str, object] = field(default_factory=dict, repr=False)

    def maybe(self, name: str) -> str:
        """The text of a parameter, "" when it is absent; numbers and booleans as Graph reads them."""
        value = self.items.get(name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str | int | float):
            return str(value)
        raise bad_param(f"Param {name} must be a string")

    def text(self, name: str) -> str:
        text = self.maybe(name)
        if not text:
            raise bad_param(f"The parameter {name} is required.")
        return text

    def digits(self, name: str, length: int) -> str:
        """Exactly `length` ASCII digits, sent as text: a JSON number would lose its leading zeros."""
        if name in self.items and not isinstance(self.items[name], str):
            raise bad_param(f"Param {name} must be a string")
        text = self.text(name)
        if len(text) != length or not (text.isascii() and text.isdecimal()):
            raise bad_param(f"Param {name} must be {length} digits")
        return text

    def flag(self, name: str) -> bool:
        return self.maybe(name).casefold() in ("true", "1")

    def whole(self, name: str, default: int) -> int:
        text = self.maybe(name)
        if not text:
            return default
        if not (text.isascii() and text.isdecimal() and len(text) <= 9):
            raise bad_param(f"Param {name} must be an integer")
        return int(text)

    def structure(self, name: str) -> object:
        """A JSON value, sent as such or (query string, form) as JSON text. None when absent."""
        value = self.items.get(name)
        if not isinstance(value, str) or value == "":
            return value
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise bad_param(f"Param {name} must be valid JSON") from None

    def masked(self) -> dict[str, object]:
        """For the call log: what is secret, or may hold a secret inside, is hidden."""
        return {name: _mask(name, value) for name, value in self.items.items()}


def _mask(name: str, value: object) -> object:
    if name in SECRETS:
        return HIDDEN
    if isinstance(value, dict):
        return {key: _mask(key, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_mask("", inner) for inner in value]
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        return HIDDEN if any(secret in value for secret in SECRETS) else value
    return value


async def read_bag(request: web.BaseRequest) -> Bag:
    """Merge everything the request carries. MetaError: a JSON body that is none."""
    items: dict[str, object] = dict(request.query)
    if request.content_type == "application/json":
        items |= _json_object(await request.read())
    elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        items |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return Bag(items)


def _json_object(body: bytes) -> dict[str, object]:
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise MetaError(100, "(#100) The request body is not valid JSON") from None
    if not isinstance(value, dict):
        raise MetaError(100, "(#100) The request body must be a JSON object")
    return value
