"""The Slack end of the outbox: draw what is owed, post it, and say when to try again.

No retry handler stands behind this client: the SDK's own would post twice after a TCP reset
(reliability.md §0.7). Each post carries its record ids in its metadata, so that a reader can drop doubles.
"""

import json
import logging
from collections.abc import Awaitable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.outbox import Delivered, NotDelivered, starts_thread
from bot.roles import Role
from handlers import outgoing
from handlers.people import People
from handlers.refusal import DEAD, TROUBLE, may_pass, wait_s, word
from handlers.screen import Slack, redraw, tell
from handlers.views import audit as views
from handlers.views import menu
from handlers.views.kit import Message
from storage.tables import OutboxRow, ThreadRow

SOON = timedelta(seconds=2)
CHANNEL_GONE = frozenset(
    {"channel_not_found", "is_archived", "not_in_channel", "restricted_action", "no_permission"}
)
CHANNEL_AGAIN = timedelta(minutes=1)
NOBODY = (
    frozenset(
        {
            "user_not_found",
            "user_not_visible",
            "user_disabled",
            "org_user_not_in_team",
            "cannot_dm_bot",
            "messages_tab_disabled",
        }
    )
    | CHANNEL_GONE
)
# Slack does not take the drawing, whatever the time: then the plain sentence goes out, so that no record is lost.
UNDRAWN = frozenset(
    {
        "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text",
        "metadata_too_large", "invalid_metadata_format", "invalid_metadata_schema", "invalid_arguments",
    }
)  # fmt: skip
THREAD_GONE = frozenset({"thread_not_found", "cannot_reply_to_message", "message_not_found"})
PLAIN_TEXT = 3000
PLAIN_NEWS = "There is news about a number you work on, but it could not be drawn. Type `/whatsapp` to look."
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
        if first.kind == "window":
            return await self._window(first.recipient, bodies[0])
        if first.kind == "dm":
            return await self._dm(first.recipient, views.dm(bodies[0], flow_id=first.flow_id))
        drawn = outgoing.message(
            views.copy(bodies[0]) if first.kind == "copy" else _audit_message(owed, bodies)
        )
        return await self._to_channel(first.recipient, {**drawn, **_beside(owed, thread)})

    async def deliver_plainly(self, owed: Sequence[OutboxRow], thread: ThreadRow | None) -> Delivered:
        """What could not be drawn, in words that need no drawing. Raises NotDelivered."""
        first = owed[0]
        if first.kind in ("edit", "window"):  # the end stands in the thread, or in a direct message
            raise NotDelivered("it cannot be drawn", retry_after=None)
        if first.kind == "dm":
            return await self._dm(first.recipient, menu.notice_message(text=PLAIN_NEWS))
        text = "\n".join(_plainly(row) for row in owed)
        return await self._to_channel(first.recipient, {"text": text, **_beside(owed, thread)})

    async def _to_channel(self, channel: str, parts: dict[str, Any]) -> Delivered:
        try:
            sent = await self._post(channel, parts)
        except NotDelivered as answer:
            if answer.why in CHANNEL_GONE:
                await self._tell_managers(answer.why)
                raise NotDelivered(answer.why, retry_after=CHANNEL_AGAIN) from None
            raise
        self._managers_told = False
        return sent

    async def _window(self, window: str, body: Body) -> Delivered:
        """Drawn over what stands there. A window that is closed needs no news: its person gets a message."""
        drawn = await redraw(self._slack, window, views.window(body))
        return Delivered("", window if drawn else "closed")

    async def _dm(self, to: str, message: Message) -> Delivered:
        """To one person. Nobody there: it never will be taken."""
        try:
            return await self._post(to, dict(outgoing.message(message)))
        except NotDelivered as answer:
            raise _for_ever(answer, NOBODY) from None

    async def _post(self, to: str, parts: dict[str, Any]) -> Delivered:
        """Post; without its thread when that is gone, as a plain sentence when the drawing is not taken."""
        for _ in range(3):
            try:
                post = self._slack.client.chat_postMessage
                answer = await _say(post(channel=to, **parts, unfurl_links=False, unfurl_media=False))
                return Delivered(str(answer.get("channel") or to), str(answer.get("ts") or ""))
            except NotDelivered as refused:
                log_it = f"a message was not taken as it was drawn ({refused.why})"
                if refused.why in THREAD_GONE and "thread_ts" in parts:
                    parts = {key: value for key, value in parts.items() if key != "thread_ts"}
                elif refused.why in UNDRAWN and "blocks" in parts:
                    parts = {"text": str(parts["text"])[:PLAIN_TEXT], **_kept(parts, refused.why)}
                else:
                    raise
                log.error(log_it)
        raise NotDelivered("not taken in any form", retry_after=None)

    async def _edit(self, body: Body, thread: ThreadRow | None) -> Delivered:
        if thread is None:
            raise NotDelivered("the flow's first message is not known", retry_after=None)
        state = STATES.get(body.get("state", ""), body.get("state", ""))
        message = views.parent(body, state=state)
        update = self._slack.client.chat_update
        try:
            await update(channel=thread.channel, ts=thread.ts, **outgoing.message(message))
        except TROUBLE as error:
            raise _not_edited(error) from None
        return Delivered(thread.channel, thread.ts)

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


