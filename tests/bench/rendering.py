"""P10: render and validate a 100-number board, against plain dicts and the SDK's models."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from bot.numbers import NumberRef
from bot.status import Board, Row, State
from handlers.views import rules, status
from tests.bench.result import Result, median

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ROUNDS, TIMES = 15, 40
WHY = (
    "In Python a function call costs what a plain dict does: making each text safe and its blocks "
    "is half of it, looking at each key of each block against Slack's rules, before anything is sent, the other."
)
PAGES = range(9)  # 100 numbers at 12 a page
BUTTONS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("status.view", "View", {}),
    ("diagnose.open", "Diagnose", {}),
    ("reconnect.open", "Reconnect", {"style": "primary"}),
)


async def measure() -> list[Result]:
    rows = tuple(
        Row(
            NumberRef(str(i), "102290129341000", f"Branch {i}", f"1202555{i:04}", f"+1 202-555-{i:04}"),
            State.DISCONNECTED, "DISCONNECTED", "No longer registered: customers' messages do not arrive.", NOW, True,
        )
        for i in range(100)
    )  # fmt: skip
    board = Board(rows)
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: _ours(board), "plain dicts": lambda: _plain(rows), "SDK models": lambda: _models(rows),
    }  # fmt: skip
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            times = 3 if name == "SDK models" else TIMES
            before = time.perf_counter()
            for _ in range(times):
                way()
            took[name].append((time.perf_counter() - before) / times)
    ours, plain, models = (median(took[name]) for name in ways)
    to_plain = median([a / b for a, b in zip(took["ours"], took["plain dicts"], strict=True)])
    to_models = median([b / a for a, b in zip(took["ours"], took["SDK models"], strict=True)])
    figures = (
        f"ours {ours * 1e6:.0f} µs, plain dicts {plain * 1e6:.0f} µs, SDK models {models * 1e6:.0f} µs: "
        f"{to_plain:.2f} × plain dicts, {to_models:.1f} × faster than the models"
    )
    asked = "≤ 3 × plain dicts; ≥ 30 × faster than the SDK's models"
    return [
        Result("P10", "render + validate 100 numbers", asked, figures, to_plain <= 3 and to_models >= 30, WHY)
    ]


def _ours(board: Board) -> None:
    for page in PAGES:
        message = status.board(board, now=NOW, page=page)
        assert not rules.problems(message, "message")


def _line(row: Row) -> str:
    return (
        f":red_circle: *{row.ref.name}*  {row.ref.display}\n*{row.state.value}* · Meta says {row.metas_word} · "
        f"read just now\n{row.cause}"
    )


def _plain(rows: tuple[Row, ...]) -> list[dict[str, Any]]:
    """The same blocks, as bare literals: no escaping, no cutting, no checks."""
    blocks: list[dict[str, Any]] = []
    for row in rows:
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": _line(row), "verbatim": True}})
        buttons = [
            {"type": "button", "action_id": action, "value": row.ref.id,
             "text": {"type": "plain_text", "text": label, "emoji": False}, **style}
            for action, label, style in BUTTONS
        ]  # fmt: skip
        blocks.append({"type": "actions", "elements": buttons})
    return blocks


def _models(rows: tuple[Row, ...]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for row in rows:
        made.append(SectionBlock(text=MarkdownTextObject(text=_line(row), verbatim=True)).to_dict())
        buttons = [
            ButtonElement(text=PlainTextObject(text=label), action_id=action, value=row.ref.id, **style)
            for action, label, style in BUTTONS
        ]
        made.append(ActionsBlock(elements=buttons).to_dict())
    return made
