"""Before anything starts: does Slack know our tokens, and have we the permissions we need?"""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from handlers.refusal import DEAD, word

SCOPES: dict[str, str] = {
    # bot scope: what the bot uses it for; manifest.yml and the README are compared with this table
    "commands": "the command /whatsapp",
    "chat:write": "the audit channel, private answers and direct messages",
}
GROUP_SCOPE = "usergroups:read"  # only when a role list names a user group (S…)


class SlackRefused(Exception):
    """Slack does not let us start. `problems`: one sentence each, naming the setting and what to do."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in Slack. `socket_url`: for the first Socket Mode connection, good once."""

    team_id: str
    enterprise_id: str
    bot_id: str
    user_id: str
    scopes: frozenset[str]
    socket_url: str


async def identify(client: AsyncWebClient, app_token: str, *, need_groups: bool) -> Identity:
    """Ask Slack who we are and where to connect. Raises SlackRefused with every problem at once.

    Without an `app_token` Slack sends over HTTP, and there is nothing to connect to.
    """
    problems: list[str] = []
    who = await _ask(client.auth_test(), "SLACK_BOT_TOKEN", problems)
    link = None
    if app_token:
        link = await _ask(client.apps_connections_open(app_token=app_token), "SLACK_APP_TOKEN", problems)
    scopes = _scopes(who)
    lacking = sorted((set(SCOPES) | ({GROUP_SCOPE} if need_groups else set())) - scopes) if scopes else []
    if lacking:
        problems.append(
            f"The Slack app lacks the permission(s) {', '.join(lacking)}: add them under OAuth & Permissions and "
            "reinstall the app."
        )
    if problems or who is None:
        raise SlackRefused(problems)
    return Identity(
        team_id=str(who.get("team_id") or ""),
        enterprise_id=str(who.get("enterprise_id") or ""),
        bot_id=str(who.get("bot_id") or ""),
        user_id=str(who.get("user_id") or ""),
        scopes=scopes,
        socket_url=str((link.get("url") if link else "") or ""),
    )


async def _ask(
    call: Awaitable[AsyncSlackResponse], setting: str, problems: list[str]
) -> AsyncSlackResponse | None:
    try:
        return await call
    except SlackApiError as error:
        said = word(error)
        what = "is not accepted by Slack" if said in DEAD else "was refused by Slack"
        problems.append(f"{setting} {what} ({said}): copy the token again from the Slack app's pages.")
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        problems.append(
            f"Slack could not be reached with {setting} ({type(error).__name__}): check the network."
        )
    return None


def _scopes(answer: AsyncSlackResponse | None) -> frozenset[str]:
    headers = {key.lower(): value for key, value in (answer.headers if answer else {}).items()}
    header = headers.get("x-oauth-scopes") or ""
    return frozenset(part.strip() for part in str(header).split(",") if part.strip())
