"""The four parts against servers that each do one thing wrong: what is found, and the likely cause in a sentence."""

import asyncio
import hashlib
import hmac
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.clock import Clock
from bot.evidence.records import Fault, Trial, TrialResult
from bot.sandbox.time import MovableClock
from bot.secret import Secret
from bot.trial.parts import Ours, Trials
from bot.trial.probes import OBJECT, Probes
from tests.desk import closed_port

TOKEN, SECRET = "verify-token-of-the-desk", "app-secret-of-the-desk"
Behave = Callable[[web.Request, Probes], Awaitable[web.Response]]
PATH = "/webhooks/whatsapp"


async def good(request: web.Request, probes: Probes) -> web.Response:
    """As our own end point."""
    if request.method == "GET":
        challenge = request.query["hub.challenge"]
        probes.saw(challenge)
        right = request.query["hub.verify_token"] == TOKEN
        return web.Response(text=challenge) if right else web.Response(status=403)
    raw = await request.read()
    probes.saw_in(raw)
    seal = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
    return web.Response(status=200 if request.headers["X-Hub-Signature-256"] == f"sha256={seal}" else 401)


def always(status: int, text: str = "") -> Behave:
    async def answer(request: web.Request, probes: Probes) -> web.Response:
        return web.Response(status=status, text=text)

    return answer


def only(method: str, other: Behave) -> Behave:
    """`other` for this method; else as it should be."""

    async def answer(request: web.Request, probes: Probes) -> web.Response:
        return await (other if request.method == method else good)(request, probes)

    return answer


async def page(request: web.Request, probes: Probes) -> web.Response:
    challenge = request.query.get("hub.challenge", "")
    return web.Response(
        text=f'"{challenge}"' if request.query.get("hub.verify_token") == TOKEN else "x", status=200
    )


async def endless(request: web.Request, probes: Probes) -> web.Response:
    return web.Response(body=b"1" * 300_000)


async def redirects(request: web.Request, probes: Probes) -> web.Response:
    raise web.HTTPFound("http://127.0.0.1:1/elsewhere")


async def never(request: web.Request, probes: Probes) -> web.Response:
    await asyncio.sleep(30)
    return web.Response()


async def changes_query(request: web.Request, probes: Probes) -> web.Response:
    probes.saw(request.query.get("hub.challenge", ""))
    return web.Response(status=403)


async def changes_body(request: web.Request, probes: Probes) -> web.Response:
    probes.saw_in((await request.read()) + b" ")
    return web.Response(status=401)


