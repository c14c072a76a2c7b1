"""The record of one request, with its secrets hidden."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Call:
    """`status` 0: not (honestly) answered. `code` is Meta's error code, 0 for none. `effect`: a write that
    was carried out. `ms`: how long it took."""

    at: datetime
    method: str
    path: str
    params: Mapping[str, object]
    status: int = 0
    code: int = 0
    effect: bool = False
    ms: float = 0.0

    @property
    def is_write(self) -> bool:
        return self.method in ("POST", "DELETE")
