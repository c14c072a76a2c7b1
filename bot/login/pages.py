"""What the browser shows when somebody comes back from Meta: every page in words, without a code, token or id."""

from dataclasses import dataclass

from bot.errors import BotError

CLOSE = "You can close this page and go back to Slack."


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `good`: whether the number's account is connected now; `lines`: paragraphs of plain text."""

    status: int
    title: str
    lines: tuple[str, ...] = ()
    good: bool = False


# One page for every link that cannot be used, so that trying tells nobody which links there are.
UNUSABLE = Page(
    400,
    "This link cannot be used",
    (
        "It was used already, is older than 15 minutes, was replaced by a newer one, or never existed.",
        "If you have just logged in with it, the result is in Slack. Otherwise type /whatsapp oauth there for a new "
        "link.",
    ),
)
NOT_KEPT = Page(
    503,
    "Nothing was done",
    (
        "The bot cannot write its records at the moment, and what cannot be recorded is not done.",
        "Type /whatsapp oauth in Slack for a new link in a few minutes.",
    ),
)
BROKEN = Page(
    500, "Something went wrong", ("It was our fault, and it is in the bot's log. Look in Slack, please.",)
)


def connected(number: str, account: str, person: str) -> Page:
    served = f"The login now serves {number}" + (f" in the WhatsApp account “{account}”." if account else ".")
    told = f"{person}, for whom this link was made, is told in Slack what is connected and until when."
    return Page(200, "Connected with Meta", (served, told), good=True)


def refused(title: str, why: BotError, number: str, person: str) -> Page:
    """A login that is not kept: what was expected."""
    return Page(403, title, (f"{why.message} {why.hint}".strip(), *_unchanged(number, person)))


def declined(number: str, person: str) -> Page:
    said = "Access was not given in Meta's login, so there is none."
    return Page(200, "Access was declined", (said, *_unchanged(number, person)))


def not_given(number: str, person: str) -> Page:
    said = "Meta ended the login without giving access: it did not get as far as asking, or something there failed."
    return Page(200, "No access was given", (said, *_unchanged(number, person)))


def not_exchanged(number: str, person: str) -> Page:
    said = "Meta did not turn this login into access. What it gives lives for 30 seconds and works once."
    return Page(502, "Meta refused", (said, *_unchanged(number, person)))


def unsure(number: str, person: str) -> Page:
    said = (
        "Meta did not answer in a way that can be read: the login may or may not have been completed there."
    )
    return Page(502, "Could not tell", (said, *_unchanged(number, person)))


def not_checked(number: str, person: str) -> Page:
    said = "Meta took the login, but did not answer when it was asked what it is worth. So it was not stored."
    return Page(502, "Could not check", (said, *_unchanged(number, person)))


def not_stored(number: str, person: str) -> Page:
    said = "Meta took the login, but the bot cannot write at the moment, so it was not stored."
    return Page(503, "Not stored", (said, *_unchanged(number, person)))


def _unchanged(number: str, person: str) -> tuple[str, str]:
    return (
        "Nothing was changed.",
        f"This link was made for {person}, to connect {number}. A new one comes with /whatsapp oauth in Slack.",
    )
