"""The Slack end of the outbox: draw what is owed, post it, and say when to try again.

No retry handler stands behind this client: the SDK's own would post twice after a TCP reset
(reliability.md §0.7). Each post carries its record ids in its metadata, so that a reader can drop doubles.
"""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.outbox import Delivered, NotDelivered, starts_thread
from bot.roles import Role
from handlers import outgoing
from handlers.people import People
from handlers.refusal import TROUBLE, wait_s, word
from handlers.screen import Slack, tell
from handlers.views import audit as views
from handlers.views import menu
from handlers.views.kit import Message
from storage.tables import OutboxRow, ThreadRow

SOON = timedelta(seconds=2)
CHANNEL_GONE = frozenset(
    {"channel_not_found", "is_archived", "not_in_channel", "restricted_action", "no_permission"}
)
CHANNEL_AGAIN = timedelta(minutes=1)
NEVER = frozenset(
    {"user_not_found", "cannot_dm_bot", "user_disabled", "messages_tab_disabled", "message_not_found"}
)
STATES = {"connected": "Connected", "stopped": "Not connected", "cancelled": "Stopped", "expired": "Expired"}

log = logging.getLogger(__name__)
Body = Mapping[str, str]


class SlackNotifier:
    """Delivers outbox rows. Tells the managers once when the audit channel cannot be used."""

    def __init__(self, *, slack: Slack, people: People) -> None:
        self._slack = slack
        self._people = people
        self._managers_told = False

    async def deliver(self, owed: Sequence[OutboxRow], thread: ThreadRow | None) -> Delivered:
        """One message for `owed`. Raises NotDelivered with when to try again."""
        first = owed[0]
        bodies = [_body(row) for row in owed]
        if first.kind == "edit":
            return await self._edit(bodies[0], thread)
        if first.kind == "dm":
            return await self._post(first.recipient, views.dm(bodies[0], flow_id=first.flow_id), {})
        parts = _audit_message(owed, bodies), _metadata(owed)
        return await self._post(first.recipient, *parts, thread_ts=thread.ts if thread else None)

    async def _post(
        self, to: str, message: Message, metadata: Mapping[str, Any], *, thread_ts: str | None = None
    ) -> Delivered:
        call = self._slack.client.chat_postMessage
        extra: dict[str, Any] = {"metadata": dict(metadata)} if metadata else {}
        if thread_ts:
            extra["thread_ts"] = thread_ts
        answer = await self._say(
            lambda: call(channel=to, **outgoing.message(message), unfurl_links=False, unfurl_media=False, **extra)
        )
        self._managers_told = False
        return Delivered(str(answer.get("channel") or to), str(answer.get("ts") or ""))

    async def _edit(self, body: Body, thread: ThreadRow | None) -> Delivered:
        if thread is None:
            raise NotDelivered("the flow's first message is not known", retry_after=None)
        state = STATES.get(body.get("state", ""), body.get("state", ""))
        message = views.parent(body, state=state)
        await self._say(
            lambda: self._slack.client.chat_update(channel=thread.channel, ts=thread.ts, **outgoing.message(message))
        )
        return Delivered(thread.channel, thread.ts)

    async def _say(self, call: Callable[[], Awaitable[Any]]) -> Mapping[str, Any]:
        try:
            answer: Mapping[str, Any] = (await call()).data
        except TROUBLE as error:
            raise await self._refused(error) from None
        return answer

    async def _refused(self, error: BaseException) -> NotDelivered:
        said, wait = word(error), wait_s(error)
        if wait is not None:
            return NotDelivered(said, retry_after=timedelta(seconds=wait))
        if said in NEVER:
            return NotDelivered(said, retry_after=None)
        if said in CHANNEL_GONE:
            await self._tell_managers(said)
            return NotDelivered(said, retry_after=CHANNEL_AGAIN)
        return NotDelivered(said, retry_after=SOON)

    async def _tell_managers(self, said: str) -> None:
        if self._managers_told:
            return
        self._managers_told = True
        text = (
            f"I cannot write to the audit channel (Slack says: {said}). Every step is still recorded in my database, "
            "and is posted as soon as I can."
        )
        hint = "Invite me to the channel, or un-archive it."
        for manager in self._people.at_least(Role.MANAGER):
            await tell(self._slack, manager, menu.notice_message(text=text, hint=hint))


def _body(row: OutboxRow) -> Body:
    loaded: dict[str, Any] = json.loads(row.body)
    return {key: str(value) for key, value in loaded.items()}


def _audit_message(owed: Sequence[OutboxRow], bodies: Sequence[Body]) -> Message:
    if starts_thread(owed[0]):
        return views.parent(bodies[0])
    if len(bodies) == 1:
        return views.reply(bodies[0])
    return views.batch(bodies)[0]


def _metadata(owed: Sequence[OutboxRow]) -> Mapping[str, Any]:
    """The ids of the records in the message: strings only, no personal data (slack.md §2.4)."""
    ids = ",".join(str(row.audit_seq) for row in owed if row.audit_seq is not None)
    return {"event_type": "whatsapp_desk_audit", "event_payload": {"records": ids}}
