"""Is Meta's token alive and allowed, and are the accounts and numbers behind it readable?"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.checkup.finding import Finding, ok, problem, unknown, warning
from bot.config import Config
from bot.errors import BotError
from bot.evidence.facts import host, same_address
from bot.evidence.snapshot import NEEDED_FIELDS
from bot.graph.client import Graph
from bot.graph.errors import GraphError, Throttled, Unreachable
from bot.graph.model import Number, TokenInfo
from bot.status import NEEDED_SCOPES

TOKEN, PERMISSIONS, EXPIRY = "Meta access token", "Meta permissions", "Meta token's end"
ACCOUNTS, ACCOUNT, EVENTS = "WhatsApp accounts", "WhatsApp account", "Webhook events"
APP_WEBHOOK = "The app's webhook at Meta"
NICKNAMES = "Nicknames"
CONNECT = "Type `/whatsapp token replace` in Slack, or set META_ACCESS_TOKEN and restart the bot."
SOON = timedelta(days=14)


async def look(config: Config, graph: Graph, now: datetime, *, has_token: bool = True) -> list[Finding]:
    """Reads only."""
    if not has_token:
        return [
            problem(TOKEN, "none is stored, none is in the settings", CONNECT),
            *await _app_webhook(config, graph),
        ]
    try:
        info = await graph.inspect_token()
    except GraphError as error:
        return [_failed(TOKEN, error)]
    if not info.is_valid:
        said = info.error_words or f"error {info.error_code}/{info.error_subcode}"
        return [problem(TOKEN, f"not valid. Meta says: {said}", CONNECT)]
    accounts = config.meta_waba_ids or info.account_ids
    per_account = await asyncio.gather(*(_account(config, graph, account) for account in accounts))
    return [
        _app(config, info),
        _scopes(info),
        _expiry(info, now),
        _accounts(accounts),
        *(f for findings, _ in per_account for f in findings),
        *await _app_webhook(config, graph),
        *_nicknames(config, [numbers for _, numbers in per_account]),
    ]


def _nicknames(config: Config, lists: Sequence[Sequence[Number] | None]) -> list[Finding]:
    """Those that fit no number; none is named while a list could not be read."""
    read = [numbers for numbers in lists if numbers is not None]
    known = {text for numbers in read for number in numbers for text in (number.id, number.digits)}
    lost = [nick for nick, target in config.nicknames.items() if target not in known]
    if not lost or len(read) < len(lists):
        return []
    return [warning(NICKNAMES, f"no number fits: {', '.join(lost)}", "Correct WHATSAPP_NICKNAMES.")]


def _app(config: Config, info: TokenInfo) -> Finding:
    if info.app_id != config.meta_app_id:
        said = f"belongs to app {info.app_id}, not to META_APP_ID {config.meta_app_id}"
        return problem(TOKEN, said, "Use the token and the id of the same app.")
    return ok(TOKEN, f"valid, of kind {info.kind}, for app {info.app_id}")


def _scopes(info: TokenInfo) -> Finding:
    lacking = [scope for scope in NEEDED_SCOPES if scope not in info.scopes]
    if lacking:
        return problem(PERMISSIONS, f"missing: {', '.join(lacking)}", "Make a token with both permissions.")
    return ok(PERMISSIONS, ", ".join(NEEDED_SCOPES))


def _expiry(info: TokenInfo, now: datetime) -> Finding:
    ends = [at for at in (info.expires_at, info.data_access_expires_at) if at is not None]
    if not ends:
        return ok(EXPIRY, "it never expires") if info.never_expires else unknown(EXPIRY, "Meta does not say")
    end = min(ends)
    said = f"{end:%d %B %Y}, in {max(0, (end - now).days)} days"
    if end - now < SOON:
        return warning(EXPIRY, said, _before(info, end))
    return ok(EXPIRY, said)


def _before(info: TokenInfo, end: datetime) -> str:
    """What to do before `end`: only the token's own end can be put off without a login."""
    if end == info.expires_at and info.kind in ("USER", "SYSTEM_USER"):
        return "The running bot extends it by itself. If it cannot, it says why in the audit channel."
    return "A person must log in again: “Reconnect with Meta”, or `/whatsapp token replace`."


def _accounts(accounts: tuple[str, ...]) -> Finding:
    if not accounts:
        return problem(
            ACCOUNTS,
            "the token names none",
            "Set META_WABA_IDS to the account ids shown in WhatsApp Manager.",
        )
    return ok(ACCOUNTS, f"{len(accounts)}: {', '.join(accounts)}")


async def _account(
    config: Config, graph: Graph, account: str
) -> tuple[list[Finding], Sequence[Number] | None]:
    (found, numbers), events = await asyncio.gather(_numbers(graph, account), _events(config, graph, account))
    return [found, events], numbers


async def _numbers(graph: Graph, account: str) -> tuple[Finding, Sequence[Number] | None]:
    what = f"{ACCOUNT} {account}"
    try:
        numbers = await graph.numbers(account)
    except BotError as error:
        return _failed(what, error), None
    if not numbers:
        return warning(what, "it has no numbers", "Add one in WhatsApp Manager."), numbers
    return ok(what, f"its list is readable, numbers: {len(numbers)}"), numbers


async def _events(config: Config, graph: Graph, account: str) -> Finding:
    what = f"{EVENTS} of {account}"
    try:
        apps = await graph.subscribed_apps(account)
    except BotError as error:
        return _failed(what, error)
    if any(app.id == config.meta_app_id for app in apps):
        return ok(what, "our app is subscribed")
    return warning(
        what,
        "our app is not subscribed",
        "Type /whatsapp refresh with one of its numbers: it subscribes the app.",
    )


async def _app_webhook(config: Config, graph: Graph) -> list[Finding]:
    """Whether the app sends to this bot: bans, restrictions and template news come no other way."""
    if not config.webhook_url:
        return []
    todo = "Enter it as the README says under “Webhook”; or a manager uses “Change the app's webhook”."
    try:
        set_there = await graph.app_subscription()
    except BotError as error:
        return [_failed(APP_WEBHOOK, error)]
    if not set_there.callback_url:
        return [warning(APP_WEBHOOK, "there is none yet", todo)]
    if not same_address(set_there.callback_url, config.webhook_url):
        return [warning(APP_WEBHOOK, f"events go to {host(set_there.callback_url)}, not to this bot", todo)]
    lacking = [name for name in NEEDED_FIELDS if name not in set_there.fields]
    if set_there.active is False or lacking:
        said = "it is switched off" if set_there.active is False else f"not subscribed: {', '.join(lacking)}"
        return [warning(APP_WEBHOOK, said, todo)]
    return [ok(APP_WEBHOOK, "it comes to this bot, with every field that is needed")]


def _failed(what: str, error: BotError) -> Finding:
    """A silence or a throttle says nothing about us; a refusal does."""
    if isinstance(error, (Unreachable, Throttled)):
        return unknown(what, error.message, error.hint or "Try again in a minute.")
    return problem(what, error.message, error.hint or "See the README, “Install it for real”.")
