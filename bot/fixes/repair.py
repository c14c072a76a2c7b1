"""The shape of a fix: its button, who may press it, what is asked before, what it does, what is read again after."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from bot.audit import Act, Outcome, Record
from bot.causes.finding import Finding
from bot.config import Config
from bot.diagnosing import Diagnoses
from bot.diagnosis.examine import Report
from bot.errors import AlreadyDone
from bot.fixes.done import Done
from bot.flows.act import Acts
from bot.flows.extending import Extending
from bot.flows.guard import op_of
from bot.flows.result import Result
from bot.graph.client import Graph
from bot.graph.errors import GraphError
from bot.meanings import meaning, metas_words, quoted
from bot.numbers import NumberRef
from bot.remedy import BUTTONS, Fix
from bot.roles import Person, Role
from storage.errors import Conflict


class Lead(StrEnum):
    """A fix that is a way of the product's own: its button opens that, and nothing is done twice."""

    NONE = ""
    RECONNECT = "reconnect"  # the wizard, at the step Meta's state asks for
    REFRESH = "refresh"  # “Try refreshing permissions”
    LOGIN = "login"  # a one-time link to Meta's login
    WEBHOOK = "webhook"  # the exact change of an address, then “Apply”
    APP_WEBHOOK = "app_webhook"  # the app's own webhook, with a tick for every account


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a fix may use. `managers`: the Slack user ids of who may decide, as they are now."""

    acts: Acts
    graph: Graph
    config: Config
    diagnoses: Diagnoses
    extending: Extending
    managers: Callable[[], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One press. `key` names it: the same press twice is one deed. `flow_id`: of a flow on the number, or "".

    `about`: the further finding that is to be mended; None: it is the verdict.
    """

    person: Person
    report: Report
    key: str
    flow_id: str = ""
    about: Finding | None = None

    @property
    def ref(self) -> NumberRef:
        return self.report.ref

    @property
    def finding(self) -> Finding:
        return self.about or self.report.verdict


Run = Callable[[Tools, Order], Awaitable[Done]]
Asks = Callable[[Report], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """`to` completes “… may …”. `asks`: what exactly will happen, asked before it does; "" changes nothing.

    `rereads`: the readings it touches. A lead has no `run`: its way does all of this itself.
    """

    fix: Fix
    role: Role
    to: str
    lead: Lead = Lead.NONE
    asks: Asks = field(default=lambda report: "")
    run: Run | None = None
    rereads: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return BUTTONS[self.fix]


async def written(
    tools: Tools, order: Order, act: Act, call: Callable[[], Awaitable[object]], **details: str
) -> Result:
    """Intent, one call, one outcome. Raises AlreadyDone for the same press again, StorageError: nothing was sent."""
    intent = Record(
        op=op_of(act, order.key), kind="intent", act=act, person=order.person, at=tools.acts.clock.now(),
        ref=order.ref, flow_id=order.flow_id, details=details,
    )  # fmt: skip
    try:
        await tools.acts.record(intent)
    except Conflict:
        raise AlreadyDone("This was done already.") from None
    result = await tools.acts.attempt(call())
    await tools.acts.record_outcome(intent, result)
    return result


def of_result(result: Result, *, done: str) -> Done:
    """What to tell about a write: `done` when Meta said yes, and never a guess."""
    if result.ok:
        return Done(done, True, result)
    if result.outcome is Outcome.UNKNOWN:
        return Done("Meta did not answer: it may or may not have been done. Read back below.", None, result)
    return Done(f"{result.says} {result.do}".strip(), False, result)


def unread(error: GraphError) -> Done:
    """It could not be looked at first, so nothing was changed."""
    said = meaning(error)
    words = quoted(metas_words(error))
    return Done(" ".join(filter(None, (said.says, words, "Nothing was changed."))), False)


def verdict_line(finding: Finding) -> str:
    return f"{finding.cause.title} ({finding.cause.code})"
