"""Every cause in order of priority: among definite findings the first is the verdict (features.md §D.3).

What happened last (a refused code, a wrong PIN) stands before the plain lack it left behind (“a code is needed”),
so that nobody is sent to press the button that was just refused.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.causes import account, code, meta, number, token, webhook
from bot.causes.cause import Cause

CATALOGUE: tuple[Cause, ...] = (
    meta.META_UNREACHABLE,
    meta.RATE_LIMITED_API,
    meta.APP_SECRET_WRONG,
    token.TOKEN_NONE,
    token.TOKEN_WRONG_APP,
    token.TOKEN_EXPIRED,
    token.TOKEN_PASSWORD,
    token.TOKEN_APP_REMOVED,
    token.TOKEN_REVOKED,
    token.TOKEN_USER_BLOCKED,
    token.TOKEN_USER_DISABLED,
    token.TOKEN_ROLE_LOST,
    token.TOKEN_INVALID,
    token.TOKEN_DATA_ACCESS,
    token.TOKEN_SCOPE_MISSING,
    token.TOKEN_ASSET_MISSING,
    token.TOKEN_ACCESS_MISSING,
    account.ACCOUNT_DISABLED,
    account.ACCOUNT_LOCKED,
    account.ACCOUNT_POLICY,
    number.COEX_INACTIVE,
    number.COEX_OFFBOARDED,
    number.NUMBER_GONE,
    number.NUMBER_MOVED,
    number.NUMBER_BANNED,
    number.COEX_DISCONNECTED,
    code.REGISTER_BLOCKED,
    code.REGISTER_WAIT,
    code.PIN_LOCKED,
    code.PIN_TOO_FAST,
    code.PIN_WRONG,
    code.NAME_PENDING,
    code.NAME_DECLINED,
    code.CODE_NOT_SENT,
    code.CODE_WRONG_OR_OLD,
    code.OTP_NEEDED,
    code.NOT_REGISTERED,
    account.SENDING_BLOCKED,
    webhook.WEBHOOK_APP_NOT_SUBSCRIBED,
    webhook.WEBHOOK_NOT_SET,
    webhook.WEBHOOK_DISABLED,
    webhook.WEBHOOK_MESSAGES_MISSING,
    webhook.WEBHOOK_TAKEN_OVER,
    webhook.WEBHOOK_URL_WRONG,
    webhook.WEBHOOK_UNREACHABLE,
    webhook.WEBHOOK_TLS,
    webhook.WEBHOOK_SIGNATURE,
    # Something works, something does not.
    account.ACCOUNT_RESTRICTED,
    number.NUMBER_RESTRICTED,
    number.NUMBER_LIMIT_REACHED,
    account.PAYMENT,
    account.ACCOUNT_DISABLE_SCHEDULED,
    account.ACCOUNT_REJECTED,
    number.NUMBER_FLAGGED,
    token.TOKEN_REFRESH_FAILED,
    webhook.WEBHOOK_VERIFY_TOKEN,
    webhook.WEBHOOK_FIELD_MISSING,
    # It works; or it is suspicious and not proven.
    code.WINDOW_CLOSED,
    code.SILENT_INBOUND,
    account.BUSINESS_NOT_VERIFIED,
    account.SENDING_LIMITED,
    token.TOKEN_EXPIRING,
    webhook.WEBHOOK_FALLBACK_ONLY,
    webhook.WEBHOOK_EVENTS_ELSEWHERE,
    number.TEST_NUMBER,
    number.QUALITY_MEDIUM,
    code.OTP_EXPIRED_BUT_LIVE,
    meta.COULD_NOT_TELL,
    meta.OK,
)
PRIORITY: Mapping[str, int] = MappingProxyType({cause.code: place for place, cause in enumerate(CATALOGUE)})
BY_CODE: Mapping[str, Cause] = MappingProxyType({cause.code: cause for cause in CATALOGUE})
