"""What every file of the page must keep: no text ever becomes HTML, nothing from outside, small, and whole."""

import re
from pathlib import Path

import pytest

from bot.sandbox import page
from tests.sandbox.page.browser import Browser

STATIC = Path(page.__file__).parent / "static"
FILES = sorted(path for path in STATIC.rglob("*") if path.is_file())
SCRIPTS = [path for path in FILES if path.suffix == ".js"]
MOST_LINES = 250
MOST_BYTES = 150_000  # on the wire, as a browser gets it

# What would turn text into elements or into code.
DANGEROUS = re.compile(
    r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|srcdoc|setHTMLUnsafe|createContextualFragment|DOMParser)\b"
    r"|\bdocument\s*\.\s*write|\beval\s*\(|\bnew\s+Function\b|\bimport\s*\(|set(?:Timeout|Interval)\(\s*[\"'`]"
    r"|javascript:"
)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\son[a-z]+\s*=|\sstyle\s*=", re.IGNORECASE)
# XML namespaces are names, not addresses; `${location.host}` is the page's own; elsewhere.example is nobody (RFC 2606).
OUTSIDE = re.compile(
    r"(?:https?|wss?):(?:\\?/){2}(?!www\.w3\.org/|\$\{location\.host\}|127\.0\.0\.1|localhost|elsewhere\.example/)"
)
IMPORT = re.compile(
    r"^(?:import\s+|(?:import|export)\s[^;'\"=(]*?\bfrom\s+)[\"']([^\"']+)[\"']", re.MULTILINE
)
LINKED = re.compile(
    r"(?:href|src)=\"([^\"#]+)\"|@import\s+(?:url\()?[\"']([^\"']+)[\"']|url\([\"']?([^\"')]+)"
)


def named(path: Path) -> str:
    return str(path.relative_to(STATIC))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=named)
def test_no_file_turns_text_into_elements_or_code(path: Path):
    assert DANGEROUS.findall(text_of(path)) == []
    if path.suffix == ".html":
        assert INLINE.findall(text_of(path)) == []  # the page's own policy would stop them anyway


@pytest.mark.parametrize("path", FILES, ids=named)
def test_no_file_is_longer_than_what_is_read_in_one_go(path: Path):
    assert len(text_of(path).splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", FILES, ids=named)
def test_nothing_comes_from_outside(path: Path):
    assert OUTSIDE.findall(text_of(path)) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_every_import_finds_its_file_and_what_it_names_there(path: Path):
    for wanted in IMPORT.findall(text_of(path)):
        assert wanted.startswith(("./", "../", "/static/")), f"{wanted} is no file of ours"
        target = STATIC / wanted.removeprefix("/static/") if wanted[0] == "/" else path.parent / wanted
        assert target.is_file(), f"{wanted} is not there"
    for names, wanted in re.findall(r"import\s*\{([^}]*)\}\s*from\s*[\"']([^\"']+)[\"']", text_of(path)):
        there = text_of((path.parent / wanted).resolve())
        for name in (part.split(" as ")[0].strip() for part in names.split(",")):
            exported = rf"export\s+(?:async\s+)?(?:function\*?|const|let|class)\s+{name}\b|export\s*\{{[^}}]*\b{name}\b"
            assert not name or re.search(exported, there), f"{wanted} does not export {name}"


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix in (".html", ".css")], ids=named)
def test_every_file_the_page_names_is_there(path: Path):
    for found in LINKED.findall(text_of(path)):
        wanted = next(part for part in found if part)
        if not wanted.startswith(("data:", "/live")):
            own = wanted.startswith("/")
            target = STATIC / wanted.removeprefix("/static/").lstrip("/") if own else path.parent / wanted
            assert target.is_file(), f"{wanted} is not there"


async def test_the_whole_page_is_light_on_the_wire(browser: Browser):
    weights = {named(path): await browser.weight(f"static/{named(path)}") for path in FILES}
    print(f"{sum(weights.values())} bytes:", sorted(weights.items(), key=lambda item: -item[1])[:8])
    assert sum(weights.values()) < MOST_BYTES


@pytest.mark.parametrize(
    "faulty",
    [
        "node.innerHTML = text", "node.outerHTML=x", 'n.insertAdjacentHTML("beforeend", t)', "document.write(t)",
        "eval(text)", "new Function(text)", 'setTimeout("go()", 1)', "import(text)", 'a.href = "javascript:go()"',
    ],
)  # fmt: skip
def test_the_rule_sees_what_it_forbids(faulty: str):
    assert DANGEROUS.search(faulty)


@pytest.mark.parametrize(
    "faulty", ["<script>go()</script>", '<p style="top:0">', '<b onclick="go()">', "<style>"]
)
def test_the_rule_sees_what_stands_inline(faulty: str):
    assert INLINE.search(faulty)


@pytest.mark.parametrize("faulty", ["https://cdn.example/x.js", "http://a.example", "wss://a.example"])
def test_the_rule_sees_what_comes_from_outside(faulty: str):
    assert OUTSIDE.search(faulty)
