"""From the text of a setting to its value, or what is wrong with it."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from urllib.parse import urlsplit

from bot.secret import Secret

# Graph versions and the day they end (meta-graph.md §7.1); None: not announced.
GRAPH_VERSIONS: Mapping[str, date | None] = {
    "v26.0": None,
    "v25.0": date(2028, 7, 29),
    "v24.0": date(2028, 2, 18),
    "v23.0": date(2027, 10, 8),
    "v22.0": date(2027, 5, 20),
    "v21.0": date(2027, 1, 21),
    "v20.0": date(2026, 9, 24),
}
GOOD_VERSION = "v25.0"
PORTFOLIO_LIMIT_SINCE = 24  # older versions do not know whatsapp_business_manager_messaging_limit


class Wrong(Exception):
    """What is wrong with one value, as the end of a sentence that begins with the setting's name."""


def secret(prefix: str, where: str) -> Callable[[str], Secret]:
    def read(text: str) -> Secret:
        if not text.startswith(prefix) or text == prefix or any(c.isspace() for c in text):
            raise Wrong(f"must start with “{prefix}”: copy it from {where}")
        return Secret(text)

    return read


def long_secret(what: str) -> Callable[[str], Secret]:
    def read(text: str) -> Secret:
        if len(text) < 4 or any(c.isspace() for c in text):
            raise Wrong(f"is too short or has spaces: {what}")
        return Secret(text)

    return read


def token(what: str) -> Callable[[str], Secret]:
    """As `long_secret`; nothing is an empty one."""
    read_long = long_secret(what)

    def read(text: str) -> Secret:
        return read_long(text) if text else Secret("")

    return read


def secret_keys(text: str) -> tuple[Secret, ...]:
    keys = tuple(Secret(part.strip()) for part in text.split(",") if part.strip())
    if not keys or any(len(key.reveal()) < 32 for key in keys):
        raise Wrong("needs 32 characters or more: make one with `whatsapp-bot secret-key`")
    return keys


def url(text: str) -> str:
    what = "must be a web address such as https://host/path, without query or password"
    try:
        parts = urlsplit(text)
        usable = parts.hostname and parts.port != 0
    except ValueError:
        raise Wrong(what) from None
    if not usable or parts.scheme not in ("http", "https") or parts.query or parts.username:
        raise Wrong(what)
    return text


def in_the_clear(url: str) -> bool:
    """Whether tokens would travel unencrypted to another machine."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1")


def slack_url(text: str) -> str:
    return url(text).rstrip("/") + "/"


def graph_url(text: str) -> str:
    return url(text).rstrip("/")


def public_url(text: str) -> str:
    """Where Meta and Slack reach this bot; "" when they do not. Clear text only on this machine itself."""
    if not text:
        return ""
    address = url(text).rstrip("/")
    if in_the_clear(address) or not address.isascii() or urlsplit(address).fragment:
        raise Wrong("must begin with https:// (http:// only for this machine itself)")
    if len(address) > 150 or "+" in address:  # Meta takes 200 characters, and reads a + as a space
        raise Wrong("must be at most 150 characters long, without a “+”")
    return address


def host(text: str) -> str:
    if text != "localhost":
        try:
            ipaddress.ip_address(text)
        except ValueError:
            raise Wrong("must be an address of this machine: 127.0.0.1, or 0.0.0.0 for all of them") from None
    return text


def maybe(length: int, what: str) -> Callable[[str], Secret | None]:
    """A secret that may be left out; given, it has at least `length` printable characters."""

    def read(text: str) -> Secret | None:
        if text and (len(text) < length or not re.fullmatch(r"[!-~]+", text)):
            raise Wrong(f"needs {length} or more letters, digits or signs, without spaces: {what}")
        return Secret(text) if text else None

    return read


def maybe_digits(text: str) -> str:
    return digits(text) if text else ""


def digits(text: str) -> str:
    if not re.fullmatch(r"[0-9]{5,20}", text):
        raise Wrong("must be a number of 5 to 20 digits, as shown at the top of the Meta App Dashboard")
    return text


def ids(text: str) -> tuple[str, ...]:
    ids = tuple(part.strip() for part in text.split(",") if part.strip())
    bad = [part for part in ids if not re.fullmatch(r"[0-9]{5,20}", part)]
    if bad:
        raise Wrong(
            f"must be WhatsApp Business Account ids (digits), separated by commas; not “{bad[0][:40]}”"
        )
    return ids


def version(text: str) -> str:
    if not re.fullmatch(r"v[0-9]{2,3}\.0", text):
        raise Wrong("must look like v25.0")
    if text not in GRAPH_VERSIONS and major(text) < min(map(major, GRAPH_VERSIONS)):
        raise Wrong(f"names a version Meta ended long ago: use {GOOD_VERSION}")
    return text


def major(version: str) -> int:
    """25 of v25.0."""
    return int(version[1:].partition(".")[0])


def database(text: str) -> str:
    if not text.startswith("sqlite:///") or len(text) == len("sqlite:///"):
        raise Wrong("must be sqlite:///file.db (relative) or sqlite:////folder/file.db (absolute)")
    return text


def channel(text: str) -> str:
    if not re.fullmatch(r"[CG][A-Z0-9]{2,}", text):
        raise Wrong(
            "must be a channel id such as C0123456789: open the channel's details in Slack and copy it"
        )
    return text


def channels(text: str) -> frozenset[str]:
    return frozenset(channel(part.strip()) for part in text.split(",") if part.strip())


def people(text: str) -> tuple[str, ...]:
    people = tuple(part.strip() for part in text.split(",") if part.strip())
    bad = [part for part in people if not re.fullmatch(r"[UWS][A-Z0-9]{2,}", part)]
    if bad:
        raise Wrong(f"takes Slack user ids (U…) and user group ids (S…), not “{bad[0][:40]}”")
    return people


def nicknames(text: str) -> Mapping[str, str]:
    """Each nickname as it was typed. Two may name one number; one may not name two."""
    names: dict[str, str] = {}
    bad: list[str] = []
    for part in filter(None, (p.strip() for p in text.split(","))):
        nick, equals, number = (x.strip() for x in part.partition("="))
        digits = re.sub(r"[^0-9]", "", number)
        if not equals or not nick or len(digits) < 5:
            bad.append(f"“{part[:40]}”")
        elif nick.casefold() in map(str.casefold, names):
            raise Wrong(f"names “{nick[:40]}” twice")
        else:
            names[nick] = digits
    if bad:
        raise Wrong(f"takes nickname=number pairs, e.g. sales=106540352242922; not {', '.join(bad)}")
    return names


def count(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", text) or not low <= int(text) <= high:
            raise Wrong(f"must be a whole number from {low} to {high}")
        return int(text)

    return read


def waits(text: str) -> tuple[timedelta, ...]:
    parts = [part.strip() for part in text.split(",")]
    if not parts or not all(re.fullmatch(r"[0-9]{1,5}", part) for part in parts):
        raise Wrong("must be seconds separated by commas, e.g. 60,120,300,900,3600")
    return tuple(timedelta(seconds=int(part)) for part in parts)


def level(text: str) -> str:
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise Wrong("must be DEBUG, INFO, WARNING or ERROR")
    return text.upper()
