"""The windows and messages of the access token, made from the ugliest data."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.causes.finding import found, numbered
from bot.causes.token import TOKEN_EXPIRING, TOKEN_PASSWORD, TOKEN_REFRESH_FAILED, TOKEN_WRONG_APP
from bot.evidence.records import Extension
from bot.flows.replacing import Replaced
from bot.graph.model import TokenInfo
from bot.roles import Role
from bot.token_standing import Standing
from bot.token_state import Known, TokenState
from handlers.views import token
from handlers.views.who import Reader
from tests.handlers.views.ugly import NOW, ref

SOON = NOW + timedelta(days=6)


def info(text: str) -> TokenInfo:
    ids = ("102290129340398",) * 40
    return TokenInfo(
        "1", text, True, user_id=text, application=text, expires_at=SOON, data_access_expires_at=NOW,
        scopes=frozenset({text}), granular={"whatsapp_business_management": ids},
    )  # fmt: skip


def states(text: str) -> Iterator[TokenState]:
    findings = (
        None,
        found(TOKEN_WRONG_APP, app=text),
        found(TOKEN_EXPIRING, until=SOON),
        found(TOKEN_REFRESH_FAILED, until=SOON, reason=text),
        numbered(TOKEN_PASSWORD, 190, 460, words=text),
    )
    for standing in Standing:
        for finding in findings:
            for told in (None, info(text), replace(info(text), kind="USER"), TokenInfo("1", "", False)):
                yield TokenState(
                    standing=standing, account_id="1", slot="default", at=NOW, label=text, finding=finding,
                    evidence=text, why=text, info=told, needed=("a", text), since=NOW, extended_at=NOW,
                    extension=Extension(NOW, text) if finding else None,
                    last_known=Known(standing, NOW - timedelta(days=900), told),
                )  # fmt: skip


def windows(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for state in states(text):
        for role in (Role.VIEWER, Role.ADMIN):
            yield f"token {state.standing}", token.card(ref(text), state, reader=Reader(role), note=text)
    yield "replace token", token.replace(ref(text))
    yield "replace the token", token.replace(None)
    done = Replaced(info(text), ("102290129340398",) * 40, ("102290129340399",) * 40)
    yield "token replaced", token.replaced(done, now=NOW)


def messages(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for state in states(text):
        yield "token", token.card_message(ref(text), state, reader=Reader(Role.ADMIN), note=text)
