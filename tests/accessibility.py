"""axe-core over a page in the browser: WCAG 2.2 A and AA."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, ViewportSize

_AXE = next((Path(__file__).parent / "vendor").glob("axe-core-*/axe.min.js"))
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# Only what is broken is described; nothing is fetched beforehand, for no rule of these looks at style sheets or media.
_RUN = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations'], preload: false})"
_AT_REST = """() => Promise.allSettled(
    document.getAnimations()
        .filter(one => one.effect.getComputedTiming().endTime < Infinity)
        .map(one => one.finished)
).then(() => null)"""
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1366, "height": 900}


def violations(page: Page) -> list[str]:
    """One line for each broken rule: its name, where, and what to do; empty is good.

    What moves has come to rest, so that a sheet that is still fading in is not taken for a pale one.
    The whole page is laid out at once, so that a link half under the bar at the bottom is not taken for a small one.
    The content policy forbids adding a script to the page, so axe is evaluated by the browser's own tools.
    """
    size = page.viewport_size or DESK
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], int(height))})
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(_AXE.read_text(encoding="utf-8"))
    page.evaluate(_AT_REST)
    found = page.evaluate(_RUN, _RULES)
    page.set_viewport_size(size)
    return [_told(violation) for violation in found["violations"]]


def assert_accessible(page: Page, *, sizes: tuple[ViewportSize, ...] = (PHONE, DESK)) -> None:
    """Fail, naming every broken rule, when the page as it is now is not open to everybody at one of the sizes."""
    before = page.viewport_size
    for size in sizes:
        page.set_viewport_size(size)
        broken = violations(page)
        assert not broken, f"{page.url} at {size['width']} px:\n" + "\n".join(broken)
        too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert too_wide <= 0, f"{page.url} at {size['width']} px is {too_wide} px too wide"
    if before:
        page.set_viewport_size(before)


def _told(violation: dict[str, Any]) -> str:
    nodes = violation["nodes"]
    places = ", ".join(" ".join(map(str, node["target"])) for node in nodes[:5])
    return f"{violation['id']}: {places} ({len(nodes)}): {nodes[0]['failureSummary']}"
