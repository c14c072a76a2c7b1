"""Everything that is stored encrypted, wherever it stands: for a change of keys."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Column, Table, select, update
from sqlmodel import Session, SQLModel


@dataclass(frozen=True, slots=True)
class Place:
    """A column that holds encrypted text. `what`: its row in words; `live`: the column that is NULL in use."""

    what: str
    table: Table
    key: str
    column: str
    live: str

    def col(self, name: str) -> "Column[object]":
        return self.table.c[name]


PLACES = (
    Place("token", SQLModel.metadata.tables["token"], "id", "ciphertext", "retired_at"),
    Place("login", SQLModel.metadata.tables["login_link"], "state_hash", "verifier", "used_at"),
)


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many were encrypted anew, were so already, and could not be opened though nothing needs them."""

    changed: int
    kept: int
    lost: int


def all_texts(session: Session) -> Iterator[str]:
    """Every encrypted text there is."""
    for place in PLACES:
        column = place.col(place.column)
        yield from (str(text) for (text,) in session.connection().execute(select(column).where(column != "")))


def reseal_all(
    session: Session, *, is_newest: Callable[[str], bool], anew: Callable[[str], str | None]
) -> Resealed:
    """Replace each text by `anew(text)`. None: it cannot be opened; raises LookupError for one that is in use."""
    changed = kept = lost = 0
    for place in PLACES:
        key, column, live = place.col(place.key), place.col(place.column), place.col(place.live)
        found = session.connection().execute(select(key, column, live).where(column != "")).all()
        for row_id, text, ended in found:
            if is_newest(str(text)):
                kept += 1
                continue
            fresh = anew(str(text))
            if fresh is None and ended is None:
                raise LookupError(place.what)
            if fresh is None:
                lost += 1
                continue
            session.connection().execute(
                update(place.table).where(key == row_id).values({place.column: fresh})
            )
            changed += 1
    return Resealed(changed, kept, lost)
