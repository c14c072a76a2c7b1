"""Meta's webhook: the handshake, the signature, and what is answered when something is wrong."""

import asyncio
import json
import logging
import sqlite3
from typing import Any

import aiohttp
import pytest
from sqlmodel import Session, select

from bot.web.server import WebServer
from bot.web.webhook import Webhook
from storage.errors import Unavailable
from storage.tables import EventRow
from tests.desk import Desk
from tests.web.meta import CUSTOMER, NAME, PATH, VERIFY_TOKEN, WORDS, Post, envelope, inbound, signature

GOOD = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY_TOKEN}


async def get(desk: Desk, path: str, **options: Any) -> tuple[int, str, dict[str, str]]:
    async with aiohttp.ClientSession() as session, session.get(desk.web_url + path, **options) as answer:
        return answer.status, await answer.text(), dict(answer.headers)


async def kept(desk: Desk) -> list[EventRow]:
    def rows(session: Session) -> list[EventRow]:
        found = list(session.exec(select(EventRow)).all())
        session.expunge_all()
        return found

    return await desk.bot.services.db.read(rows)


async def test_the_handshake_echoes_the_challenge_and_nothing_else(served: Desk):
    code, text, headers = await get(served, PATH, params=GOOD)
    assert (code, text) == (200, "1158201444")
    assert headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    "changed",
    [
        {"hub.verify_token": "wrong"}, {"hub.verify_token": ""}, {"hub.verify_token": VERIFY_TOKEN + "x"},
        {"hub.verify_token": "тайна"}, {"hub.mode": "unsubscribe"}, {"hub.mode": ""}, {"hub.challenge": ""},
        {"hub.challenge": "<script>"}, {"hub.challenge": "1" * 41}, {"hub.challenge": "1\n"}, {"hub.challenge": "١٢"},
    ],
)  # fmt: skip
async def test_any_other_handshake_is_refused_without_an_echo(served: Desk, changed: dict[str, str]):
    code, text, _ = await get(served, PATH, params={**GOOD, **changed})
    assert code == 403
    assert text == "Refused: handshake refused.\n"


async def test_a_signed_message_is_on_disk_when_it_is_answered_and_without_a_word_of_it(
    served: Desk, post: Post
):
    number = served.meta.number("Sales")
    assert await post(inbound(number.id, number.digits)) == 200
    (row,) = await kept(served)
    assert (row.number_id, row.direction, row.kind, row.code) == (number.id, "in", "text", 0)
    assert row.done_at is not None
    said = await asyncio.to_thread(served.path.read_bytes)
    for private in (CUSTOMER, NAME, WORDS, "wamid."):
        assert private.encode() not in said


def test_the_signature_is_the_one_of_rfc_4231():
    vector = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert signature("Jefe", b"what do ya want for nothing?") == f"sha256={vector}"


async def test_the_bytes_are_what_is_signed_not_their_meaning(served: Desk, post: Post):
    """Meta signs with escaped unicode: written anew, the same JSON has another signature."""
    document = {**envelope(served.seed.account_ids[0]), "ä": "ö/"}
    as_meta = json.dumps(document).replace("/", "\\/").encode()
    assert await post.raw(as_meta) == 200
    anew = json.dumps(document, ensure_ascii=False).encode()
    assert await post.raw(anew, {"X-Hub-Signature-256": signature(post.secret, as_meta)}) == 401


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"X-Hub-Signature": "sha1=" + "a" * 40}, {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": "sha256="}, {"X-Hub-Signature-256": "sha256=" + "0" * 64},
        {"X-Hub-Signature-256": "sha1=" + "0" * 64}, {"X-Hub-Signature-256": "sha256=" + "z" * 64},
        {"X-Hub-Signature-256": "sha256=" + "0" * 63 + "é"}, {"X-Hub-Signature-256": "0" * 64},
    ],
)  # fmt: skip
async def test_without_the_right_signature_nothing_is_read(served: Desk, post: Post, headers: dict[str, str]):
    assert await post.raw(b"{}", headers) == 401
    assert await kept(served) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"1" * 100_000,
        b"nul",
        b'{"object": "\\ud800',
    ],
)
async def test_signed_nonsense_is_answered_and_kept_nowhere(served: Desk, post: Post, body: bytes):
    assert await post.raw(body) == 400
    assert await kept(served) == []


