"""Errors, put where the person is looking: beside the field, in the window, or in a private message."""

import logging
import re
import secrets
from collections.abc import Mapping
from typing import Any

from bot.errors import AlreadyDone, BadInput, BotError, BudgetSpent, NotAllowed, NotHere, NotYours, NumberBusy
from bot.graph.errors import GraphError, Throttled, TokenRejected, Unreachable
from bot.meanings import Meaning, meaning, metas_words
from bot.roles import Role
from handlers.call import Answer, Call, errors, says, update
from handlers.views import menu, oauth
from handlers.views import reconnect_ids as ids
from handlers.views.diagnose_cause import explain_press
from handlers.views.kit import Message, Press, View
from handlers.views.reconnect_end import join_in, take_over
from handlers.views.text import Markup, esc, join, mark, moment
from storage.errors import StorageError

CANNOT_RECORD = (
    "What cannot be recorded is not done: nothing was sent to Meta just now. Looking things up still works."
)
BUG = "Something went wrong on our side."
_FIELDS = {
    "code": ids.CODE.block_id,
    "pin": ids.PIN.block_id,
    "method": ids.METHOD.block_id,
    "holder": ids.HOLDER.block_id,
    "number": ids.NUMBER.block_id,
}

_LINK = re.compile(r"&lt;([@#][CUW][A-Z0-9]+)&gt;")
_NOTHING_DONE = "Nothing was done, and nothing is lost. Try again in a minute."

log = logging.getLogger(__name__)


class Told:
    """What a person is told about an error. `text`, `hint`: finished mrkdwn; `code`: a reference in the log.

    `explain`: “What is this?”, when Meta gave a number.
    """

    __slots__ = ("code", "explain", "hint", "text")

    def __init__(self, text: Markup, hint: Markup, code: str = "", explain: Press | None = None) -> None:
        self.text = text
        self.hint = hint
        self.code = code
        self.explain = explain

    @property
    def plain(self) -> str:
        """For beside a field, where nothing is formatted."""
        return " ".join(part for part in (str(self.text), str(self.hint)) if part)


def told(error: BaseException) -> Told:
    """The sentence for any error; a bug gets a reference that is found in the log."""
    match error:
        case BudgetSpent(until=until) if until is not None:
            said = mark("{m} It opens again {at}.", m=esc(error.message), at=moment(until))
            return Told(said, esc(error.hint), explain=_what_is(error.metas_code))
        case GraphError():
            return _told_by_meta(error)
        case NotAllowed() | NumberBusy() | NotHere():
            return Told(_linked(error.message), _linked(error.hint))
        case BotError():
            return Told(esc(error.message, 1000, lines=True), esc(error.hint, 1000, lines=True))
        case StorageError():
            return Told(esc(error.sentence), Markup(CANNOT_RECORD))
    reference = secrets.token_hex(3).upper()
    log.error("bug, reference %s", reference, exc_info=error)
    hint = "It was logged. Look with `/whatsapp status` before you repeat anything."
    return Told(Markup(BUG), Markup(hint), code=reference)


def _what_is(code: str) -> Press | None:
    return explain_press(code, "") if code else None


def _told_by_meta(error: GraphError) -> Told:
    """A read that failed: a write that does becomes the outcome of its act, and is told by the flow."""
    found = meaning(error)
    if isinstance(error, Unreachable) and error.sent:
        found = Meaning(
            "Could not tell: Meta did not answer, or not in a way that can be read.", _NOTHING_DONE
        )
    if isinstance(error, Throttled) and error.retry_at:
        until = mark("Meta asks us to wait until {at}. Nothing was sent.", at=moment(error.retry_at))
        return Told(until, Markup("Nothing is lost: try again then."), code=str(error.code or ""))
    words = metas_words(error)
    said = esc(found.says)
    if words:
        said = join([said, mark("Meta says: “{words}”", words=esc(words, 400))])
    number = f"{error.code}/{error.subcode}" if error.subcode else str(error.code or "")
    tags = " ".join(filter(None, (number, f"trace {error.trace}" if error.trace else "")))
    return Told(said, esc(found.do), code=tags, explain=explain_press(number, words) if number else None)


