"""The demo as a newcomer runs it: the page, the story, the prompt, and how each ends."""

import asyncio
import contextlib
import json
import os
import pty
import re
import signal
import socket
import sys
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox import verdict
from bot.sandbox.bot_process import BotDied
from bot.sandbox.demo import USUAL_PORT
from bot.sandbox.paper import WIDEST, columns_of
from bot.sandbox.story import NUMBER
from bot.sandbox.world import Sandbox
from tests.commands import command, environment, line_with, running


async def test_the_story_is_played_to_its_end_without_a_terminal(tmp_path: Path):
    told = await command("demo", "--story", "reconnect", folder=tmp_path)
    assert told.code == 0, told.out + told.err
    for words in (
        "ana types:  /whatsapp status", "[Reconnect]", "How should Meta send the code?", "is your WhatsApp code",
        "Meta did not accept the code", "Two-step PIN", "the window “Connected”", "Maya reads #whatsapp-audit",
        "✓ Meta, read over HTTP: Sales is CONNECTED.", "✓ The audit channel holds the whole story",
    ):  # fmt: skip
        assert words in told.out
    assert os.listdir(tmp_path) == []  # nothing is kept
    assert max(columns_of(line) for line in told.out.splitlines()) <= WIDEST
    assert "\x1b" not in told.out
    assert re.findall(r":[a-z_]{2,}:|\*\w+\*|`", told.out) == []  # Slack's mark-up is drawn, not shown


async def test_a_story_that_did_not_end_well_is_told_by_what_is_missing():
    sandbox = Sandbox()
    try:
        await sandbox.slack.start()
        await sandbox.meta.start()
        lacking = await verdict.missing(sandbox, NUMBER, timeout_s=0)
        assert lacking == [
            "Meta says DISCONNECTED for Sales, not CONNECTED.", "#whatsapp-audit has no thread about Sales.",
        ]  # fmt: skip
        sandbox.meta.number(NUMBER).connect()
        channel = sandbox.slack.channel("#whatsapp-audit")
        await _post(sandbox, channel.id, "<@U0ANA> is reconnecting Sales …4821")
        await _post(sandbox, channel.id, "asked for a code: sent", thread_ts=channel.roots[0].ts)
        lacking = await verdict.missing(sandbox, NUMBER, timeout_s=0)
        assert len(lacking) == len(verdict.THREAD)  # the first message, and every step but one
        assert not any("code asked" in sentence for sentence in lacking)
    finally:
        await sandbox.stop()


async def _post(sandbox: Sandbox, channel: str, text: str, **more: str) -> None:
    from slack_sdk.web.async_client import AsyncWebClient

    client = AsyncWebClient(token=sandbox.slack.bot_token, base_url=sandbox.slack.api_url)
    await client.chat_postMessage(channel=channel, text=text, **more)


async def test_mistakes_at_the_prompt_get_a_sentence(tmp_path: Path):
    typed = (
        "dance\nas nobody\nclick Nothing\nfill a\nfill Verification code = 1\nsubmit\nclose\nread #nope\nread #secret\n"
        "phone 999999\nmeta 999999\nmeta Sales fly\nmeta Sales set_pin\nfault\nfault meta rain\n/nope\nhello\nquit\n"
    )
    told = await command("demo", "--prompt", folder=tmp_path, typed=typed)
    assert told.code == 0
    assert "Traceback" not in told.out + told.err
    for words in (
        "I do not know “dance”", "Be one of: ana (operator)", "ana sees no button “Nothing”", "Type it as: <field>",
        "ana sees no field “Verification code”", "ana has no window open", "There is no channel #nope",
        "ana is not in #secret", "Meta has no one number “999999”", "Sales can be turned with: answer_all_fields",
        "The sandbox says: “set_pin” needs “pin”.", "Type `fault meta …`", "kinds: hang", "/nope is not",
    ):  # fmt: skip
        assert words in told.out, words


async def test_at_the_prompt_one_reconnects_a_number_across_a_kill(tmp_path: Path):
    typed = (
        "/whatsapp reconnect Returns\nkill\n/whatsapp\nrestart\n/whatsapp reconnect Returns\n"
        "submit Two-step PIN = 135790\nmeta\nas maya\nread #whatsapp-audit\nquit\n"
    )
    told = await command("demo", "--prompt", folder=tmp_path, typed=typed)
    assert told.code == 0
    assert "kill -9" in told.out
    assert "the bot is not running" in told.out
    assert "on the same database" in told.out
    assert "Maya reads #whatsapp-audit" in told.out
    assert "finished: Connected, read back from Meta · Returns …0156" in told.out
    assert re.search(r"Returns +\+61 491 570 156 +CONNECTED .* has a PIN", told.out)


async def test_a_signal_ends_the_demo_and_its_bot(tmp_path: Path):
    async with running("demo", "--prompt", folder=tmp_path) as demo:
        said = await line_with("the bot is process", demo.stdout)
        bot = int(re.findall(r"process (\d+)", said)[0])
        await line_with("Now it is yours", demo.stdout)
        demo.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            assert await demo.wait() == 0  # a way to leave the prompt
    with pytest.raises(ProcessLookupError):
        os.kill(bot, 0)


