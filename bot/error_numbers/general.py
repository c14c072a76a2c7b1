"""Error numbers of Graph itself: throttles, outages, parameters, policy (meta-graph.md §7.4)."""

from bot.error_numbers.row import ErrorNumber
from bot.remedy import Fix, Who

_DOC = "meta-graph.md §7.4: Graph API error codes"
_HEALTH = "meta-graph.md §3: health_status"
_N, _A, _W = Who.NOBODY, Who.META_ADMIN, Fix.WAIT
_BUG = "Tell whoever runs the bot: the call itself was wrong."
_HOUR = "Wait; the counters run for an hour at most."

ROWS: tuple[ErrorNumber, ...] = (
    ErrorNumber(1, 0, "Something went wrong at Meta; often a parameter was wrong.", "Try once more.", Who.META, _DOC),
    ErrorNumber(2, 0, "Meta's service is down for a moment.", "Try again in a few minutes.", Who.META, _DOC, _W),
    ErrorNumber(4, 0, "The app has made too many calls.", _HOUR, _N, _DOC, _W),
    ErrorNumber(17, 0, "The token's user has made too many calls.", _HOUR, _N, _DOC, _W),
    ErrorNumber(32, 0, "Too many calls were made for this page.", _HOUR, _N, _DOC, _W),
    ErrorNumber(341, 0, "The app has reached a limit.", _HOUR, _N, _DOC, _W),
    ErrorNumber(613, 0, "A limit of calls was reached.", _HOUR, _N, _DOC, _W),
    ErrorNumber(80007, 0, "The limit of calls for this WhatsApp account is reached.", _HOUR, _N, _DOC, _W),
    ErrorNumber(80008, 0, "There have been too many calls to this WhatsApp account.", _HOUR, _N, _DOC, _W),
    ErrorNumber(
        100, 0, "A parameter or a field of the call is wrong or not known.", _BUG, Who.DESK_ADMIN, _DOC
    ),
    ErrorNumber(
        368, 0, "Meta blocks the account for a policy reason.", "See Business Support Home.",
        _A, _DOC, Fix.PREPARE_TICKET, inline=True,
    ),
    ErrorNumber(1752041, 0, "The same request was made already.", "Nothing has to be done.", _N, _DOC),
    ErrorNumber(135000, 0, "Meta reports an unknown error of its own.", "Try again; then ask Meta.", Who.META, _DOC),
    ErrorNumber(
        134011, 0, "The terms for payments are not accepted.", "Accept them in WhatsApp Manager.", _A, _DOC
    ),
    ErrorNumber(
        138024, 0, "Calling over SIP is not set up. Messages are not touched by it.", "Nothing has to be done.",
        _N, _HEALTH,
    ),
    ErrorNumber(
        138025, 0, "Calling over SIP is not set up. Messages are not touched by it.", "Nothing has to be done.",
        _N, _HEALTH,
    ),
    ErrorNumber(
        141002, 0, "A template is not approved.", "Use another one, or wait for its approval.",
        Who.TEAM, _HEALTH,
    ),
    ErrorNumber(
        141006, 0, "There is a problem with the payment method.", "Correct it in Billing settings.",
        _A, _HEALTH, Fix.ASK_MANAGER,
    ),
    ErrorNumber(
        141010, 0, "The business has not passed Meta's verification.", "Verify it in the Security Centre.",
        _A, _HEALTH, Fix.ASK_MANAGER,
    ),
)  # fmt: skip
