"""Power loss: what the disk may hold at the moment a write leaves for Meta (reliability.md F4, G3).

strace records every file operation. For each write to Meta, legal disk images are built: everything that
was synced, and any part of what was not. Each must hold the intent of that write, and be sound.
"""

import asyncio
import random
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.player import Player
from tests.crash.points import delivered
from tests.crash.stage import DEEDS, Stage, _ask
from tests.crash.victim import Bots, Strace

CALLS = "pwrite64,fdatasync,fsync,ftruncate,unlink,unlinkat,sendto,sendmsg,writev,openat,open,rename"
QUIET_AFTER_S = 0.5  # a bot that is up writes nothing more until somebody comes
RECORD = ("-y", "-xx", "-s", "300000", "-e", f"trace={CALLS}", "-e", "signal=none")
_FILE = re.compile(r"^(\d+)<([^>]*)>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_GRAPH = re.compile(rb"^(POST|GET) /v\d+\.0/(\S*?)(?:\?\S*)? HTTP/1\.1")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the bot did to a file, or one write that left for Meta (`path` of the request)."""

    call: str
    file: str = ""
    data: bytes = b""
    at: int = 0
    graph: str = ""


@dataclass(slots=True)
class Disk:
    """One file as it may be: `safe` was synced; `loose` operations may or may not have reached the disk."""

    safe: bytearray = field(default_factory=bytearray)
    loose: list[Step] = field(default_factory=list)

    def sync(self) -> None:
        for step in self.loose:
            play(self.safe, step)
        self.loose.clear()

    def image(self, dice: random.Random, share: float) -> bytes:
        """The synced bytes and a random part of the others, sector by sector where a write was torn."""
        content = bytearray(self.safe)
        for step in self.loose:
            if dice.random() < share:
                play(content, step)
        return bytes(content)


def play(content: bytearray, step: Step) -> None:
    if step.call == "ftruncate":
        if step.at < len(content):
            del content[step.at :]
        else:
            content.extend(b"\0" * (step.at - len(content)))
        return
    if len(content) < step.at:
        content.extend(b"\0" * (step.at - len(content)))
    content[step.at : step.at + len(step.data)] = step.data


def steps(trace: str) -> Iterator[Step]:
    """The recorded operations, in order."""
    begun: dict[str, str] = {}
    for line in trace.splitlines():
        step = _step(_whole(line, begun))
        if step is not None:
            yield step


def _whole(line: str, begun: dict[str, str]) -> str:
    """The call in this line; one that another thread cut in two is put together when it returns."""
    thread, _, call = line.partition(" ")
    call = call.strip()
    if call.startswith("<..."):
        return begun.pop(thread, "") + call.partition("resumed>")[2]
    if not call.endswith("<unfinished ...>"):
        return call
    call = call.removesuffix("<unfinished ...>")
    if call.startswith(("sendto(", "sendmsg(", "writev(")):
        return call + ") = 0"  # what leaves may have left from here on
    begun[thread] = call
    return ""


def _step(call: str) -> Step | None:
    name, _, rest = call.partition("(")
    if rest.rpartition("= ")[2].startswith("-1"):
        return None
    if name in ("sendto", "sendmsg", "writev"):
        asked = _GRAPH.match(_bytes(rest))
        return Step(name, graph=f"{asked[1].decode()} {asked[2].decode()}") if asked else None
    if name in ("unlink", "unlinkat"):
        return Step("unlink", file=Path(_bytes(rest).decode()).name)
    file = _FILE.match(rest)
    if file is None:
        return None
    path = Path(_plain(file[2])).name
    arguments = rest[: rest.rfind(")")]
    if name == "pwrite64":
        return Step(name, path, _bytes(rest), int(arguments.rsplit(", ", 1)[1]))
    if name == "ftruncate":
        return Step(name, path, at=int(arguments.rsplit(", ", 1)[1]))
    return Step("sync", path) if name in ("fdatasync", "fsync") else None


def _bytes(text: str) -> bytes:
    return b"".join(bytes.fromhex(part.replace("\\x", "")) for part in _TEXT.findall(text))


def _plain(path: str) -> str:
    return bytes.fromhex(path.replace("\\x", "")).decode() if path.startswith("\\x") else path


@dataclass(slots=True)
class Outcome:
    """`images` tried; in `lost` of them the intent was missing, `broken` were not sound."""

    writes: int = 0
    images: int = 0
    lost: int = 0
    broken: int = 0


def replay(trace: str, before: Mapping[str, bytes], folder: Path, *, each: int, seed: int = 1) -> Outcome:
    """Build `each` images at every write to Meta and open them. `before`: the files when recording began."""
    outcome, dice = Outcome(), random.Random(seed)
    disks = {name: Disk(bytearray(content)) for name, content in before.items()}
    used: set[str] = set()
    for step in steps(trace):
        if step.graph:
            act = deed(step.graph)
            if act:
                outcome.writes += 1
                _look(outcome, disks, folder, act, used, each, dice)
        elif step.call == "sync":
            disks.setdefault(step.file, Disk()).sync()
            # the folder was synced by SQLite when the journal was made: names are durable
        elif step.call == "unlink":
            disks.pop(step.file, None)
        elif step.file.startswith("desk.db") and not step.file.endswith(".lock"):
            disks.setdefault(step.file, Disk()).loose.append(step)
    return outcome


def deed(graph: str) -> str:
    """The act of "POST path", "" for a read."""
    method, _, path = graph.partition(" ")
    if method == "POST":
        return DEEDS.get(path.rsplit("/", 1)[-1], "pin.set")
    return "token.extend" if path == "oauth/access_token" else ""


def _look(
    outcome: Outcome,
    disks: dict[str, Disk],
    folder: Path,
    act: str,
    used: set[str],
    each: int,
    dice: random.Random,
) -> None:
    fresh: set[str] = set()
    for index in range(each):
        share = (0.0, 1.0, 0.5, 0.2, 0.8)[index % 5]
        found, sound = _open({name: disk.image(dice, share) for name, disk in disks.items()}, folder, act)
        outcome.images += 1
        outcome.broken += not sound
        outcome.lost += not (found - used)
        fresh |= found - used
    used |= fresh


def _open(files: dict[str, bytes], folder: Path, act: str) -> tuple[set[str], bool]:
    """The open intents of `act` in this image after SQLite's own recovery, and whether it is sound."""
    for old in folder.glob("desk.db*"):
        old.unlink()
    for name, content in files.items():
        if not name.endswith("-shm"):
            (folder / name).write_bytes(content)
    link = sqlite3.connect(folder / "desk.db")
    try:
        sound = link.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    except sqlite3.DatabaseError:
        return set(), False
    finally:
        link.close()
    return set(_ask(f"file:{folder / 'desk.db'}", act, "", True)), sound


async def record(
    bots: Bots, folder: Path, template: Path, *, new_pin: str = ""
) -> tuple[str, dict[str, bytes]]:
    """Play the wizard under strace; what it did, and the files as they were before."""
    trace = folder / "trace.txt"
    async with Stage(bots, folder, template) as stage:
        bot = await stage.start()
        await asyncio.sleep(QUIET_AFTER_S)
        before = {file.name: file.read_bytes() for file in stage.folder.glob("desk.db*")}
        async with Strace(bot, "-o", str(trace), *RECORD):
            await Player(stage, new_pin=new_pin).play(within_s=60)
            await delivered(stage)
        await bot.stop()
    return trace.read_text(), before


def total(outcomes: Iterable[Outcome]) -> Outcome:
    found = list(outcomes)
    return Outcome(*(sum(getattr(o, name) for o in found) for name in ("writes", "images", "lost", "broken")))
