"""What our records say was tried last on a number, as the checks want it."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.audit import Act, Outcome
from bot.budget import budget, read_ledger
from bot.config import Config
from bot.evidence.records import Attempt, Attempts
from bot.numbers import NumberRef
from storage import audit
from storage.tables import AuditRow

LOOKED_BACK = timedelta(days=8)  # longer than any wait of Meta's for a number
_ACTS = (Act.CODE_REQUEST, Act.CODE_VERIFY, Act.REGISTER, Act.PIN_SET)
_PIN_WRONG = "133005"


def attempts_of(session: Session, ref: NumberRef, config: Config, now: datetime) -> Attempts:
    """The last outcome of each act on this number, with when the next one makes sense."""
    rows = audit.outcomes(session, ref.id, [act.value for act in _ACTS], since=now - LOOKED_BACK)
    if not rows:
        return Attempts()
    ledger = read_ledger(session, ref.id, now)
    money = budget(ledger, config, now)
    opens = {
        Act.CODE_REQUEST: money.codes.not_before,
        Act.CODE_VERIFY: money.codes.not_before,  # after a refused code, what is needed is another one
        Act.REGISTER: money.registers.not_before,
    }
    last: dict[Act, Attempt] = {}
    for row in rows:  # newest first
        act = Act(row.action)
        over, _ = ledger.waits.get(act, (None, ""))  # a wait that has ended is known, too
        last.setdefault(
            act, attempt(row, until=opens.get(act) or (over if over and over >= row.at else None))
        )
    return Attempts(last, _misses(rows))


def tried_lately(session: Session, numbers: Iterable[str], now: datetime) -> set[str]:
    """Those for which there is anything to read: of a thousand, usually a few."""
    return audit.touched(session, numbers, [act.value for act in _ACTS], since=now - LOOKED_BACK)


def attempt(row: AuditRow, *, until: datetime | None = None) -> Attempt:
    """One outcome on record."""
    code, subcode = numbers_in(row.reason)
    words = str(json.loads(row.details).get("meta") or "")
    ok = row.outcome == Outcome.OK
    return Attempt(ok, row.at, code, subcode, words, row.trace, until=None if ok else until)


def numbers_in(reason: str) -> tuple[int, int]:
    """Meta's code and subcode in a record's reason ("190/463"); (0, 0) for a word of ours."""
    code, _, subcode = reason.partition("/")
    if not code.isdecimal() or not (subcode or "0").isdecimal():
        return 0, 0
    return int(code), int(subcode or 0)


def _misses(rows: Iterable[AuditRow]) -> int:
    """Wrong PINs since the last good one or the last new PIN."""
    misses = 0
    for row in rows:
        if row.outcome == Outcome.OK and row.action in (Act.REGISTER, Act.PIN_SET):
            break
        misses += row.action == Act.REGISTER and row.reason == _PIN_WRONG
    return misses
