"""What one person sees of the fake Slack, as the page draws it."""

from collections.abc import Iterator

from bot.sandbox.page import cast
from bot.sandbox.slack.model import JSON, Channel, Message
from bot.sandbox.slack.place import Place
from bot.sandbox.slack.windows import Window


def may_see(message: Message, channel: Channel, user_id: str) -> bool:
    return user_id in channel.members and message.ephemeral_to in (None, user_id)


def whole(place: Place, user_id: str) -> JSON:
    """Everything this person sees, and what is needed to read it."""
    workspace = place.workspace
    if cast.may_see_app(workspace.users[user_id], workspace):
        workspace.dm(user_id)  # the app's “Messages” are there before anything is said
    return {
        "me": user_id,
        "people": cast.people(workspace),
        "commands": cast.commands(),
        "names": cast.names(workspace)
        | {c.id: f"#{c.name}" for c in _channels(place, user_id) if not c.is_im},
        "app": cast.app(),
        "team": cast.team(workspace),
        "channels": [channel(c, user_id) for c in _channels(place, user_id)],
        "stack": stack(place, user_id),
        "home": home(place, user_id),
    }


def _channels(place: Place, user_id: str) -> Iterator[Channel]:
    return (c for c in place.workspace.channels.values() if user_id in c.members)


def channel(shown: Channel, user_id: str) -> JSON:
    kind = "im" if shown.is_im else "private" if shown.is_private else "channel"
    return {
        "id": shown.id,
        "name": shown.name,
        "kind": kind,
        "archived": shown.is_archived,
        "messages": [message(m, user_id) for m in shown.messages if may_see(m, shown, user_id)],
    }


def message(shown: Message, user_id: str) -> JSON:
    return {
        "ts": shown.ts,
        "channel": shown.channel_id,
        "author": shown.author,
        "text": shown.text,
        "blocks": shown.blocks,
        "thread_ts": shown.thread_ts,
        "ephemeral": shown.ephemeral_to is not None,
        "edited": shown.edited,
        "values": shown.values_of(user_id),
        "trouble": shown.trouble,
        "link": f"#/archives/{shown.channel_id}/p{shown.ts.replace('.', '')}",
    }


def stack(place: Place, user_id: str) -> list[JSON]:
    return [view(window) for window in place.windows.stacks.get(user_id, ())]


def home(place: Place, user_id: str) -> JSON | None:
    window = place.windows.homes.get(user_id)
    return view(window) if window else None


def view(window: Window) -> JSON:
    return {
        "id": window.id,
        "type": window.view["type"],
        "title": _words(window, "title") or "Home",
        "submit": _words(window, "submit"),
        "close": _words(window, "close"),
        "blocks": window.blocks,
        "values": window.values,
        "errors": window.errors,
        "trouble": window.trouble,
        "hash": window.hash,
    }


def _words(window: Window, key: str) -> str | None:
    text = window.view.get(key)
    return str(text["text"]) if isinstance(text, dict) else None
