"""Where the repository is, and what belongs to it."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def read(name: str) -> str:
    """A file of the repository as text."""
    return (ROOT / name).read_text(encoding="utf-8")


def sources(*folders: str) -> list[Path]:
    """Every Python file of the given folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def tracked() -> list[Path]:
    """Every file git knows; in a copy without git, every file that is not made by a tool."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode == 0 and listed.stdout:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        found = [
            path
            for path in ROOT.rglob("*")
            if not any(part.startswith(".") and part != ".ci" for part in path.relative_to(ROOT).parts[:-1])
        ]
    return [path for path in found if path.is_file()]


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
