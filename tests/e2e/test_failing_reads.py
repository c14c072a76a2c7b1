"""Each read of a diagnosis failing in each way: never a wrong verdict, never a write, over the wire."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import pytest

from bot.causes.cause import DEFINITE
from bot.diagnosis.examine import Kind, Report
from bot.evidence.snapshot import NEEDED_FIELDS
from bot.sandbox.meta.faults import Fault
from bot.sandbox.meta.seed import SHOP, Seed
from tests.checks.scenario import app, main_token, shop, support
from tests.desk import Desk
from tests.e2e.front import Front, Spoils
from tests.e2e.trouble import HASTY
from tests.web.meta import VERIFY_TOKEN

A_Desk = Callable[..., Awaitable[Desk]]
READS: Mapping[str, str] = {
    "token": "/debug_token",
    "number": "/{number}",
    "account": f"/{SHOP}",
    "apps": "/subscribed_apps",
    "subscription": "/subscriptions",
}
WITH_OUR_TOKEN = ("number", "account", "apps")
IMPATIENT = replace(HASTY, graph=replace(HASTY.graph, tries=1, read_s=0.4, answer_s=0.7))
WORLDS: Mapping[str, Callable[[Seed], object]] = {
    "OK": lambda seed: None,
    "OTP_NEEDED": lambda seed: support(seed).disconnect(),
    "TOKEN_PASSWORD": lambda seed: main_token(seed).revoke_token(460),
    "WEBHOOK_TAKEN_OVER": lambda seed: support(seed).take_over_webhook("https://tenant.example/wa"),
    "PAYMENT": lambda seed: shop(seed).fail_payment(),
    "OTP_EXPIRED_BUT_LIVE": lambda seed: support(seed).expire_verification(),
}
SILENT = ("reset", "http_500", "http_503", "http_200_html", "garbage_json", "empty", "status_429")


def refusal(code: int, subcode: int = 0, words: str = "No.") -> tuple[int, bytes]:
    error = {"message": words, "type": "OAuthException", "code": code, "error_subcode": subcode}
    return 400, json.dumps({"error": error | {"fbtrace_id": "ATrace"}}).encode()


REFUSED: Mapping[str, tuple[int, bytes]] = {
    "190/463": refusal(190, 463),
    "190": refusal(190),
    "permission 10": refusal(10, words="(#10) Application does not have permission for this action"),
    "permission 200": refusal(200),
    "100/33": refusal(100, 33, "Unsupported get request. Object does not exist"),
    "unknown field": refusal(100, words="(#100) Tried accessing nonexisting field (status) on node type (X)"),
    "throttled 4": refusal(4),
    "throttled 80008": refusal(80008),
    "unknown 1": refusal(1),
    "a code of tomorrow": refusal(987654),
    "nothing": (200, b"{}"),
    "empty data": (200, b'{"data": []}'),
    "a list": (200, b"[]"),
}
# What an answer says is believed: a token is dead, an object is gone, a list is empty.
SAYS_SO: Mapping[tuple[str, str], str] = {
    **{("190/463", read): "TOKEN_EXPIRED" for read in WITH_OUR_TOKEN},
    **{("190", read): "TOKEN_INVALID" for read in WITH_OUR_TOKEN},
    ("100/33", "number"): "NUMBER_GONE",
    ("empty data", "apps"): "WEBHOOK_APP_NOT_SUBSCRIBED",
    ("empty data", "subscription"): "WEBHOOK_NOT_SET",
}
WEAKER = {"TOKEN_INVALID": "TOKEN_PASSWORD"}


async def broken_desk(a_desk: A_Desk, graph: str = "") -> Desk:
    given = {"PUBLIC_URL": "https://bot.example", "HTTP_PORT": "0", "META_VERIFY_TOKEN": VERIFY_TOKEN}
    desk = await a_desk(tempo=IMPATIENT, **given)
    record = app(desk.seed)
    record.callback_url, record.subscribed_fields = desk.bot.services.config.webhook_url, NEEDED_FIELDS
    if graph:
        desk.change(GRAPH_API_URL=graph)
    return desk


async def look(desk: Desk) -> Report:
    """What is found, by reading alone."""
    diagnoses = desk.bot.services.diagnoses
    ref = await diagnoses.numbers.by_id(support(desk.seed).id)
    before = len(desk.meta.calls)
    report = await diagnoses.diagnose(ref)
    assert all(call.method == "GET" for call in list(desk.meta.calls)[before:])
    return report


def after_throttling(desk: Desk, way: str) -> None:
    """The bot holds back after it; what is asked next is asked later."""
    if way == "status_429" or way.startswith("throttled"):
        desk.skip(hours=2)


def assert_not_wrong(report: Report, full: Report, said: str = "") -> None:
    """Healthy only as a full read says so; a definite cause only when the full read, or the answer, tells it."""
    true = {full.code, *(each.finding.cause.code for each in full.checks if each.finding), said}
    if report.kind is Kind.FOUND and report.code not in true:
        assert WEAKER.get(report.code) in true, (report.code, true)
    if report.kind is Kind.FOUND and report.unread:
        assert report.verdict.cause.severity in DEFINITE
    if report.kind is Kind.HEALTHY:
        assert not report.unread


def where(read: str, desk: Desk) -> str:
    return READS[read].format(number=support(desk.seed).id)


@pytest.mark.parametrize("code", WORLDS)
async def test_a_read_that_is_silent_makes_no_wrong_verdict(code: str, a_desk: A_Desk) -> None:
    desk = await broken_desk(a_desk)
    await desk.bot.services.diagnoses.numbers.all()
    WORLDS[code](desk.seed)
    full = await look(desk)
    assert full.code == code
    for read in READS:
        for kind in (*SILENT, "hang") if code == "OK" else SILENT:
            fault = Fault(kind, where(read, desk), times=0)  # type: ignore[arg-type]  # checked by Fault
            desk.meta.add_fault(fault)
            report = await look(desk)
            desk.meta.faults.clear()
            after_throttling(desk, kind)
            assert report.kind is not Kind.HEALTHY, (read, kind)
            assert report.unread, (read, kind)
            assert_not_wrong(report, full)


def spoil(path: str, answer: tuple[int, bytes]) -> Spoils:
    return lambda request: answer if request.path.endswith(path) else None


@pytest.mark.parametrize("code", WORLDS)
async def test_a_read_that_is_refused_or_empty_makes_no_wrong_verdict(code: str, a_desk: A_Desk) -> None:
    async with Front() as front:
        desk = await broken_desk(a_desk, graph=front.url)
        front.behind = desk.meta.url
        await desk.restart()
        await desk.bot.services.diagnoses.numbers.all()
        WORLDS[code](desk.seed)
        full = await look(desk)
        assert full.code == code
        for read in READS:
            for way, answer in REFUSED.items():
                front.spoils = spoil(where(read, desk), answer)
                report = await look(desk)
                after_throttling(desk, way)
                assert_not_wrong(report, full, SAYS_SO.get((way, read), ""))


async def test_the_token_refused_in_every_read_is_the_cause_whatever_debug_token_does(a_desk: A_Desk) -> None:
    desk = await broken_desk(a_desk)
    await desk.bot.services.diagnoses.numbers.all()
    main_token(desk.seed).revoke_token(460)
    for kind in SILENT:
        desk.meta.add_fault(Fault(kind, "debug_token", times=0))  # type: ignore[arg-type]  # checked by Fault
        report = await look(desk)
        desk.meta.faults.clear()
        after_throttling(desk, kind)
        if kind != "status_429":
            assert report.code == "TOKEN_PASSWORD", kind