@pytest.mark.parametrize(
    "document",
    [
        [], 1, None, "x", {}, {"object": "page", "entry": [{"changes": [{}]}]},
        {"object": "whatsapp_business_account"}, {"object": "whatsapp_business_account", "entry": {}},
        {"object": "whatsapp_business_account", "entry": [1, None, {"changes": 3}]},
    ],
)  # fmt: skip
async def test_signed_json_with_nothing_in_it_for_us_is_answered_with_yes(
    served: Desk, post: Post, document: object
):
    assert await post.raw(json.dumps(document).encode()) == 200
    assert await kept(served) == []


async def test_three_megabytes_are_taken_and_a_byte_more_is_not(served: Desk, post: Post):
    most = 3 * 1024 * 1024
    body = b'{"object":"page","x":"' + b"x" * (most - 24) + b'"}'
    assert len(body) == most
    assert await post.raw(body) == 200
    assert await post.raw(body + b" ") == 413


async def test_a_body_of_unknown_length_is_cut_at_the_cap(served: Desk):
    async def endless() -> Any:
        while True:
            yield b"x" * 65536

    given = {"X-Hub-Signature-256": "sha256=" + "0" * 64}
    url = served.web_url + PATH
    async with aiohttp.ClientSession() as session, session.post(url, data=endless(), headers=given) as answer:
        assert answer.status == 413


async def test_the_same_event_twice_is_one_event(served: Desk, post: Post):
    number = served.meta.number("Sales")
    for _ in range(3):
        assert await post(inbound(number.id, number.digits)) == 200
    assert len(await kept(served)) == 1


async def test_what_cannot_be_stored_is_answered_so_that_meta_sends_again(
    served: Desk, post: Post, caplog: pytest.LogCaptureFixture
):
    number = served.meta.number("Sales")
    await served.bot.services.db.condemn(Unavailable("The disk is full."))
    with caplog.at_level(logging.DEBUG):
        assert await post(inbound(number.id, number.digits)) == 503
    assert "could not be stored" in caplog.text
    assert WORDS not in caplog.text
    assert CUSTOMER not in caplog.text


async def test_a_locked_database_is_answered_so_that_meta_sends_again(served: Desk, post: Post):
    number = served.meta.number("Sales")
    other = sqlite3.connect(served.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        assert await post(inbound(number.id, number.digits)) == 503
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert await post(inbound(number.id, number.digits)) == 200
    assert len(await kept(served)) == 1


async def test_while_the_bot_stops_meta_is_asked_to_come_again(served: Desk, post: Post):
    served.bot.services.stopping.set()
    assert await post.raw(b"{}") == 503


async def test_events_that_wait_at_a_crash_are_taken_in_after_the_start(served: Desk, post: Post):
    number = served.meta.number("Sales")
    assert await post(inbound(number.id, number.digits)) == 200
    await served.stop()
    base = sqlite3.connect(served.path)
    base.execute("UPDATE event SET done_at = NULL")
    base.execute("DELETE FROM standing")
    base.commit()
    base.close()
    await served.start()
    async with asyncio.timeout(5):
        await served.bot.services.happened.taken_in()
    (row,) = await kept(served)
    assert row.done_at is not None


async def test_no_request_leaves_a_body_in_the_log(
    served: Desk, post: Post, caplog: pytest.LogCaptureFixture
):
    number = served.meta.number("Sales")
    with caplog.at_level(logging.DEBUG):
        await post(inbound(number.id, number.digits))
        await post.raw(json.dumps(inbound(number.id, number.digits)).encode(), {"X-Hub-Signature-256": "x"})
    for private in (CUSTOMER, NAME, WORDS):
        assert private not in caplog.text


async def test_without_a_verify_token_of_its_own_no_handshake_is_answered(served: Desk):
    """Not even one with an empty token."""
    services = served.bot.services
    open_to_all = Webhook(
        verify_token=None, app_secret=served.seed.app_secret, happened=services.happened, clock=services.clock,
        counts=services.counts, stopping=services.stopping, probes=services.webhooks.probes,
    )  # fmt: skip
    server = WebServer(host="127.0.0.1", port=0, routes=open_to_all.routes)
    await server.start()
    try:
        where = f"http://127.0.0.1:{server.port}{PATH}"
        for token in ("", VERIFY_TOKEN):
            asked = {**GOOD, "hub.verify_token": token}
            async with aiohttp.ClientSession() as session, session.get(where, params=asked) as answer:
                assert answer.status == 403
    finally:
        await server.close()
