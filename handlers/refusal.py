"""What a failed call to Slack says: its error word, whether another try may help, and when."""

import aiohttp
from slack_sdk.errors import SlackApiError

# Everything a call to Slack may raise. ValueError: an answer that is no JSON in a form the SDK lets through.
TROUBLE = (SlackApiError, aiohttp.ClientError, TimeoutError, ValueError)
DEAD = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})
_PASSING = frozenset({"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable"})
LONGEST_WAIT_S = 3600


def word(error: BaseException) -> str:
    """Slack's error word, else the HTTP status, else the kind; never the payload, which may hold what was typed."""
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    response = error.response
    if isinstance(response, aiohttp.ClientResponse):  # the SDK hands out the raw answer when it is no JSON
        return "unreadable"
    return str(response.get("error") or response.status_code)


def may_pass(error: BaseException) -> bool:
    """Whether the same call may work in a moment: silence, trouble on Slack's side, or too many calls."""
    said = word(error)
    return not isinstance(error, SlackApiError) or said in _PASSING or said == "unreadable" or said.isdigit()


def wait_s(error: BaseException) -> float | None:
    """How long Slack asks us to wait, None when it does not."""
    if not isinstance(error, SlackApiError) or isinstance(error.response, aiohttp.ClientResponse):
        return None
    if error.response.status_code != 429:
        return None
    headers = {str(key).lower(): str(value) for key, value in error.response.headers.items()}
    named = headers.get("retry-after", "")
    return float(min(int(named), LONGEST_WAIT_S)) if named.isdecimal() else 5.0