async def _say(call: Awaitable[Any]) -> Mapping[str, Any]:
    try:
        answer: Mapping[str, Any] = (await call).data
    except TROUBLE as error:
        raise _refused(error) from None
    return answer


def _refused(error: BaseException) -> NotDelivered:
    said, wait = word(error), wait_s(error)
    if wait is not None:
        return NotDelivered(said, retry_after=timedelta(seconds=wait))
    return NotDelivered(said, retry_after=None if said in UNDRAWN else SOON)


def _not_edited(error: BaseException) -> NotDelivered:
    """Tried again only while it may pass: the end stands in the thread anyway, and the number's lane waits behind.

    A dead bot token says nothing of the message: everything waits for a new one.
    """
    refused = _refused(error)
    if wait_s(error) is not None or may_pass(error) or refused.why in DEAD:
        return refused
    return NotDelivered(refused.why, retry_after=None)


def _for_ever(answer: NotDelivered, words: frozenset[str]) -> NotDelivered:
    """`answer`; never to be tried again when it says one of `words`. The audit channel knows no such words."""
    return NotDelivered(answer.why, retry_after=None) if answer.why in words else answer


def _kept(parts: Mapping[str, Any], why: str) -> dict[str, Any]:
    """What a plain sentence takes along: its thread, and the record ids unless they were the trouble."""
    kept = {"thread_ts", *(() if "metadata" in why else ("metadata",))}
    return {key: value for key, value in parts.items() if key in kept}


def _body(row: OutboxRow) -> Body:
    loaded: dict[str, Any] = json.loads(row.body)
    return {key: str(value) for key, value in loaded.items()}


def _read(row: OutboxRow) -> Body:
    """The body, {} when what was owed cannot even be read."""
    try:
        return _body(row)
    except (ValueError, AttributeError):
        return {}


def _audit_message(owed: Sequence[OutboxRow], bodies: Sequence[Body]) -> Message:
    if starts_thread(owed[0]):
        return views.parent(bodies[0])
    if len(bodies) == 1:
        return views.reply(bodies[0])
    return views.batch(bodies)[0]


def _beside(owed: Sequence[OutboxRow], thread: ThreadRow | None) -> dict[str, Any]:
    """What goes with a message of the audit channel, however it is drawn."""
    return {"metadata": dict(_metadata(owed)), **({"thread_ts": thread.ts} if thread else {})}


def _plainly(row: OutboxRow) -> str:
    """A record as it was written: only our own words and ids, so that nothing in it needs drawing."""
    body = _read(row)
    words = [body.get(key, "") for key in ("action", "outcome", "actor", "tail")]
    return " ".join(["Record", f"#{row.audit_seq}", *filter(None, words)])


def _metadata(owed: Sequence[OutboxRow]) -> Mapping[str, Any]:
    """The ids of the records in the message, and the newest one's seal: no personal data (slack.md §2.4)."""
    ids = ",".join(str(row.audit_seq) for row in owed if row.audit_seq is not None)
    payload = {"records": ids, "head": _read(owed[-1]).get("head", "")}
    return {"event_type": "whatsapp_desk_audit", "event_payload": payload}
