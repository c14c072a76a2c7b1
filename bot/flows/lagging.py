"""What Meta has done lately and does not show yet: a read may still tell of before.

Meta's node of a number is read from copies that follow a write after a moment. Whoever believed such a read
would be sent back to where they came from, and would use up another code or another registration.
"""

from datetime import datetime, timedelta

from bot.flows.ladder import Rung, rung
from bot.flows.state import Reconnect, Step
from bot.graph.model import Number

LAG = timedelta(minutes=2)  # for so long an answer of Meta's counts for more than a read that contradicts it

_BEHIND = {
    Step.CHECKING: frozenset({Step.CHOOSE, Step.SENT}),
    Step.REGISTERING: frozenset({Step.CHOOSE, Step.SENT, Step.PIN}),
}
_KNOWN_AT = {Step.CHECKING: Step.PIN, Step.REGISTERING: Step.REFRESH}
NOT_YET = {
    Step.CHECKING: "Meta has accepted the code; its status does not show that yet, which may take a minute.",
    Step.REGISTERING: "Meta has registered the number; its status does not show that yet, which may take a minute.",
}
_MAYBE = {
    Step.CHECKING: "Meta's answer was lost: it may have accepted the code already, and not show it yet. “Check "
    "status” looks again; to type the code once more may cost a try.",
    Step.REGISTERING: "Meta's answer was lost: it may have registered the number already, and not show it yet. "
    "“Check status” looks again before another registration is used up.",
}
_NEVER = {
    Step.CHECKING: "Meta accepted the code, but still does not show the ownership as proven. Press “Check status” "
    "once more before you ask for a new code.",
    Step.REGISTERING: "Meta accepted the registration, but still does not show the number as connected. Press "
    "“Check status” once more before you use up another one.",
}


def lags(flow: Reconnect, number: Number, now: datetime) -> bool:
    """Whether this read may be older than what Meta has done for the flow, so that it is worth another one."""
    if flow.done is None or flow.done_at is None or now >= flow.done_at + LAG:
        return False
    found = rung(number, code_out=False)
    return found is not None and found.step in _BEHIND[flow.done]


def believed(flow: Reconnect, number: Number, found: Rung, now: datetime) -> Rung:
    """Where to go on: `found`, unless it lies before what Meta is known to have done, or may have.

    What Meta answered stands for LAG. An answer that was lost only keeps the flow from asking for a new code.
    """
    if flow.done is None or found.step not in _BEHIND[flow.done]:
        return found
    sure = flow.step is _KNOWN_AT[flow.done]
    if not lags(flow, number, now):
        return Rung(found.step, (_NEVER if sure else _MAYBE)[flow.done])
    if sure:
        return Rung(flow.step, NOT_YET[flow.done])
    if flow.done is Step.CHECKING and found.step is Step.CHOOSE:
        return Rung(Step.UNSURE, flow.reason)
    return Rung(found.step, _MAYBE[flow.done])
