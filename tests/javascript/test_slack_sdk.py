"""Slack's own JavaScript clients work against the sandbox's Slack as they do against the real one."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.sandbox.slack import FakeSlack, Person
from tests.javascript.node import HERE, node, running

PATIENCE_S = 20.0  # the client waits five seconds before it connects anew


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        yield fake
        assert fake.refusals == []


@pytest.fixture
async def ana(slack: FakeSlack) -> AsyncIterator[Person]:
    """Ana, in a workspace whose app is on Bolt for JavaScript."""
    async with running("app.mjs", slack):
        yield slack.person("ana")


def test_the_lock_pins_by_hash_and_names_no_host() -> None:
    text = (HERE / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert len(packages) > 50
    assert [name for name, entry in packages.items() if not entry["integrity"].startswith("sha512-")] == []
    assert "://" not in text
    asked = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in asked} == asked


def test_what_is_missing_is_said_and_never_skipped_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WHATSAPP_JS_MODULES", raising=False)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="npm ci"):
        node()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="npm ci"):
        node()


async def test_a_command_is_answered_in_the_acknowledgement_and_by_its_url(ana: Person) -> None:
    ack = await ana.type("/whatsapp hello")
    assert ack is not None
    assert ack.payload == {"text": "Hello in the acknowledgement."}
    await ana.wait_for("Hello by response_url.")
    assert "desk (only visible to you):\n  Hello in the acknowledgement." in ana.sees()
    assert "Hello by response_url." in ana.reads("#general")


async def test_a_window_shows_errors_then_the_next_view_and_keeps_what_was_entered(ana: Person) -> None:
    await ana.type("/whatsapp form")
    await ana.wait_for_window("Enter the code")
    await ana.submit(code="12")
    assert ana.modal is not None
    assert ana.modal.errors == {"Code": "Six digits, please."}
    await ana.click("Show more")
    await ana.wait_for("More is shown.")
    assert ana.modal.fields["Code"] == "12"
    assert await ana.options("City", "Ber") == ["Berlin", "Bern"]
    await ana.choose("City", "Bern")
    await ana.submit(code="123456")
    assert ana.modal.title == "Done"
    assert "flow 7: from Bern." in ana.modal.text


async def test_a_view_is_pushed_gone_back_from_and_its_closing_told(ana: Person) -> None:
    await ana.type("/whatsapp form")
    await ana.wait_for_window("Enter the code")
    await ana.submit(code="222222")
    await ana.wait_for_window("Sure?")
    await ana.submit()
    await ana.wait_for_window("Enter the code")
    await ana.close()
    assert ana.modal is None
    await ana.wait_for("You closed Enter the code.")


async def test_clear_closes_all_windows(ana: Person) -> None:
    await ana.type("/whatsapp form")
    await ana.wait_for_window("Enter the code")
    await ana.submit(code="000000")
    assert ana.modal is None


async def test_a_button_replaces_its_message_and_another_removes_it(ana: Person, slack: FakeSlack) -> None:
    await ana.type("/whatsapp board")
    await ana.wait_for("The board")
    await ana.click("Refresh")
    await ana.wait_for("Refreshed to 2")
    [message] = slack.channel("#general").messages
    assert message.edited
    await ana.type("/whatsapp whisper")
    await ana.wait_for("A whisper")
    await ana.click("Be gone")
    await ana.wait_until(lambda: "A whisper" not in ana.sees())


async def test_home_is_published_when_it_is_opened_and_again_when_pressed(ana: Person) -> None:
    await ana.open_home()
    await ana.wait_for("Pressed 0 times.")
    await ana.click("Press me", where="home")
    await ana.wait_for("Pressed 1 times.")


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_after_a_socket_is_refreshed_everything_still_works(
    ana: Person, slack: FakeSlack, reason: str
) -> None:
    await ana.type("/whatsapp form")
    await ana.wait_for_window("Enter the code")
    before = slack.delivery.links.opened
    await slack.disconnect(reason, close_after_s=0.5)
    await slack.connected(since=before, timeout_s=PATIENCE_S)
    await ana.submit(code="123456")
    assert ana.modal is not None
    assert ana.modal.title == "Done"
    await ana.type("/whatsapp hello")
    await ana.wait_for("Hello by response_url.")


async def test_a_cut_line_is_noticed_and_made_anew(slack: FakeSlack) -> None:
    async with running("app.mjs", slack, complains_of="ebSocket"):
        slack.drop()
        await slack.connected(since=1, timeout_s=PATIENCE_S)
        ack = await slack.person("ana").type("/whatsapp hello")
        assert ack is not None
        assert ack.ok


async def test_the_same_event_again_is_acknowledged_again(ana: Person, slack: FakeSlack) -> None:
    slack.redeliver_next(2)
    await ana.open_home()
    await ana.wait_for("Pressed 0 times.")
    await slack.settled()
    assert [(log.copy, log.ok) for log in slack.envelopes] == [(0, True), (1, True), (2, True)]
    assert [log.envelope["retry_attempt"] for log in slack.envelopes] == [0, 1, 2]


async def test_slacks_web_client_understands_every_answer() -> None:
    async with FakeSlack() as slack:
        slack.grant(*SCOPES)
        async with running("sdk.mjs", slack, complains_of="'sektion' cannot stand here") as process:
            await slack.person("ana").type("/whatsapp all")
            told = await _lines(process)
        answers = {line["name"]: line for line in told}
        assert [line for line in told if not line["ok"]] == [
            {"name": "chat.postMessage", "ok": False, "error": "channel_not_found"},
            {"name": "chat.postMessage", "ok": False, "error": "invalid_blocks"},
        ]
        assert answers["users.info"]["answer"]["user"]["real_name"] == "Ana Ruiz"
        assert answers["chat.getPermalink"]["answer"]["permalink"].startswith("https://")
        assert answers["paginated"]["answer"]["pages"] > 1
        assert answers["conversations.open"]["answer"]["channel"]["id"] == "D0ANA"
        shown = slack.person("ana").reads("#general")
        assert "Changed" in shown
        assert "    desk:\n      A reply" in shown
        assert "Soon gone" not in shown
        assert "Between us" in slack.person("ana").sees()
        assert "To you alone" in slack.person("ana").sees()


SCOPES = (
    "chat:write", "commands", "users:read", "team:read", "channels:read", "groups:read", "usergroups:read", "im:write",
)  # fmt: skip


async def _lines(process: asyncio.subprocess.Process) -> list[dict[str, Any]]:
    assert process.stdout is not None
    told: list[dict[str, Any]] = []
    async with asyncio.timeout(20):
        while not told or told[-1]["name"] != "end":
            told.append(json.loads(await process.stdout.readline()))
    return told
