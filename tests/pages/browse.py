"""Looks at a site in a real browser and prints what it saw as JSON.

Run by the environment of the outside judges: `python browse.py BROWSER SITE HOSTILE`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

# Least contrast of any text with what is behind it; 3 is enough for large text, else 4.5 (WCAG 2).
CONTRAST = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => v / 255)
      .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const box = at.tagName === "text" ? at.parentElement.querySelector("rect.box") : null;
      const color = parse(box ? getComputedStyle(box).fill : getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (!texts.currentNode.data.trim() || !box.width || element.closest(".unseen, title")) continue;
    const color = parse(element.tagName === "text" ? style.fill : style.color);
    const [a, b] = [light(color), light(behind(element))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 700);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (isLarge ? 3 : 4.5)) found.push([ratio.toFixed(2), texts.currentNode.data.trim()]);
  }
  return found;
}"""
CUT = """() => [...document.querySelectorAll("main *")]
  .filter((e) => e.tagName !== "text" && !e.closest("svg, .scroll"))
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML)"""
WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")


class Watch:
    """What a browser must not do: ask for anything outside the site, complain, open a dialog."""

    def __init__(self, context: BrowserContext, site: Path) -> None:
        self.troubles: list[str] = []
        self._inside = site.as_uri() + "/"
        context.on("page", self._follow)

    def _follow(self, page: Page) -> None:
        page.on("request", lambda request: self._asked(request.url))
        page.on("console", lambda message: self.troubles.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        page.on("dialog", lambda dialog: self.troubles.append(f"dialog: {dialog.message}"))

    def _asked(self, url: str) -> None:
        if not url.startswith(self._inside):
            self.troubles.append(f"request: {url}")


def main(program: str, site: str, hostile: str) -> None:
    seen: dict[str, Any] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name, folder in (("small", Path(site)), ("hostile", Path(hostile))):
            seen[name] = _every_page(browser, folder)
        for step in STEPS:
            seen[step.__name__] = _alone(browser, Path(site), step)
        browser.close()
    print(json.dumps(seen))


def _every_page(browser: Browser, site: Path) -> dict[str, Any]:
    """Each page, narrow and wide, light and dark: what sticks out, what is hard to read."""
    seen: dict[str, Any] = {"pages": 0, "wide": [], "cut": [], "faint": [], "troubles": []}
    for scheme in SCHEMES:
        for width in WIDTHS:
            context = browser.new_context(
                viewport={"width": width, "height": 740}, color_scheme=scheme
            )
            watch = Watch(context, site)
            page = context.new_page()
            for file in sorted(site.rglob("*.html")):
                page.goto(file.as_uri())
                where = f"{file.name} {width} {scheme}"
                seen["pages"] += 1
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    seen["wide"].append(where)
                seen["cut"] += [[where, html[:200]] for html in page.evaluate(CUT)]
                seen["faint"] += [[where, *found] for found in page.evaluate(CONTRAST)]
            seen["troubles"] += watch.troubles
            context.close()
    return seen


def _alone(browser: Browser, site: Path, step: Callable[[Page, str], Any]) -> Any:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, java_script_enabled=step is not without_scripts
    )
    watch = Watch(context, site)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    result = step(page, site.as_uri() + "/")
    context.close()
    return {"seen": result, "troubles": watch.troubles}


def follow(page: Page, link: str) -> None:
    with page.expect_navigation():
        page.click(link)


def search(page: Page, top: str) -> dict[str, Any]:
    """What is found first for some words typed on the keyboard, and where Enter leads."""
    found = {}
    for words in ("turnover", "average ord", "sku", "revnue", "product revenue", "fct lin"):
        page.goto(f"{top}metrics/units.html")
        page.keyboard.press("/")
        page.keyboard.type(words, delay=5)
        page.wait_for_selector("#found [aria-selected=true]")
        first = page.inner_text("#found [aria-selected=true] b")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "units" not in url)
        found[words] = [first, page.url.removeprefix(top)]
    return found


def search_by_arrows(page: Page, top: str) -> dict[str, Any]:
    """The list follows the arrows, tells it to who cannot see it, and closes."""
    page.keyboard.press("Control+k")
    page.keyboard.type("order", delay=5)
    page.wait_for_selector("#found [aria-selected=true]")
    box = page.locator("#query")
    first = box.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")
    second = box.get_attribute("aria-activedescendant")
    told = page.inner_text("#told")
    page.keyboard.press("Escape")
    closed = not page.is_visible("#found") and box.get_attribute("aria-expanded")
    page.keyboard.type(" zzzz", delay=5)
    page.wait_for_selector("#found .none")
    return {"steps": [first, second], "told": told, "closed": closed}


def navigation(page: Page, top: str) -> list[str]:
    """From a metric to its mart, along a join, and along the lines of a drawing."""
    way = []
    page.goto(f"{top}metrics/aov.html")
    for link in (
        ".pairs a >> text=fct_orders",
        "table.list a >> text=dim_customers",
        "svg a[aria-label=fct_orders] >> nth=0",
        "svg a[aria-label=revenue]",
        "nav a >> text=Joins",
    ):
        follow(page, link)
        way.append(page.url.removeprefix(top))
    return way


def keyboard(page: Page, top: str) -> list[str]:
    """The first stops of the Tab key, and where the first of them leads."""
    stops = []
    for _ in range(4):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id")
        )
    page.goto(f"{top}marts/fct_orders.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    stops.append(page.evaluate("document.activeElement.id"))
    return stops


def theme(page: Page, top: str) -> list[str]:
    """Light, dark by the button, and still dark on the next page."""
    back = "getComputedStyle(document.body).backgroundColor"
    colors = [page.evaluate(back)]
    page.click("#theme")
    colors.append(page.evaluate(back))
    follow(page, "nav a >> text=Marts")
    colors.append(page.evaluate(back))
    return colors


def without_scripts(page: Page, top: str) -> dict[str, Any]:
    """The pages are whole, and nothing is shown that cannot work."""
    return {"text": page.inner_text("main"), "search": page.is_visible("#find")}


def printed(page: Page, top: str) -> dict[str, Any]:
    """On paper there is no navigation, and nothing is cut off."""
    page.goto(f"{top}marts/fct_orders.html")
    page.emulate_media(media="print", color_scheme="dark")
    return {
        "shown": [page.is_visible(name) for name in (".top nav", "#find", "main h1")],
        "ink": page.evaluate("getComputedStyle(document.body).color"),
        "paper": page.pdf()[:5].decode(),
    }


STEPS = (search, search_by_arrows, navigation, keyboard, theme, without_scripts, printed)

if __name__ == "__main__":
    main(*sys.argv[1:])
