"""The front door: one Bolt listener per kind of payload, one table of our own behind each.

Every delivery goes the same way: is it ours, is it new, who may; a quick answer; the acknowledgement;
then the work. No exception ever leaves a listener: one that does within 10 ms after the acknowledgement
would take it back (slack.md §1.5).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from bot.audit import Act, Outcome, Record
from bot.errors import BotError, NotAllowed
from bot.flows.guard import op_of
from bot.services import Services
from handlers import errors, outgoing
from handlers.call import Answer, Call, Listener
from handlers.channels import must_be_here
from handlers.people import People
from handlers.presses import Presses
from handlers.screen import Screen, Slack
from handlers.seen import Acked, Seen
from handlers.unreached import Unreached
from handlers.views import menu
from storage.errors import Conflict, StorageError

ANSWER_WITHIN_S = 2.0  # then we acknowledge with “one moment” and draw the answer later
WORK_WAITS_S = 0.25  # at most, for other deliveries' acknowledgements
BEHIND_S = 0.005
LEAVES_WITHIN_S = 0.05  # from Bolt's hands onto the socket
FOREIGN = "This bot serves another workspace."

log = logging.getLogger(__name__)
Body = Mapping[str, Any]
Ack = Callable[..., Awaitable[Any]]


class Front:
    """Guards, dispatches and acknowledges."""

    def __init__(self, *, services: Services, people: People, slack: Slack, team_id: str) -> None:
        self._unreached = Unreached(services=services, people=people, slack=slack)
        self._services = services
        self._people = people
        self._slack = slack
        self._team_id = team_id
        self._seen = Seen()
        self._presses = Presses()
        self._serving = 0
        self._idle = asyncio.Event()

    async def serve(
        self, ack: Ack, body: Body, kind: str, key: str, listener: Listener | None, **parts: Any
    ) -> None:
        """Answer one delivery. `key` names the deed (a double click has one key); `parts` go into the Call.

        The same delivery arriving again gets the same acknowledgement, and nothing is done twice.
        """
        self._serving += 1
        try:
            await self._serve(ack, body, kind, key, listener, **parts)
            self._services.counts.acknowledged(kind)
        finally:
            self._serving -= 1
            if not self._serving:
                self._idle.set()

    async def answered(self, *, within_s: float) -> None:
        """Wait until every delivery that came in is acknowledged, and give the last one time to leave."""
        self._idle.clear()
        if self._serving:
            with suppress(TimeoutError):
                async with asyncio.timeout(within_s):
                    await self._idle.wait()
        await asyncio.sleep(LEAVES_WITHIN_S)

    async def _serve(
        self, ack: Ack, body: Body, kind: str, key: str, listener: Listener | None, **parts: Any
    ) -> None:
        delivery = f"{kind}:{body['trigger_id']}:{key}" if body.get("trigger_id") else ""
        first = self._seen.find(delivery)
        if first:
            await self._again(ack, kind, first)
            return
        if kind == "press":
            key = self._presses.key(key, self._services.clock.now())
        call = self._call(body, key, **parts)
        quick = asyncio.ensure_future(self._quick(call, body, kind, listener))
        self._seen.remember(delivery, quick)
        await asyncio.sleep(0)  # a quick part that waits for nothing is done by then, without a timer
        if not quick.done() and not (await asyncio.wait({quick}, timeout=ANSWER_WITHIN_S))[0]:
            try:
                await _acknowledge(ack, _one_moment(kind))
            finally:
                self._services.tasks.start(self._late(call, quick, kind), name=f"late {kind}")
            return
        answer = quick.result()
        try:
            await _acknowledge(ack, answer.ack)
        finally:  # what was claimed is done, whatever became of the acknowledgement
            if answer.work:
                self._services.tasks.start(self._work(call, answer), name=kind)

    async def _again(self, ack: Ack, kind: str, first: Acked) -> None:
        done, _ = await asyncio.wait({first}, timeout=ANSWER_WITHIN_S)
        await _acknowledge(ack, first.result() if done else _one_moment(kind))

    def _call(self, body: Body, key: str, **parts: Any) -> Call:
        user = body.get("user") or {}
        user_id = str(body.get("user_id") or user.get("id") or "")
        view = body.get("view") or {}
        at_home = view.get("type") == "home"
        name = str(body.get("user_name") or user.get("username") or user.get("name") or "")
        screen = Screen(
            self._slack,
            user=user_id,
            trigger=str(body.get("trigger_id") or ""),
            window="" if at_home else str(view.get("id") or ""),
            at_home=at_home,
            answer_url=str(body.get("response_url") or ""),
        )
        return Call(
            services=self._services,
            person=self._people.person(user_id, name),
            screen=screen,
            key=key,
            **parts,
        )

    async def _quick(self, call: Call, body: Body, kind: str, listener: Listener | None) -> Answer:
        """The listener's quick part; every error becomes an answer."""
        try:
            self._must_be_ours(body)
            must_be_here(call)
            if listener is None:
                return _unknown(kind)
            return await listener(call)
        except (BotError, StorageError) as error:
            await self._note_refusal(call, kind, error)
            return _refused(kind, call, error)
        except Exception as error:  # noqa: BLE001  # no exception may leave a listener (slack.md §1.5)
            return _refused(kind, call, error)

    def _must_be_ours(self, body: Body) -> None:
        """Bolt serves payloads of any workspace in single-token mode (slack.md §1.4): we do not."""
        user = body.get("user") or {}
        teams = {body.get("team_id"), (body.get("team") or {}).get("id"), user.get("team_id")} - {None, ""}
        if teams != {self._team_id}:
            raise NotAllowed(FOREIGN)  # also in a channel shared with them, and when no team is named

    async def _work(self, call: Call, answer: Answer) -> None:
        if answer.work is None:
            return
        if call.view is not None:  # a redraw must not overtake the acknowledgement's own (slack.md §6)
            await asyncio.sleep(BEHIND_S)
        await self._acknowledgements_first()
        try:
            await answer.work()
        except (BotError, StorageError) as error:
            await self._note_refusal(call, "work", error)
            await errors.in_work(error, call)
        except Exception as error:  # noqa: BLE001  # the person waits for an answer, also to a bug
            await errors.in_work(error, call)

    async def _acknowledgements_first(self) -> None:
        """In a burst, the work of the first delivery would keep the last one from being acknowledged."""
        if self._serving:
            self._idle.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(WORK_WAITS_S):
                    await self._idle.wait()

    async def _late(self, call: Call, quick: "asyncio.Future[Answer]", kind: str) -> None:
        """The quick part was not quick: draw what it would have acknowledged with, then do the work."""
        answer = await quick
        view = answer.ack.get("view")
        if view:
            await call.screen.show(view)
        elif "errors" in answer.ack:
            text = " ".join(str(text) for text in answer.ack["errors"].values())
            await call.screen.show(menu.notice(title="WhatsApp", text=text))
        elif "text" in answer.ack:
            message = {k: v for k, v in answer.ack.items() if k in ("text", "blocks")}
            await call.screen.say(message)
        elif not answer.work and kind == "submit":  # nothing else would end its “one moment”
            await call.screen.show(errors.standing(call.view or {}))
        await self._work(call, answer)

    async def _note_refusal(self, call: Call, kind: str, error: BaseException) -> None:
        """Who was refused what, on record: once a minute, so that a flood of tries fills no channel.

        A database that cannot write does not change the answer.
        """
        if not isinstance(error, NotAllowed):
            return
        if error.message == FOREIGN and kind == "press":  # who was asked for a code, and may not type it in
            await self._unreached.stranger(call.person.id, str(call.action.get("value") or ""))
        now = self._services.clock.now()
        op = op_of(Act.ACCESS_REFUSED, _tried(call, error, now))
        record = Record(
            op=op, kind="fact", act=Act.ACCESS_REFUSED, person=call.person, at=now,
            outcome=Outcome.REFUSED, reason="foreign team" if error.message == FOREIGN else "role",
            details={"asked": kind, "why": error.message},
        )  # fmt: skip
        try:
            await self._services.acts.record(record)
        except (Conflict, StorageError) as error_of_ours:  # Conflict: it is on record already
            log.info("a refusal was not recorded: %s", type(error_of_ours).__name__)


