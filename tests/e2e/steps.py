"""The steps that many stories begin with."""

from bot.sandbox.slack.person import Person
from tests.desk import Desk

METHOD = "How should Meta send the code?"


async def choosing(person: Person, number: str = "4821") -> None:
    """The person is asked how the code shall come."""
    await person.type(f"/whatsapp reconnect {number}")
    await person.wait_until(
        lambda: title(person) == "Reconnect number" and METHOD in seen(person), what=METHOD
    )


async def with_a_code_out(person: Person, number: str = "4821") -> None:
    """A code was sent and the code box is open."""
    await choosing(person, number)
    await person.submit()
    await person.wait_for_window("Enter the code")


async def at_the_pin(desk: Desk, person: Person, number: str = "4821", name: str = "Sales") -> None:
    """The code was accepted and the PIN is asked for."""
    await with_a_code_out(person, number)
    await person.submit({"Verification code": desk.meta.phone(name).latest_code()})
    await person.wait_for_window("Connect the number")


async def connected(desk: Desk, person: Person) -> None:
    """Sales is back, and everything is told."""
    await at_the_pin(desk, person)
    await person.submit({"Two-step PIN": desk.seed.sales_pin})
    await person.wait_for_window("Connected")
    await desk.told()


def seen(person: Person) -> str:
    """The text of the window on top, "" without one."""
    return person.modal.text if person.modal else ""


def title(person: Person) -> str:
    return person.modal.title if person.modal else ""


async def window_says(person: Person, text: str) -> None:
    """Until the window on top says `text`."""
    await person.wait_until(lambda: text in seen(person), what=f"{text!r} in the window")


def buttons(person: Person) -> list[str]:
    return person.modal.buttons if person.modal else []
