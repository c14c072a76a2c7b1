"""Who can put something right, and which fix buttons there are: the closed sets that causes and error numbers name."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Who(StrEnum):
    """Who can act, as it stands in a sentence."""

    TEAM = "any team member"
    MANAGER = "a manager"
    META_ADMIN = "an admin of the business at Meta"
    PHONE_OWNER = "whoever holds the phone of this number"
    DESK_ADMIN = "whoever runs this bot"
    META = "only Meta"
    NOBODY = "nobody has to"


class Fix(StrEnum):
    """Every fix a cause can offer. Written into messages and records: a value never changes."""

    SUBSCRIBE_APP = "subscribe_app"
    RESTORE_WEBHOOK = "restore_webhook"
    APP_WEBHOOK = "app_webhook"
    REQUEST_CODE = "request_code"
    ENTER_PIN = "enter_pin"
    REGISTER = "register"
    REFRESH_PERMISSIONS = "refresh_permissions"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105  # the name of a fix, not a token
    RECONNECT_META = "reconnect_meta"
    ASK_MANAGER = "ask_manager"
    PREPARE_TICKET = "prepare_ticket"
    WAIT = "wait"
    NONE = "none"


BEFORE_REFRESH = (
    "Meta exchanges the token for one that lasts longer. The old one stays in use until the new one has proved to be "
    "valid, of the same app and user, and without a permission less."
)
"""Asked before “Refresh token”, wherever it stands."""

BUTTONS: Mapping[Fix, str] = MappingProxyType(
    {
        Fix.SUBSCRIBE_APP: "Subscribe app",
        Fix.RESTORE_WEBHOOK: "Restore webhook override",
        Fix.APP_WEBHOOK: "Change the app's webhook",
        Fix.REQUEST_CODE: "Request code",
        Fix.ENTER_PIN: "Enter PIN",
        Fix.REGISTER: "Register",
        Fix.REFRESH_PERMISSIONS: "Refresh permissions",
        Fix.REFRESH_TOKEN: "Refresh token",
        Fix.RECONNECT_META: "Reconnect with Meta",
        Fix.ASK_MANAGER: "Ask a manager",
        Fix.PREPARE_TICKET: "Prepare Meta ticket",
    }
)
"""What stands on the button. WAIT and NONE have none: there is nothing to press."""