async def test_the_page_is_served_until_a_signal_and_leaves_nothing_behind(tmp_path: Path):
    async with running("demo", "--port", "0", "--no-open", folder=tmp_path, new=True) as demo:
        assert demo.stdin is not None
        demo.stdin.close()  # as with </dev/null: nobody types, and it serves all the same
        line = await line_with("in a browser", demo.stdout)
        assert re.fullmatch(r"Open http://127\.0\.0\.1:\d+/ in a browser\. Ctrl-C ends it\.\n", line)
        url = line.split()[1]
        async with aiohttp.ClientSession() as http:
            async with http.get(url) as answer:
                assert answer.status == 200
                assert answer.content_type == "text/html"
            async with http.ws_connect(f"{url}live?as=U0ANA") as ws:
                hello = json.loads(await ws.receive_str())
                bot = hello["bot"]["pid"]
                os.kill(bot, 0)
                demo.send_signal(signal.SIGTERM)
                async with asyncio.timeout(30):
                    while not (await ws.receive()).type.name.startswith("CLOS"):
                        pass
                    assert await demo.wait() == 0
    with pytest.raises(ProcessLookupError):
        os.kill(bot, 0)
    assert os.listdir(tmp_path) == []


async def test_even_a_kill_of_the_demo_leaves_no_bot(tmp_path: Path):
    async with running("demo", "--prompt", folder=tmp_path) as demo:
        said = await line_with("the bot is process", demo.stdout)
        bot = int(re.findall(r"process (\d+)", said)[0])
        demo.kill()
        await demo.wait()
    async with asyncio.timeout(30):
        while _is_there(bot):
            await asyncio.sleep(0.05)


def _is_there(pid: int) -> bool:
    """One that has ended and that nobody has buried, as in some containers, is not there."""
    try:
        os.kill(pid, 0)
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # no /proc here, or gone just now
        return Path("/proc/self").exists() is False


async def test_a_port_that_was_asked_for_and_is_taken_is_an_error(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = await command("demo", "--no-open", "--port", str(port), folder=tmp_path)
    assert told.code == 3
    assert f"Port {port} cannot be used" in told.err
    assert "--port" in told.err
    assert "Traceback" not in told.err


async def test_the_usual_port_is_left_for_another_when_it_is_taken(tmp_path: Path):
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # a demo of the developer's own has it
            stack.enter_context(socket.create_server(("127.0.0.1", USUAL_PORT)))
        async with running("demo", "--no-open", folder=tmp_path) as demo:
            await line_with(f"Port {USUAL_PORT} cannot be used", demo.stdout)
            line = await line_with("in a browser", demo.stdout)
            assert f":{USUAL_PORT}/" not in line
            demo.send_signal(signal.SIGINT)
            async with asyncio.timeout(30):
                assert await demo.wait() == 0


@pytest.mark.parametrize("port", ["x", "-1", "65536", "٣"])
async def test_a_port_is_a_number(tmp_path: Path, port: str):
    told = await command("demo", "--port", port, folder=tmp_path)
    assert told.code == 2
    assert "65535" in told.err or "expected one argument" in told.err


async def test_a_story_cut_short_is_no_success(tmp_path: Path):
    async with running("demo", "--terminal", folder=tmp_path) as demo:
        await line_with("1. Ana", demo.stdout)
        demo.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            assert await demo.wait() == 128 + signal.SIGTERM


async def test_a_terminal_gets_colours_completion_and_its_modes_back(tmp_path: Path):
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--prompt",
        cwd=tmp_path, env={**environment(), "TERM": "xterm"}, stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    try:
        seen = await _until(ours, "ana> ")
        os.write(ours, b"as lu\t\n")
        seen += await _until(ours, "luis> ")
        os.write(ours, b"quit\n")
        async with asyncio.timeout(30):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
        os.close(ours)
    assert "\x1b[1m" in seen
    assert "You are luis" in seen


async def _until(terminal: int, words: str) -> str:
    seen = b""
    async with asyncio.timeout(30):
        while words.encode() not in seen:
            seen += await asyncio.to_thread(os.read, terminal, 4096)
    return seen.decode(errors="replace")


async def test_a_bot_that_cannot_start_says_why():
    sandbox = Sandbox(settings={"AUDIT_CHANNEL": "general"})
    try:
        with pytest.raises(BotDied) as died:
            await sandbox.start()
        assert "AUDIT_CHANNEL must be a channel id" in "\n".join(died.value.log)
    finally:
        await sandbox.stop()


async def test_the_bot_of_a_sandbox_is_restarted_and_killed():
    sandbox = Sandbox()
    try:
        await sandbox.start()
        first = sandbox.bot.pid
        await sandbox.restart_bot()
        assert sandbox.bot.is_running
        assert sandbox.bot.pid != first
        await sandbox.kill_bot()
        assert sandbox.bot.exit_code == -signal.SIGKILL
        await sandbox.start_bot()
        assert (await sandbox.person("ana").type("/whatsapp help")) is not None
        assert await sandbox.bot.stop() == 0
    finally:
        await sandbox.stop()
    assert not sandbox.folder.exists()
