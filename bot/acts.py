"""What can be recorded, and how it can end: the closed sets that records are made of."""

from enum import StrEnum


class Act(StrEnum):
    """What can be recorded (features.md §D.6)."""

    FLOW_STARTED = "flow.started"
    FLOW_ENDED = "flow.ended"
    FLOW_HANDED_OFF = "flow.handed_off"
    FLOW_TAKEN_BACK = "flow.taken_back"
    FLOW_TAKEN_OVER = "flow.taken_over"
    FLOW_REPEATED = "flow.repeated"
    FLOW_JOINED = "flow.joined"
    CODE_REQUEST = "code.request"
    CODE_VERIFY = "code.verify"
    PIN_SET = "pin.set"
    REGISTER = "number.register"
    REFRESH = "permissions.refresh"
    TOKEN_EXTEND = "token.extend"  # noqa: S105  # the name of an act, not a token
    TOKEN_NOT_EXTENDED = "token.not_extended"  # noqa: S105
    TOKEN_ENDING = "token.ending"  # noqa: S105
    TOKEN_REPLACED = "token.replaced"  # noqa: S105
    TOKEN_IMPORTED = "token.imported"  # noqa: S105
    TOKEN_CONNECTED = "token.connected"  # noqa: S105
    LOGIN_LINK = "oauth.link_issued"
    LOGIN_USED = "oauth.used"
    LOGIN_REFUSED = "oauth.link_refused"
    SECRETS_ROTATED = "secrets.rotated"
    SUBSCRIBE = "webhook.subscribe"
    WEBHOOK_TESTED = "webhook.tested"
    WEBHOOK_SET = "webhook.override_set"
    WEBHOOK_CLEARED = "webhook.override_cleared"
    WEBHOOK_MOVED = "webhook.app_moved"
    STATUS_READ = "status.read_back"
    DIAGNOSIS_MADE = "diagnosis.made"
    DIAGNOSIS_JUDGED = "diagnosis.judged"
    DIAGNOSIS_TICKET = "diagnosis.ticket"
    MANAGER_ASKED = "manager.asked"
    BUDGET_REFUSED = "budget.refused"
    ACCESS_REFUSED = "access.refused"


class Outcome(StrEnum):
    """How an act ended. UNKNOWN: Meta may or may not have done it."""

    NONE = ""
    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"
    REFUSED = "refused"
