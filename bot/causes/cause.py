"""The shape of a cause: what is said of it, what it does to people, who puts it right and how."""

from dataclasses import dataclass
from enum import StrEnum

from bot.remedy import Fix, Who


class Severity(StrEnum):
    """How bad it is. DOWN and LIMITED are definite faults; NOTE never hides one."""

    DOWN = "down"  # customers' messages do not arrive, or nothing can be sent
    LIMITED = "limited"  # something works, something does not
    NOTE = "note"  # works; or suspicious and not proven
    UNKNOWN = "could not tell"
    OK = "ok"


DEFINITE = frozenset({Severity.DOWN, Severity.LIMITED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One row of the catalogue (features.md §D.3).

    `says`: one sentence, with {placeholders} that a finding fills. `ends` is added when the end of the trouble
    is known ({until}), `open_end` when it is not. `also`: further buttons. `explains`: causes that follow from
    this one, so that they are not shown beside it. `source`: where Meta's behaviour is described.
    """

    code: str
    title: str
    says: str
    effect: str
    do: str
    who: Who
    takes: str
    severity: Severity
    source: str
    fix: Fix = Fix.NONE
    also: tuple[Fix, ...] = ()
    ends: str = ""
    open_end: str = ""
    explains: tuple[str, ...] = ()
