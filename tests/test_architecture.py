"""The shape of the code, kept by machine: layers, sizes, imports, and where exceptions may be swallowed."""

import ast
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import grimp
import pytest

from tests.place import ROOT, read, short, sources

OURS = ("bot", "handlers", "storage")
LONGEST_FILE, LONGEST_FUNCTION = 250, 40  # lines

# Where a bug may be caught without knowing it: file → (how often, why).
CATCH_ALL = {
    "bot/app.py": (1, "build closes what it opened, then raises"),
    "bot/running.py": (1, "a look at the token at the start may only warn"),
    "bot/checkup/database.py": (1, "closes the copy it opened, then raises"),
    "bot/flows/act.py": (1, "an intent must get its one outcome, whatever happened"),
    "bot/outbox.py": (
        2,
        "the loop that owes messages outlives a bug, and one message's bug holds back no lane",
    ),
    "bot/web/guard.py": (1, "a bug is told in the log, never to whoever asks over HTTP"),
    "bot/tasks.py": (1, "the last resort: a task's exception would vanish unseen"),
    "handlers/front.py": (
        3,
        "none may leave a listener, a person waits, and a lost acknowledgement stops no work",
    ),
    "storage/connect.py": (1, "closes the connection it opened, then raises"),
    "storage/db.py": (1, "closes what it opened, then raises"),
    "storage/reader.py": (1, "hands the error to the caller's thread"),
    "storage/writer.py": (2, "hands the error to the caller's thread"),
}
# Modules that speak to a terminal: the commands of bot/__main__.py; storage/migrate.py answers its parent process.
SPEAKS = (
    "bot/__main__.py",
    "bot/rotation.py",
    "bot/run.py",
    "bot/doctor.py",
    "bot/secret_key.py",
    "bot/sandbox/",
    "storage/migrate.py",
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def parsed() -> tuple[tuple[Path, ast.Module], ...]:
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in sources(*OURS))


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(
        *OURS, include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )


