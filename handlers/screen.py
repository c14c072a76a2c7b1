"""Where the person is looking: their window, the message they clicked, or else their direct messages."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from handlers import outgoing
from handlers.refusal import DEAD, TROUBLE, may_pass, wait_s, word
from handlers.views import menu
from handlers.views.kit import Message

TRIGGER_LIFE_S = 2.5  # a trigger_id lives about 3 s; there is no retry of a call that needs one
DRAWN_WITHIN_S = 3.0
DRAW_AGAIN_S = (0.3, 1.0)
FIND_AFTER_S = (0.0, 0.8)
SLACK_HOOKS = "hooks.slack.com"

log = logging.getLogger(__name__)


class Slack:
    """Our one Slack client with its one HTTP session, shared by everything that talks to Slack."""

    def __init__(self, *, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self.client = client
        self._session = session
        self._hosts = {SLACK_HOOKS, urlsplit(client.base_url).hostname}

    async def respond(self, url: str, message: Mapping[str, Any], *, replace: bool) -> bool:
        """Post to a response_url. False when Slack does not take it (5 uses, 30 minutes)."""
        if urlsplit(url).hostname not in self._hosts:
            log.warning("a response_url of a foreign host was not called")
            return False
        body = {**outgoing.message(message), "response_type": "ephemeral", "replace_original": replace}
        try:
            async with self._session.post(url, json=body) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False


class Screen:
    """One person's view of one interaction. Shows results where they can still be seen."""

    def __init__(
        self,
        slack: Slack,
        *,
        user: str,
        trigger: str = "",
        window: str = "",
        answer_url: str = "",
        at_home: bool = False,
    ) -> None:
        self._slack = slack
        self.user = user
        self._trigger = trigger
        self.window = window
        self.at_home = at_home  # pressed on the Home tab, which is no window: results open one
        self._answer_url = answer_url

    def of(self, user: str, *, window: str) -> "Screen":
        """Another person's window."""
        return Screen(self._slack, user=user, window=window)

    async def open(self, view: Mapping[str, Any]) -> str:
        """Open a window, or draw over the one that is open; its id. "" when Slack did not open it in time."""
        if self.window:
            await self.show(view)
            return self.window
        named = {**outgoing.view(view), "external_id": f"w{secrets.token_hex(12)}"}
        try:
            async with asyncio.timeout(TRIGGER_LIFE_S):
                opened = await self._slack.client.views_open(trigger_id=self._trigger, view=named)
        except TROUBLE as error:
            log.warning("a window could not be opened: %s", word(error))
            may_be_there = may_pass(error) and wait_s(error) is None
            self.window = await _found(self._slack, named) if may_be_there else ""
            if not self.window:
                await self.say(_not_opened(error))
            return self.window
        self.window = str((opened.get("view") or {}).get("id") or "")
        return self.window

    async def show(self, view: Mapping[str, Any], *, drawn: str = "") -> bool:
        """Draw `view` in the open window. False when it is closed, or not as it was `drawn` (its hash) any more."""
        if not self.window:
            return False
        return await redraw(self._slack, self.window, view, drawn=drawn)

    async def lay_over(self, view: Mapping[str, Any]) -> bool:
        """Put a window on top of the open one, or open the first. False when Slack does not, or not in time."""
        call = self._slack.client.views_push if self.window else self._slack.client.views_open
        try:
            async with asyncio.timeout(TRIGGER_LIFE_S):
                await call(trigger_id=self._trigger, view=dict(outgoing.view(view)))
        except TROUBLE as error:
            log.info("a window could not be laid over: %s", word(error))
            return False
        return True

    async def say(self, message: Mapping[str, Any], *, replace: bool = False) -> bool:
        """Tell the person alone: through the command or message they used, else by direct message.

        False when Slack took neither.
        """
        if self._answer_url and await self._slack.respond(self._answer_url, message, replace=replace):
            return True
        return await tell(self._slack, self.user, message)


async def redraw(slack: Slack, window: str, view: Mapping[str, Any], *, drawn: str = "") -> bool:
    """Bring a window up to date. False when it is not there any more, or Slack does not take it.

    The same drawing twice is the same as once, so what may pass is tried again.
    """
    sent = dict(outgoing.view(view))
    return await _drawn(
        "a window could not be updated",
        lambda: slack.client.views_update(view_id=window, view=sent, hash=drawn or None),
    )


async def publish(slack: Slack, user: str, view: Mapping[str, Any]) -> bool:
    """Put `view` on this person's Home tab. False when Slack does not take it.

    Without a hash: one that lost a race would be no drawing at all, and here the newest shall stand.
    """
    sent = dict(outgoing.home(view))
    return await _drawn(
        "a Home tab could not be published",
        lambda: slack.client.views_publish(user_id=user, view=sent),
    )


async def _drawn(failed: str, draw: Callable[[], Awaitable[object]]) -> bool:
    for pause_s in (*DRAW_AGAIN_S, None):
        try:
            async with asyncio.timeout(DRAWN_WITHIN_S):
                await draw()
        except TROUBLE as error:
            log.info("%s: %s", failed, word(error))
            if pause_s is None or not may_pass(error):
                return False
            await asyncio.sleep(min(wait_s(error) or pause_s, DRAWN_WITHIN_S))
        else:
            return True
    return False


async def _found(slack: Slack, named: Mapping[str, Any]) -> str:
    """The window whose opening was answered by nothing readable: it may be there all the same, or be about to."""
    for pause_s in FIND_AFTER_S:
        await asyncio.sleep(pause_s)
        try:
            async with asyncio.timeout(DRAWN_WITHIN_S):
                drawn = await slack.client.views_update(external_id=named["external_id"], view=dict(named))
        except TROUBLE as error:
            log.info("a window that may have been opened was not found: %s", word(error))
        else:
            return str((drawn.get("view") or {}).get("id") or "")
    return ""


def _not_opened(error: BaseException) -> Message:
    if word(error) in DEAD:
        return menu.notice_message(
            text=f"Slack does not accept this bot's token any more ({word(error)}), so no window can be opened.",
            hint="Whoever runs the bot puts a new token into SLACK_BOT_TOKEN and restarts it. Nothing is lost.",
        )
    return menu.notice_message(
        text="That took too long for Slack: no window could be opened.",
        hint="Nothing is lost. Please try again.",
    )


async def tell(slack: Slack, user: str, message: Mapping[str, Any]) -> bool:
    """A direct message. False when Slack did not take it."""
    try:
        await slack.client.chat_postMessage(
            channel=user, **outgoing.message(message), unfurl_links=False, unfurl_media=False
        )
    except TROUBLE as error:
        log.warning("a direct message was not taken: %s", word(error))
        return False
    return True
