"""SIGTERM in the middle of a call to Meta: what was acknowledged is finished, recorded and shown."""

import asyncio
import os
import signal

import pytest

from tests.crash.invariants import findings, rows
from tests.crash.player import Player
from tests.crash.points import delivered
from tests.crash.scenarios import Ground
from tests.crash.stage import Stage

OUTCOME = "SELECT outcome FROM audit WHERE kind = 'outcome' AND action = ?"


@pytest.mark.parametrize(("last", "act", "window"), [
    ("request_code", "code.request", "Enter the code"),
    ("register", "number.register", "Connected"),
])  # fmt: skip
async def test_stopping_drops_nothing_that_was_acknowledged(
    ground: Ground, last: str, act: str, window: str
) -> None:
    async with Stage(ground.bots, ground.folder, ground.template) as stage:
        player, bot = Player(stage), await stage.start()
        arrived = asyncio.Event()
        witness = stage.meta.on_write
        assert witness is not None

        async def stop_now(call) -> None:
            await witness(call)
            if call.path.endswith(last) and not arrived.is_set():
                arrived.set()
                os.kill(bot.pid, signal.SIGTERM)
                await asyncio.sleep(0.5)  # Meta takes its time

        stage.meta.on_write = stop_now
        playing = asyncio.ensure_future(player.play())
        await asyncio.wait_for(arrived.wait(), 15)
        if last == "register":
            assert await bot.wait() == 0
            await asyncio.wait_for(playing, 5)
        else:
            await stage.slack.person("ana").wait_for_window(window)
            playing.cancel()
            assert await bot.wait() == 0
        modal = stage.slack.person("ana").modal
        assert modal is not None
        assert modal.title == window
        assert rows(stage, OUTCOME, act) == [("ok",)]

        bot = await stage.start()
        await player.play()
        await delivered(stage)
        assert await bot.stop() == 0
        stage.deaths += 1  # a post under way at the stop may be told twice
        assert findings(stage, [player]) == []
