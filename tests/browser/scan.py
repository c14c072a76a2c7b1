"""The accessibility rules of axe, run over what a tab shows now; and whether anything is cut off sideways."""

from typing import Literal

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.async_api import Page

# Everything axe calls a rule of WCAG 2 (A and AA) or good practice.
_AXE = Axe()
_TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) return ["the page itself"];
  const scrolls = (node) => node
    && (/auto|scroll|hidden|clip/.test(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
  return [...document.querySelectorAll("body *")]
    .filter((node) => node.checkVisibility() && node.getBoundingClientRect().right > width + 1 && !scrolls(node))
    .map((node) => node.outerHTML.slice(0, 120));
}"""


async def violations(page: Page, *, only: str = "") -> list[str]:
    """Each broken rule with the places that break it; [] when axe finds nothing. `only`: this one rule.

    axe styles what it measures inline, so the tab must have been opened with `bypass_csp`.
    """
    if not await page.evaluate("() => Boolean(window.axe)"):
        await page.evaluate(_AXE.axe_script)
    options = {"resultTypes": ["violations"], **({"runOnly": [only]} if only else {})}
    found = await page.evaluate("async (options) => (await axe.run(options)).violations", options)
    return [
        f"{broken['id']}: {broken['help']}: "
        + "; ".join(f"{node['target']} {node['html'][:160]} {_why(node)}" for node in broken["nodes"][:4])
        for broken in found
    ]


Scheme = Literal["light", "dark"]


async def clean(page: Page, where: str, *, by: Scheme = "light") -> None:
    """No rule is broken and nothing sticks out, `by` the scheme the tab was opened in; by the other one every
    contrast is enough, too."""
    broken, wide = await violations(page), await cut_off(page)
    assert not broken, f"{where}, {by}: {broken}"
    assert not wide, f"{where}: {wide}"
    other: Scheme = "dark" if by == "light" else "light"
    await _light(page, other)
    pale = await violations(page, only="color-contrast")
    assert not pale, f"{where}, {other}: {pale}"
    await _light(page, by)


async def _light(page: Page, scheme: Scheme) -> None:
    """Until what is drawn has the colours of `scheme`."""
    await page.emulate_media(color_scheme=scheme)
    await page.evaluate(
        """async () => {
          const frame = () => new Promise(requestAnimationFrame);
          await frame();
          await Promise.allSettled(document.getAnimations().map((each) => each.finished));
          await frame();
        }"""
    )


def _why(node: dict[str, list[dict[str, str]]]) -> str:
    return " / ".join(check["message"] for kind in ("any", "all", "none") for check in node.get(kind, []))


async def cut_off(page: Page) -> list[str]:
    """What sticks out of the window to the right, where nobody can scroll to it."""
    found: list[str] = await page.evaluate(_TOO_WIDE)
    return found
