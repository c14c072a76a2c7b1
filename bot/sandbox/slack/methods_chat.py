"""chat.*: posting, ephemerals, editing, deleting, links."""

from bot.sandbox.slack.methods import Call, Method
from bot.sandbox.slack.model import JSON, Channel, Message, Refused
from bot.sandbox.slack.payloads import message_json
from bot.sandbox.slack.refusals import check_message
from bot.sandbox.slack.windows import with_ids
from bot.sandbox.slack.workspace import BOT_USER

METADATA_KEYS = frozenset({"event_type", "event_payload", "entities"})


def _metadata(call: Call) -> JSON | None:
    metadata = call.args.get("metadata")
    if metadata is None:
        return None
    if (
        not isinstance(metadata, dict)
        or not {"event_type", "event_payload"} <= set(metadata) <= METADATA_KEYS
    ):
        raise Refused("invalid_metadata_format", problems=("metadata: event_type and event_payload",))
    if not isinstance(metadata["event_payload"], dict):
        raise Refused("invalid_metadata_format", problems=("metadata.event_payload: an object",))
    return metadata


def _thread(call: Call, channel: Channel) -> str | None:
    """Stricter than Slack, which posts outside the thread: the parent must be there and be a parent."""
    ts = call.args.get("thread_ts")
    if ts is None:
        return None
    parent = channel.message(str(ts))
    if parent is None or parent.ephemeral_to is not None or parent.thread_ts is not None:
        raise Refused("cannot_reply_to_message", problems=(f"thread_ts: no message {ts} to reply to",))
    return str(ts)


def _message(call: Call, channel: Channel, ephemeral_to: str | None = None) -> Message:
    check_message(call.args)
    blocks = with_ids(call.args.get("blocks") or [], call.place.workspace)
    message = Message(
        ts="",
        channel_id=channel.id,
        author=BOT_USER,
        text=str(call.args.get("text") or call.args.get("markdown_text") or ""),
        blocks=blocks,
        thread_ts=_thread(call, channel),
        metadata=_metadata(call),
        ephemeral_to=ephemeral_to,
    )
    return call.place.workspace.post(channel, message)


def _post(call: Call) -> JSON:
    channel = call.place.workspace.postable(
        call.text("channel"), public_too="chat:write.public" in call.scopes
    )
    message = _message(call, channel)
    return {"channel": channel.id, "ts": message.ts, "message": message_json(call.place, message)}


def _post_ephemeral(call: Call) -> JSON:
    channel = call.place.workspace.postable(call.text("channel"))
    user_id = call.text("user")
    if user_id not in call.place.workspace.users:
        raise Refused("user_not_found")
    if user_id not in channel.members:
        raise Refused("user_not_in_channel")
    return {"message_ts": _message(call, channel, user_id).ts}


def _own(call: Call, cannot: str) -> Message:
    """A message the bot may change: its own, and not an ephemeral (those answer only to response_url)."""
    channel = call.place.workspace.reachable(call.text("channel"))
    message = channel.message(call.text("ts"))
    if message is None or message.ephemeral_to is not None:
        raise Refused("message_not_found")
    if message.author != BOT_USER:
        raise Refused(cannot)
    return message


def _update(call: Call) -> JSON:
    message = _own(call, "cant_update_message")
    kept = {"blocks": message.blocks, "text": message.text}
    check_message(call.args if call.args.get("markdown_text") else {**kept, **call.args})
    sent = call.args.get("blocks")
    blocks = with_ids(message.blocks if sent is None else sent, call.place.workspace)
    text = str(call.args.get("text") or message.text)
    call.place.workspace.edit(message, text, blocks, _metadata(call))
    shown = message_json(call.place, message)
    return {"channel": message.channel_id, "ts": message.ts, "text": text, "message": shown}


def _delete(call: Call) -> JSON:
    message = _own(call, "cant_delete_message")
    call.place.workspace.delete(message)
    return {"channel": message.channel_id, "ts": message.ts}


def _permalink(call: Call) -> JSON:
    channel = call.place.workspace.reachable(call.text("channel"))
    ts = call.text("message_ts")
    if channel.message(ts) is None:
        raise Refused("message_not_found")
    link = f"https://sandbox.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


CHAT = {
    "chat.postMessage": Method(_post, ("chat:write",)),
    "chat.postEphemeral": Method(_post_ephemeral, ("chat:write",)),
    "chat.update": Method(_update, ("chat:write",)),
    "chat.delete": Method(_delete, ("chat:write",)),
    "chat.getPermalink": Method(_permalink, json=False),
}
