"""The steps that many stories at the page begin with."""

from tests.browser.visitor import Visitor

SALES = "Sales"
PIN = "402913"  # of Sales, as the panel “Meta” shows it
CODE = "Verification code"
AUDIT = "whatsapp-audit"
METHOD = "How should Meta send the code?"


async def choosing(person: Visitor, number: str = SALES) -> None:
    """The person is asked how the code shall come."""
    await person.type(f"/whatsapp reconnect {number}")
    await person.reads_window("Reconnect number", METHOD)


async def with_a_code_out(person: Visitor, number: str = SALES) -> None:
    """A code was sent and the code box is open."""
    await choosing(person, number)
    await person.click("Send code")
    await person.reads_window("Enter the code")


async def at_the_pin(person: Visitor, number: str = SALES) -> None:
    """The code was accepted and the PIN is asked for."""
    await with_a_code_out(person, number)
    await person.enter(CODE, await person.code_of(number))
    await person.click("Verify")
    await person.reads_window("Connect the number")


async def connected(person: Visitor, pin: str = PIN) -> None:
    """From the window that asks for the PIN to the proof."""
    await person.enter("Two-step PIN", pin)
    await person.click("Connect")
    await person.reads_window("Connected")


def wrong(code: str) -> str:
    """Six digits that are not the code."""
    return f"{(int(code) + 1) % 1_000_000:06}"
