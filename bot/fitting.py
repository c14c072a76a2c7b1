"""Settings that are right one by one: what is wrong with them together, and what is only worth a warning."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot import settings
from bot.settings import GRAPH_VERSIONS

WARN_BEFORE_END = timedelta(days=60)
ADDRESSES = {
    "SLACK_API_URL": "slack_api_url",
    "GRAPH_API_URL": "graph_api_url",
    "META_DIALOG_URL": "dialog_url",
}


def problems(env: Mapping[str, str], values: Mapping[str, Any], today: date) -> list[str]:
    """A sentence for each. `values`: those that could be read, by attribute."""
    return [*_traps(env), *_ended(values, today), *_apart(values)]


def _traps(env: Mapping[str, str]) -> list[str]:
    """Variables that would silently change what the libraries do (slack.md §1.4)."""
    if env.get("SLACK_CLIENT_ID") and env.get("SLACK_CLIENT_SECRET"):
        return [
            "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are set: Slack's library would then ignore "
            "SLACK_BOT_TOKEN. Remove both."
        ]
    return []


def _ended(values: Mapping[str, Any], today: date) -> list[str]:
    version = values.get("graph_api_version", "")
    ends = GRAPH_VERSIONS.get(version)
    if ends is None or today <= ends:
        return []
    return [
        f"GRAPH_API_VERSION names a version Meta ended on {ends:%d %B %Y}, {version}: use {settings.GOOD_VERSION}."
    ]


def _apart(values: Mapping[str, Any]) -> list[str]:
    """Settings that need another one."""
    problems: list[str] = []
    if values.get("public_url") and values.get("meta_verify_token", ...) is None:
        problems.append(
            "META_VERIFY_TOKEN is missing: with PUBLIC_URL, Meta's webhook is served, and its handshake needs one "
            "(make one with `whatsapp-bot secret-key`)."
        )
    if values.get("signing_secret") and values.get("public_url") == "":
        problems.append("SLACK_SIGNING_SECRET needs PUBLIC_URL: Slack then sends to PUBLIC_URL/slack/events.")
    return problems


def _idle(env: Mapping[str, str], values: Mapping[str, Any]) -> list[str]:
    """Settings that do nothing beside, or without, another one."""
    told: list[str] = []
    if values["signing_secret"] and env.get("SLACK_APP_TOKEN", "").strip():
        told.append(
            "SLACK_APP_TOKEN is not used, as SLACK_SIGNING_SECRET is set: Slack must send to PUBLIC_URL/slack/events. "
            "For Socket Mode remove SLACK_SIGNING_SECRET."
        )
    if not values["public_url"]:
        idle = [name for name in ("META_VERIFY_TOKEN", "META_LOGIN_CONFIG_ID") if env.get(name, "").strip()]
        told += [
            f"{name} does nothing without PUBLIC_URL: no webhook and no login with Meta." for name in idle
        ]
    return told


def warnings(env: Mapping[str, str], values: Mapping[str, Any], today: date) -> list[str]:
    """A sentence for each thing that is allowed, and hardly meant."""
    told = _idle(env, values)
    version = values["graph_api_version"]
    ends = GRAPH_VERSIONS.get(version)
    if ends is not None and today > ends - WARN_BEFORE_END:
        told.append(f"GRAPH_API_VERSION {version} ends on {ends:%d %B %Y}: move to v25.0 or later.")
    if settings.major(version) < settings.PORTFOLIO_LIMIT_SINCE:
        told.append(
            f"GRAPH_API_VERSION {version} cannot read the messaging limit of the portfolio: use v24.0 or later."
        )
    for name, attribute in ADDRESSES.items():
        if settings.in_the_clear(values[attribute]):
            told.append(f"{name} uses http:// to another machine: tokens travel there in the clear.")
    if not any(values[name] for name in ("viewers", "operators", "managers", "admins")):
        told.append(
            "No role list is set (WHATSAPP_OPERATORS, WHATSAPP_MANAGERS …): nobody may do more than ask for help."
        )
    return told
