"""Error numbers of the access token and of permissions (meta-graph.md §6.2; Graph API error page)."""

from bot.error_numbers.row import ErrorNumber
from bot.remedy import Fix, Who

_OAUTH = "meta-graph.md §6.2: Graph API error codes"
_OLD = "meta-graph.md §6.2: older table of subcodes"
_A, _D, _R = Who.META_ADMIN, Who.DESK_ADMIN, Fix.RECONNECT_META
_NEW = "A new access token is needed."
_AGAIN = "Connect again."

ROWS: tuple[ErrorNumber, ...] = (
    ErrorNumber(
        190, 0, "Meta does not accept our access token.", _NEW, _A, _OAUTH, _R, inline=True
    ),
    ErrorNumber(190, 456, "The session behind the access token is malformed.", _AGAIN, _A, _OLD, _R),
    ErrorNumber(190, 457, "The session behind the access token has an invalid origin.", _AGAIN, _A, _OLD, _R),
    ErrorNumber(
        190, 458, "Access was removed: someone took the app off.", "Connect again and accept every permission.",
        _A, _OAUTH, _R, inline=True,
    ),
    ErrorNumber(
        190, 459, "Meta wants the account's owner to log in.", "Log in at facebook.com, then connect again.",
        _A, _OAUTH, _R, inline=True,
    ),
    ErrorNumber(190, 460, "The password was changed, so the token died.", _NEW, _A, _OAUTH, _R, inline=True),
    ErrorNumber(190, 461, "The app was installed again, so the older token is void.", _AGAIN, _A, _OLD, _R),
    ErrorNumber(190, 462, "The access token is stale.", _AGAIN, _A, _OLD, _R),
    ErrorNumber(190, 463, "The access token has expired.", _NEW, _A, _OAUTH, _R, inline=True),
    ErrorNumber(
        190, 464, "The Facebook account is not confirmed.", "Confirm it at facebook.com, then connect again.",
        _A, _OAUTH, _R, inline=True,
    ),
    ErrorNumber(
        190, 465, "The Facebook account is disabled.", "Another administrator must connect.",
        _A, _OLD, _R, inline=True,
    ),
    ErrorNumber(190, 466, "The access token was revoked.", _NEW, _A, _OLD, _R, inline=True),
    ErrorNumber(190, 467, "The access token was logged out.", _NEW, _A, _OAUTH, _R, inline=True),
    ErrorNumber(190, 468, "The access token was not used for too long.", _AGAIN, _A, _OLD, _R),
    ErrorNumber(
        190, 492, "The token's user has lost the needed role.", "Give the role back, then connect again.",
        _A, _OAUTH, _R, inline=True,
    ),
    ErrorNumber(102, 0, "The login behind the access token has ended (an older form of 190).", _AGAIN, _A, _OAUTH, _R),
    ErrorNumber(
        104, 0, "The access token is missing from the call, or its signature is wrong.",
        "Check META_ACCESS_TOKEN and META_APP_SECRET.", _D, _OAUTH, Fix.ASK_MANAGER,
    ),
    ErrorNumber(452, 0, "The session key of the system user is invalid.", _AGAIN, _A, _OAUTH, _R),
    ErrorNumber(
        3, 0, "The app lacks the capability for this call.", "Check the app's access level at Meta.",
        _A, _OAUTH,
    ),
    ErrorNumber(
        10, 0, "A permission is missing, or the token may not do this.",
        "Grant the permission, or assign the account to the token's user; then connect again.", _A, _OAUTH, _R,
    ),
    ErrorNumber(
        200, 0, "A permission was not granted, or the account is not assigned to the token's user.",
        "Grant it, or assign the account in Business settings; then connect again.", _A, _OAUTH, _R, last=299,
    ),
    ErrorNumber(
        131005, 0, "Access denied: a permission is missing.", "Connect again and accept every permission.",
        _A, "meta-graph.md §7.4: Cloud API error codes", _R,
    ),
)  # fmt: skip
"""Code 0 (“could not authenticate”) has no row: nobody looks for a zero."""
