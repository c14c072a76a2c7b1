"""The fix buttons of a verdict: what stands there for whom, and what happens when one is pressed."""

from collections.abc import Awaitable, Callable, Mapping

from bot.diagnosis.examine import Report
from bot.errors import NumberBusy
from bot.fixes import ALL
from bot.fixes.done import Done
from bot.fixes.fixing import offered
from bot.fixes.repair import Lead, Order, Repair
from handlers.call import Answer, Call, Listener, after
from handlers.views import diagnose as views
from handlers.views import diagnose_ids as ids
from handlers.views import oauth, reconnect_ids, refresh, webhook
from handlers.views.diagnose import Verdict
from handlers.views.kit import Press

GONE = Done("This is not found any more, so there was nothing to do.")

Told = Callable[[Call], Awaitable[tuple[Report, str, str]]]

# A lead's button is the one of the way it leads to; its value is the number's id.
LEADS: Mapping[Lead, str] = {
    Lead.RECONNECT: reconnect_ids.OPEN,
    Lead.REFRESH: refresh.OPEN,
    Lead.LOGIN: oauth.OPEN,
    Lead.WEBHOOK: webhook.FIX,
    Lead.APP_WEBHOOK: webhook.APP,
}


def presses(call: Call, report: Report, made: str) -> tuple[Press, ...]:
    """What this person may press, the best fix first and marked; no way is offered twice."""
    found: dict[str, Press] = {}
    for repair in offered(report.verdict.cause, call.person.role):
        made_of_it = press(repair, report, made, style="" if found else "primary")
        if made_of_it:
            found.setdefault(made_of_it.action_id, made_of_it)
    return tuple(found.values())


def beside(call: Call, report: Report, made: str) -> Mapping[str, Press]:
    """One button for each further finding, by its code: its best fix that is not offered above it already."""
    taken = {each.action_id for each in presses(call, report, made)}
    found: dict[str, Press] = {}
    for cause in (finding.cause for finding in report.further):
        ways = (press(each, report, made, code=cause.code) for each in offered(cause, call.person.role))
        best = next((way for way in ways if way and way.action_id not in taken), None)
        if best:
            found[cause.code] = best
            taken.add(best.action_id)
    return found


def press(repair: Repair, report: Report, made: str, *, style: str = "", code: str = "") -> Press | None:
    """The button of one fix; None: its way is not there. `code`: of the further finding it is for."""
    if repair.lead:
        action_id = LEADS.get(repair.lead, "")
        lead = Press(action_id=action_id, label=repair.label, value=report.ref.id, style=style)
        return lead if action_id else None
    value, asks = f"{report.ref.id} {made} {code}".strip(), repair.asks(report)
    return Press(action_id=ids.FIXES[repair.fix], label=repair.label, value=value, style=style, ask=asks)


async def show(
    call: Call,
    report: Report,
    made: str,
    *,
    opened: bool = False,
    judged: bool = False,
    done: Done | None = None,
) -> None:
    """The verdict in the window; as a message to the person alone when it was closed meanwhile."""
    shown = Verdict(
        report=report,
        made=made,
        reader=call.reader,
        presses=presses(call, report, made),
        beside=beside(call, report, made),
        opened=opened,
        judged=judged or call.services.judging.judged(call.person, made),
        done=done,
    )
    if not await call.screen.show(views.window(shown)):
        await call.screen.say(views.message(shown))


async def told(call: Call) -> tuple[Report, str, str]:
    """The report a button stands below, its id and the cause it is for; made anew after a restart."""
    number_id, _, rest = str(call.action.get("value") or "").partition(" ")
    made, _, code = rest.partition(" ")
    report = call.services.judging.report(made)
    if report is None or report.ref.id != number_id:
        ref = await call.services.diagnoses.numbers.by_id(number_id)
        report = await call.services.diagnoses.diagnose(ref)
        call.services.judging.keep(made, report)
    return report, made, code or report.code


def _listener(repair: Repair) -> Listener:
    async def on_press(call: Call) -> Answer:
        call.person.must_be(repair.role, to=repair.to)
        return after(lambda: _run(call, repair))

    return on_press


async def _run(call: Call, repair: Repair) -> None:
    """Do it, read back what it touches, and show both. The window cannot be pressed in meanwhile."""
    report, made, code = await told(call)
    finding = report.finding(code)
    if finding is None:
        await show(call, report, made, done=GONE)
        return
    held = await call.services.opening.active_of(report.ref.id)
    if held and repair.rereads and held.owner != call.person.id:
        raise NumberBusy(
            f"<@{held.owner}> holds this number.", flow_id=held.id, hint="Try again in a minute."
        )
    await call.screen.show(views.working(report.ref, repair.label))
    order = Order(
        person=call.person, report=report, about=finding, key=call.key, flow_id=held.id if held else ""
    )  # fmt: skip
    done, after_it = await call.services.fixing.run(repair, order)
    call.services.judging.keep(made, after_it)
    await show(call, after_it, made, done=done)


ACTIONS: Mapping[str, Listener] = {
    ids.FIXES[repair.fix]: _listener(repair) for repair in ALL if not repair.lead
}
