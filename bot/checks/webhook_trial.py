"""Did the last webhook test pass?"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.causes import webhook as causes
from bot.causes.finding import Finding, found
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import DAY
from bot.evidence.records import Earlier, Fault, Trial, TrialResult
from bot.evidence.snapshot import Snapshot

QUESTION = Question("webhook_trial", "Did the last webhook test pass?", needed=False)
_UNREACHABLE: Mapping[Fault, str] = MappingProxyType(
    {
        Fault.DNS: "its name is not known to the DNS",
        Fault.TIMEOUT: "it did not answer in time",
        Fault.CONNECTION: "no connection came about",
    }
)


def check(snapshot: Snapshot) -> Checked:
    tested = snapshot.handshake
    if tested is None or snapshot.now - tested.at > DAY or not tested.results:
        return QUESTION.unknown(None, "It was not tested within a day.")
    failed = next((result for result in tested.results if not result.passed), None)
    told = Earlier("the webhook test", tested.at)
    if failed is None:
        slowest = max(result.took_s for result in tested.results)
        return QUESTION.yes(told, f"All {len(tested.results)} parts did; the slowest took {slowest:.1f} s.")
    return QUESTION.no(told, _finding(failed), word=f"HTTP {failed.http}" if failed.http else "")


def _finding(failed: TrialResult) -> Finding:
    if failed.fault is Fault.TLS:
        return found(causes.WEBHOOK_TLS)
    if failed.fault is not Fault.NONE:
        return found(
            causes.WEBHOOK_UNREACHABLE, reason=_UNREACHABLE.get(failed.fault, "no connection came about")
        )
    match failed.trial:
        case Trial.HANDSHAKE:
            return found(causes.WEBHOOK_VERIFY_TOKEN, reason=_refused(failed.http))
        case Trial.WRONG_TOKEN:
            return found(causes.WEBHOOK_VERIFY_TOKEN, reason="a wrong verify token was accepted")
        case Trial.SIGNED:
            reason = f"a correctly signed event was refused with {failed.http or 'no status'}"
            return found(causes.WEBHOOK_SIGNATURE, reason=reason)
        case Trial.BADLY_SIGNED:
            return found(causes.WEBHOOK_SIGNATURE, reason="an event with a wrong signature was taken in")


def _refused(http: int) -> str:
    match http:
        case 401:
            return "a signature or a login is demanded on GET (401)"
        case 403:
            return "the verify token differs, or a firewall refuses Meta (403)"
        case 404:
            return "nothing is there (404): look for a wrong path, or a + in it"
        case 200:
            return "the challenge does not come back unchanged"
    return f"the address answered {http}" if http else "no status came back"
