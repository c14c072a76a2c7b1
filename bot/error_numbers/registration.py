"""Error numbers of codes, PINs and registrations (meta-graph.md §1.5, §2.2; Cloud API error page)."""

from bot.error_numbers.row import ErrorNumber
from bot.remedy import Fix, Who

_DOC = "meta-graph.md §2.2: Cloud API error codes"
_TP = "meta-graph.md §2.2: Meta's sample Tech Provider app"
_READ = "meta-graph.md §1.5: phone number reference"
_P, _T, _A, _N = Who.PHONE_OWNER, Who.TEAM, Who.META_ADMIN, Who.NOBODY

ROWS: tuple[ErrorNumber, ...] = (
    ErrorNumber(
        136024, 0, "Meta refused to send a code.", "Often the number is verified already: press “Check status”.",
        _T, _DOC, inline=True,
    ),
    ErrorNumber(
        0, 136025, "The code is expired or was used already.", "Press “Send again” for a new one.",
        _P, _TP, Fix.REQUEST_CODE, inline=True,
    ),
    ErrorNumber(
        0, 2388091, "This number cannot receive a code now.", "Check that it is not used in a WhatsApp app.",
        _P, _TP, Fix.WAIT, inline=True,
    ),
    ErrorNumber(
        0, 2388093, "Meta refuses a code for this number now.", "Wait an hour, or choose “Voice call”.",
        _N, _TP, Fix.WAIT, inline=True,
    ),
    ErrorNumber(
        0, 2388001, "The display name is not ready: Meta cannot create the number's certificate.",
        "Wait until the name is approved in WhatsApp Manager, then reconnect.",
        Who.META, "features.md §C, pain 3: chatwoot#12556", Fix.WAIT, inline=True,
    ),
    ErrorNumber(
        0, 2388012, "The number is in this WhatsApp account already.", "Read the list of numbers again.",
        _T, _DOC,
    ),
    ErrorNumber(0, 2388103, "The number cannot be moved now.", "Meta's own words say what is missing.", _A, _DOC),
    ErrorNumber(
        0, 2494100, "Meta maintains this number just now.", "Try again in an hour.", _N, _DOC, Fix.WAIT
    ),
    ErrorNumber(
        0, 2446079, "Too many tries at codes: Meta holds this app back.", "Wait an hour.", _N, _DOC, Fix.WAIT
    ),
    ErrorNumber(
        100, 2207051, "The number is not registered, so it cannot be deregistered.", "Nothing has to be done.", _N, _DOC
    ),
    ErrorNumber(
        133000, 0, "An earlier deregistration is not finished.", "Wait a few minutes, then try again.",
        _N, _DOC, Fix.WAIT, inline=True,
    ),
    ErrorNumber(
        133004, 0, "Meta's registration server is busy.", "Try again in a few minutes.", _N, _DOC, Fix.WAIT, inline=True
    ),
    ErrorNumber(
        133005, 0, "The two-step PIN is wrong.",
        "Ask whoever set it, or press “Set a new PIN”. Do not guess: three wrong PINs lock the number.",
        Who.MANAGER, _DOC, Fix.ENTER_PIN, inline=True,
    ),
    ErrorNumber(
        133006, 0, "Meta wants the number verified again first.", "Ask for a code.",
        _P, _DOC, Fix.REQUEST_CODE, inline=True,
    ),
    ErrorNumber(
        133008, 0, "Too many wrong PINs: Meta has locked the PIN for a while.", "Wait until the time shown.",
        _N, _DOC, Fix.WAIT, inline=True,
    ),
    ErrorNumber(
        133009, 0, "The PIN was tried too quickly.", "Wait until the time shown.", _N, _DOC, Fix.WAIT, inline=True
    ),
    ErrorNumber(133010, 0, "The number is not registered.", "Reconnect it.", _T, _DOC, Fix.REGISTER, inline=True),
    ErrorNumber(
        133015, 0, "The number was deleted a moment ago and Meta is not done.", "Wait five minutes.",
        _N, _DOC, Fix.WAIT, inline=True,
    ),
    ErrorNumber(
        133016, 0, "Ten registrations in 72 hours: Meta has blocked the number.", "Wait 72 hours.",
        _N, _DOC, Fix.WAIT, inline=True,
    ),
    ErrorNumber(
        131031, 0, "Meta has locked the account.", "Appeal in Business Support Home.",
        _A, _DOC, Fix.PREPARE_TICKET, inline=True,
    ),
    ErrorNumber(
        131045, 0, "Meta reports a registration problem.", "Register the number again.",
        _T, _DOC, Fix.REGISTER, inline=True,
    ),
    ErrorNumber(
        131037, 0, "The display name of the number is not approved.", "Get a name approved in WhatsApp Manager.",
        _A, _DOC,
    ),
    ErrorNumber(
        100, 33, "Meta has nothing under this id, or our token may not see it: it does not say which.",
        "Check in WhatsApp Manager whether it is there; then whether the token reaches its account.",
        _A, _READ, Fix.ASK_MANAGER,
    ),
    ErrorNumber(33, 0, "The number was deleted.", "Add it again in WhatsApp Manager.", _A, _READ, Fix.ASK_MANAGER),
    ErrorNumber(
        803, 0, "Meta has nothing under this id.", "Check the id in WhatsApp Manager.", _A, _READ, Fix.ASK_MANAGER
    ),
)  # fmt: skip
