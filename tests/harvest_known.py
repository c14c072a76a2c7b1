"""What the code of the views can draw, read off the code itself, and which of it was never said."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Collection, Iterator, Sequence
from textwrap import dedent
from types import FunctionType, ModuleType

from handlers import views
from handlers.views import audit, kit
from handlers.views.audit_words import SAYS
from tests.harvest import IDS, lasting

_PARTS = ("kit", "field", "text")  # what views are made of
_FIXED = re.compile(r"[^{}<>*_`“”&]{8,}")  # a piece of a sentence that is sent as it stands in the code


def unseen(said: Collection[str]) -> list[str]:
    """One line for each id, direct message, act and view function that is missing in what was `said`."""
    text = "\n".join(said)
    return [
        *(f"{kind} {value!r}" for kind, value in sorted(_written_ids()) if value not in said),
        *(f"direct message {key!r}" for key, words in audit.DMS.items() if not _any(_pieces(words), text)),
        *(
            f"act {act!r}"
            for act, ways in SAYS.items()
            if not any(lasting(way) in text for way in ways.values())
        ),
        *(f"view {name}" for name, pieces in _functions() if pieces and not _any(pieces, text)),
    ]


def _any(pieces: Sequence[str], said: str) -> bool:
    return any(piece in said for piece in pieces)


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(views.__path__):
        if found.name not in _PARTS and not found.name.startswith("rules"):
            yield importlib.import_module(f"handlers.views.{found.name}")


def _written_ids() -> set[tuple[str, str]]:
    """Every callback_id= and action_id= in handlers/views that names a constant."""
    found = set()
    for module in _modules():
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.keyword) and node.arg in IDS:
                values = (_constant(module, part) for part in ast.walk(node.value))
                found |= {(node.arg, value) for value in values if value}
    return found


def _constant(module: ModuleType, node: ast.AST) -> str:
    """What NAME or module.NAME stands for; "" for anything else."""
    value: object = ""
    if isinstance(node, ast.Name):
        value = getattr(module, node.id, "")
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        value = getattr(getattr(module, node.value.id, None), node.attr, "")
    return value if isinstance(value, str) else ""


def _functions() -> Iterator[tuple[str, list[str]]]:
    """Each public function that draws a whole view or message, and the sentences written in it."""
    for module in _modules():
        for name, made in vars(module).items():
            own = isinstance(made, FunctionType) and made.__module__ == module.__name__
            if own and not name.startswith("_") and _draws(made):
                yield f"{module.__name__.rpartition('.')[2]}.{name}", _sentences(made)


def _draws(function: FunctionType) -> bool:
    return function.__annotations__.get("return") in (kit.View, kit.Message, list[kit.Message])


def _sentences(function: FunctionType) -> list[str]:
    """Those of the function, and of the private functions of its module that it leads to."""
    found, new = {function}, [function]
    while new:
        each = new.pop()
        named = (each.__globals__.get(name) for name in each.__code__.co_names if name.startswith("_"))
        further = {made for made in named if isinstance(made, FunctionType)} - found
        found |= further
        new += further
    return [piece for each in found for text in _strings(each) for piece in _pieces(text)]


def _strings(function: FunctionType) -> list[str]:
    tree = ast.parse(dedent(inspect.getsource(function)))
    strings = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant))
    return [text for text in strings if isinstance(text, str) and text != function.__doc__]


def _pieces(text: str) -> list[str]:
    found = [lasting(piece).strip() for piece in _FIXED.findall(text)]
    return [piece for piece in found if " " in piece]
