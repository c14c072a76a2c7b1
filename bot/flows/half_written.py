"""An intent whose commit failed and which may stand in the file all the same: nothing was sent, and it is put right.

SQLite may report an error after the point of no return: the last sync of a commit is of a journal that is cut off
already. Nobody made the call, so the outcome is known, and the flow is where it was.
"""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlmodel import Session

from bot.audit import Outcome, Record
from bot.flows.state import PENDING, Reconnect
from bot.flows.store import from_row
from storage import audit, flows
from storage.errors import Conflict, StorageError

if TYPE_CHECKING:
    from bot.flows.act import Acts

AGAIN_S = 1.0


async def put_right(acts: "Acts", intent: Record, before: Reconnect | None = None) -> None:
    """As soon as the file can be written. `before`: the flow as it was, when the intent has moved it."""
    while True:
        try:
            await acts.tell(lambda session: _put_right(session, acts, intent, before))
        except StorageError:
            await asyncio.sleep(AGAIN_S)
        except Conflict:
            return  # an earlier try of this stands all the same
        else:
            return


def _put_right(session: Session, acts: "Acts", intent: Record, before: Reconnect | None) -> None:
    if not audit.has_op(session, intent.op):
        return  # it was not written, as the error said
    now = acts.clock.now()
    acts.journal.write(session, intent.outcome_of(Outcome.NOT_SENT, at=now, reason="not recorded"))
    if before is None:
        return
    moved = from_row(flows.get(session, before.id))
    if moved.step in PENDING and moved.step is not before.step:
        acts.save(session, moved, _back(before, moved), now)


def _back(before: Reconnect, moved: Reconnect) -> Reconnect:
    """Where it was, with the people and windows it has now: they may have changed while the disk was ill."""
    return replace(
        before, version=moved.version, owner=moved.owner, taken_over_at=moved.taken_over_at, holder=moved.holder,
        holder_since=moved.holder_since, view_id=moved.view_id, holder_view_id=moved.holder_view_id,
    )  # fmt: skip
