"""A colleague who was asked for a code and cannot get it: the starter has the code box again, and is told."""

import json
import logging

from sqlmodel import Session

from bot.errors import BotError
from bot.flows.moved import Moved
from bot.services import Services
from handlers import wizard
from handlers.call import Call
from handlers.people import People
from handlers.screen import Screen, Slack
from handlers.views.text import mark, mention
from storage.errors import StorageError
from storage.tables import OutboxRow

NOT_REACHED = "{who} cannot be reached from here, so the code box is yours again."

log = logging.getLogger(__name__)


class Unreached:
    """For the outbox, when Slack takes no message to them; and for a click of somebody of another workspace."""

    def __init__(self, *, services: Services, people: People, slack: Slack) -> None:
        self._services = services
        self._people = people
        self._slack = slack
        self._back: set[str] = set()  # flows whose box was handed back, and whose window does not show it yet

    def settle(self, session: Session, row: OutboxRow) -> None:
        """In the transaction that gives the message up."""
        if _asked_for_a_code(row) and self._services.hand_off.not_reached(
            session, row.flow_id, row.recipient
        ):
            self._back.add(row.flow_id)

    async def show(self, row: OutboxRow) -> None:
        """The starter's window, if it is still open."""
        if row.flow_id in self._back:
            self._back.discard(row.flow_id)
            await self._redraw(row.flow_id, row.recipient)

    async def stranger(self, user: str, flow_id: str) -> None:
        """`user` may not act here, whatever they were asked: nobody shall wait for them."""
        try:
            back = await self._services.acts.tell(
                lambda s: self._services.hand_off.not_reached(s, flow_id, user)
            )
        except StorageError as error:
            log.warning("a code box could not be handed back: %s", type(error).__name__)
            return
        if back:
            await self._redraw(flow_id, user)

    async def _redraw(self, flow_id: str, colleague: str) -> None:
        try:
            flow = await self._services.opening.get(flow_id)
            if not flow.view_id or flow.holder or not flow.active:
                return
            screen = Screen(self._slack, user=flow.owner, window=flow.view_id)
            call = Call(
                services=self._services, person=self._people.person(flow.owner, ""), screen=screen, key=""
            )
            said = mark(NOT_REACHED, who=mention(colleague))
            await screen.show(await wizard.draw(call, Moved(flow), viewer=flow.owner, warning=said))
        except (BotError, StorageError) as error:  # they have the message too
            log.info("the starter's window was not drawn: %s", type(error).__name__)


def _asked_for_a_code(row: OutboxRow) -> bool:
    return row.kind == "dm" and json.loads(row.body).get("template") == "hand_off"
