"""What stands around the fake Slack: phones, Meta, the bot's process, faults and the clock, told when it differs."""

import json

from bot.sandbox.page.knobs import Knobs
from bot.sandbox.slack.model import JSON
from bot.sandbox.world import Sandbox

_LOG_LINES = 40


class Surroundings:
    """`now`: all of it, by the kind of its frame; `changes`: what differs from the last time it was asked."""

    def __init__(self, sandbox: Sandbox, knobs: Knobs) -> None:
        self._sandbox = sandbox
        self._knobs = knobs
        self._told: dict[str, str] = {}

    def now(self) -> JSON:
        return {
            "phones": self._knobs.phones(),
            "meta": self._knobs.meta(),
            "bot": self._bot(),
            "faults": self._knobs.faults(),
            "clock": self._clock(),
        }

    def changes(self) -> JSON:
        now, told = self.now(), self._told
        self._told = {kind: _essence(kind, value) for kind, value in now.items()}
        return {kind: value for kind, value in now.items() if self._told[kind] != told.get(kind)}

    def _bot(self) -> JSON:
        bot = self._sandbox.bot
        return {
            "running": bot.is_running,
            "pid": bot.pid,
            "starting": self._sandbox.is_starting,
            "log": bot.log_tail(_LOG_LINES),
        }

    def _clock(self) -> JSON:
        clock = self._sandbox.clock
        return {"now": clock.now().isoformat(), "skipped_s": round(clock.skipped.total_seconds(), 3)}


def _essence(kind: str, value: JSON) -> str:
    """Without what changes by itself: a clock goes on in the tab, too."""
    return json.dumps(value["skipped_s"] if kind == "clock" else value, sort_keys=True)
