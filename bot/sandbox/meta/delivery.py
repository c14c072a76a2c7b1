"""Meta's webhooks going out: signed, tried again for seven days, sometimes twice and out of order."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta

import aiohttp

from bot.sandbox.meta.errors import Json
from bot.sandbox.meta.event import Event, body_of, signed
from bot.sandbox.meta.sending import Sending, destination, is_ours_to_call
from bot.sandbox.meta.world import World

PATIENCE = aiohttp.ClientTimeout(total=5)
KEPT = 100
HELD_BACK = timedelta(seconds=5)  # at most, so that something else may overtake it
LOOKS_EVERY_S = 0.1  # the clock may be moved at any moment
A_FORGER = "not-the-secret-of-any-app"


class Delivery:
    """`post` events at any time; what was posted goes out between `start` and `close`, and only to this machine.

    The other public methods are its knobs. `on_change` is called with each sending that is new or changed.
    """

    def __init__(self, world: World) -> None:
        self.sendings: list[Sending] = []
        self.on_change: Callable[[Sending], None] | None = None
        self.twice = self.mixed = self.held = False
        self._world = world
        self._last = 0
        self._wake = asyncio.Event()
        self._still = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def post(self, *events: Event) -> None:
        """Tell every app what it listens to; events for the same URL go in one request."""
        for app in self._world.apps.values():
            heard: dict[tuple[str, str], list[Event]] = {}
            for event in events:
                url, level, why_not = destination(self._world, app, event)
                if why_not:
                    self._keep(self._new([event], app.id, "", "", note=why_not))
                else:
                    heard.setdefault((url, level), []).append(event)
            for (url, level), some in heard.items():
                self._enqueue(self._new(some, app.id, url, level))

    async def settled(self) -> None:
        """Wait until nothing is on its way or due at this moment."""
        while True:
            self._still.clear()
            self._wake.set()
            await self._still.wait()
            if self.held or not self._due():
                return

    def described(self) -> Json:
        """The latest first."""
        return {
            "twice": self.twice,
            "mixed": self.mixed,
            "held": self.held,
            "events": [each.described() for each in reversed(self.sendings[-30:])],
        }

    def in_order(self) -> None:
        """No knob is turned any more."""
        self.twice = self.mixed = False
        self.let_go()

    # -- knobs ----------------------------------------------------------------------------------------------

    def deliver_twice(self) -> None:
        """Every event comes again, as Meta's sometimes do."""
        self.twice = True

    def deliver_once(self) -> None:
        self.twice = False

    def mix_up(self) -> None:
        """Of two events the later one arrives first."""
        self.mixed = True

    def keep_order(self) -> None:
        self.mixed = False

    def hold(self) -> None:
        """Nothing leaves until `let_go`."""
        self.held = True

    def let_go(self) -> None:
        self.held = False
        self._wake.set()

    def retry_now(self) -> None:
        """Try all that waits at once."""
        for sending in self._waiting():
            sending.due = self._world.clock.now()
        self._wake.set()

    def send_again(self) -> None:
        """The newest one once more, to the letter. ValueError: there is none."""
        self._copy(is_forged=False)

    def forge(self) -> None:
        """The newest one as somebody would send it who lacks the secret. ValueError: there is none."""
        self._copy(is_forged=True)

    # -- the work -------------------------------------------------------------------------------------------

    def _new(self, events: Sequence[Event], app_id: str, url: str, level: str, *, note: str = "") -> Sending:
        now = self._world.clock.now()
        self._last += 1
        return Sending(
            n=self._last,
            app_id=app_id,
            url=url,
            level=level,
            fields=tuple(dict.fromkeys(event.field for event in events)),
            about="; ".join(event.about or event.field for event in events),
            body=body_of(events, now),
            first_at=now,
            due=now,
            state="nobody" if note else "waiting",
            note=note,
        )

    def _enqueue(self, sending: Sending) -> None:
        if not is_ours_to_call(sending.url):
            sending.state, sending.note = "elsewhere", "somebody else's address: the sandbox does not call it"
            self._keep(sending)
            return
        if self.mixed:
            overtaken = [each for each in self._waiting() if not each.tries and each.due > sending.due]
            for each in overtaken:
                each.due = sending.due + timedelta(microseconds=1)
            sending.due += timedelta() if overtaken else HELD_BACK
        self._keep(sending)
        if self.twice:
            self._copy_of(sending, is_forged=False)

    def _copy(self, *, is_forged: bool) -> None:
        sent = [each for each in self.sendings if each.state != "nobody" and not each.is_forged]
        if not sent:
            raise ValueError("Nothing was sent yet that could be sent again.")
        self._copy_of(sent[-1], is_forged=is_forged)

    def _copy_of(self, sent: Sending, *, is_forged: bool) -> None:
        self._last += 1
        now = self._world.clock.now()
        about = f"{'forged' if is_forged else 'again'}: {sent.about}"
        copy = Sending(
            self._last,
            sent.app_id,
            sent.url,
            sent.level,
            sent.fields,
            about,
            sent.body,
            now,
            max(now, sent.due),
        )
        copy.is_forged = is_forged
        if not is_ours_to_call(copy.url):
            copy.state, copy.note = sent.state, sent.note
        self._keep(copy)

    def _keep(self, sending: Sending) -> None:
        self.sendings.append(sending)
        settled = [each for each in self.sendings if each.state != "waiting"]
        if len(settled) > KEPT:
            self.sendings.remove(settled[0])
        self._changed(sending)
        self._wake.set()

    def _changed(self, sending: Sending) -> None:
        if self.on_change is not None:
            self.on_change(sending)

    def _waiting(self) -> list[Sending]:
        return [each for each in self.sendings if each.state == "waiting"]

    def _due(self) -> list[Sending]:
        now = self._world.clock.now()
        return sorted((each for each in self._waiting() if each.due <= now), key=lambda each: each.due)

    async def _run(self) -> None:
        async with aiohttp.ClientSession(timeout=PATIENCE) as session:
            while True:
                self._wake.clear()
                while not self.held and (due := self._due()):
                    await self._try(session, due[0])
                self._still.set()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), LOOKS_EVERY_S if self._waiting() else None)

    async def _try(self, session: aiohttp.ClientSession, sending: Sending) -> None:
        app = self._world.apps.get(sending.app_id)
        secret = A_FORGER if sending.is_forged or app is None else app.secret
        sending.tries += 1
        sending.status, sending.note = 0, ""
        try:
            async with session.post(
                sending.url, data=sending.body, headers=signed(sending.body, secret), allow_redirects=False
            ) as answer:
                sending.status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            sending.note = "no answer"
        if sending.status == 200:
            sending.state = "delivered"
        elif sending.is_forged:
            sending.state = "refused"  # as it should be, and nobody forges with patience
        else:
            sending.failed(self._world.clock.now())
        self._changed(sending)
