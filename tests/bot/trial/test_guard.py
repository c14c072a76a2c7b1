"""Nothing is called but a plain host on the internet: each of these addresses ends without one connection."""

import ipaddress
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from bot.clock import Clock
from bot.evidence.records import Fault
from bot.trial.address import CannotCall, find, is_public
from bot.trial.parts import Trials
from bot.trial.probes import Probes
from tests.desk import closed_port

OURS = "https://desk.example.org"
NAMES = {
    "inside.example.org": ["10.0.0.7"], "loop.example.org": ["127.0.0.1"], "six.example.org": ["::1"],
    "mixed.example.org": ["93.184.216.34", "127.0.0.1"], "mapped.example.org": ["::ffff:127.0.0.1"],
    "meta.example.org": ["169.254.169.254"], "zone.example.org": ["fe80::1%eth0"], "none.example.org": [],
    "6to4.example.org": ["2002:7f00:1::"], "nat64.example.org": ["64:ff9b::7f00:1"], "ula.example.org": ["fd00::1"],
    "teredo.example.org": ["2001:0:4136:e378:8000:63bf:3fff:fdd2"], "many.example.org": ["224.0.0.1"],
    "cgnat.example.org": ["100.64.0.1"], "compat.example.org": ["::7f00:1"], "words.example.org": ["not-an-ip"],
}  # fmt: skip
HOSTS = [
    "127.0.0.1", "127.1", "127.0.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1",
    "017700000001", "127.0.0.1.", "localhost", "localhost.", "LOCALHOST", "localhost.localdomain", "10.0.0.1",
    "172.16.0.1", "192.168.1.1", "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376",
    "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "192.88.99.1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[fe80::1]", "[fe80::1%25eth0]", "[fc00::1]", "[fd12::1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::]",
    "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::1]", "[2001::1]", "[2001:db8::1]", "[ff02::1]",
    "[fec0::1]", "[100::1]", "[v1.fe80::a]", "1.2.3", "1.2.3.4.5", "0x7f000001.example.0x10", "intranet", "metadata",
    "desk_.example.org", "-desk.example.org", "desk..example.org", ".example.org", "desk.example.org.",
    "①②⑦.⓪.⓪.①", "ⓛocalhost", "exämple.org", "desk。example.org", "127。0。0。1", "desk.example.0x7f",
    "user@desk.example.org", "user:pass@127.0.0.1", "desk.example.org@127.0.0.1", "127.0.0.1%2523.example.org",
    "desk.example.org%00.evil.org", "desk.example.org:0", "desk.example.org:99999", "desk.example.org:x",
    *NAMES,
]  # fmt: skip
URLS = [
    *(f"https://{host}/webhooks/whatsapp" for host in HOSTS),
    "http://desk.example.org/x", "http://93.184.216.34/", "ftp://desk.example.org/", "file:///etc/passwd", "gopher://x.org/",
    "", "desk.example.org", "//desk.example.org/", "https:/desk.example.org", "https://", "https:///x", "https://[::1/",
    "https://desk.example.org\\@127.0.0.1/", "https://127.0.0.1\\.example.org/", "https://desk.example.org/#x",
    "https://desk.example.org/a b", "https://desk.example.org/\r\nHost: x", "https://desk.example.org/" + "x" * 3000,
    "HTTP://127.0.0.1:8080/", "https://127.0.0.1:8080/webhooks/whatsapp", "javascript:alert(1)", "data:text/plain,x",
    "https://desk.example.org/ü", " https://127.0.0.1/", "https://127.0.0.1\t/", "unix:///run/docker.sock",
]  # fmt: skip

_CONNECTS: list[object] = []
_HEARING = [False]


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and _HEARING[0]:
        _CONNECTS.append(arguments[1])


sys.addaudithook(_hear)


@pytest.fixture
def connects() -> Iterator[list[object]]:
    """Every connection this process tries meanwhile."""
    _CONNECTS.clear()
    _HEARING[0] = True
    yield _CONNECTS
    _HEARING[0] = False


async def by_table(host: str, port: int) -> Sequence[str]:
    try:
        return NAMES[host]
    except KeyError:
        raise OSError("no such name") from None


def test_the_table_is_long_enough() -> None:
    assert len(set(URLS)) >= 100


@pytest.mark.parametrize("url", URLS)
async def test_it_is_refused_without_a_connection(url: str, connects: list[object]) -> None:
    result = await Trials(Probes(), Clock(), resolve=by_table).foreign(url, public_url=OURS)
    assert not result.passed
    assert result.fault in (Fault.GUARD, Fault.DNS)
    assert result.why
    assert connects == []


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("http://127.0.0.1:8081/", "http://127.0.0.1:8080"), ("http://localhost:8080/", "http://127.0.0.1:8080"),
        ("https://127.0.0.1:8080/", "http://127.0.0.1:8080"), ("http://127.0.0.2:8080/", "http://127.0.0.1:8080"),
        ("http://desk.example.org/", "http://desk.example.org"), ("http://10.0.0.7/", "http://10.0.0.7"),
        ("http://127.0.0.1:8080/", "https://desk.example.org"),
    ],
)  # fmt: skip
async def test_only_the_loopback_address_that_public_url_names_is_called_in_the_clear(
    url: str, ours: str
) -> None:
    with pytest.raises(CannotCall):
        await find(url, ours=ours, resolve=by_table)
    assert (
        await find("http://127.0.0.1:8080/x", ours="http://127.0.0.1:8080", resolve=by_table)
    ).ip == "127.0.0.1"


async def test_a_name_that_changes_its_mind_is_looked_up_once_and_called_where_it_was_first() -> None:
    """Rebinding: a second look-up would lead inside, so there is none."""
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return answers.pop(0)

    spot = await find("https://rebind.example.org/x", ours=OURS, resolve=rebinding)
    assert (spot.ip, spot.host, asked) == ("93.184.216.34", "rebind.example.org", ["rebind.example.org"])


async def test_the_connection_goes_to_the_very_ip_that_was_checked(connects: list[object]) -> None:
    """Nobody listens: what counts is where the connection was tried, and localhost is 127.0.0.1 to everybody else."""
    asked: list[str] = []
    port = closed_port()

    async def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.9"] if len(asked) == 1 else ["127.0.0.1"]

    ours = f"http://localhost:{port}"
    result = await Trials(Probes(), Clock(), resolve=rebinding).foreign(f"{ours}/x", public_url=ours)
    assert result.fault is Fault.CONNECTION
    assert asked == ["localhost"]
    assert connects == [("127.0.0.9", port)]


@pytest.mark.parametrize("ip", ["93.184.216.34", "2606:2800:220:1::1", "1.1.1.1", "8.8.8.8"])
async def test_a_plain_host_is_let_through(ip: str) -> None:
    async def there(host: str, port: int) -> Sequence[str]:
        return [ip]

    spot = await find("https://desk.example.com/a+b?x=1", ours=OURS, resolve=there)
    assert (spot.ip, spot.path, spot.query, spot.port) == (ip, "/a+b", "x=1", 443)


def test_is_public_takes_addresses_and_no_others() -> None:
    assert is_public(ipaddress.ip_address("1.1.1.1"))
    assert not is_public(ipaddress.ip_address("::ffff:1.1.1.1"))
