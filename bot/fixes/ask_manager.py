"""“Ask a manager”: a direct message to each of them with a button “Diagnose”, once per number and hour."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.audit import Act, Record
from bot.causes.finding import in_utc
from bot.diagnosis.examine import Report
from bot.errors import AlreadyDone
from bot.fixes.done import Done
from bot.fixes.repair import Order, Repair, Tools, verdict_line
from bot.flows.guard import op_of
from bot.remedy import Fix
from bot.roles import Role
from storage import audit
from storage.errors import Conflict

ONCE_IN = timedelta(hours=1)


def _asks(report: Report) -> str:
    return (
        "Every manager gets a direct message from the bot with this number, this verdict and your name. "
        "Nothing is changed at Meta."
    )


async def _run(tools: Tools, order: Order) -> Done:
    managers = tuple(one for one in tools.managers() if one != order.person.id)
    if not managers:
        return Done("No manager is named in this bot's settings, so nobody was asked.", False)
    now = tools.acts.clock.now()
    try:
        asked_at = await tools.acts.tell(lambda session: _ask(session, tools, order, managers, now))
    except Conflict:
        raise AlreadyDone("This was done already.") from None
    if asked_at is not None:
        minutes = int((asked_at + ONCE_IN - now).total_seconds() // 60) + 1
        return Done(
            f"The managers were asked about this number already. They can be asked again in {minutes} min."
        )
    people = "1 manager was" if len(managers) == 1 else f"{len(managers)} managers were"
    return Done(f"{people} asked. You need not do more.")


def _ask(
    session: Session, tools: Tools, order: Order, managers: tuple[str, ...], now: datetime
) -> datetime | None:
    """Record it and owe the messages, in one transaction; when somebody asked lately, that time instead."""
    last = audit.last_of(session, order.ref.id, Act.MANAGER_ASKED.value)
    if last is not None and timedelta() <= now - last.at < ONCE_IN:
        return last.at
    finding = order.finding
    tools.acts.journal.write(
        session,
        Record(
            op=op_of(Act.MANAGER_ASKED, order.key), kind="fact", act=Act.MANAGER_ASKED, person=order.person,
            at=now, ref=order.ref, reason=finding.cause.code,
        ),
    )  # fmt: skip
    for manager in managers:
        tools.acts.journal.owe_dm(
            session, to=manager, template="ask_manager", ref=order.ref, flow_id="", at=now,
            sender=order.person.id, reason=f"{verdict_line(finding)}: {finding.said(in_utc)}", about=order.ref.id,
        )  # fmt: skip
    return None


ASK_MANAGER = Repair(fix=Fix.ASK_MANAGER, role=Role.OPERATOR, to="ask a manager", asks=_asks, run=_run)