@asynccontextmanager
async def serving(behave: Behave, probes: Probes, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        assert isinstance(request, web.Request)
        return await behave(request, probes)

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def results(trials: Trials, base: str, path: str = PATH) -> dict[Trial, TrialResult]:
    ours = Ours(
        public_url=base, webhook_url=base + path, verify_token=Secret(TOKEN), app_secret=Secret(SECRET)
    )
    return {result.trial: result for result in (await trials.ours(ours)).results}


async def tried(behave: Behave, path: str = PATH, within_s: float = 5.0) -> dict[Trial, TrialResult]:
    probes = Probes()
    async with serving(behave, probes) as base:
        return await results(Trials(probes, Clock(), within_s=within_s), base, path)


async def test_a_good_end_point_passes_all_four_each_with_its_time() -> None:
    found = await tried(good)
    assert list(found) == list(Trial)
    assert all(result.passed and not result.why and result.took_s > 0 for result in found.values())
    assert [result.http for result in found.values()] == [200, 403, 200, 401]


CASES: list[tuple[str, Behave, Trial, str]] = [
    ("firewall", only("GET", always(403)), Trial.HANDSHAKE, "firewall or a bot filter"),
    (
        "login on GET",
        only("GET", always(401)),
        Trial.HANDSHAKE,
        "signature or a login is demanded on GET (401)",
    ),
    ("nothing there", always(404), Trial.HANDSHAKE, "Nothing is served at this path (404)"),
    ("no GET", only("GET", always(405)), Trial.HANDSHAKE, "lets only POST through"),
    ("bad gateway", always(502), Trial.HANDSHAKE, "answered 502: it does not reach the bot"),
    ("redirect", redirects, Trial.HANDSHAKE, "Meta follows no redirect"),
    ("quoted challenge", only("GET", page), Trial.HANDSHAKE, "something else than the raw challenge"),
    ("endless page", only("GET", endless), Trial.HANDSHAKE, "far more than the raw challenge"),
    ("changed query", only("GET", changes_query), Trial.HANDSHAKE, "changes what stands behind the “?”"),
    ("odd status", only("GET", always(418)), Trial.HANDSHAKE, "It answered 418"),
    (
        "yes to any token",
        only("GET", always(200, text="ok")),
        Trial.WRONG_TOKEN,
        "wrong verify token was accepted",
    ),
    ("error to a wrong token", only("GET", always(500)), Trial.WRONG_TOKEN, "answered 500"),
    ("somebody else's 200", only("POST", always(200)), Trial.SIGNED, "never reached this bot"),
    ("changed body", only("POST", changes_body), Trial.SIGNED, "changes the body"),
    ("firewall on POST", only("POST", always(403)), Trial.SIGNED, "firewall or a filter keeps events out"),
    ("login on POST", only("POST", always(401)), Trial.SIGNED, "A login is demanded (401)"),
    ("no POST", only("POST", always(405)), Trial.SIGNED, "lets only GET through"),
    ("no room", only("POST", always(413)), Trial.SIGNED, "too large for the server in front"),
    ("yes to any signature", only("POST", always(200)), Trial.BADLY_SIGNED, "wrong signature was taken in"),
    ("redirected events", only("POST", redirects), Trial.SIGNED, "Meta follows no redirect"),
]


@pytest.mark.parametrize(
    ("behave", "trial", "why"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
async def test_a_failure_names_its_likely_cause(behave: Behave, trial: Trial, why: str) -> None:
    found = (await tried(behave))[trial]
    assert not found.passed
    assert why in found.why


async def test_a_plus_in_the_path_is_named() -> None:
    found = await tried(always(404), "/hooks+1/webhooks/whatsapp")
    assert "“+” in the path" in found[Trial.HANDSHAKE].why
    assert "“+” in the path" in found[Trial.SIGNED].why


async def test_who_never_answers_is_given_up_and_all_four_together_take_no_longer_than_one() -> None:
    start = asyncio.get_running_loop().time()
    found = await tried(never, within_s=0.4)
    assert asyncio.get_running_loop().time() - start < 2
    assert {result.fault for result in found.values()} == {Fault.TIMEOUT}
    assert "did not answer within 5 seconds" in found[Trial.HANDSHAKE].why


async def test_a_port_nobody_listens_on() -> None:
    found = await results(Trials(Probes(), Clock()), f"http://127.0.0.1:{closed_port()}")
    assert {result.fault for result in found.values()} == {Fault.CONNECTION}


async def test_a_name_the_dns_does_not_know() -> None:
    async def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    found = await results(Trials(Probes(), Clock(), resolve=nobody), "https://desk.example.org")
    assert {result.fault for result in found.values()} == {Fault.DNS}
    assert "not known to the DNS" in found[Trial.SIGNED].why


@pytest.fixture
def own_certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that no authority signed, and its key."""
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
         str(key), "-out", str(cert), "-days", "1", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    return cert, key


async def test_a_certificate_nobody_signed(own_certificate: tuple[Path, Path]) -> None:
    cert, key = own_certificate
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(cert, key)
    probes = Probes()
    async with serving(good, probes, tls) as base:
        found = await results(Trials(probes, Clock()), base)
        trusted = await results(
            Trials(probes, Clock(), tls=ssl.create_default_context(cafile=str(cert))), base
        )
    assert {result.fault for result in found.values()} == {Fault.TLS}
    assert "certificate does not hold" in found[Trial.HANDSHAKE].why
    assert all(result.passed for result in trusted.values())


async def test_the_token_and_signatures_never_go_to_somebody_else() -> None:
    """Of a foreign address only its answer to a token nobody uses is asked for."""
    heard: list[tuple[str, str, str]] = []

    async def listens(request: web.Request, probes: Probes) -> web.Response:
        heard.append((request.method, request.path_qs, str(dict(request.headers))))
        return web.Response(status=403)

    probes = Probes()
    async with serving(listens, probes) as base:
        result = await Trials(probes, Clock()).foreign(f"{base}/theirs", public_url=base)
    assert result.passed
    ((method, path, headers),) = heard
    assert (method, path.startswith("/theirs?")) == ("GET", True)
    assert TOKEN not in path
    assert "Authorization" not in headers
    assert "Cookie" not in headers


async def test_the_last_test_is_remembered_unless_it_could_not_be_made_from_here() -> None:
    probes = Probes()
    trials = Trials(probes, Clock())
    async with serving(good, probes) as base:
        assert trials.last() is None
        await results(trials, base)
    kept = trials.last()
    assert kept is not None
    assert kept.url.endswith(PATH)
    await results(trials, "https://10.0.0.7")
    assert trials.last() is kept


async def test_a_test_of_ten_minutes_ago_proves_nothing_any_more() -> None:
    probes, clock = Probes(), MovableClock()
    trials = Trials(probes, clock)
    async with serving(good, probes) as base:
        await results(trials, base)
    clock.skip(timedelta(minutes=9, seconds=50))
    assert trials.last() is not None
    clock.skip(timedelta(seconds=20))
    assert trials.last() is None


def test_a_probe_is_ours_only_while_it_is_out() -> None:
    probes = Probes()
    with probes.out() as number:
        assert not probes.arrived(number)
        assert not probes.saw("1" * 24)
        assert probes.saw_in(f'{{"object":"{OBJECT}","note":"desk-test-{number}"}}'.encode())
        assert probes.arrived(number)
        assert not probes.saw_in(b"x" * 1000 + number.encode())
    assert not probes.saw(number)
