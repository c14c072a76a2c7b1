"""What the person is told in Slack of a login: what is connected, until when, what is still wrong."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.causes.finding import in_utc
from bot.diagnosis.examine import Kind, Report
from bot.directory import Directory
from bot.errors import BotError
from bot.graph.model import TokenInfo
from bot.login.judging import Fit
from bot.numbers import NumberRef

# Templates of handlers/views/audit.py.
CONNECTED, REFUSED, DECLINED, UNSURE, STOPPED = (
    "login_connected",
    "login_refused",
    "login_declined",
    "login_unsure",
    "login_stopped",
)
# The same, and these three, stand in the window with the link.
USED, REPLACED, EXPIRED = "login_used", "login_replaced", "login_expired"


@dataclass(frozen=True, slots=True)
class Change:
    """Permissions against those of the token before. `known` False: the old ones could not be read."""

    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    known: bool = False


def change(old: TokenInfo | None, new: TokenInfo) -> Change:
    if old is None or not old.scopes:
        return Change()
    return Change(tuple(sorted(new.scopes - old.scopes)), tuple(sorted(old.scopes - new.scopes)), True)


def details(fit: Fit, changed: Change, now: datetime) -> dict[str, str]:
    """For the records. No date: its digits would be masked there."""
    said = {
        "account": fit.account_name,
        "gained": ", ".join(changed.gained),
        "lost": ", ".join(changed.lost),
        "ends": _in_days(fit.info, now),
    }
    return {key: text for key, text in said.items() if text}


def report(fit: Fit, changed: Change, now: datetime, still: str) -> str:
    """Lines for the person."""
    count = len(fit.accounts)
    lines = [
        f"Account: {fit.account_name}" if fit.account_name else "",
        f"Serves: {count} WhatsApp accounts" if count > 1 else "",
        f"Permissions: {', '.join(sorted(fit.info.scopes))}",
        f"New: {', '.join(changed.gained)}" if changed.gained else "",
        f"No longer granted: {', '.join(changed.lost)}" if changed.lost else "",
        f"Ends: {_end(fit.info, now)}",
        still,
    ]
    return "\n".join(filter(None, lines))


def _in_days(info: TokenInfo, now: datetime) -> str:
    if info.never_expires or info.expires_at is None:
        return "never" if info.never_expires else "could not tell"
    left = info.expires_at - now
    return (
        f"in {left.days} days"
        if left >= timedelta(days=2)
        else f"in {int(left.total_seconds() // 3600)} hours"
    )


def _end(info: TokenInfo, now: datetime) -> str:
    when = f", on {info.expires_at:%d %B %Y}" if info.expires_at else ""
    data = info.data_access_expires_at
    limit = f"; access to data on {data:%d %B %Y}" if data and data != info.expires_at else ""
    return f"{_in_days(info, now)}{when}{limit}"


async def look(
    directory: Directory, diagnose: Callable[[NumberRef], Awaitable[Report]], ref: NumberRef
) -> str:
    """What is still wrong with the number: the verdict of a diagnosis made now."""
    directory.forget()
    if not ref.id:
        return ""
    try:
        report = await diagnose(await directory.by_id(ref.id))
    except BotError as error:
        return f"The number could not be read just now: {error.message}"
    if report.kind is Kind.HEALTHY:
        return "Nothing else is wrong with this number."
    said, do = report.verdict.sentence, report.verdict.done(in_utc)
    return f"{'Still wrong' if report.kind is Kind.FOUND else 'Not known'}: {said} {do}".strip()
