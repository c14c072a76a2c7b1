"""The buttons of a verdict: fold and unfold the checks, and “Was this right?”."""

from collections.abc import Mapping

from bot.diagnosis.examine import Report
from bot.roles import Role
from handlers.call import Answer, Call, Listener, after
from handlers.fixing import presses
from handlers.views import diagnose as views
from handlers.views import diagnose_ids as ids
from handlers.views.diagnose import Verdict
from handlers.views.text import Markup


def must_diagnose(call: Call) -> None:
    call.person.must_be(Role.OPERATOR, to="diagnose a number")


async def show(
    call: Call, report: Report, made: str, *, opened: bool = False, judged: bool = False, done: str = ""
) -> None:
    """In the window; as a message to the person alone when it was closed meanwhile."""
    shown = Verdict(
        report=report,
        made=made,
        presses=presses(call, report, made),
        opened=opened,
        judged=judged,
        done=Markup(done),
    )
    if not await call.screen.show(views.window(shown)):
        await call.screen.say(views.message(shown))


async def on_fold(call: Call) -> Answer:
    """“Show all checks” and back: drawn from what was read; read anew only when that is gone."""
    must_diagnose(call)
    opened = call.action.get("action_id") == ids.MORE

    async def work() -> None:
        report, made, _ = await told(call)
        await show(call, report, made, opened=opened)

    return after(work)


async def on_judge(call: Call) -> Answer:
    """“Was this right?” Yes or No: one answer a person and diagnosis."""
    must_diagnose(call)
    right = call.action.get("action_id") == ids.RIGHT

    async def work() -> None:
        report, made, code = await told(call)
        await call.services.judging.judge(call.person, report.ref, made=made, code=code, right=right)
        await show(call, report, made, judged=True)

    return after(work)


async def told(call: Call) -> tuple[Report, str, str]:
    """The report a button stands below, its id and the verdict it was drawn with; made anew after a restart."""
    number_id, _, rest = str(call.action.get("value") or "").partition(" ")
    made, _, code = rest.partition(" ")
    report = call.services.judging.report(made)
    if report is None or report.ref.id != number_id:
        ref = await call.services.directory.by_id(number_id)
        report = await call.services.diagnoses.diagnose(ref)
        call.services.judging.keep(made, report)
    return report, made, code or report.code


ACTIONS: Mapping[str, Listener] = {
    ids.MORE: on_fold,
    ids.FEWER: on_fold,
    ids.RIGHT: on_judge,
    ids.WRONG: on_judge,
}
