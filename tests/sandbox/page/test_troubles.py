"""Trouble of the page's world lasts until it is switched off; a deed is done once."""

import aiohttp
import pytest

from bot.sandbox.page.knobs import Knobs
from bot.sandbox.page.troubles import SLOW_S, STALE_READS, TROUBLES
from bot.sandbox.world import Sandbox
from tests.sandbox.page.turning import arrived, ask_code


@pytest.mark.parametrize(
    ("id_", "status", "body", "done"),
    [
        ("meta-down", 0, b"", 0),
        ("meta-503", 503, b"temporarily unavailable", 0),
        ("meta-hangs", 0, b"Timeout", 0),
        ("meta-lies", 200, b'{"success": true}', 0),
        ("meta-answers-lost", 0, b"", 1),
        ("meta-garbage", 200, b'{"success": tru', 0),
    ],
)
async def test_trouble_at_meta_lasts_until_it_is_switched_off(
    knobs: Knobs, sandbox: Sandbox, id_: str, status: int, body: bytes, done: int
) -> None:
    await knobs.turn(("fault",), {"id": id_, "on": True})
    await knobs.turn(("fault",), {"id": id_, "on": True})  # once more changes nothing
    for _ in range(2):
        answer = await ask_code(sandbox, patience_s=0.3)
        assert answer[0] == status
        assert body in answer[1]
    assert arrived(sandbox) == done
    assert [fault["id"] for fault in knobs.faults() if fault["on"]] == [id_]
    await knobs.turn(("fault",), {"id": id_, "on": False})
    await knobs.turn(("time",), {"skip_s": 60})
    assert (await ask_code(sandbox))[0] == 200
    assert arrived(sandbox) == done + 1


async def test_a_slow_meta_and_lagging_reads_are_switched_on_and_off(knobs: Knobs, sandbox: Sandbox) -> None:
    for on, latency, reads in ((True, SLOW_S, STALE_READS), (False, 0.0, 0)):
        await knobs.turn(("fault",), {"id": "meta-slow", "on": on})
        await knobs.turn(("fault",), {"id": "meta-reads-lag", "on": on})
        assert sandbox.meta.latency_s == latency
        assert {number.connect_reads for number in sandbox.meta.world.numbers.values()} == {reads}


async def test_slack_limits_the_rate_until_it_is_switched_off(knobs: Knobs, sandbox: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {sandbox.slack.bot_token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for on, status in ((True, 429), (False, 200)):
            await knobs.turn(("fault",), {"id": "slack-rate-limited", "on": on})
            async with session.post(f"{sandbox.slack.api_url}auth.test") as answer:
                assert answer.status == status
                assert answer.headers.get("Retry-After") == ("2" if on else None)


async def test_slack_delivers_every_envelope_twice(knobs: Knobs, sandbox: Sandbox) -> None:
    for on, copies in ((True, [0, 1]), (False, [0])):
        await knobs.turn(("fault",), {"id": "slack-redelivers", "on": on})
        sandbox.slack.envelopes.clear()
        await sandbox.slack.deliver(sandbox.slack.slash_envelope("ana", "/whatsapp"))
        await sandbox.slack.settled()
        assert sorted(log.copy for log in sandbox.slack.envelopes) == copies


@pytest.mark.parametrize("id_", [trouble.id for trouble in TROUBLES if trouble.lift is None])
async def test_a_deed_is_done_at_once_and_stays_off(knobs: Knobs, id_: str) -> None:
    assert await knobs.turn(("fault",), {"id": id_}) == {}
    assert not any(fault["on"] for fault in knobs.faults())


def test_troubles_have_ids_names_and_words_of_their_own() -> None:
    for attribute in ("id", "name", "about"):
        told = [getattr(trouble, attribute) for trouble in TROUBLES]
        assert all(told)
        assert len(set(told)) == len(told)
