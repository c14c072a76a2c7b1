"""`/whatsapp diagnose`: one number with its verdict, filling in while Meta is read; or every number, worst first."""

import time
from collections.abc import Mapping

from bot.diagnosis.examine import Report, examine
from bot.numbers import NumberRef
from bot.roles import Role
from handlers import fixing, verdict
from handlers.call import Answer, Call, Listener, after
from handlers.command import Subcommand
from handlers.views import diagnose as views
from handlers.views import diagnose_all as lists
from handlers.views import diagnose_ids as ids
from handlers.views import menu
from handlers.whatsapp import number_or_picker

MOST_DRAWN = 3  # times, before the verdict
DRAWN_EVERY_S = 0.4


async def run(call: Call) -> Answer:
    """Open a window at once; then the verdict of the number typed, or all of them."""

    async def work() -> None:
        if not await call.screen.open(menu.loading(title=views.TITLE, text="Reading Meta…")):
            return
        if not call.words:
            await _all(call)
            return
        ref = await number_or_picker(call, "diagnose", call.services.diagnoses.numbers)
        if ref:
            await _one(call, ref)

    return after(work)


async def on_open(call: Call) -> Answer:
    """“Diagnose”, “Diagnose again”: value = the number's id."""
    verdict.must_diagnose(call)

    async def work() -> None:
        if await call.screen.open(menu.loading(title=views.TITLE, text="Reading Meta…")):
            await _one(call, await call.services.diagnoses.numbers.by_id(str(call.action.get("value"))))

    return after(work)


async def _one(call: Call, ref: NumberRef) -> None:
    report = await _watched(call, ref)
    made = await call.services.judging.made(call.person, report, key=call.key)
    await fixing.show(call, report, made)


async def _watched(call: Call, ref: NumberRef) -> Report:
    """Read, and show what is known so far; drawing never holds up the reading."""
    drawn, drawn_at, asked = 0, time.monotonic(), 0
    report: Report | None = None
    async for snapshot in call.services.diagnoses.reading(ref):
        report = examine(snapshot)
        asked = len(snapshot.readings)
        answered = sum(reading.asked for _, reading in snapshot.readings)
        due = drawn == 0 or time.monotonic() - drawn_at >= DRAWN_EVERY_S
        if answered < asked and due and drawn < MOST_DRAWN:
            await call.screen.show(views.filling(ref, report.checks, answered=answered, asked=asked))
            drawn, drawn_at = drawn + 1, time.monotonic()
    if report is None:
        raise AssertionError("a reading ends with a whole snapshot")
    return report


async def on_all(call: Call) -> Answer:
    """“Read again” below the list."""
    verdict.must_diagnose(call)

    async def work() -> None:
        if await call.screen.open(menu.loading(title=views.TITLE, text="Reading Meta…")):
            await _all(call)

    return after(work)


async def on_page(call: Call) -> Answer:
    """Another page of the list, as it was read: value = page."""
    verdict.must_diagnose(call)
    value = str(call.action.get("value") or "0")
    return after(lambda: _list(call, page=int(value) if value.isdecimal() else 0))


async def _all(call: Call) -> None:
    everything = await call.services.diagnoses.all()
    await call.services.judging.all_made(call.person, everything, key=call.key)
    await _list(call, page=0)


async def _list(call: Call, *, page: int) -> None:
    everything = call.services.diagnoses.latest or await call.services.diagnoses.all()
    await call.screen.show(lists.window(everything.reports, everything.troubles, page=page))


COMMANDS = (
    Subcommand(
        "diagnose", "/whatsapp diagnose [number]", "What is wrong, with proof, and the one button that repairs it.",
        "Diagnose", Role.OPERATOR, run,
    ),
)  # fmt: skip
ACTIONS: Mapping[str, Listener] = {
    ids.OPEN: on_open,
    ids.AGAIN: on_open,
    ids.ALL: on_all,
    ids.PREVIOUS: on_page,
    ids.NEXT: on_page,
    **verdict.ACTIONS,
    **fixing.ACTIONS,
}
SUBMITS: Mapping[str, Listener] = {}
CLOSES: Mapping[str, Listener] = {}
