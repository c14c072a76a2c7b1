"""Tokens in several slots, whom they serve, what is encrypted at all, and what is told once."""

import asyncio
from functools import partial
from pathlib import Path

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
    for slot, text in (("a", "old-1"), ("b", "new-2"), ("c", "replaced-3"), ("c", "old-4")):
        await db.write(partial(keep, slot=slot, ciphertext=text))

    def anew(text: str) -> str | None:
        return text.replace("old", "new")

    def is_newest(text: str) -> bool:
        return text.startswith("new")

    done = await db.write(lambda s: sealed.reseal_all(s, is_newest=is_newest, anew=anew))
    assert (done.changed, done.kept) == (2, 1)
    assert await db.read(lambda s: sorted(sealed.all_texts(s))) == ["new-1", "new-2", "new-4"]


async def test_nothing_of_a_tokens_text_is_left_once_another_has_its_place(db: Database, path: Path) -> None:
    for text in ("a-text-that-was-replaced", "the-one-in-use"):
        await db.write(partial(keep, slot="default", ciphertext=text))
    file = await asyncio.to_thread(path.read_bytes)
    assert b"a-text-that-was-replaced" not in file
    assert b"the-one-in-use" in file


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
    assert await db.write(lambda s: notices.forget(s, before=NOON)) == 0
    assert await db.write(lambda s: notices.forget(s, before=after(1))) == 1
    assert await first()
