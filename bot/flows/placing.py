"""Put a flow where Meta's live state says it stands. Pure."""

from dataclasses import replace
from datetime import datetime

from bot.flows.ladder import rung
from bot.flows.lagging import LAG, believed
from bot.flows.state import FINAL, PENDING, Reconnect, Step
from bot.graph.model import Number
from bot.status import name_ready

NAME_WAIT = (
    "The display name is not approved yet ({name_status}). Registering now would fail and cost a try: "
    "reconnect when WhatsApp Manager shows the name as approved."
)

ALREADY = "It was connected already: nothing had to be done."


def placed(flow: Reconnect, number: Number, now: datetime) -> Reconnect:
    """The flow at the step that Meta's state asks for; unchanged when that cannot be told."""
    if flow.step in PENDING or flow.step in FINAL:
        return flow
    if flow.kind == "refresh":  # it knows no other step, whatever the number's state
        return flow if flow.step is Step.REFRESH else flow.to(Step.REFRESH, unsure_after=None, reason="")
    found = rung(number, code_out=code_lives(flow, now))
    if found is None:
        return flow
    found = believed(flow, number, found, now)
    step, reason = found.step, found.reason
    if step is Step.PIN and not name_ready(number):
        step, reason = Step.STOPPED, NAME_WAIT.format(name_status=number.name_status)
    if step is Step.REFRESH and flow.step is Step.CHOOSE:
        step, reason = Step.CONNECTED, ALREADY
    if flow.done_at and now >= flow.done_at + LAG:
        flow = replace(flow, done=None, done_at=None)
    if step is flow.step:
        kept = flow.reason if step in (Step.REFRESH, Step.UNSURE) else ""  # theirs is of the last act
        return replace(flow, pin_exists=number.is_pin_enabled, reason=reason or kept)
    return flow.to(step, pin_exists=number.is_pin_enabled, unsure_after=None, reason=reason)


def placed_after_act(flow: Reconnect, number: Number, now: datetime) -> Reconnect:
    """As `placed`, but an unsure flow leaves UNSURE only when the read proves that the act happened.

    A code request stays unsure for good: no read tells whether a code was sent (reliability.md §3.3).
    """
    after = placed(flow, number, now)
    if flow.step is not Step.UNSURE or after.step in FINAL or after.step is Step.REFRESH:
        return after
    proven = flow.unsure_after is Step.CHECKING and after.step is Step.PIN
    return after if proven else flow


def code_lives(flow: Reconnect, now: datetime) -> bool:
    """Whether a code is out that Meta would still take."""
    return flow.code_dies_at is not None and now < flow.code_dies_at
