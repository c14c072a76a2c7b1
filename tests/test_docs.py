"""What the documents say is what the code does."""

import ast
import io
import re
import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from dotenv import dotenv_values
from sqlmodel import SQLModel

from bot.__main__ import COMMANDS as PROGRAMS
from bot.config import SETTINGS, Config, ConfigError, Setting
from bot.roles import Role
from handlers.features import FEATURES
from handlers.preflight import GROUP_SCOPE, SCOPES
from storage import tables
from tests.place import ROOT, read, short, sources, tracked

README = read("README.md")
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
REQUIRED = [setting.name for setting in SETTINGS if setting.default is None]
WHO = {Role.NOBODY: "everybody", Role.VIEWER: "viewers and above", Role.OPERATOR: "operators and above"}


def table(heading: str, text: str = README) -> list[list[str]]:
    """The rows of the table whose head starts with `heading`, without the head."""
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return rows


def test_the_settings_table_is_the_one_in_the_code() -> None:
    def default(setting: Setting) -> str:
        if setting.default is None:
            return f"required, unless `{setting.unless}` is set" if setting.unless else "required"
        return f"`{setting.default}`" if setting.default else "empty"

    assert table("Setting") == [[f"`{s.name}`", s.meaning, default(s), s.where or "–"] for s in SETTINGS]


def test_every_setting_that_must_be_given_says_where_it_is_found() -> None:
    assert [s.name for s in SETTINGS if s.default is None and not s.where] == []


def test_the_example_file_holds_every_setting_once_with_its_default() -> None:
    given = re.findall(r"^(#?)([A-Z][A-Z0-9_]+)=(.*)$", read(".env.example"), re.M)
    assert [(name, value, bool(mark)) for mark, name, value in given] == [
        (s.name, s.default or "", s.default is not None) for s in SETTINGS
    ]


def test_each_setting_of_the_example_file_stands_below_its_explanation() -> None:
    lines = read(".env.example").splitlines()
    for above, line in pairwise(lines):
        if re.match(r"#?[A-Z][A-Z0-9_]+=", line):
            assert above.startswith("# "), line


def test_a_copy_of_the_example_file_lacks_only_what_must_be_given() -> None:
    env = dotenv_values(stream=io.StringIO(read(".env.example")))
    with pytest.raises(ConfigError) as error:
        Config.from_env({k: v or "" for k, v in env.items()}, today=date(2026, 11, 22))
    assert [problem.split()[0] for problem in error.value.problems] == REQUIRED


def test_the_command_table_is_the_one_in_the_code() -> None:
    rows = table("Command")
    assert [row[0] for row in rows[:2]] == ["`/whatsapp`", "`/whatsapp help`"]
    assert rows[2:] == [[f"`{c.usage}`", c.summary, WHO[c.role]] for f in FEATURES for c in f.COMMANDS]


def test_every_scope_is_explained() -> None:
    rows = {row[0].strip("`"): row[1] for row in table("Scope")}
    assert list(rows) == [*SCOPES, GROUP_SCOPE, "connections:write"]
    assert all(rows[scope] == meaning for scope, meaning in SCOPES.items())


def test_every_role_is_explained_with_its_setting() -> None:
    settings = {s.attribute: s.name for s in SETTINGS}
    rows = [[row[0], row[1]] for row in table("Role")]
    assert rows == [[r.name.lower(), f"`{settings[r.plural]}`"] for r in Role if r is not Role.NOBODY]


def test_every_table_that_is_stored_is_told_of() -> None:
    assert tables  # their classes register themselves when the module is loaded
    assert {row[0].strip("`") for row in table("Table")} == set(SQLModel.metadata.tables)


def test_every_command_line_that_is_named_exists() -> None:
    for document in DOCUMENTS:
        for name in re.findall(r"whatsapp-bot ([a-z][a-z-]+)", read(document)):
            assert name in PROGRAMS, f"{document} speaks of `whatsapp-bot {name}`"


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.M))
    for document in DOCUMENTS:
        named = set(re.findall(r"`make ([a-z-]+)`|^make ([a-z-]+)$", read(document), re.M))
        assert {a or b for a, b in named} <= targets, document


def strings() -> str:
    """Every sentence of the code, one below the other."""
    found = []
    for path in sources("bot", "handlers", "storage"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value.replace("*", ""))
    return "\n".join(found)


def test_the_quoted_words_are_the_words_people_see() -> None:
    said = strings()
    assert [quote for quote in re.findall(r"“([^”]+)”", README) if quote not in said] == []


def test_every_place_that_is_named_in_contributing_exists() -> None:
    named = re.findall(r"`((?:bot|handlers|storage|tests)/[\w/.*]*)`", read("CONTRIBUTING.md"))
    assert len(named) > 20
    assert [name for name in named if not list(ROOT.glob(name.rstrip("/")))] == []


def test_the_map_in_contributing_names_every_module_of_the_bot() -> None:
    text = read("CONTRIBUTING.md")
    tops = [
        short(path)
        for folder in ("bot", "handlers", "storage")
        for path in (ROOT / folder).iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    ]
    missing = [name for name in tops if not re.search(rf"\b{re.escape(Path(name).name)}\b", text)]
    assert missing == []


def test_links_between_the_documents_lead_somewhere() -> None:
    for document in DOCUMENTS:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", read(document)):
            assert (ROOT / target).exists(), f"{document} → {target}"


def test_the_changelog_knows_this_version() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert f"## [{version}]" in read("CHANGELOG.md") or "## [Unreleased]" in read("CHANGELOG.md")


REGISTRIES = r"pypi\.org|pythonhosted|npmjs|registry\.npm|proxy\.golang|crates\.io|rubygems|files\.python"
PLACES = r"(?<![\w.~-])/(?:work|root|home|Users|private)/|(?<![\w.~-])/tmp/(?!fs)"


def test_nothing_names_a_package_registry_or_a_path_of_one_machine() -> None:
    found = []
    for path in tracked():
        if path == Path(__file__) or path.suffix in {".png", ".ico"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{short(path)}: {hit}" for hit in re.findall(f"{REGISTRIES}|{PLACES}", text)]
    assert found == []


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_the_lock_pins_every_package_by_hash_and_names_no_address(lock: str) -> None:
    text = read(lock)
    assert "://" not in text
    assert "--index" not in text
    pins = re.split(r"\n(?=[a-z0-9])", re.sub(r"^\s*#.*\n", "", text, flags=re.M).strip())
    for pin in pins:
        assert re.match(r"[a-z0-9][a-z0-9._-]*(\[[a-z,]+\])?==[^\s;]+", pin), pin[:80]
        assert "--hash=sha256:" in pin, pin[:80]


def test_the_lock_holds_every_declared_dependency() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    for lock, wanted in (
        ("requirements.txt", project["dependencies"]),
        ("requirements-dev.txt", project["dependencies"] + project["optional-dependencies"]["dev"]),
    ):
        pinned = set(re.findall(r"^([a-z0-9][a-z0-9._-]*)", read(lock), re.M))
        names = {re.split(r"[<>=\[]", dependency)[0].lower() for dependency in wanted}
        assert names <= pinned, lock
