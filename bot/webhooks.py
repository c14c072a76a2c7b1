"""The webhook of a number: how it stands, the test of our end point, the next change, and its application."""

import logging
from dataclasses import dataclass, replace

from bot.acts import Act, Outcome
from bot.audit import Record
from bot.directory import Directory
from bot.errors import AlreadyDone, BotError, NumberBusy
from bot.evidence.facts import known_number, same_address
from bot.evidence.records import Fault, Handshake, TrialResult
from bot.evidence.snapshot import Snapshot
from bot.fixes.app_address import Move, move_app, what_moves
from bot.fixes.done import Done
from bot.fixes.fixing import Fixing
from bot.fixes.repair import Order, Tools
from bot.fixes.subscribe_app import SUBSCRIBE_APP
from bot.fixes.webhook_address import REREADS, change_address
from bot.flows.guard import op_of
from bot.flows.opening import Opening
from bot.numbers import NumberRef
from bot.overrides import note_override
from bot.roles import Person, Role
from bot.trial.parts import Ours, Trials
from bot.trial.probes import Probes
from bot.webhook_plan import SETS, Change, Deed, Plan, plan
from storage.errors import Conflict, StorageError

APP = "app"  # what is locked while the app's own webhook is changed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sight:
    """How it stands, and the next change. `also`: the other numbers of the account; None: not known."""

    snapshot: Snapshot
    plan: Plan
    also: tuple[NumberRef, ...] | None = None


