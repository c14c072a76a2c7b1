"""views.open, push, update and publish."""

from bot.sandbox.slack.methods import Call, Method
from bot.sandbox.slack.model import JSON
from bot.sandbox.slack.windows import Window


def _answer(call: Call, window: Window) -> JSON:
    return {"view": call.place.windows.payload(window)}


def _open(call: Call) -> JSON:
    return _answer(call, call.place.windows.open(call.text("trigger_id"), call.args.get("view")))


def _push(call: Call) -> JSON:
    return _answer(call, call.place.windows.push(call.text("trigger_id"), call.args.get("view")))


def _update(call: Call) -> JSON:
    windows = call.place.windows
    window = windows.find(call.args.get("view_id"), call.args.get("external_id"))
    return _answer(call, windows.update(window, call.args.get("view"), call.args.get("hash")))


def _publish(call: Call) -> JSON:
    window = call.place.windows.publish(call.text("user_id"), call.args.get("view"), call.args.get("hash"))
    return _answer(call, window)


VIEWS = {
    "views.open": Method(_open),
    "views.push": Method(_push),
    "views.update": Method(_update),
    "views.publish": Method(_publish),
}