def test_the_import_contracts_hold() -> None:
    """In a process of its own: import-linter silences every logger of the process it runs in."""
    command = [
        sys.executable,
        "-c",
        "import sys; from importlinter import cli; sys.exit(cli.lint_imports(no_cache=True))",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout


def test_every_module_of_the_bot_has_its_place_in_the_layers() -> None:
    contracts: list[dict[str, Any]] = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"][
        "contracts"
    ]
    (layers,) = (c["layers"] for c in contracts if c["id"] == "layers")
    placed = {name.strip(" ()") for layer in layers for name in layer.replace("|", ":").split(":")}
    there = {
        f"bot.{path.stem}"
        for path in (ROOT / "bot").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert there - placed - {"bot.__init__"} == set()


def test_no_two_modules_import_each_other(graph: grimp.ImportGraph) -> None:
    ours = [m for m in graph.modules if m.split(".")[0] in OURS]
    circles = [
        (m, other)
        for m in ours
        for other in graph.find_modules_directly_imported_by(m)
        if _reaches(graph, other, m)
    ]
    assert circles == []


def _reaches(graph: grimp.ImportGraph, start: str, goal: str) -> bool:
    if start.split(".")[0] not in OURS:
        return False
    return graph.find_shortest_chain(importer=start, imported=goal) is not None


def test_imports_stand_at_the_top_of_their_file() -> None:
    late = [
        f"{short(path)}:{node.lineno}"
        for path, tree in parsed()
        for function in ast.walk(tree)
        if isinstance(function, Function | ast.Lambda)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert late == []


def test_only_the_command_line_imports_by_name() -> None:
    """`bot/__main__.py` imports a command's module when it is asked for, so that `run` never loads the sandbox."""
    by_name = [
        short(path)
        for path, tree in parsed()
        for text in [ast.unparse(tree)]
        if "import_module" in text or "__import__" in text
    ]
    assert by_name == ["bot/__main__.py"]


def test_running_the_bot_loads_nothing_of_the_sandbox(graph: grimp.ImportGraph) -> None:
    assert not {m for m in graph.find_upstream_modules("bot.run") if m.startswith("bot.sandbox")}


def test_no_file_is_longer_than_a_person_reads() -> None:
    sizes = {short(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources(*OURS)}
    assert {name: lines for name, lines in sizes.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    assert [
        f"{short(path)}: {node.name} has {_lines(node)} lines"
        for path, tree in parsed()
        for node in ast.walk(tree)
        if isinstance(node, Function) and _lines(node) > LONGEST_FUNCTION
    ] == []


def _lines(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_every_file_opens_with_the_sentence_it_answers() -> None:
    silent = [short(path) for path, tree in parsed() if tree.body and not ast.get_docstring(tree)]
    assert silent == []


def test_only_commands_print() -> None:
    printing = {
        short(path)
        for path, tree in parsed()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert {name for name in printing if not name.startswith(SPEAKS)} == set()


def test_a_bug_is_swallowed_only_where_a_reason_stands() -> None:
    found: dict[str, int] = {}
    for path, tree in parsed():
        if "sandbox" in path.parts:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and _catches_all(node):
                found[short(path)] = found.get(short(path), 0) + 1
    assert {name: count for name, count in found.items() if count > CATCH_ALL.get(name, (0, ""))[0]} == {}
    assert set(CATCH_ALL) <= set(found), "a reason is left whose catch is gone"


def test_the_sandbox_hides_no_bug_either() -> None:
    """Ruff's BLE001 sees the rest; a bare `except:` would hide even a cancellation."""
    bare = [
        f"{short(path)}:{node.lineno}"
        for path, tree in parsed()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert bare == []


def _catches_all(handler: ast.ExceptHandler) -> bool:
    caught = ast.unparse(handler.type) if handler.type else "BaseException"
    return "Exception" in {name.strip("() ") for name in caught.split(",")} or "BaseException" in caught


def test_modules_hold_no_state() -> None:
    """No `global`, and no container, client or clock at the top of a module that a function changes."""
    changing = [
        f"{short(path)}:{node.lineno}"
        for path, tree in parsed()
        for names in [_containers(tree)]
        for node in ast.walk(tree)
        if isinstance(node, ast.Global) or _changes_one_of(node, names, tree)
    ]
    assert changing == []


def _containers(tree: ast.Module) -> set[str]:
    """Names at the top of the module that hold something changeable."""
    names = set()
    for node in tree.body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if isinstance(value, ast.Dict | ast.List | ast.Set | ast.DictComp | ast.ListComp | ast.SetComp):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]  # type: ignore[union-attr]  # one of the two
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


CHANGES = {
    "append",
    "add",
    "update",
    "pop",
    "popitem",
    "clear",
    "extend",
    "insert",
    "remove",
    "discard",
    "setdefault",
}


def _changes_one_of(node: ast.AST, names: set[str], tree: ast.Module) -> bool:
    if node in tree.body:
        return False
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        holder = node.func.value
        return (
            node.func.attr in CHANGES
            and isinstance(holder, ast.Name)
            and holder.id in names
            and not _in_module_body(node, tree)
        )
    targets = node.targets if isinstance(node, ast.Assign | ast.Delete) else []
    return any(
        isinstance(t, ast.Subscript) and isinstance(t.value, ast.Name) and t.value.id in names
        for t in targets
    ) and not _in_module_body(node, tree)


def _in_module_body(node: ast.AST, tree: ast.Module) -> bool:
    """Filling a table while the module loads is part of its definition."""
    return any(
        node is inner
        for statement in tree.body
        if not isinstance(statement, Function | ast.ClassDef)
        for inner in ast.walk(statement)
    )


def test_clients_clocks_and_settings_are_never_made_while_importing() -> None:
    made = [
        f"{short(path)}:{node.lineno}"
        for path, tree in parsed()
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        for call in ast.walk(node.value)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).split(".")[-1]
        in {
            "AsyncWebClient",
            "AsyncApp",
            "AsyncClient",
            "ClientSession",
            "Clock",
            "Config",
            "create_engine",
            "Database",
            "now",
            "utcnow",
            "today",
            "getenv",
            "from_env",
        }
    ]
    assert made == []


def test_every_import_is_declared() -> None:
    """What the bot imports stands in pyproject.toml, so that the lock holds it."""
    names = {
        "dotenv": "python-dotenv",
        "sqlalchemy": "sqlmodel",
    }  # sqlmodel brings SQLAlchemy and speaks its types
    declared = " ".join(tomllib.loads(read("pyproject.toml"))["project"]["dependencies"])
    imported = {
        name.split(".")[0]
        for path, tree in parsed()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        )
    }
    foreign = imported - set(OURS) - sys.stdlib_module_names
    assert {name for name in foreign if names.get(name, name).replace("_", "-") not in declared} == set()
