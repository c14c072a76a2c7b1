"""Everything that is stored encrypted, wherever it stands: for a change of keys."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Column, Table, select, update
from sqlmodel import Session, SQLModel


@dataclass(frozen=True, slots=True)
class Place:
    """A column that holds encrypted text, "" once it is out of use. `what`: its row in words."""

    what: str
    table: Table
    key: str
    column: str

    def col(self, name: str) -> "Column[object]":
        return self.table.c[name]


PLACES = (
    Place("token", SQLModel.metadata.tables["token"], "id", "ciphertext"),
    Place("login", SQLModel.metadata.tables["login_link"], "state_hash", "verifier"),
)


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many were encrypted anew, and how many were so already."""

    changed: int
    kept: int


def all_texts(session: Session) -> Iterator[str]:
    """Every encrypted text there is."""
    for place in PLACES:
        column = place.col(place.column)
        yield from (str(text) for (text,) in session.connection().execute(select(column).where(column != "")))


def reseal_all(
    session: Session, *, is_newest: Callable[[str], bool], anew: Callable[[str], str | None]
) -> Resealed:
    """Replace each text by `anew(text)`. None: it cannot be opened, which raises LookupError."""
    changed = kept = 0
    for place in PLACES:
        key, column = place.col(place.key), place.col(place.column)
        for row_id, text in session.connection().execute(select(key, column).where(column != "")).all():
            if is_newest(str(text)):
                kept += 1
                continue
            fresh = anew(str(text))
            if fresh is None:
                raise LookupError(place.what)
            session.connection().execute(
                update(place.table).where(key == row_id).values({place.column: fresh})
            )
            changed += 1
    return Resealed(changed, kept)
