"""What makes two clicks one deed: a name for each, and how to tell a double click from a press made again."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from handlers.call import Answer, Call, Listener, Work

AGAIN_AFTER = timedelta(
    seconds=10
)  # nobody double-clicks so slowly; a window not redrawn looks alive by then
REMEMBERED = 2_000


class Presses:
    """Names each press. Equal names within ten seconds are one deed; the same button later is a new one.

    What is still under way then is guarded by the flow's own step. After a restart the first press has the
    name it had before, so that it is known as done.
    """

    def __init__(self) -> None:
        self._last: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def key(self, name: str, now: datetime) -> str:
        """`name`, with a count when it was pressed before, longer than a double click ago."""
        at, count = self._last.pop(name, (now, 0))
        if now - at >= AGAIN_AFTER:
            at, count = now, count + 1
        self._last[name] = (at, count)
        if len(self._last) > REMEMBERED:
            self._last.popitem(last=False)
        return f"{name}:{count}" if count else name


class AtHome:
    """A press on the Home tab while the same one is under way does nothing.

    Each would open a window over the first one's, which then could not be drawn any more.
    """

    def __init__(self) -> None:
        self._under_way: set[str] = set()

    def once(self, listener: Listener) -> Listener:
        async def served(call: Call) -> Answer:
            if call.key in self._under_way:
                return Answer()
            answer = await listener(call)
            work = answer.work
            if work is None or call.key in self._under_way:
                return replace(answer, work=None)
            self._under_way.add(call.key)
            return replace(answer, work=lambda: self._until_done(work, call.key))

        return served

    async def _until_done(self, work: Work, key: str) -> None:
        try:
            await work()
        finally:
            self._under_way.discard(key)


def submit_key(view: Mapping[str, Any]) -> str:
    """One window as it was drawn, submitted once: a double click has the same hash, a redraw another one."""
    return f"submit:{view.get('id')}:{view.get('hash')}"


def press_key(body: Mapping[str, Any], action: Mapping[str, Any]) -> str:
    """One press of one button. In a window a second press before it is redrawn is the same press."""
    view = body.get("view") or {}
    where = f"{view.get('id')}:{view.get('hash')}" if view else str(body.get("trigger_id"))
    return f"press:{action.get('action_id')}:{action.get('value')}:{where}"
