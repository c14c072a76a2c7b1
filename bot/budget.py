"""What a number has left: codes, tries, PIN guesses and registrations, and when they come back.

Counted from the records themselves, so a restart, a resend or another person changes nothing
(features.md §D.4; meta-graph.md §2.1 for Meta's ten registrations in 72 hours).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.audit import Act, Outcome
from bot.config import Config
from bot.error_numbers.explaining import explain
from bot.errors import BudgetSpent
from bot.graph.errors import PermissionMissing, TokenRejected
from bot.graph.kinds import kind_of
from bot.roles import Person, Role
from storage import audit, gates
from storage.audit import Spend

DAY = timedelta(hours=24)
REGISTER_WINDOW = timedelta(hours=72)
META_REGISTERS = 10  # Meta's own limit in REGISTER_WINDOW; the last one is never used
PIN_MISMATCH = "133005"


@dataclass(frozen=True, slots=True)
class Allowance:
    """One budget of one number at one moment.

    `left` of `total` within the window; `not_before` (UTC) is the earliest next use, None = now;
    `manager_only`: the guard line is reached and only a manager may go on; `pause_until`: the pause
    between two uses, which nobody skips; `why` says who set the wait ("us" for our own guard line, else
    Meta's words or code).
    """

    left: int
    total: int
    window: str  # "24 hours", "72 hours", "this code"
    not_before: datetime | None = None
    manager_only: bool = False
    pause_until: datetime | None = None
    why: str = ""

    def open_at(self, now: datetime) -> bool:
        return self.left > 0 and (self.not_before is None or self.not_before <= now)


@dataclass(frozen=True, slots=True)
class Budget:
    """All budgets of one number. `tries_of_code` is for the code now out, `tries` for 24 hours."""

    codes: Allowance
    tries: Allowance
    tries_of_code: Allowance
    pins: Allowance
    registers: Allowance


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was spent on one number lately, and the waits Meta gave (action → until, reason)."""

    spends: tuple[Spend, ...]
    waits: Mapping[str, tuple[datetime, str]]


def read_ledger(session: Session, number_id: str, now: datetime) -> Ledger:
    """The records that count, oldest first, and Meta's not-before times for this number."""
    acts = [Act.CODE_REQUEST, Act.CODE_VERIFY, Act.REGISTER, Act.PIN_SET]
    spends = audit.spent(session, number_id, [act.value for act in acts], now - REGISTER_WINDOW)
    waits = {gate.action: (gate.until, gate.reason) for gate in gates.gates(session, number_id)}
    return Ledger(tuple(s for s in spends if _was_spent(s)), waits)


def _was_spent(spend: Spend) -> bool:
    """Not what never left, nor what Meta turned away at the door for our token: it did not reach the number."""
    if spend.outcome == Outcome.FAILED:
        code, _, subcode = spend.reason.partition("/")
        numbers = (
            (int(code), int(subcode or 0)) if code.isdecimal() and (subcode or "0").isdecimal() else (-1, 0)
        )
        return kind_of(*numbers) not in (TokenRejected, PermissionMissing)
    return spend.outcome != Outcome.NOT_SENT


def budget(ledger: Ledger, config: Config, now: datetime, *, code_op: str = "") -> Budget:
    """Pure: every allowance of one number. `code_op` names the request of the code now out."""
    return Budget(
        codes=_gated(_codes(ledger, config, now), ledger, Act.CODE_REQUEST, now),
        tries=_gated(_tries(ledger, config, now), ledger, Act.CODE_VERIFY, now),
        tries_of_code=_tries_of_code(ledger, config, code_op),
        pins=_pins(ledger, config),
        registers=_gated(_registers(ledger, config, now), ledger, Act.REGISTER, now),
    )


def _codes(ledger: Ledger, config: Config, now: datetime) -> Allowance:
    recent = _since(ledger, Act.CODE_REQUEST, now - DAY)
    allowance = _window(recent, config.codes_per_day, DAY, "24 hours")
    if recent and config.code_waits:
        wait = config.code_waits[min(len(recent), len(config.code_waits)) - 1]
        # min(): a record from a clock that ran ahead must not lock the number for longer than the wait
        until = min(recent[-1].at + wait, now + wait)
        if until > now:
            latest = max(until, allowance.not_before or until)
            return replace(allowance, not_before=latest, pause_until=until, why="us")
    return allowance


def _tries(ledger: Ledger, config: Config, now: datetime) -> Allowance:
    wrong: list[Spend] = []
    for spend in _since(ledger, Act.CODE_VERIFY, now - DAY):
        wrong = [] if spend.outcome == Outcome.OK else [*wrong, spend]
    return _window(wrong, config.tries_per_day, DAY, "24 hours")


def _tries_of_code(ledger: Ledger, config: Config, code_op: str) -> Allowance:
    used = sum(
        1
        for s in ledger.spends
        if s.action == Act.CODE_VERIFY and s.outcome != Outcome.OK and s.details.get("code_op") == code_op
    )
    return Allowance(
        left=max(0, config.tries_per_code - used), total=config.tries_per_code, window="this code"
    )


def _pins(ledger: Ledger, config: Config) -> Allowance:
    """Wrong guesses since the last good one or the last new PIN; a silence counts as a guess.

    One more than the guard line is a manager's; beyond it nobody guesses: Meta locks the number at three.
    """
    wrong: list[Spend] = []
    for spend in ledger.spends:
        if spend.outcome == Outcome.OK and spend.action in (Act.REGISTER, Act.PIN_SET):
            wrong = []
        elif spend.action == Act.REGISTER and (
            spend.reason == PIN_MISMATCH or spend.outcome in (Outcome.UNKNOWN, Outcome.NONE)
        ):
            wrong.append(spend)
    left = max(0, config.pin_guesses - len(wrong))
    found = Allowance(left=left, total=config.pin_guesses, window="72 hours", manager_only=left == 0)
    if len(wrong) <= config.pin_guesses:
        return found
    return replace(found, not_before=wrong[-1].at + REGISTER_WINDOW, manager_only=False, why="us")


def _registers(ledger: Ledger, config: Config, now: datetime) -> Allowance:
    """Our guard line; and one short of Meta's own, where nobody goes on, not even a manager."""
    recent = _since(ledger, Act.REGISTER, now - REGISTER_WINDOW)
    found = _window(recent, config.registers_per_72h, REGISTER_WINDOW, "72 hours")
    if len(recent) < META_REGISTERS - 1:
        return found
    frees = recent[-(META_REGISTERS - 1)].at + REGISTER_WINDOW
    return replace(found, left=0, not_before=frees, manager_only=False, why="us")


def _since(ledger: Ledger, act: Act, since: datetime) -> list[Spend]:
    return [s for s in ledger.spends if s.action == act and s.at > since]


def _window(spends: Sequence[Spend], total: int, length: timedelta, window: str) -> Allowance:
    left = max(0, total - len(spends))
    if left:
        return Allowance(left=left, total=total, window=window)
    frees = spends[len(spends) - total].at + length
    return Allowance(left=0, total=total, window=window, not_before=frees, manager_only=True, why="us")


def _gated(allowance: Allowance, ledger: Ledger, act: Act, now: datetime) -> Allowance:
    """Meta's own wait, where it is later than ours; nobody may go past it."""
    until, reason = ledger.waits.get(act.value, (now, ""))
    if until <= now or (
        allowance.not_before and allowance.not_before >= until and not allowance.manager_only
    ):
        return allowance
    return replace(allowance, not_before=until, manager_only=False, pause_until=until, why=reason)


def must_allow(act: Act, found: Budget, ledger: Ledger, person: Person, now: datetime) -> None:
    """Raise BudgetSpent when `person` may not do `act` on this number now."""
    checks = {
        # a code that nobody may type, or a PIN that may not be used, is not asked for in the first place
        Act.CODE_REQUEST: (("codes", found.codes), ("tries", found.tries)),
        Act.PIN_SET: (("registrations", found.registers),),
        Act.CODE_VERIFY: (("tries", found.tries), ("tries of this code", found.tries_of_code)),
        Act.REGISTER: (("registrations", found.registers), ("PIN guesses", found.pins)),
    }.get(act, ())
    _must_heed_meta(act, ledger, now)
    for what, allowance in checks:
        _must(what, allowance, person, now)


def _must(what: str, allowance: Allowance, person: Person, now: datetime) -> None:
    if allowance.open_at(now):
        return
    paused = allowance.pause_until is not None and allowance.pause_until > now
    if allowance.left == 0 and allowance.manager_only and not paused and person.role >= Role.MANAGER:
        return
    if allowance.left == 0 and allowance.window == "this code":
        raise BudgetSpent(
            "All tries of this code are used.", until=None, hint="Ask for a new code with “Send again”."
        )
    if allowance.left == 0 and allowance.manager_only and not paused:
        raise BudgetSpent(
            f"The {what} of this number are used up for now: {allowance.total} in {allowance.window}.",
            until=allowance.not_before,
            hint="A manager may go on now; Meta blocks numbers that are tried too often.",
        )
    by_meta = allowance.why not in ("", "us")
    raise BudgetSpent(
        f"Too early for more {what}"
        + (f": a wait set by Meta. {metas_reason(allowance.why)}" if by_meta else "."),
        until=allowance.not_before,
        hint="Nothing was sent to Meta.",
        metas_code=code_in(allowance.why),
    )


def code_in(why: str) -> str:
    """The error number of Meta's that `why` is, "" when it is a word."""
    return why if why[:1].isdecimal() else ""


def metas_reason(why: str) -> str:
    """Why Meta set a wait, as a sentence: its number (“133016”) in words, else the word it was kept as."""
    known = explain(why) if code_in(why) else None
    if known and known.row:
        return f"{known.row.says} (Meta's code {why}.)"
    return f"(Meta's code {why}.)" if known else f"({why}.)"


def _must_heed_meta(act: Act, ledger: Ledger, now: datetime) -> None:
    """Meta's own wait for this act holds for everybody, whatever our counts say."""
    until, reason = ledger.waits.get(act.value, (now, ""))
    if until > now:
        raise BudgetSpent(
            f"Meta asks to wait with this. {metas_reason(reason)}",
            until=until,
            hint="Nothing was sent to Meta.",
            metas_code=code_in(reason),
        )
