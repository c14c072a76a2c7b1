"""Which address may be called from here, and at which IP: looked up once, called at that one (reliability.md T8).

An address Meta has on record may be anybody's wish: metadata services, our own network, or a name that changes its
mind between two look-ups. What is not plainly a host on the internet is refused before a byte leaves.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from bot.evidence.records import Fault

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
IP = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST = 2000
_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_NAME = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z0-9-]*[a-z]){_LABEL}", re.ASCII)  # the last one is no number
_HEX = re.compile(r"0x[0-9a-f]*", re.ASCII)
_PATH = re.compile(r"[!-~]*", re.ASCII)
_V6_UNICAST = ipaddress.ip_network("2000::/3")
# Ways to write an IPv4 address as an IPv6 one, and addresses that lead to somebody's relay.
_NOWHERE = tuple(
    ipaddress.ip_network(text)
    for text in ("2002::/16", "2001::/23", "64:ff9b::/96", "64:ff9b:1::/48", "3fff::/20", "2001:db8::/32",
                 "192.88.99.0/24", "192.0.0.0/24", "100.64.0.0/10")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spot:
    """Where to connect, and what to ask for there. `host` names the server; `ip` is where it was found."""

    scheme: str
    host: str
    ip: str
    port: int
    path: str
    query: str = ""


class CannotCall(Exception):
    """Nothing was sent there. `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


async def look_up(host: str, port: int) -> Sequence[str]:
    """The IPs of a name, from the system's resolver. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


async def find(url: str, *, ours: str, resolve: Resolve = look_up) -> Spot:
    """Where `url` is. `ours`: PUBLIC_URL, which alone may name this very machine. Raises CannotCall."""
    parts = _read(url)
    here = _is_here(parts, ours)
    if parts.scheme != "https" and not here:
        raise CannotCall(Fault.GUARD)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    ip = _written_ip(host)
    if (
        ip is None
        and host != "localhost"
        and (not _NAME.fullmatch(host) or _HEX.fullmatch(host.split(".")[-1]))
    ):
        raise CannotCall(Fault.GUARD)
    try:
        found = [str(ip)] if ip else await resolve(host, port)
        ips = [ipaddress.ip_address(text) for text in found]
    except (OSError, UnicodeError):
        raise CannotCall(Fault.DNS) from None
    except ValueError:  # an address with a zone, or no address at all
        raise CannotCall(Fault.GUARD) from None
    if not ips:
        raise CannotCall(Fault.DNS)
    if not all(one.is_loopback if here else is_public(one) for one in ips):
        raise CannotCall(Fault.GUARD)
    return Spot(parts.scheme, host, str(ips[0]), port, parts.path or "/", parts.query)


def is_public(ip: IP) -> bool:
    """Whether it is a plain host on the internet, to the world and not by way of some translation."""
    if any(ip.version == net.version and ip in net for net in _NOWHERE):
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip not in _V6_UNICAST:
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def is_loopback(host: str) -> bool:
    """Whether a host, as written, is this machine."""
    ip = _written_ip(host)
    return host == "localhost" or (ip is not None and ip.is_loopback)


def _read(url: str) -> SplitResult:
    """The parts, when there is only one way to read them."""
    try:
        parts = urlsplit(url)
        odd = parts.port == 0
    except ValueError:
        raise CannotCall(Fault.GUARD) from None
    plain = len(url) <= LONGEST and _PATH.fullmatch(url) and "\\" not in url and "@" not in parts.netloc
    if odd or not plain or not parts.hostname or parts.fragment or "%" in parts.netloc:
        raise CannotCall(Fault.GUARD)
    return parts


def _written_ip(host: str) -> IP | None:
    """An IP written the one usual way; 127.1, 0x7f000001, 2130706433 and 0177.0.0.1 are none."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_here(parts: SplitResult, ours: str) -> bool:
    """Whether it is the very scheme, host and port PUBLIC_URL names, and those are this machine's."""
    own = urlsplit(ours)
    same = (parts.scheme, parts.hostname, parts.port) == (own.scheme, own.hostname, own.port)
    return same and is_loopback(own.hostname or "")