def _tried(call: Call, error: NotAllowed, now: datetime) -> str:
    """What counts as one refusal: the person, the verb, button or window, and the minute."""
    verb = call.words.split()[:1] if error.message != FOREIGN else []  # strangers may type any word
    what = call.action.get("action_id") or (call.view or {}).get("callback_id") or "".join(verb).lower()
    return f"{call.person.id}:{what}:{int(now.timestamp() // 60)}"


async def _acknowledge(ack: Ack, parts: Mapping[str, Any]) -> None:
    try:
        await ack(**outgoing.ack(parts))
    except Exception:  # no exception may leave a listener (slack.md §1.5)
        log.exception("an acknowledgement did not leave")


def _one_moment(kind: str) -> Mapping[str, Any]:
    """For a window only: “one moment” as the reply to a command could not be taken away again."""
    return {"response_action": "update", "view": menu.loading()} if kind == "submit" else {}


def _unknown(kind: str) -> Answer:
    if kind == "close":
        return Answer()
    log.warning("a %s with an unknown id was acknowledged", kind)
    raise BotError(
        "This button or window is from an older version of the bot.",
        hint="Type `/whatsapp` to see what there is now.",
    )


def _refused(kind: str, call: Call, error: BaseException) -> Answer:
    if kind == "submit":
        return errors.for_submit(error, call.view or {}, role=call.person.role)
    if kind == "command":
        return errors.for_command(error)
    if kind == "close":
        return Answer()
    return Answer(work=lambda: errors.in_work(error, call))
