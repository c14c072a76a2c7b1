"""The Home tabs: published when somebody opens theirs, and again when what it shows has changed.

One painter at a time draws a person's tab, from what is known at that moment: the newest stands last, and
no hash is needed that could lose an update. Meta is read as rarely as the board's own rule allows.
"""

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.directory import FAILED_FRESH_FOR
from bot.errors import BotError
from bot.roles import Person, Role
from bot.services import Services
from handlers.call import Answer, Call, after
from handlers.errors import plainly
from handlers.front import FOREIGN
from handlers.people import People
from handlers.screen import Slack, publish
from handlers.views import home
from handlers.views.home import Home
from handlers.views.kit import View
from handlers.whatsapp import Commands
from storage.errors import StorageError

REMEMBERED = 200  # people; whoever opened theirs longest ago is drawn at their next opening only
PAINTERS = 3  # tabs drawn at the same time
TOGETHER_S = 0.2  # changes within so long are drawn once; acknowledgements leave meanwhile

Body = Mapping[str, Any]


@dataclass(slots=True)
class _Tab:
    """`drawn`, `steady`: digests of what Slack shows now, whole and without the age; "" when that is not known."""

    foreign: bool
    event: str = ""  # the id of the last opening
    drawn: str = ""
    steady: str = ""


class Homes:
    """The tabs that were opened, or pressed on, since the bot started."""

    def __init__(
        self, *, services: Services, people: People, slack: Slack, commands: Commands, team_id: str
    ) -> None:
        self._services = services
        self._people = people
        self._slack = slack
        self._commands = commands
        self._team_id = team_id
        self._tabs: OrderedDict[str, _Tab] = OrderedDict()
        self._wanted: dict[str, bool] = {}  # who is to be drawn, first come first; True: with the age
        self._painting: set[str] = set()
        self._painters = 0
        self._reading = False
        self._awaited: set[str] = set()  # those who were told that Meta is being read
        self._failed_at: datetime | None = None
        self._trouble = ""

    def opened(self, body: Body) -> None:
        """Somebody opened the app. The same event, sent again, is no other opening."""
        event = body.get("event") or {}
        user = str(event.get("user") or "")
        if not user or event.get("tab") != "home":
            return  # the app's Messages tab tells of itself by the same event
        tab = self._tab(user, foreign=body.get("team_id") != self._team_id)
        this = str(body.get("event_id") or "")
        if this and this == tab.event:
            return
        tab.event = this
        if not event.get("view"):
            tab.drawn = tab.steady = ""  # Slack shows nothing of ours
        self._look(user)

    def pressed(self, body: Body) -> None:
        """Something on a Home tab was pressed: one of before a restart is known again."""
        user = body.get("user") or {}
        if user.get("id"):
            self._tab(str(user["id"]), foreign=user.get("team_id") not in (None, self._team_id))

    async def on_check(self, call: Call) -> Answer:
        """“Check now”: Meta is read again, once for all who ask meanwhile."""
        call.person.must_be(Role.VIEWER, to="look at numbers")

        async def work() -> None:
            if not self._reading:
                self._services.directory.forget()
                self._failed_at = None
            self._look(call.person.id)

        return after(work)

    def changed(self) -> None:
        """Something was written: every tab is looked at again, and published where it shows."""
        if not self._tabs:
            return
        if self._services.directory.dropped:
            self._read_if_due()
        for user in self._tabs:
            self._want(user)
        self._start(after_s=TOGETHER_S)

    def _tab(self, user: str, *, foreign: bool) -> _Tab:
        tab = self._tabs.pop(user, None) or _Tab(foreign)
        tab.foreign = foreign
        self._tabs[user] = tab
        if len(self._tabs) > REMEMBERED:
            self._tabs.popitem(last=False)
        return tab

    def _look(self, user: str) -> None:
        """Draw what is known at once, and what is read after it."""
        tab = self._tabs.get(user)
        if tab and not tab.foreign and self._people.person(user, "").role >= Role.VIEWER:
            self._read_if_due()
            if self._reading:
                self._awaited.add(user)
        self._want(user, with_age=True)
        self._start()

    def _read_if_due(self) -> None:
        now, failed = self._services.clock.now(), self._failed_at
        lately = failed is not None and failed <= now < failed + FAILED_FRESH_FOR
        if self._services.directory.due and not self._reading and not lately:
            self._reading = True
            self._services.tasks.start(self._read(), name="home reads")

    async def _read(self) -> None:
        self._trouble, self._failed_at = "", None
        try:
            await self._services.directory.look()
        except BotError as error:
            self._trouble, self._failed_at = plainly(error), self._services.clock.now()
        finally:
            self._reading = False
            awaited, self._awaited = self._awaited, set()
            for user in self._tabs:
                self._want(user, with_age=user in awaited)
            self._start()

    def _want(self, user: str, *, with_age: bool = False) -> None:
        self._wanted[user] = with_age or self._wanted.get(user, False)

    def _start(self, *, after_s: float = 0) -> None:
        if self._painters < PAINTERS:
            self._painters += 1
            self._services.tasks.start(self._paint(after_s), name="home")

    async def _paint(self, after_s: float) -> None:
        """Draw who is wanted, until nobody is. Nobody is drawn by two painters at a time."""
        try:
            await asyncio.sleep(after_s)
            while user := next((one for one in self._wanted if one not in self._painting), ""):
                with_age = self._wanted.pop(user)
                self._painting.add(user)
                try:
                    await self._draw(user, with_age=with_age)
                finally:
                    self._painting.discard(user)
        finally:
            self._painters -= 1

    async def _draw(self, user: str, *, with_age: bool) -> None:
        tab = self._tabs.get(user)
        if tab is None:
            return
        view = home.only(FOREIGN) if tab.foreign else await self._view(user)
        drawn, steady = _digest(view), _digest(home.steady(view))
        if drawn == tab.drawn or (steady == tab.steady and not with_age):
            return
        taken = await publish(self._slack, user, view)
        tab.drawn, tab.steady = (drawn, steady) if taken else ("", "")

    async def _view(self, user: str) -> View:
        person, trouble = self._people.person(user, ""), self._trouble
        try:
            flows = await self._services.opening.active()
        except StorageError as error:
            flows, trouble = (), f"{error.sentence} What is under way cannot be shown."
        mine = tuple(flow for flow in flows if user in (flow.owner, flow.holder))
        looks = person.role >= Role.VIEWER
        return home.home(
            Home(
                viewer=user,
                role=person.role,
                now=self._services.clock.now(),
                known=self._services.directory.known,
                flows=flows if looks else mine,
                verbs=self._verbs(person, has_code_box=bool(mine)),
                reading=self._reading,
                trouble=trouble,
                records=self._services.config.audit_channel if person.role >= Role.MANAGER else "",
            )
        )

    def _verbs(self, person: Person, *, has_code_box: bool) -> tuple[tuple[str, str, str], ...]:
        """What may be run here: all but the board, which stands above."""
        mine = self._commands.of(person.role, has_code_box=has_code_box)
        return tuple((one.verb, one.summary, one.button) for one in mine if one.verb != "status")


def _digest(drawn: Any) -> str:
    return hashlib.sha256(json.dumps(drawn, sort_keys=True).encode()).hexdigest()
