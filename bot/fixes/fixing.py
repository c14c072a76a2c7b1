"""Run a fix, then read again only what it touched."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType

from bot.causes.cause import Cause
from bot.diagnosis.examine import Report
from bot.fixes import ALL
from bot.fixes.done import Done
from bot.fixes.repair import Order, Repair, Tools
from bot.remedy import Fix, Who
from bot.roles import Role

NOT_SEEN = (
    "Meta said yes, but what was read back is as before. Diagnose again in a minute before you repeat it."
)

BY_FIX: Mapping[Fix, Repair] = MappingProxyType({repair.fix: repair for repair in ALL})


NOT_THE_TEAM = frozenset({Who.MANAGER, Who.META_ADMIN, Who.DESK_ADMIN})
"""Who is not found by looking around: a manager knows them, or is one of them."""


class Fixing:
    """One fix at a time on an account, so that two people's presses become one change."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def alone(self, account_id: str) -> asyncio.Lock:
        """Held while something of this account is changed."""
        return self._locks[account_id]

    async def run(self, repair: Repair, order: Order) -> tuple[Done, Report]:
        """Raises NotAllowed, AlreadyDone, StorageError: then nothing was sent to Meta."""
        order.person.must_be(repair.role, to=repair.to)
        if repair.run is None:
            raise AssertionError(f"{repair.fix} leads elsewhere")
        async with self.alone(order.ref.account_id):
            done = await repair.run(self._tools, order)
        if not repair.rereads:
            return done, order.report
        after = await self._tools.diagnoses.again(order.ref, repair.rereads)
        cause = order.finding.cause
        if done.ok and after.finding(cause.code) and repair.fix is cause.fix:
            return Done(NOT_SEEN, None, done.result), after
        return done, after


def offered(cause: Cause, role: Role) -> tuple[Repair, ...]:
    """The buttons of a cause for this role, best first. Who may not press one may ask a manager."""
    wanted = [BY_FIX[fix] for fix in (cause.fix, *cause.also) if fix in BY_FIX]
    beyond = cause.who in NOT_THE_TEAM or any(role < repair.role for repair in wanted)
    mine = [repair for repair in wanted if role >= repair.role]
    if beyond:
        mine.append(BY_FIX[Fix.ASK_MANAGER])
    if role >= Role.MANAGER:
        mine = [repair for repair in mine if repair.fix is not Fix.ASK_MANAGER]
    return tuple(dict.fromkeys(mine))
