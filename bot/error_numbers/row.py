"""One row of the table of Meta's error numbers."""

from dataclasses import dataclass

from bot.remedy import Fix, Who


@dataclass(frozen=True, slots=True)
class ErrorNumber:
    """What one number means. `code` 0: the subcode alone decides; `subcode` 0: any.

    `last`: the end of a range of codes that mean the same, 0 for one code. `inline`: the row speaks where the
    error happens, too; otherwise the kind of the error does, which knows whether anything was sent.
    """

    code: int
    subcode: int
    says: str
    do: str
    who: Who
    source: str
    fix: Fix = Fix.NONE
    inline: bool = False
    last: int = 0

    @property
    def name(self) -> str:
        """As Meta and people write it."""
        if not self.code:
            return str(self.subcode)
        name = f"{self.code}–{self.last}" if self.last else str(self.code)
        return f"{name}/{self.subcode}" if self.subcode else name
