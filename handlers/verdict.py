"""The buttons below a verdict: fold and unfold the checks, and “Was this right?”."""

from collections.abc import Mapping

from bot.roles import Role
from handlers.call import Answer, Call, Listener, after
from handlers.fixing import show, told
from handlers.views import diagnose_ids as ids


def must_diagnose(call: Call) -> None:
    call.person.must_be(Role.OPERATOR, to="diagnose a number")


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


ACTIONS: Mapping[str, Listener] = {
    ids.MORE: on_fold,
    ids.FEWER: on_fold,
    ids.RIGHT: on_judge,
    ids.WRONG: on_judge,
}
