"""Every view and message the bot was seen to send in this test run, one of a kind, kept for other tests.

`.pytest_cache/harvest/*.json` is rewritten by each full run that is green; `harvested()` reads it.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

from bot.sandbox.slack import FakeSlack, Happening
from bot.sandbox.slack.workspace import BOT_USER
from handlers.views.rules import problems
from tests.place import ROOT

FOLDER = ROOT / ".pytest_cache" / "harvest"
_VIEWS = frozenset({"opened", "updated", "published"})
_MESSAGES = frozenset({"posted", "dm", "ephemeral", "edited"})
# What differs from one number, person or hour to the next: mentions and dates, bold and quoted names, digits.
_VARIES = re.compile(r"<[^>]*>|\*[^*]*\*|“[^”]*”|`[^`]*`|\S*\d\S*")
_WORD = re.compile(r"[a-z:_’']{2,}")
_OPTIONS = frozenset({"options", "option_groups", "initial_option"})
IDS = ("callback_id", "action_id")

Surface = Literal["modal", "home", "message"]


@dataclass(frozen=True, slots=True)
class Payload:
    """`body`: a view, or a message's text and blocks. `name` tells it from its neighbours, and never repeats."""

    surface: Surface
    name: str
    body: dict[str, Any]


def harvested(folder: Path = FOLDER) -> list[Payload]:
    """What the last green full run left; [] when there was none."""
    return [Payload(**json.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.json"))]


class Harvest:
    """What was seen so far, by shape: the first of each shape is kept. `said`: ids and lines of all there was."""

    def __init__(self) -> None:
        self.seen: dict[str, Payload] = {}
        self.said: set[str] = set()

    def watch(self, slack: FakeSlack) -> None:
        """Keep what this Slack accepts from the bot; all that happens there happened after it was accepted."""
        slack.subscribe(lambda happening: self._hear(slack, happening))

    def _hear(self, slack: FakeSlack, happening: Happening) -> None:
        if happening.kind in _VIEWS:
            window = slack.place.windows.find(happening.data["view_id"])
            self.add("home" if window.is_home else "modal", window.view)
        elif happening.kind in _MESSAGES:
            message = slack.channel(happening.where).message(happening.data["ts"])
            if message is not None and message.author == BOT_USER:
                self.add("message", {"text": message.text, "blocks": message.blocks})

    def add(self, surface: Surface, body: dict[str, Any]) -> None:
        self.said.update(_said(body))
        key = shape(surface, body)
        if key not in self.seen:
            self.seen[key] = Payload(surface, _name(surface, body, key), json.loads(json.dumps(body)))

    def join(self, told: str) -> None:
        """What another process has seen, as `told` by its `tell`."""
        both = json.loads(told)
        self.said.update(both["said"])
        for key, payload in both["seen"].items():
            self.seen.setdefault(key, Payload(**payload))

    def tell(self) -> str:
        seen = {key: asdict(payload) for key, payload in self.seen.items()}
        return json.dumps({"seen": seen, "said": [*self.said]})

    def refused(self) -> dict[str, list[str]]:
        """What the rules say against any of it, by name: nothing, or the fake let it in by mistake."""
        found = {p.name: [str(line) for line in problems(p.body, p.surface)] for p in self.seen.values()}
        return {name: lines for name, lines in found.items() if lines}

    def keep(self, folder: Path = FOLDER) -> None:
        """Write it all, and nothing else, into the folder."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for payload in self.seen.values():
            text = json.dumps(asdict(payload), ensure_ascii=False, indent=1)
            (folder / f"{payload.name}.json").write_text(text, encoding="utf-8")


HARVEST = pytest.StashKey[Harvest]()  # where a run's harvest is found in its config


def shape(surface: Surface, body: dict[str, Any]) -> str:
    """Equal for two payloads of the same parts that begin alike; names, numbers and times make no difference."""
    types, texts = set[str](), set[str]()
    for kind, text in pieces(body):
        types.add(kind)
        texts.add(_opening(text))
    return "\n".join([surface, str(body.get("callback_id", "")), *sorted(types), *sorted(texts)])


def _opening(text: str) -> str:
    """The first two words that are always there."""
    line = text.partition("\n")[0].partition(" · ")[0]
    return " ".join(_WORD.findall(lasting(line.lower()))[:2])


def lasting(text: str) -> str:
    """`text` without what varies."""
    return _VARIES.sub("", text)


def _said(value: Any) -> Iterator[str]:
    """Every id of a window or element, and every line of every text without what varies."""
    if isinstance(value, dict):
        yield from (value[key] for key in IDS if isinstance(value.get(key), str))
        text = value.get("text")
        if isinstance(text, str):
            yield from (lasting(line) for line in text.split("\n"))
        for key, inner in value.items():
            if key not in _OPTIONS:
                yield from _said(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _said(inner)


def pieces(value: Any) -> Iterator[tuple[str, str]]:
    """(type, text) of every object in the payload that has a type; its text is "" when it has none.

    Options are left out: they are the names of numbers.
    """
    if isinstance(value, dict):
        kind, text = value.get("type"), value.get("text")
        if isinstance(kind, str):
            yield kind, text if isinstance(text, str) else ""
        for key, inner in value.items():
            if key not in _OPTIONS:
                yield from pieces(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from pieces(inner)


def _name(surface: Surface, body: dict[str, Any], key: str) -> str:
    words = str(body.get("callback_id") or body.get("text") or "")
    slug = re.sub(r"[^a-z]+", "-", lasting(words).lower())[:40].strip("-")
    return f"{surface}-{slug}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
