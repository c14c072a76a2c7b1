"""What an acknowledgement does to the screen: a reply, errors beside fields, the next view, or regrets."""

from bot.sandbox.slack.delivery import Ack
from bot.sandbox.slack.model import Channel, Message, Refused, User
from bot.sandbox.slack.place import Place
from bot.sandbox.slack.refusals import check_view
from bot.sandbox.slack.values import slots
from bot.sandbox.slack.windows import Window
from bot.sandbox.slack.workspace import SLACKBOT

TROUBLE = "We had some trouble connecting. Try again?"
_KEYS = {
    "errors": {"response_action", "errors"},
    "update": {"response_action", "view"},
    "push": {"response_action", "view"},
    "clear": {"response_action"},
}


def notice(place: Place, user: User, channel: Channel, text: str) -> None:
    """Something Slack itself says to one person."""
    place.workspace.post(channel, Message("", channel.id, SLACKBOT, text, ephemeral_to=user.id))


def command_answered(place: Place, user: User, channel: Channel, command: str, ack: Ack) -> None:
    """A slash command came back: its reply if it has one, or the error Slack shows."""
    if ack.error:
        notice(place, user, channel, f"{command} failed with the error “{ack.error}”")
    elif ack.payload:
        try:
            place.answers.answer(channel.id, user.id, ack.payload)
        except Refused as refused:
            place.refusals.note_refused("ack", refused)
            notice(place, user, channel, f"{command} failed with the error “invalid_command_response”")


def submission_answered(place: Place, window: Window, ack: Ack) -> None:
    """A view was submitted: close it, or do what the acknowledgement's response_action says."""
    if not place.windows.is_open(window):
        return
    if ack.error:
        trouble(place, window)
        return
    try:
        _respond(place, window, ack)
    except Refused as refused:
        place.refusals.note_refused("ack", refused)
        trouble(place, window)


def trouble(place: Place, window: Window) -> None:
    """The view stays, with Slack's regrets on top."""
    if place.windows.is_open(window):
        window.trouble = TROUBLE
        place.workspace.happenings.tell("trouble", who=window.owner, text=TROUBLE, view_id=window.id)


def message_trouble(place: Place, user: User, message: Message) -> None:
    """The click on this message was not answered."""
    message.trouble = TROUBLE
    place.workspace.happenings.tell(
        "trouble", who=user.id, where=message.channel_id, text=TROUBLE, ts=message.ts
    )


def _respond(place: Place, window: Window, ack: Ack) -> None:
    payload = ack.payload
    if not payload:
        place.windows.close(window)
        return
    action = str(payload.get("response_action"))
    if set(payload) != _KEYS.get(action):
        raise Refused("invalid_response_action", problems=(f"{action}: {sorted(payload)}",))
    match action:
        case "errors":
            _show_errors(place, window, payload["errors"])
        case "update":
            place.windows.update(window, payload["view"])
        case "push":
            place.windows.stack_up(window.owner, check_view(payload["view"], "modal"))
        case _:
            place.windows.clear(window.owner)


def _show_errors(place: Place, window: Window, errors: object) -> None:
    inputs = {s.block_id for s in slots(window.blocks) if s.is_input}
    if not isinstance(errors, dict) or not errors:
        raise Refused("invalid_errors", problems=("errors: at least one",))
    strange = [f"errors.{key}: not the block_id of an input" for key in errors if key not in inputs]
    strange += [f"errors.{k}: must be a text" for k, v in errors.items() if not isinstance(v, str) or not v]
    if strange:
        raise Refused("invalid_errors", problems=tuple(strange))
    window.errors = dict(errors)
    place.workspace.happenings.tell("errors", who=window.owner, view_id=window.id, errors=dict(errors))
