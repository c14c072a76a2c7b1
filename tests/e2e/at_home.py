"""Somebody at the app's Home tab: opens it, reads it, waits for it; and what that cost."""

import asyncio

from bot.sandbox.slack.happenings import PATIENCE_S
from bot.sandbox.slack.person import Person
from tests.desk import Desk

ALL = "9 numbers: 1 Banned"


def home(person: Person) -> str:
    return person.home.text if person.home else ""


async def home_says(person: Person, text: str) -> None:
    await person.wait_until(lambda: text in home(person), what=f"{text!r} on the Home tab")


async def opened(person: Person, text: str = ALL) -> None:
    await person.open_home()
    await home_says(person, text)


async def settled(desk: Desk) -> None:
    """Until nothing is on its way, and nothing is being drawn."""
    await desk.slack.settled()
    async with asyncio.timeout(PATIENCE_S):
        while len(desk.bot.services.tasks):
            await asyncio.sleep(0.01)


def published(desk: Desk) -> int:
    return len(desk.slack.called("views.publish"))


def readings(desk: Desk) -> int:
    """How often the list of an account's numbers was asked for; the small world has two accounts."""
    return sum(1 for call in desk.meta.calls if call.path.endswith("/phone_numbers"))
