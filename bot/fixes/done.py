"""What came of a fix."""

from dataclasses import dataclass

from bot.flows.result import Result


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it. `says`: a sentence of ours; `result`: of a call to Meta. `text`: something to copy."""

    says: str
    ok: bool | None = True  # None: it may or may not have been done
    result: Result | None = None
    text: str = ""