def _linked(text: str) -> Markup:
    """Sentences made of our own words only: people and channels in them become links, nothing else does."""
    return Markup(_LINK.sub(r"<\1>", esc(text, 1000, lines=True)))


def warning(error: BaseException) -> Markup:
    """For on top of a window, with the time in the reader's own zone."""
    found = told(error)
    return join([found.text, found.hint], " ")


def notice_view(error: BaseException, *, flow_id: str = "", role: Role = Role.NOBODY) -> View:
    """The error as a window; with “Continue” when there is a flow to go on with, or with what else may be done."""
    found = told(error)
    press = Press(action_id=ids.CONTINUE, label="Continue", value=flow_id) if flow_id else None
    press = _of_another(error, role) or press or _log_in(error, role)
    return menu.notice(
        title="WhatsApp",
        text=found.text,
        hint=found.hint,
        press=press,
        code=found.code,
        explain=found.explain,
    )


def notice_message(error: BaseException, *, role: Role = Role.NOBODY) -> Message:
    """The error as a private message."""
    found = told(error)
    press = _of_another(error, role) or _log_in(error, role)
    return menu.notice_message(
        text=found.text, hint=found.hint, press=press, code=found.code, explain=found.explain
    )


def _log_in(error: BaseException, role: Role) -> Press | None:
    """Where Meta refuses the token itself, the way out stands below it."""
    may = isinstance(error, TokenRejected) and role >= Role.OPERATOR
    return oauth.press("") if may else None


def _of_another(error: BaseException, role: Role) -> Press | None:
    """What this person may do about somebody else's flow: take it over, or type its code."""
    if not isinstance(error, NotYours):
        return None
    if role >= Role.MANAGER:
        return take_over(error.flow_id)
    return join_in(error.flow_id) if error.may_join else None


def for_submit(error: BaseException, view: Mapping[str, Any], *, role: Role = Role.NOBODY) -> Answer:
    """A submit that cannot go on: beside its field when it has one, so that nothing typed is lost."""
    if isinstance(error, AlreadyDone):
        return Answer()
    inputs = [str(b["block_id"]) for b in view.get("blocks") or () if b.get("type") == "input"]
    field = _FIELDS.get(error.field, error.field) if isinstance(error, BadInput) else ""
    if field in inputs:
        return errors({field: told(error).plain})
    if inputs and isinstance(error, BudgetSpent | StorageError):
        return errors({inputs[0]: plainly(error)})
    return update(notice_view(error, flow_id=_flow_of(view), role=role))


def standing(view: Mapping[str, Any]) -> View:
    """In place of a window whose submit had been served before."""
    return notice_view(AlreadyDone("This was done already."), flow_id=_flow_of(view))


def plainly(error: BaseException) -> str:
    """Without any markup: beside a field, or in a text that is escaped later."""
    if isinstance(error, BudgetSpent):
        when = f" It opens again at {error.until:%H:%M} UTC on {error.until:%d %B}." if error.until else ""
        return f"{error.message}{when} {error.hint}"
    if isinstance(error, BotError) and not isinstance(error, GraphError):
        return f"{error.message} {error.hint}".strip()
    return told(error).plain


def for_command(error: BaseException) -> Answer:
    """A command that cannot go on: a private reply."""
    return Answer() if isinstance(error, AlreadyDone) else says(notice_message(error))


def _flow_of(view: Mapping[str, Any]) -> str:
    about = str(view.get("private_metadata") or "")
    return about if about.startswith("f") else ""


async def in_work(error: BaseException, call: Call) -> None:
    """An error after the acknowledgement: in the window if one is open, else in a private message."""
    if isinstance(error, AlreadyDone):
        return
    notice = notice_view(error, flow_id=_flow_of(call.view or {}), role=call.person.role)
    if call.screen.at_home and not call.screen.window:
        await call.screen.open(notice)  # when it is too late for a window, this says it in a message
        return
    if call.screen.window and await call.screen.show(notice):
        return
    await call.screen.say(notice_message(error, role=call.person.role))
