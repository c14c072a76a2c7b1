"""The kinds of way by which the running bot, or the world around it, is brought into a state."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session

from bot.audit import BOT, Act, Outcome, Record
from bot.evidence.records import Attempt
from bot.sandbox.meta.faults import Fault
from bot.sandbox.meta.happenings import Telling
from bot.sandbox.meta.seed import Seed
from storage import gates
from tests.checks.healthy import NOW, healthy
from tests.checks.scenario import Scenario, support
from tests.desk import Desk
from tests.web.meta import Post

Way = Callable[[Desk], Awaitable[None]]


def world(turn: Callable[[Seed], object]) -> Way:
    """A change of the fake Meta's world that is no knob."""

    async def way(desk: Desk) -> None:
        turn(desk.seed)

    return way


def fault(kind: str, match: str = "", **more: str) -> Way:
    """Every read that matches fails like this. {number}, {app}: the ids."""

    async def way(desk: Desk) -> None:
        where = match.format(number=support(desk.seed).id, app=desk.seed.app_id)
        desk.meta.add_fault(Fault(kind, where, times=0, **more))  # type: ignore[arg-type]  # checked by Fault

    return way


def told(tell: Callable[[Telling], None], *before: Way) -> Way:
    """Meta tells it by webhook: as it would write it, signed, at the bot's own end point."""

    async def way(desk: Desk) -> None:
        for each in before:
            await each(desk)
        tell(desk.meta.happenings.about(support(desk.seed)))
        post = Post(desk)
        assert await post.raw(desk.meta.delivery.sendings[-1].body) == 200
        await desk.bot.services.happened.taken_in()

    return way


def later(**spans: int) -> Way:
    async def way(desk: Desk) -> None:
        desk.skip(**spans)

    return way


def failed(code: int) -> Way:
    return told(lambda telling: telling.failed(code))


def all_of(*ways: Way) -> Way:
    async def way(desk: Desk) -> None:
        for each in ways:
            await each(desk)

    return way


def attempted(scenario: Scenario) -> Way:
    """What was tried and refused, written by the bot's own journal; the number is away as the scenario has it."""
    wanted = scenario.change(healthy())

    async def way(desk: Desk) -> None:
        number = support(desk.seed)
        assert wanted.number.value
        number.disconnect(proven=wanted.number.value.code_verification_status == "VERIFIED")
        number.name_status = wanted.number.value.name_status or ""
        tried = [*[(Act.REGISTER, MISS)] * wanted.attempts.pin_misses]
        tried += sorted(wanted.attempts.last.items(), key=lambda each: each[1].at)
        for place, (act, attempt) in enumerate(tried):
            await _record(desk, act, attempt, f"{act.value}:{place}")

    return way


MISS = Attempt(False, NOW - timedelta(minutes=30), 133005)


async def _record(desk: Desk, act: Act, tried: Attempt, op: str) -> None:
    services = desk.bot.services
    later = services.clock.now() - NOW
    ref = await services.diagnoses.numbers.by_id(support(desk.seed).id)
    intent = Record(op=op, kind="intent", act=act, person=BOT, at=tried.at + later, ref=ref)
    reason = f"{tried.code}/{tried.subcode}" if tried.subcode else str(tried.code or "")
    outcome = replace(
        intent.outcome_of(Outcome.OK if tried.ok else Outcome.FAILED, at=tried.at + later),
        reason=reason,
        details={"meta": tried.words},
    )

    def work(session: Session) -> None:
        services.journal.write(session, intent)
        services.journal.write(session, outcome)
        if tried.until:
            until = tried.until + later
            gates.set_gate(session, scope=ref.id, action=act.value, until=until, reason=reason)

    await services.db.write(work)
