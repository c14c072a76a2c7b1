"""What Slack puts into its envelopes, field by field (slack.md §2.6)."""

import secrets
import time

from bot.sandbox.slack import values as inputs
from bot.sandbox.slack.model import JSON, Channel, ClientRefused, Message, User
from bot.sandbox.slack.place import Place
from bot.sandbox.slack.windows import Window
from bot.sandbox.slack.workspace import APP_ID, BOT_ID, BOT_USER

DOMAIN = "sandbox"
TOKEN = "deprecated"  # noqa: S105 - Slack's verification token, which nobody should look at
# Only these may be answered in the acknowledgement itself.
_ANSWERABLE = frozenset({"view_submission", "block_suggestion"})


def slash(place: Place, user: User, command: str, text: str, channel: Channel) -> JSON:
    payload = {
        "token": TOKEN,
        "team_id": user.team_id,
        "team_domain": DOMAIN,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.is_im else channel.name,
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": place.answers.url(channel.id, user.id),
        "trigger_id": place.windows.trigger(user.id, here=channel),
    }
    return _envelope("slash_commands", payload, answerable=True)


def view_submission(place: Place, user: User, window: Window) -> JSON:
    payload = {
        **_who(user, "view_submission"),
        "trigger_id": place.windows.trigger(user.id, window.id),
        "view": place.windows.payload(window),
        "response_urls": [],
    }
    return _interactive(payload)


def view_closed(place: Place, user: User, window: Window, *, cleared: bool) -> JSON:
    view = place.windows.payload(window)
    return _interactive({**_who(user, "view_closed"), "view": view, "is_cleared": cleared})


def view_action(place: Place, user: User, window: Window, action: JSON) -> JSON:
    """A click or a choice inside a modal or on the Home tab."""
    view = place.windows.payload(window)
    payload = {
        **_who(user, "block_actions"),
        "container": {"type": "view", "view_id": window.id},
        "trigger_id": place.windows.trigger(user.id, None if window.is_home else window.id),
        "view": view,
        "actions": [action],
    }
    return _interactive(payload)


def message_action(place: Place, user: User, channel: Channel, message: Message, action: JSON) -> JSON:
    """A click on a message."""
    payload = {
        **_who(user, "block_actions"),
        "trigger_id": place.windows.trigger(user.id, here=channel),
        **_on_message(place, channel, message),
        "response_url": place.answers.url(channel.id, user.id, message),
        "state": {"values": message.values_of(user.id)},
        "actions": [action],
    }
    return _interactive(payload)


def _on_message(place: Place, channel: Channel, message: Message) -> JSON:
    """Where it happened. A message that only this person sees is not sent along, as with Slack."""
    alone = message.ephemeral_to is not None
    container: JSON = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": alone,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    where: JSON = {
        "container": container,
        "channel": {"id": channel.id, "name": "directmessage" if channel.is_im else channel.name},
    }
    return where if alone else {**where, "message": message_json(place, message)}


def block_suggestion(place: Place, user: User, on: Window | Message, slot: inputs.Slot, typed: str) -> JSON:
    """What was typed into a select whose options the bot gives."""
    if isinstance(on, Window):
        where = {"container": {"type": "view", "view_id": on.id}, "view": place.windows.payload(on)}
    else:
        where = _on_message(place, place.workspace.channels[on.channel_id], on)
    asked = {"action_id": slot.action_id, "block_id": slot.block_id, "value": typed}
    return _interactive({**_who(user, "block_suggestion"), **where, **asked})


def home_opened(place: Place, user: User, tab: str) -> JSON:
    event = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": place.workspace.dm(user.id).id,
        "tab": tab,
        "event_ts": place.workspace.ids.ts(),
    }
    window = place.windows.homes.get(user.id)
    if window is not None and tab == "home":
        event["view"] = place.windows.payload(window)  # type: ignore[assignment]  # the one object among texts
    return event_callback(place, dict(event), user.team_id)


def event_callback(place: Place, event: JSON, team_id: str) -> JSON:
    authorization = {
        "enterprise_id": None,
        "team_id": place.workspace.team_id,
        "user_id": BOT_USER,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    payload = {
        "token": TOKEN,
        "team_id": team_id,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": place.workspace.ids.new("Ev"),
        "event_time": int(place.workspace.clock.now().timestamp()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
    }
    envelope = _envelope("events_api", payload, answerable=False)
    return {**envelope, "retry_attempt": 0, "retry_reason": ""}


def action(slot: inputs.Slot, value: object) -> JSON:
    """One entry of `actions`: what was clicked or chosen."""
    entry: JSON = {
        "type": slot.kind,
        "action_id": slot.action_id,
        "block_id": slot.block_id,
        "action_ts": f"{time.time():.6f}",
    }
    if slot.kind in ("button", "icon_button", "workflow_button"):
        entry["text"] = slot.element["text"]
        entry |= {key: slot.element[key] for key in ("value", "style", "url") if key in slot.element}
    elif slot.kind == "feedback_buttons":
        entry |= _feedback(slot, value)
    elif slot.kind == "overflow":
        entry["selected_option"] = value
    else:
        entry[inputs.VALUE_KEY[slot.kind]] = value
    return entry


def _feedback(slot: inputs.Slot, value: object) -> JSON:
    """The one of the two buttons that has this value. ClientRefused when neither has."""
    for key in ("positive_button", "negative_button"):
        button = slot.element[key]
        if button["value"] == value:
            return {"text": button["text"], "value": value}
    raise ClientRefused("There is no such feedback to give.")


def message_json(place: Place, message: Message) -> JSON:
    """A message as it travels in payloads and answers."""
    shown: JSON = {
        "type": "message",
        "user": message.author,
        "ts": message.ts,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "text": message.text,
        "team": place.workspace.team_id,
        "blocks": message.blocks,
    }
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if message.metadata:
        shown["metadata"] = message.metadata
    if message.edited:
        shown["edited"] = {"user": BOT_USER, "ts": message.ts}
    return shown


def _who(user: User, kind: str) -> JSON:
    return {
        "type": kind,
        "team": {"id": user.team_id, "domain": DOMAIN},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        "api_app_id": APP_ID,
        "token": TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _interactive(payload: JSON) -> JSON:
    return _envelope("interactive", payload, answerable=payload["type"] in _ANSWERABLE)


def _envelope(kind: str, payload: JSON, *, answerable: bool) -> JSON:
    return {
        "envelope_id": secrets.token_hex(16),
        "type": kind,
        "payload": payload,
        "accepts_response_payload": answerable,
    }
