"""Every way the fake Meta can fail, before and after the deed."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox.meta.calls import Call
from bot.sandbox.meta.faults import HUGE, KINDS, Fault, Kind
from bot.sandbox.meta.seed import SHOP
from bot.sandbox.meta.server import FakeMeta
from tests.sandbox.meta.conftest import Graph

SILENT: tuple[Kind, ...] = ("hang_before", "hang_after", "reset_before", "reset_after")
BAD: tuple[Kind, ...] = (
    *(
        "http_500",
        "http_503",
        "http_502_html",
        "http_200_html",
        "garbage_json",
        "empty",
        "invalid_utf8",
        "huge_body",
    ),
    *("deep_nesting", "status_429", "wrong_types", "success_false_string"),
)


@pytest.fixture
async def raw(meta: FakeMeta, graph: Graph) -> AsyncIterator[aiohttp.ClientSession]:
    """Asks for codes without looking at the answers; gives up after 0.3 s."""
    headers = {"Authorization": f"Bearer {graph.token}"}
    patience = aiohttp.ClientTimeout(total=0.3)
    async with aiohttp.ClientSession(meta.url, headers=headers, timeout=patience) as session:
        yield session


async def ask_code(raw: aiohttp.ClientSession, meta: FakeMeta) -> tuple[int, bytes, aiohttp.ClientResponse]:
    path = f"/v25.0/{meta.number('Sales').id}/request_code"
    body = {"code_method": "SMS", "language": "en_US"}
    async with raw.post(path, json=body) as answer:
        return answer.status, await answer.read(), answer


@pytest.mark.parametrize("kind", SILENT)
async def test_silence_comes_before_or_after_the_deed(
    raw: aiohttp.ClientSession, meta: FakeMeta, kind: Kind
) -> None:
    meta.add_fault(Fault(kind, match="request_code"))
    with pytest.raises((aiohttp.ClientError, TimeoutError)) as caught:
        await ask_code(raw, meta)
    assert isinstance(caught.value, TimeoutError) == kind.startswith("hang")
    done = kind.endswith("after")
    assert len(meta.phone("Sales").messages) == done
    assert meta.calls[-1].effect is done
    assert not meta.faults.waiting


@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize("kind", BAD)
async def test_a_bad_answer_comes_before_or_after_the_deed(
    raw: aiohttp.ClientSession, meta: FakeMeta, kind: Kind, phase: str
) -> None:
    meta.add_fault(Fault(kind, match="POST", phase=phase))  # type: ignore[arg-type]  # one of the two
    status, body, _ = await ask_code(raw, meta)
    assert (status, body) != (200, b'{"success": true}')
    assert len(meta.phone("Sales").messages) == (phase == "after")


async def test_what_each_bad_answer_is(raw: aiohttp.ClientSession, meta: FakeMeta) -> None:
    for kind in BAD:
        meta.add_fault(Fault(kind))
    seen = {kind: await ask_code(raw, meta) for kind in BAD}
    assert seen["http_500"][0] == 500
    assert json.loads(seen["http_500"][1])["error"]["code"] == 2
    assert (seen["http_502_html"][0], seen["http_200_html"][0]) == (502, 200)
    assert seen["http_200_html"][1].startswith(b"<!DOCTYPE")
    for kind in ("garbage_json", "empty", "invalid_utf8"):
        with pytest.raises(ValueError, match=r".*"):
            json.loads(seen[kind][1])
    assert len(seen["huge_body"][1]) > HUGE
    with pytest.raises(RecursionError):
        json.loads(seen["deep_nesting"][1])
    assert seen["status_429"][0] == 429
    assert json.loads(seen["wrong_types"][1]) == {"success": {"value": True}}
    assert json.loads(seen["success_false_string"][1]) == {"success": "false"}


async def test_wrong_types_bend_an_honest_answer(graph: Graph, meta: FakeMeta) -> None:
    meta.add_fault(Fault("wrong_types", phase="after"))
    answer = await graph.get(f"/{SHOP}", fields="id,subscribed_apps")
    apps = answer.body["subscribed_apps"]
    assert answer.body["id"] == [SHOP]
    assert isinstance(apps, dict)
    assert isinstance(apps["data"], dict)


@pytest.mark.parametrize("wait", ["120", "Wed, 21 Oct 2026 07:28:00 GMT", "-5", "1000000000", "soon", None])
async def test_429_says_until_when_in_any_form(
    raw: aiohttp.ClientSession, meta: FakeMeta, wait: str | None
) -> None:
    meta.add_fault(Fault("status_429", retry_after=wait))
    _, _, answer = await ask_code(raw, meta)
    assert answer.headers.get("Retry-After") == wait


async def test_slow_loris_drips_byte_by_byte(raw: aiohttp.ClientSession, meta: FakeMeta) -> None:
    meta.add_fault(Fault("slow_loris"))
    with pytest.raises(TimeoutError):
        await ask_code(raw, meta)


async def test_a_connection_dropped_at_accept_is_no_call(raw: aiohttp.ClientSession, meta: FakeMeta) -> None:
    meta.add_fault(Fault("drop_connection_at_accept"))
    with pytest.raises(aiohttp.ClientError):
        await ask_code(raw, meta)
    assert meta.calls == []
    assert (await ask_code(raw, meta))[0] == 200


async def test_a_closed_meta_refuses_connections_and_comes_back(graph: Graph, meta: FakeMeta) -> None:
    port = int(meta.url.rsplit(":", 1)[1])
    await meta.close()
    with pytest.raises(aiohttp.ClientConnectionError):
        await graph.get(f"/{SHOP}")
    await meta.start(port)
    assert (await graph.get(f"/{SHOP}")).status == 200


async def test_closing_cuts_off_those_left_hanging(graph: Graph, meta: FakeMeta) -> None:
    meta.add_fault(Fault("hang"))
    arrived = asyncio.Event()

    async def witness(call: Call) -> None:
        arrived.set()

    meta.on_write = witness
    waiting = asyncio.create_task(graph.ask_code("Sales"))
    await arrived.wait()
    await asyncio.wait_for(meta.close(), 15)  # it hangs for ever otherwise
    with pytest.raises(aiohttp.ClientError):
        await waiting


async def test_a_fault_strikes_what_it_matches_as_often_as_it_says(graph: Graph, meta: FakeMeta) -> None:
    meta.add_fault(Fault("empty", match="/nowhere"))
    meta.add_fault(Fault("success_false_string", match=f"GET /v25.0/{SHOP}", times=2))
    answers = [await graph.get(f"/{SHOP}") for _ in range(3)]
    assert [answer.body == {"success": "false"} for answer in answers] == [True, True, False]
    meta.clear_faults()
    meta.add_fault(Fault("success_false_string", times=0))
    answers = [await graph.get(f"/{SHOP}") for _ in range(3)]
    assert all(answer.body == {"success": "false"} for answer in answers)
    assert len(meta.faults.waiting) == 1


def test_there_are_no_other_faults() -> None:
    assert {*SILENT, *BAD, "hang", "reset", "slow_loris", "drop_connection_at_accept"} == set(KINDS)
    with pytest.raises(ValueError, match="no fault"):
        Fault("explode")  # type: ignore[arg-type]  # that is the point
