"""Do Slack's tokens, scopes, user groups and the audit channel fit what the bot needs?"""

import asyncio

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.checkup.finding import Finding, ok, problem, unknown, warning
from bot.config import Config
from handlers.preflight import GROUP_SCOPE, SCOPES, Identity, SlackRefused, identify

BOT, APP, PERMISSIONS = "Slack bot token", "Slack app token", "Slack permissions"
CHANNEL, GROUP = "Audit channel", "User group"
_UNANSWERED = (aiohttp.ClientError, TimeoutError, ValueError)


async def look(config: Config, session: aiohttp.ClientSession) -> list[Finding]:
    """Nothing is posted, and the running bot's connection is left alone."""
    client = AsyncWebClient(
        token=config.slack_bot_token.reveal(),
        base_url=config.slack_api_url,
        session=session,
        retry_handlers=[],
    )
    groups = _groups(config)
    try:
        who = await identify(client, config.slack_app_token.reveal(), need_groups=bool(groups))
    except SlackRefused as refused:
        return [
            problem("Slack", text, "The README says where each token and permission is found.")
            for text in refused.problems
        ]
    rest = await asyncio.gather(_channel(client, config, who), *(_group(client, group) for group in groups))
    return [
        ok(BOT, f"accepted; workspace {who.team_id}, bot user {who.user_id}"),
        ok(
            APP,
            "accepted; Socket Mode can be opened"
            if config.slack_app_token
            else "not needed, Slack sends over HTTP",
        ),
        _scopes(who, need_groups=bool(groups)),
        *rest,
    ]


def _groups(config: Config) -> list[str]:
    listed = (*config.viewers, *config.operators, *config.managers, *config.admins)
    return list(dict.fromkeys(name for name in listed if name.startswith("S")))


def _scopes(who: Identity, *, need_groups: bool) -> Finding:
    if not who.scopes:
        return unknown(PERMISSIONS, "this server does not say which ones are granted")
    needed = {*SCOPES, *([GROUP_SCOPE] if need_groups else [])}
    more = sorted(who.scopes - needed)
    return ok(
        PERMISSIONS,
        f"{', '.join(sorted(needed))}" + (f" (also granted, not needed: {', '.join(more)})" if more else ""),
    )


async def _channel(client: AsyncWebClient, config: Config, who: Identity) -> Finding:
    """Asked only with a permission that is there anyway; a public channel and a private one need different ones."""
    id_ = config.audit_channel
    if not who.scopes & {"channels:read", "groups:read"}:
        return unknown(
            CHANNEL,
            f"{id_} is posted to at the first event",
            f"Make sure that bot user {who.user_id} is in it.",
        )
    try:
        answer = await client.conversations_info(channel=id_)
    except SlackApiError as error:
        word = str(error.response.get("error"))
        if word == "missing_scope":
            return unknown(CHANNEL, f"{id_} is posted to at the first event")
        return problem(
            CHANNEL, f"Slack says {word} for {id_}", "Invite the bot to the channel, and check AUDIT_CHANNEL."
        )
    except _UNANSWERED as error:
        return unknown(CHANNEL, f"Slack did not answer ({type(error).__name__})", "Try again.")
    channel = answer.get("channel") or {}
    if channel.get("is_archived"):
        return problem(CHANNEL, f"{id_} is archived", "Unarchive it or choose another AUDIT_CHANNEL.")
    if channel.get("is_member") is False:
        return problem(
            CHANNEL, f"the bot is not in {id_}", "Type /invite and the bot's name in that channel."
        )
    return ok(CHANNEL, f"{id_} is there and the bot is in it")


async def _group(client: AsyncWebClient, group: str) -> Finding:
    try:
        answer = await client.usergroups_users_list(usergroup=group)
    except SlackApiError as error:
        word = error.response.get("error")
        return problem(
            GROUP, f"Slack says {word} for {group}", "Its members may do nothing: correct the role list."
        )
    except _UNANSWERED as error:
        return unknown(GROUP, f"{group}: Slack did not answer ({type(error).__name__})", "Try again.")
    users = answer.get("users") or []
    if not users:
        return warning(
            GROUP, f"{group} has no members", "Add people to it in Slack, or take it off the list."
        )
    return ok(GROUP, f"{group} is readable, members: {len(users)}")