@dataclass(frozen=True, slots=True)
class Tested:
    """A test. `foreign`: of the address in force, when that is another one (`foreign_url`)."""

    handshake: Handshake
    foreign: TrialResult | None = None
    foreign_url: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of a change. `done` None: it is not what was shown any more, and nothing was done."""

    sight: Sight
    done: Done | None = None


@dataclass(frozen=True, slots=True)
class Moving:
    """The same of a change of the whole app, before it or after."""

    sight: Sight
    move: Move
    done: Done | None = None


class Webhooks:
    """One instance a process."""

    def __init__(
        self, *, tools: Tools, fixing: Fixing, directory: Directory, opening: Opening, trials: Trials
    ) -> None:
        self._tools = tools
        self._fixing = fixing
        self._directory = directory
        self._opening = opening
        self._trials = trials

    @property
    def probes(self) -> Probes:
        """Our own end point tells them what arrived."""
        return self._trials.probes

    @property
    def last_test(self) -> Handshake | None:
        """The test the diagnosis rests on."""
        return self._trials.last()

    async def look(self, ref: NumberRef) -> Sight:
        """Read what it rests on, now. A reading that fails is “could not tell”. Raises StorageError."""
        await self._tools.diagnoses.again(ref, REREADS)
        snapshot = self._tools.diagnoses.kept(ref) or await self._tools.diagnoses.read(ref)
        try:
            refs = await self._directory.refs()
        except BotError:
            return Sight(snapshot, plan(snapshot))
        also = tuple(one for one in refs if one.account_id == ref.account_id and one.id != ref.id)
        return Sight(snapshot, plan(snapshot), also)

    async def test(self, person: Person, ref: NumberRef, *, key: str) -> Tested:
        """All four parts, recorded. Raises NotAllowed, AlreadyDone; BotError when there is nothing to test."""
        person.must_be(Role.OPERATOR, to="test the webhook")
        config = self._tools.config
        if not config.webhook_url or config.meta_verify_token is None:
            raise BotError(
                "This bot has no public address, so there is nothing to test.",
                hint="Whoever runs the bot sets PUBLIC_URL and META_VERIFY_TOKEN, and restarts it.",
            )
        ours = Ours(
            public_url=config.public_url, webhook_url=config.webhook_url,
            verify_token=config.meta_verify_token, app_secret=config.meta_app_secret,
        )  # fmt: skip
        handshake = await self._trials.ours(ours)
        tested = await self._also_foreign(ref, handshake)
        await self._record(person, ref, tested, key)
        return tested

    async def _also_foreign(self, ref: NumberRef, handshake: Handshake) -> Tested:
        """The address in force, when it is another: only whether it answers, without anything that is ours."""
        config = self._tools.config
        number = known_number((await self.look(ref)).snapshot)
        url = (number.webhooks.effective if number and number.webhooks else None) or ""
        if not url or same_address(url, config.webhook_url):
            return Tested(handshake)
        return Tested(handshake, await self._trials.foreign(url, public_url=config.public_url), url)

    async def _record(self, person: Person, ref: NumberRef, tested: Tested, key: str) -> None:
        results = tested.handshake.results
        blocked = any(result.fault is Fault.GUARD for result in results)
        outcome = Outcome.OK if all(result.passed for result in results) else Outcome.FAILED
        told = {result.trial.value: "passed" if result.passed else _in_a_word(result) for result in results}
        record = Record(
            op=op_of(Act.WEBHOOK_TESTED, key), kind="fact", act=Act.WEBHOOK_TESTED, person=person,
            at=self._tools.acts.clock.now(), ref=ref, outcome=Outcome.UNKNOWN if blocked else outcome, details=told,
        )  # fmt: skip
        try:
            await self._tools.acts.record(record)
        except Conflict:
            raise AlreadyDone("This was done already.") from None
        except StorageError as error:  # it changed nothing, so it is shown all the same
            log.warning("a webhook test was not recorded: %s", error.sentence)

    async def apply(self, person: Person, ref: NumberRef, mark: str, *, key: str) -> Applied:
        """The change that was shown, by its mark, if it is still the one to make; then read back.

        Raises NotAllowed, NumberBusy, AlreadyDone, BotError, StorageError: then nothing was sent.
        """
        person.must_be(Role.OPERATOR, to="change where events go")
        flow_id = await self._free(person, ref)
        async with self._fixing.alone(ref.account_id):
            sight = await self.look(ref)
            change = sight.plan.change
            if change is None or change.mark != mark:
                return Applied(sight)
            report = await self._tools.diagnoses.again(ref, ())
            done = await self._do(Order(person=person, report=report, key=key, flow_id=flow_id), change)
            after = await self.look(ref)
        return Applied(after, await self._proved(done, change, after.snapshot))

    async def _free(self, person: Person, ref: NumberRef) -> str:
        """Nobody else works on the number. The id of the person's own flow on it, if there is one."""
        held = await self._opening.active_of(ref.id)
        if held and held.owner != person.id:
            raise NumberBusy(
                f"<@{held.owner}> holds this number.", flow_id=held.id, hint="Try again in a minute."
            )
        return held.id if held else ""

    async def _do(self, order: Order, change: Change) -> Done:
        if change.deed is not Deed.SUBSCRIBE:
            return await change_address(self._tools, order, change)
        if SUBSCRIBE_APP.run is None:
            raise AssertionError("“Subscribe app” is a fix of its own")
        return await SUBSCRIBE_APP.run(self._tools, order)

    async def _proved(self, done: Done, change: Change, after: Snapshot) -> Done:
        """What the reading afterwards says stands above what the call was answered."""
        there = in_force(change, after)
        if there and done.ok is not False and change.deed is not Deed.SUBSCRIBE:
            scope = change.account_id if change.of_account else change.number_id
            kept, now = change.after if change.deed in SETS else "", self._tools.acts.clock.now()
            await self._tools.acts.surely(
                lambda session: note_override(session, scope, kept, now), f"override {scope}"
            )
        return proved(done, there)

    async def moving(self, person: Person, ref: NumberRef) -> Moving:
        """What a change of the app's own webhook would move. Raises NotAllowed, BotError."""
        person.must_be(Role.MANAGER, to="change the app's webhook")
        sight = await self.look(ref)
        return Moving(sight, await what_moves(self._tools, await self._accounts(sight.snapshot)))

    async def _accounts(self, snapshot: Snapshot) -> frozenset[str]:
        """Every account that can be seen: of the settings, and named by the token."""
        token = snapshot.token.value if snapshot.token.known else None
        return frozenset({*await self._directory.account_ids(), *(token.account_ids if token else ())})

    async def move(
        self, person: Person, ref: NumberRef, ticked: frozenset[str], mark: str, *, key: str
    ) -> Moving:
        """`ticked`: the accounts the manager named. Raises as `apply` does."""
        async with self._fixing.alone(APP):
            moving = await self.moving(person, ref)  # which asks for the role
            move = moving.move
            if move.unknown or move.mark != mark or ticked != move.ids:
                return moving
            report = await self._tools.diagnoses.again(ref, ())
            done = await move_app(self._tools, Order(person=person, report=report, key=key), move, ticked)
            after = await self.look(ref)
        return Moving(after, move, proved(done, _moved(move, after.snapshot)))


def in_force(change: Change, after: Snapshot) -> bool | None:
    """Whether a change shows in what was read after it; None: could not tell."""
    if change.deed is Deed.SUBSCRIBE:
        apps = after.apps.value if after.apps.known else None
        return None if apps is None else any(app.id == after.app_id for app in apps)
    number = known_number(after)
    if number is None or number.webhooks is None:
        return None
    return same_address(number.webhooks.effective, change.after)


def _moved(move: Move, after: Snapshot) -> bool | None:
    now = after.subscription.value if after.subscription.known else None
    if now is None:
        return None
    return (
        same_address(now.callback_url, move.after)
        and now.fields >= set(move.fields)
        and now.active is not False
    )


def proved(done: Done, there: bool | None) -> Done:
    """With a sentence about what was read back."""
    if done.ok is False:
        return done
    if there is None:
        return replace(done, says=f"{done.says} It could not be read back.", ok=None)
    if there:
        return replace(done, says=f"{done.says} Read back: it is in force.", ok=True)
    return replace(done, says=f"{done.says} Read back: it is not in force.", ok=None if done.ok else done.ok)


def _in_a_word(result: TrialResult) -> str:
    return f"failed, {result.fault.value or f'HTTP {result.http}'}"
