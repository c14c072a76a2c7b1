"""What a failed part of the webhook test most likely means, in a sentence. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.evidence.records import Fault, Trial
from bot.trial.address import Spot
from bot.trial.asking import LARGEST, Heard

_FAULTS: Mapping[Fault, str] = MappingProxyType(
    {
        Fault.DNS: "Its name is not known to the DNS: check the domain and its A or AAAA record.",
        Fault.TLS: "The certificate does not hold: out of date, for another name, or served without its whole chain.",
        Fault.TIMEOUT: "It did not answer within 5 seconds: a firewall that drops, or a proxy that waits for nobody.",
        Fault.CONNECTION: "No connection came about: nothing listens there, or a firewall refuses.",
        Fault.GUARD: "It was not called: from here it leads into a private network or onto this machine, or it is not "
        "plainly an https address on the internet. So it could not be told.",
    }
)
_PLUS = "There is a “+” in the path, which some servers read as a space: choose an address without one."
_REDIRECTS = "It redirects, and Meta follows no redirect: give Meta the address it ends at."


def of_fault(fault: Fault) -> str:
    return _FAULTS[fault]


def why(trial: Trial, spot: Spot, heard: Heard, *, arrived: bool) -> str:
    """`arrived`: whether the request came to this very process."""
    if heard.fault is not Fault.NONE:
        return of_fault(heard.fault)
    if 300 <= heard.http < 400:
        return _REDIRECTS
    if heard.http >= 500 and not arrived:
        return f"The server in front answered {heard.http}: it does not reach the bot behind it."
    match trial:
        case Trial.HANDSHAKE:
            return _handshake(spot, heard, arrived)
        case Trial.WRONG_TOKEN:
            return _wrong_token(heard)
        case Trial.SIGNED:
            return _signed(spot, heard, arrived)
        case Trial.BADLY_SIGNED:
            return _badly_signed(heard)


def _handshake(spot: Spot, heard: Heard, arrived: bool) -> str:
    if heard.http == 200:
        much = len(heard.body) > LARGEST
        what = "far more than" if much else "something else than"
        return f"It answered with {what} the raw challenge: a page of others, or quotes or HTML around it."
    if arrived:
        return f"The bot itself refused it ({heard.http}): something in front changes what stands behind the “?”."
    match heard.http:
        case 401 | 407:
            return f"A signature or a login is demanded on GET ({heard.http}): Meta's handshake has neither."
        case 403:
            return "It was refused (403) before it reached the bot: a firewall or a bot filter keeps Meta out, too."
        case 404 | 410:
            return _missing(spot, heard.http)
        case 405:
            return "GET is not allowed there (405): the server in front lets only POST through."
    return f"It answered {heard.http}, and the request did not reach this bot."


def _missing(spot: Spot, http: int) -> str:
    if "+" in spot.path:
        return _PLUS
    return (
        f"Nothing is served at this path ({http}): the server in front must pass it on to the bot unchanged."
    )


def _wrong_token(heard: Heard) -> str:
    if heard.http == 200:
        return "A wrong verify token was accepted: something else answers in the bot's place."
    return f"A wrong verify token must be refused with 403; it was answered with {heard.http}."


def _signed(spot: Spot, heard: Heard, arrived: bool) -> str:
    if heard.http == 200:
        return (
            "It was answered with 200, but never reached this bot: something in front answers in its place."
        )
    if arrived and heard.http == 401:
        return "The signature did not fit when it arrived (401): something in front changes the body of requests."
    if arrived:
        return f"The bot itself could not take it in ({heard.http}): look at its log and its disk."
    match heard.http:
        case 401 | 407:
            return f"A login is demanded ({heard.http}) before the request reaches the bot."
        case 403:
            return "It was refused (403) before it reached the bot: a firewall or a filter keeps events out."
        case 404 | 410:
            return _missing(spot, heard.http)
        case 405:
            return "POST is not allowed there (405): the server in front lets only GET through."
        case 413:
            return "It was too large for the server in front (413): Meta sends up to 3 MB."
    return f"It answered {heard.http}, and the event did not reach this bot."


def _badly_signed(heard: Heard) -> str:
    if heard.http == 200:
        return "An event with a wrong signature was taken in: something in front answers without looking."
    return f"An event with a wrong signature must be refused with 401; it was answered with {heard.http}."
