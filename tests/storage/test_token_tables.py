"""Tokens in several slots, whom they serve, what is encrypted at all, and what is told once."""

from functools import partial

import pytest
from sqlmodel import Session

from storage import notices, sealed, tokens
from storage.db import Database
from tests.storage.rows import NOON, after


def keep(session: Session, *, slot: str, ciphertext: str) -> int:
    return tokens.save(
        session, slot=slot, ciphertext=ciphertext, app_id="", user_id="", kind="", expires_at=None, at=NOON
    )


async def test_the_tokens_in_use_are_one_a_slot(db: Database) -> None:
    for slot, text in (("default", "a"), ("user", "b"), ("default", "c")):
        await db.write(partial(keep, slot=slot, ciphertext=text))
    assert [(row.slot, row.ciphertext) for row in await db.read(tokens.in_use)] == [
        ("user", "b"),
        ("default", "c"),
    ]
    await db.write(lambda s: tokens.retire(s, "user", at=after(1)))
    assert [row.slot for row in await db.read(tokens.in_use)] == ["default"]


async def test_what_was_inspected_is_noted(db: Database) -> None:
    token_id = await db.write(partial(keep, slot="default", ciphertext="a"))
    await db.write(
        lambda s: tokens.describe(
            s, token_id, app_id="1", user_id="2", kind="USER", expires_at=after(5), scopes="a,b",
            data_access_expires_at=after(9),
        )
    )  # fmt: skip
    row = await db.read(lambda s: tokens.current(s, "default"))
    assert row is not None
    assert (row.kind, row.expires_at, row.scopes, row.data_access_expires_at) == (
        "USER",
        after(5),
        "a,b",
        after(9),
    )


async def test_an_account_is_served_by_the_slot_named_last(db: Database) -> None:
    for account, slot in (("1", "default"), ("2", "user"), ("1", "user")):
        await db.write(lambda s, account=account, slot=slot: tokens.serve(s, account, slot, at=NOON))
    assert await db.read(tokens.uses) == {"1": "user", "2": "user"}


async def test_everything_encrypted_is_found_and_changed_together(db: Database) -> None:
    for text in ("old-1", "new-2", "lost-3", "old-4"):
        await db.write(partial(keep, slot="default", ciphertext=text))

    def anew(text: str) -> str | None:
        return None if text.startswith("lost") else text.replace("old", "new")

    def is_newest(text: str) -> bool:
        return text.startswith("new")

    done = await db.write(lambda s: sealed.reseal_all(s, is_newest=is_newest, anew=anew))
    assert (done.changed, done.kept, done.lost) == (2, 1, 1)
    assert await db.read(lambda s: sorted(sealed.all_texts(s))) == ["lost-3", "new-1", "new-2", "new-4"]


async def test_one_in_use_that_cannot_be_opened_stops_it_all(db: Database) -> None:
    for slot, text in (("default", "old-1"), ("user", "lost-2")):
        await db.write(partial(keep, slot=slot, ciphertext=text))
    with pytest.raises(LookupError, match="token"):
        await db.write(
            lambda s: sealed.reseal_all(
                s, is_newest=lambda text: False, anew=lambda text: "new" if text == "old-1" else None
            )
        )
    assert await db.read(lambda s: sorted(sealed.all_texts(s))) == ["lost-2", "old-1"]


async def test_a_notice_is_told_once_until_it_is_forgotten(db: Database) -> None:
    async def first() -> bool:
        return await db.write(lambda s: notices.first_time(s, "token 1 ends: 7", at=NOON))

    assert [await first(), await first()] == [True, False]
    await db.write(lambda s: notices.again(s, "token 1 ends: 7"))
    assert await first()
