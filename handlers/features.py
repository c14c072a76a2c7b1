"""Every feature, in the order of the help, and their listeners joined into one table by wire id."""

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp

from handlers import budget, code, diagnose, explain, oauth, reconnect, refresh, status, token, webhook
from handlers.call import Listener
from handlers.command import Feature
from handlers.front import Front
from handlers.home import Homes
from handlers.presses import AtHome, press_key, submit_key
from handlers.views import home, menu
from handlers.whatsapp import Commands

FEATURES: tuple[Feature, ...] = (
    status,
    diagnose,
    reconnect,
    code,
    refresh,
    token,
    oauth,
    webhook,
    budget,
    explain,
)
ANY = re.compile(".*", re.DOTALL)


def joined(tables: list[Mapping[str, Listener]]) -> Mapping[str, Listener]:
    """One table of many. Raises ValueError when two features claim one id."""
    table: dict[str, Listener] = {}
    for one in tables:
        twice = table.keys() & one.keys()
        if twice:
            raise ValueError(f"two features claim {sorted(twice)}")
        table.update(one)
    return table


def commands() -> Commands:
    """Every sub-command of every feature."""
    return Commands([c for feature in FEATURES for c in feature.COMMANDS])


def presses(commands: Commands, on_check: Listener) -> Mapping[str, Listener]:
    """Every button and menu, by action_id. `on_check`: “Check now” on the Home tab."""
    own: Mapping[str, Listener] = {
        menu.RUN: commands.on_button,
        menu.PICK: commands.on_pick,
        menu.CHOOSE: commands.on_pick,
        menu.PREVIOUS: commands.on_page,
        menu.NEXT: commands.on_page,
        home.CHECK: on_check,
    }
    return joined([own, *(feature.ACTIONS for feature in FEATURES)])


def register(app: AsyncApp, front: Front, commands: Commands, homes: Homes) -> None:
    """One Bolt listener per kind of payload: Bolt tries its listeners in order, a table of ours does not."""
    actions, at_home = presses(commands, homes.on_check), AtHome()
    submits = joined([feature.SUBMITS for feature in FEATURES])
    closes = joined([feature.CLOSES for feature in FEATURES])

    async def on_command(ack: Any, body: dict[str, Any]) -> None:
        words, channel = str(body.get("text") or ""), str(body.get("channel_id") or "")
        key = f"command:{body.get('trigger_id')}"
        await front.serve(ack, body, "command", key, commands.on_command, words=words, channel=channel)

    async def on_action(ack: Any, body: dict[str, Any]) -> None:
        action = (body.get("actions") or [{}])[0]
        listener = actions.get(str(action.get("action_id")))
        key, channel = press_key(body, action), str((body.get("channel") or {}).get("id") or "")
        view = body.get("view")
        if listener and (view or {}).get("type") == "home":
            homes.pressed(body)
            listener = at_home.once(listener)
        await front.serve(ack, body, "press", key, listener, action=action, view=view, channel=channel)

    async def on_submit(ack: Any, body: dict[str, Any]) -> None:
        view = body.get("view") or {}
        listener = submits.get(str(view.get("callback_id")))
        await front.serve(ack, body, "submit", submit_key(view), listener, view=view)

    async def on_close(ack: Any, body: dict[str, Any]) -> None:
        view = body.get("view") or {}
        listener = closes.get(str(view.get("callback_id")))
        await front.serve(
            ack, body, "close", f"close:{view.get('id')}:{view.get('hash')}", listener, view=view
        )

    app.command(ANY)(on_command)
    app.action({"type": "block_actions", "action_id": ANY})(on_action)
    app.view({"type": "view_submission", "callback_id": ANY})(on_submit)
    app.view({"type": "view_closed", "callback_id": ANY})(on_close)
    _listen_to_events(app, homes)


def _listen_to_events(app: AsyncApp, homes: Homes) -> None:
    async def on_event(ack: Any, body: dict[str, Any]) -> None:
        await ack()  # first: an event that is not acknowledged is sent again
        if (body.get("event") or {}).get("type") == "app_home_opened":
            homes.opened(body)

    app.event(ANY)(on_event)
