"""Error numbers of messages and templates (meta-graph.md §7.4, §8; Cloud API error page)."""

from bot.error_numbers.row import ErrorNumber
from bot.remedy import Fix, Who

_DOC = "meta-graph.md §7.4: Cloud API error codes"
_N, _T, _A, _W = Who.NOBODY, Who.TEAM, Who.META_ADMIN, Fix.WAIT
_LIST = "Read the templates again and choose another one."

ROWS: tuple[ErrorNumber, ...] = (
    ErrorNumber(130429, 0, "Messages were sent faster than the number may.", "Send more slowly.", _N, _DOC, _W),
    ErrorNumber(
        130472, 0, "Meta left this person out for an experiment; the message was not sent.",
        "Wait until the customer writes.", _N, _DOC,
    ),
    ErrorNumber(
        130497, 0, "The business may not write to people in this country.", "Nothing can be done.",
        Who.META, _DOC,
    ),
    ErrorNumber(131000, 0, "Something went wrong at Meta.", "Try again; then ask Meta.", Who.META, _DOC),
    ErrorNumber(131008, 0, "A value is missing from the call.", "Tell whoever runs the bot.", Who.DESK_ADMIN, _DOC),
    ErrorNumber(131009, 0, "A value in the call is not valid.", "Tell whoever runs the bot.", Who.DESK_ADMIN, _DOC),
    ErrorNumber(
        131016, 0, "The service is not available for a moment.", "Try again in a few minutes.",
        Who.META, _DOC, _W,
    ),
    ErrorNumber(131021, 0, "The sender and the receiver are the same number.", "Choose another receiver.", _T, _DOC),
    ErrorNumber(
        131026, 0, "The message cannot be delivered: no WhatsApp there, an old app, terms not accepted, or blocked.",
        "Reach the customer another way.", _T, _DOC,
    ),
    ErrorNumber(
        131030, 0, "A test number writes only to its five listed receivers.",
        "Add the receiver in the app's dashboard.",
        Who.DESK_ADMIN, _DOC,
    ),
    ErrorNumber(
        131042, 0, "The message was not sent because of a payment problem.",
        "Correct the payment method in Billing settings.",
        _A, _DOC, Fix.ASK_MANAGER,
    ),
    ErrorNumber(
        131047, 0, "More than 24 hours have passed since the customer last wrote.",
        "Send an approved template, or wait until the customer writes.", _T, "meta-graph.md §8: 24-hour rule",
    ),
    ErrorNumber(
        131048, 0, "Too many messages of this number were blocked or reported, so Meta holds it back.",
        "Wait 24 hours, then send fewer templates.", _N, _DOC, _W,
    ),
    ErrorNumber(
        131049, 0, "Meta held this message back to keep people from getting too many.", "Do not send it again at once.",
        _N, _DOC, _W,
    ),
    ErrorNumber(131050, 0, "The customer does not want marketing messages.", "Send none.", _N, _DOC),
    ErrorNumber(131051, 0, "This type of message is not supported.", "Send another type.", _T, _DOC),
    ErrorNumber(131052, 0, "A file that the customer sent could not be fetched.", "Ask for it again.", _T, _DOC),
    ErrorNumber(131053, 0, "A file could not be uploaded.", "Check its type and size.", _T, _DOC),
    ErrorNumber(131056, 0, "Too many messages to one person in a short time.", "Wait a minute.", _N, _DOC, _W),
    ErrorNumber(
        131057, 0, "Meta maintains the number, or raises its throughput.", "Try again in a minute.",
        _N, _DOC, _W,
    ),
    ErrorNumber(131059, 0, "The place in a list is no longer valid.", "Read the list from its beginning.", _N, _DOC),
    ErrorNumber(
        131062, 0, "This receiver is known by a username only, which this message does not support.",
        "Reach the customer by number.", _T, _DOC,
    ),
    ErrorNumber(
        131063, 0, "Marketing messages are switched off for this API.", "A manager can switch them on.",
        _A, _DOC,
    ),
    ErrorNumber(131064, 0, "A limit of messages of this class is reached.", "Wait until tomorrow.", _N, _DOC, _W),
    ErrorNumber(132000, 0, "The number of values does not fit the template.", "Give as many as it has.", _T, _DOC),
    ErrorNumber(132001, 0, "There is no such template in this language.", _LIST, _T, _DOC),
    ErrorNumber(132005, 0, "The filled template is too long.", "Give shorter values.", _T, _DOC),
    ErrorNumber(132007, 0, "The template breaks a rule of Meta's.", "Change it in WhatsApp Manager.", _A, _DOC),
    ErrorNumber(132008, 0, "A value does not fit the template.", "Check the values.", _T, _DOC),
    ErrorNumber(132012, 0, "A value has the wrong format for the template.", "Check the values.", _T, _DOC),
    ErrorNumber(132015, 0, "The template is paused for low quality.", _LIST, _T, _DOC),
    ErrorNumber(132016, 0, "The template is disabled for low quality.", _LIST, _T, _DOC),
)  # fmt: skip
