"""A copy of the product's source, so that a long run has one state of it, and so that a bug can be put in."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("bot", "handlers", "storage")


@dataclass(frozen=True, slots=True)
class Patch:
    """In `file`, put `new` where `old` stands, exactly once."""

    file: str
    old: str
    new: str


def copy(into: Path, patches: Sequence[Patch] = ()) -> Path:
    """The tree. AssertionError when a patch does not fit any more: then the seeded bug must be renewed."""
    for package in PRODUCT:
        shutil.copytree(ROOT / package, into / package, ignore=shutil.ignore_patterns("__pycache__"))
    for patch in patches:
        file = into / patch.file
        text = file.read_text()
        assert text.count(patch.old) == 1, f"{patch.file}: {text.count(patch.old)} × {patch.old!r}"
        file.write_text(text.replace(patch.old, patch.new))
    return into
