"""Reads the pages of a site as a browser's parser would: elements, links, what is never closed."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote

EMPTY = {"meta", "link", "input", "img", "br", "hr", "wbr"}


@dataclass
class Page(HTMLParser):
    """One page: its elements as (tag, attributes), its text, and what is wrong with its nesting."""

    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> has an attribute twice")
        if tag == "p" and "p" in self.open[-1:]:
            self.faults.append("<p> in <p>")
        if tag in ("div", "ul", "table", "dl", "p", "h2") and "p" in self.open:
            self.faults.append(f"<{tag}> in <p>")
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes another element")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def ids(self) -> list[str]:
        return [given["id"] for _, given in self.elements if "id" in given]


def read(text: str) -> Page:
    page = Page()
    page.feed(text)
    page.close()
    page.faults += [f"<{tag}> is never closed" for tag in page.open]
    twice = {name for name in page.ids if page.ids.count(name) > 1}
    page.faults += [f"the id {name} stands twice" for name in sorted(twice)]
    return page


def targets(path: str, page: Page) -> list[tuple[str, str]]:
    """Every link of a page as (file from the top of the site, id)."""
    found = []
    for given in [*page.all("a"), *page.all("link"), *page.all("script"), *page.all("img")]:
        url = given.get("href", given.get("src", ""))
        file, _, part = url.partition("#")
        place = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(file)))
        found.append((place if file else path, part))
    return found
