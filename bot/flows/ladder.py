"""The right next step for a number, from Meta's live state alone (meta-graph.md §2.3)."""

from dataclasses import dataclass

from bot.flows.state import Step
from bot.graph.model import Number

_STOP = {
    "BANNED": "Meta has banned this number. No code helps: appeal in Business Support Home.",
    "RESTRICTED": "Meta restricts this number for a time. No code helps: see Business Support Home for the end.",
    "FLAGGED": "Meta flags this number for low quality. No code helps: send fewer templates until quality is back.",
    "RATE_LIMITED": "This number reached its sending limit. No code helps: wait 24 hours.",
    "MIGRATED": "This number was moved to another WhatsApp account. Reconnect it there.",
    "DELETED": "This number was removed from the WhatsApp account. Add it again in WhatsApp Manager.",
}


@dataclass(frozen=True, slots=True)
class Rung:
    """Where to go on. `reason`: why, in a plain sentence, when the flow cannot go on by a code or PIN."""

    step: Step
    reason: str = ""


def rung(number: Number, *, code_out: bool) -> Rung | None:
    """The step for this number now; None = could not tell, so nothing may be done.

    `code_out`: a code was asked for (or may have been) and is not dead yet.
    """
    status = (number.status or "").upper()
    if status == "CONNECTED":
        return Rung(Step.REFRESH)
    if status in _STOP:
        return Rung(Step.STOPPED, _STOP[status])
    if number.is_on_biz_app:
        return Rung(
            Step.STOPPED,
            "This number is used in the WhatsApp Business app. Re-link it there: a code or registration "
            "from here would be refused.",
        )
    if (number.account_mode or "").upper() == "SANDBOX":
        return Rung(Step.STOPPED, "This is a Meta test number: it needs no code and no registration.")
    return _ownership(number, status, code_out=code_out)


def _ownership(number: Number, status: str, *, code_out: bool) -> Rung | None:
    verified = (number.code_verification_status or "").upper()
    if verified == "VERIFIED":
        return Rung(Step.PIN)
    if verified not in ("NOT_VERIFIED", "UNVERIFIED", "EXPIRED") or not status:
        return None
    if code_out or status == "SENT":
        return Rung(Step.SENT)
    return Rung(Step.CHOOSE)
