"""Causes that lie in the asking, not in the number; and the one that says all is well."""

from bot.causes.cause import Cause, Severity
from bot.remedy import Fix, Who

META_UNREACHABLE = Cause(
    code="META_UNREACHABLE",
    title="Meta does not answer",
    says="Meta is not answering, so nothing can be told about this number.",
    effect="Nothing was changed. The number itself may work.",
    do="Try again in a few minutes, and look at metastatus.com when it goes on.",
    who=Who.META,
    takes="usually minutes",
    severity=Severity.UNKNOWN,
    source="meta-graph.md §7.5: timeouts, HTTP 5xx, codes 1, 2, 131016, 133004",
    fix=Fix.WAIT,
)
RATE_LIMITED_API = Cause(
    code="RATE_LIMITED_API",
    title="Asked Meta too often",
    says="Meta has been asked too often and holds its answers back.",
    ends="The next try makes sense from {until}.",
    open_end="Meta does not say for how long; an hour is the longest that its counters run.",
    effect="Nothing was changed. The number itself may work; only looking at it has to wait.",
    do="Wait. The bot asks less often by itself meanwhile.",
    who=Who.NOBODY,
    takes="up to an hour",
    severity=Severity.UNKNOWN,
    source="meta-graph.md §7.3: codes 4, 17, 32, 341, 613, 80007, 80008, HTTP 429",
    fix=Fix.WAIT,
)
COULD_NOT_TELL = Cause(
    code="COULD_NOT_TELL",
    title="Could not tell",
    says="Nothing wrong was found, but not everything could be read: {missing}.",
    effect="Nothing was changed. What was read is in order.",
    do="Diagnose again in a minute.",
    who=Who.TEAM,
    takes="a minute",
    severity=Severity.UNKNOWN,
    source="features.md F9",
)
APP_SECRET_WRONG = Cause(
    code="APP_SECRET_WRONG",
    title="App secret refused",
    says="Meta does not accept the app secret this bot signs its calls with.",
    effect="Nothing can be read or repaired from here. The number itself may work.",
    do="Copy the app secret from the app's basic settings at Meta into META_APP_SECRET and restart the bot.",
    who=Who.DESK_ADMIN,
    takes="5 minutes",
    severity=Severity.DOWN,
    source="meta-graph.md §6.6: code 100 naming appsecret_proof",
    fix=Fix.ASK_MANAGER,
)
OK = Cause(
    code="OK",
    title="Healthy",
    says="Healthy: the token is alive, the number is registered and may send, and its events go where they should.",
    effect="It sends and receives.",
    do="Nothing has to be done.",
    who=Who.NOBODY,
    takes="no time",
    severity=Severity.OK,
    source="features.md §D.3",
)
