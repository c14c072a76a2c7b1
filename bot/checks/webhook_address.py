"""Do the number's events go to this bot's address?"""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import SplitResult

from bot.causes.finding import Finding, found
from bot.causes.webhook import WEBHOOK_FALLBACK_ONLY, WEBHOOK_NOT_SET, WEBHOOK_TAKEN_OVER, WEBHOOK_URL_WRONG
from bot.evidence.checked import Checked, Question
from bot.evidence.facts import host, known_number, same_address, split
from bot.evidence.snapshot import Snapshot

QUESTION = Question("webhook_address", "Do the number's events go to this bot's address?")
_LEVELS: Mapping[str, str] = MappingProxyType(
    {"number": "number itself", "account": "WhatsApp account", "application": "app"}
)
PATH = "/webhooks/whatsapp"


def check(snapshot: Snapshot) -> Checked:
    number = known_number(snapshot)
    hooks = number.webhooks if number else None
    if hooks is None:
        return QUESTION.unknown(
            snapshot.number, "Meta did not say which address is in force." if number else ""
        )
    url, level = hooks.effective, _LEVELS.get(hooks.level, "app")
    if not url:
        return QUESTION.no(snapshot.number, found(WEBHOOK_NOT_SET))
    if not snapshot.webhook_url:
        note = (
            f"They go to {host(url)}, set on the {level}; this bot has no address of its own to compare with."
        )
        return QUESTION.yes(snapshot.number, note)
    if not same_address(url, snapshot.webhook_url):
        return QUESTION.no(snapshot.number, _elsewhere(url, level, snapshot.webhook_url))
    if snapshot.override_url and hooks.level == "application":
        return QUESTION.no(snapshot.number, found(WEBHOOK_FALLBACK_ONLY))
    return QUESTION.yes(snapshot.number, f"Set on the {level}.")


def _elsewhere(url: str, level: str, expected: str) -> Finding:
    theirs, ours = split(url), split(expected)
    if theirs is None or ours is None or theirs.hostname != ours.hostname:
        return found(WEBHOOK_TAKEN_OVER, host=host(url), level=level)
    return found(WEBHOOK_URL_WRONG, level=level, difference=_difference(theirs, ours))


def _difference(theirs: SplitResult, ours: SplitResult) -> str:
    if theirs.scheme.lower() != ours.scheme.lower():
        return f"it starts with {theirs.scheme or 'nothing'}, not with {ours.scheme}"
    if theirs.path != ours.path:
        return f"its path is {theirs.path[:60] or 'empty'} and must end in {PATH}"
    if theirs.port != ours.port:
        return f"it names port {theirs.port or 443}"
    return "something stands behind its path"
