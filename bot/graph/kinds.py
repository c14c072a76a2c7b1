"""Which kind of refusal each of Meta's error codes is: the tables, and nothing else.

Sources: developers.facebook.com error-code pages for the Cloud API and for Graph, as collected in
meta-graph.md §1.5, §2.2, §6.2 and §7.4.
"""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from bot.graph.errors import GraphError, NotFound, PermissionMissing, Refused, Throttled, TokenRejected

# The whole app, user or account made too many calls: nobody may call before the wait is over.
APP_THROTTLES = frozenset(
    {
        4,  # app call limit; with subcode 2446079 too many verification attempts
        17,  # user limit
        32,  # page limit
        341,  # app limit
        613,  # custom limit
        80007,  # WhatsApp Business account limit
        80008,  # too many calls to this WhatsApp Business account
        130429,  # message throughput
    }
)

# One number has to wait, the others do not. None: the wait is in `error_data.details`.
NUMBER_WAITS: Mapping[int, timedelta | None] = MappingProxyType(
    {
        131056: None,  # too many messages to one person
        133008: None,  # too many wrong PINs
        133009: None,  # PINs guessed too quickly
        133015: timedelta(minutes=5),  # recently deleted, deletion not finished
        133016: timedelta(hours=72),  # more than ten registrations in 72 hours
    }
)

# What is waited when Meta names no time that can be read, for the codes whose wait must not be guessed short.
UNNAMED_WAITS: Mapping[int, timedelta] = MappingProxyType(
    {
        133008: timedelta(hours=1),
        133009: timedelta(minutes=5),
    }
)

# Worth asking again when it was only a read.
TRANSIENT = frozenset(
    {
        1,  # unknown error
        2,  # service down
        131000,  # something went wrong
        131016,  # service unavailable
        131057,  # maintenance or throughput upgrade
        133004,  # registration server unavailable
    }
)

KINDS: Mapping[int, type[GraphError]] = MappingProxyType(
    {
        0: TokenRejected,  # could not authenticate
        102: TokenRejected,  # session or login problem, the older form of 190
        104: TokenRejected,  # token missing or its signature wrong
        190: TokenRejected,  # invalid, expired or revoked
        452: TokenRejected,  # session key invalid
        3: PermissionMissing,  # the app lacks the capability
        10: PermissionMissing,  # permission missing
        131005: PermissionMissing,  # access denied
        **dict.fromkeys(range(200, 300), PermissionMissing),  # not granted, or account not assigned
        33: NotFound,  # number deleted
        **dict.fromkeys(APP_THROTTLES, Throttled),
        **dict.fromkeys(NUMBER_WAITS, Throttled),
    }
)

SUBKINDS: Mapping[tuple[int, int], type[GraphError]] = MappingProxyType(
    {
        (100, 33): NotFound,  # no such object, or no access to it: Meta does not say which
    }
)


def kind_of(code: int, subcode: int) -> type[GraphError]:
    """The kind of a refusal. A code in no table is a plain refusal of this request."""
    return SUBKINDS.get((code, subcode)) or KINDS.get(code, Refused)


def is_known(code: int, subcode: int) -> bool:
    """Whether the code itself says what is wrong, whatever the HTTP status beside it says."""
    return (code, subcode) in SUBKINDS or code in KINDS
