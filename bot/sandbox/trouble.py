"""Trouble on demand, from the prompt: the knobs of the fake Meta, and faults of both fakes."""

from typing import get_args

import aiohttp

from bot.sandbox.meta import faults as meta_faults
from bot.sandbox.meta.control import KNOBS
from bot.sandbox.slack.faults import Kind as SlackKind
from bot.sandbox.world import Sandbox

SLACK_KINDS: tuple[str, ...] = get_args(SlackKind)
ON_NUMBERS = tuple(sorted(KNOBS["numbers"] | KNOBS["phones"]))
ON_TOKENS = tuple(sorted(KNOBS["tokens"]))


class Unclear(Exception):
    """What was typed cannot be done; the text says what to type instead."""


async def turn(sandbox: Sandbox, words: list[str]) -> str:
    """`Sales ban`, `Sales set_pin pin=123456`, `token revoke_token`: do it, and say so."""
    name, rest = _target(sandbox, words)
    knobs = ON_TOKENS if name == "token" else ON_NUMBERS
    if not rest or rest[0] not in knobs:
        raise Unclear(f"{name} can be turned with: {', '.join(knobs)}.")
    knob = rest[0]
    kind = "tokens" if name == "token" else "phones" if knob in KNOBS["phones"] else "numbers"
    record = "main" if kind == "tokens" else sandbox.meta.number(name).id
    await _post(sandbox, f"{kind}/{record}/{knob}", _arguments(rest[1:]))
    return f"{name}: {knob.replace('_', ' ')}, done."


def _target(sandbox: Sandbox, words: list[str]) -> tuple[str, list[str]]:
    """Names may have blanks: the longest beginning that names a number."""
    if words[0] == "token":
        return "token", words[1:]
    for end in range(len(words), 0, -1):
        try:
            number = sandbox.meta.number(" ".join(words[:end]))
        except LookupError:
            continue
        return number.verified_name, words[end:]
    raise Unclear(f"Meta has no one number “{' '.join(words)}”. `meta` lists them.")


async def fault(sandbox: Sandbox, words: list[str]) -> str:
    """`meta hang_after request_code times=2`, `slack 500 chat.postMessage`, `clear`."""
    side, *rest = words or [""]
    plain = [word for word in rest if "=" not in word]
    arguments = _arguments([word for word in rest if "=" in word])
    if side == "clear":
        sandbox.meta.clear_faults()
        sandbox.slack.clear_faults()
        return "No more faults."
    kinds = {"meta": meta_faults.KINDS, "slack": SLACK_KINDS}.get(side, ())
    if not plain or plain[0] not in kinds:
        raise Unclear(
            f"Type `fault {side} <kind> [where] [times=n]`; kinds: {', '.join(kinds)}."
            if kinds
            else "Type `fault meta …`, `fault slack …` or `fault clear`."
        )
    kind, where = plain[0], plain[1] if len(plain) > 1 else ""
    if side == "meta":
        await _post(sandbox, "faults", {"kind": kind, "match": where, **arguments})
    else:
        times = arguments.get("times", 1)
        known = next(k for k in get_args(SlackKind) if k == kind)
        sandbox.slack.add_fault(
            where or "*", known, times=times if isinstance(times, int) and times > 0 else None
        )
    return f"{side.capitalize()} will fail with {kind}{f' at {where}' if where else ''}."


def _arguments(words: list[str]) -> dict[str, object]:
    pairs = (word.partition("=") for word in words)
    return {name: _value(name, text) for name, equals, text in pairs if equals}


def _value(name: str, text: str) -> object:
    if name != "pin" and text.isascii() and text.isdigit():
        return int(text)
    return {"true": True, "false": False}.get(text, text)


async def _post(sandbox: Sandbox, path: str, arguments: dict[str, object]) -> None:
    """To the fake Meta's own control, as any other client would."""
    timeout = aiohttp.ClientTimeout(total=10)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.post(f"{sandbox.meta.url}/_sandbox/{path}", json=arguments) as answer,
    ):
        if answer.status != 200:
            said = await answer.json()
            raise Unclear(f"The sandbox says: {said.get('error')}")
