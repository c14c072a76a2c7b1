"""The way to Meta's login: the button that asks for it, and the window with the one-time link."""

from datetime import datetime

from bot.numbers import NumberRef
from bot.remedy import BUTTONS, Fix
from handlers.views import kit
from handlers.views.kit import Press, View
from handlers.views.text import Markup, esc, join, mark, moment

OPEN = "oauth.open"  # "Reconnect with Meta"; value: the number's id, "" to be asked for it
GO = "oauth.go"  # "Open Meta's login"; opens the browser
WINDOW = "oauth.window"
TITLE = "Reconnect with Meta"

# Messages of a login that led to nothing: they carry the button to begin again.
AGAIN = frozenset({"login_refused", "login_declined", "login_unsure", "login_stopped", "login_expired"})
GOOD, GOING = "login_connected", "login_used"


def press(number_id: str, *, style: str = "") -> Press:
    """“Reconnect with Meta”, wherever a token is the cause."""
    return Press(action_id=OPEN, label=BUTTONS[Fix.RECONNECT_META], value=number_id, style=style)


def link(ref: NumberRef, *, url: str, until: datetime) -> View:
    """The link, for the eyes of one person."""
    what = mark("Meta's login opens in your browser and asks for access to *{name}*.", name=_name(ref))
    steps = join(
        [
            Markup("*Who logs in:* an admin of the business at Meta that the number belongs to. That need not be you."),
            Markup("*Choose* the business and the WhatsApp account of this number, and accept every permission."),
            Markup("*Then* I try the new access. Only if it reaches the same account it is stored, encrypted, and "
                   "takes the old one's place."),
            Markup("*I tell you* here, and in a message, how it ended. No code is sent, and nobody is disconnected."),
        ],
        "\n",
    )  # fmt: skip
    life = mark(
        "The link works once, until {until}. It is made for you: whoever has it can use it, so do not pass it on to "
        "anybody but the admin who logs in. A newer link replaces it.",
        until=moment(until),
    )
    go = Press(action_id=GO, label="Open Meta's login", value=ref.id, style="primary", url=url)
    blocks = [kit.section(what), kit.section(steps), kit.actions(go), kit.context(life)]
    return kit.modal(callback_id=WINDOW, title=TITLE, blocks=blocks, about=ref.id)


def over(said: Markup, text: str, *, number_id: str, template: str) -> View:
    """In the place of the link: what became of it. `said` and `text` are those of the message that tells the same."""
    icon = {GOOD: ":white_check_mark:", GOING: ":hourglass_flowing_sand:"}.get(
        template, ":information_source:"
    )
    blocks = [kit.section(mark("{icon} {said}", icon=Markup(icon), said=said))]
    if text:
        blocks.append(kit.section(esc(text, 1400, lines=True)))
    if template in AGAIN:
        blocks.append(kit.actions(press(number_id, style="primary")))
    return kit.modal(callback_id=WINDOW, title=TITLE, blocks=blocks, about=number_id)


def _name(ref: NumberRef) -> Markup:
    return esc(f"{ref.name} {ref.display or ref.masked}".strip() if ref.digits else ref.name, 200)
