"""The webhook test: each of its parts, how long it took, and the likely cause of a failure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.evidence.records import Trial, TrialResult
from bot.numbers import NumberRef
from bot.roles import Role
from bot.status import Answer
from bot.webhook_plan import shown
from handlers.views import kit
from handlers.views.kit import Block, Message, View
from handlers.views.text import Markup, clock_time, esc, join, mark
from handlers.views.webhook import SIGNS, WINDOW, name_of, presses

if TYPE_CHECKING:
    from bot.webhooks import Tested

TITLE = "Webhook test"

PARTS = {
    Trial.HANDSHAKE: "Handshake, as Meta does it",
    Trial.WRONG_TOKEN: "Handshake with a wrong token (must be refused)",
    Trial.SIGNED: "Signed event",
    Trial.BADLY_SIGNED: "Badly signed event (must be refused)",
}


def testing(ref: NumberRef) -> View:
    """While it runs."""
    text = "Calling our own end point as Meta would: four requests, at most 5 seconds…"
    blocks = [kit.section(name_of(ref)), kit.section(text)]
    return kit.modal(callback_id=WINDOW, title=TITLE, blocks=blocks, about=ref.id)


def tested(ref: NumberRef, test: "Tested", *, role: Role) -> View:
    """Each part, with how long it took, and the likely cause of a failure."""
    return kit.modal(callback_id=WINDOW, title=TITLE, blocks=_test(ref, test, role), about=ref.id)


def tested_message(ref: NumberRef, test: "Tested", *, role: Role) -> Message:
    """The same as a message, for when the window is gone."""
    return kit.message(_tally(test.handshake.results), _test(ref, test, role))


def _test(ref: NumberRef, test: "Tested", role: Role) -> list[Block]:
    at: datetime = test.handshake.at
    blocks = [
        kit.section(join([name_of(ref), _tally(test.handshake.results)])),
        kit.section(mark("Our own address: {url}", url=esc(shown(test.handshake.url), 300))),
        *_parts(test.handshake.results),
    ]
    if test.foreign:
        said = mark("*The address in force is another one:* {url}\nIt got no token and no signature of ours.",
                    url=esc(shown(test.foreign_url), 300))  # fmt: skip
        blocks += [kit.section(said), kit.section(_part(test.foreign, PARTS[Trial.WRONG_TOKEN]))]
    note = "Called from where the bot runs. The event was a test of no account: it is not counted as traffic."
    blocks.append(kit.context(mark("Tested at {at}.", at=clock_time(at)), note))
    return [*blocks, kit.actions(*presses(ref, role, fix=False))]


def _tally(results: Sequence[TrialResult]) -> Markup:
    passed = sum(result.passed for result in results)
    sign = SIGNS[Answer.YES] if passed == len(results) else SIGNS[Answer.NO]
    return mark("{sign} {n} of {of} parts passed.", sign=Markup(sign), n=passed, of=len(results))


def _parts(results: Sequence[TrialResult]) -> list[Block]:
    """What all of them failed by is said once."""
    causes = {result.why for result in results}
    if len(results) > 1 and len(causes) == 1 and "" not in causes:
        lines = [_part(replace(result, why=""), PARTS[result.trial]) for result in results]
        return [kit.section(join([*lines, esc(causes.pop(), 500)]))]
    return [kit.section(_part(result, PARTS[result.trial])) for result in results]


def _part(result: TrialResult, what: str) -> Markup:
    answered = f"HTTP {result.http}" if result.http else "no answer"
    sign = Markup(SIGNS[Answer.YES if result.passed else Answer.NO])
    took = f"{result.took_s * 1000:.0f} ms"
    line = mark("{sign} *{what}* – {answered}, {took}", sign=sign, what=what, answered=answered, took=took)
    return join([line, esc(result.why, 500)])
