"""A desk whose server Meta's side can really call, and what its people see of a webhook."""

from collections.abc import Awaitable, Callable

from bot.sandbox.slack.person import Person
from tests.desk import Desk, closed_port
from tests.e2e.steps import seen, window_says

VERIFY_TOKEN = "a-verify-token-nobody-guesses"
ELSEWHERE = "https://hooks.example.com/whatsapp?key=hidden"


async def reachable(a_desk: Callable[..., Awaitable[Desk]], **settings: str) -> Desk:
    """With a server at the address PUBLIC_URL names."""
    port = closed_port()
    given = {
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "HTTP_PORT": str(port),
        "META_VERIFY_TOKEN": VERIFY_TOKEN,
        **settings,
    }
    return await a_desk(**given)


def ours(desk: Desk) -> str:
    return desk.bot.services.config.webhook_url


async def asks(person: Person, text: str, until: str) -> str:
    """Types it; what the window says once `until` stands there."""
    await person.type(f"/whatsapp webhook {text}")
    await window_says(person, until)
    return seen(person)
