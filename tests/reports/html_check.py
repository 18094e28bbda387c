"""What every page of the reports must be: well formed, in order, named, and quiet."""

import itertools
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "input", "hr"}
SVG_LEAVES = {"path", "use", "rect", "line", "circle"}


class Page(HTMLParser):
    """Reads a page strictly: every element that opens closes, in order."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.texts, self.ids = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == [], f"not closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        assert len(attributes) == len(attrs), f"{tag} has an attribute twice"
        self.elements.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open, f"{tag} closes, and nothing is open"
        assert self.open[-1] == tag, f"{tag} closes while {self.open[-1]} is open"
        self.open.pop()

    def handle_data(self, text):
        if self.open and self.open[-1] not in {"style", "script"}:
            self.texts.append(text)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())


def assert_sound(text):
    """Well formed, one h1, headings in order, unique ids, all references met, no requests."""
    page = Page(text)
    levels = [int(tag[1]) for tag, _ in page.elements if tag in {"h1", "h2", "h3", "h4"}]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert len(page.ids) == len(set(page.ids)), "an id stands twice"
    for tag, attributes in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "headers"):
            for reference in (attributes.get(name) or "").split():
                assert reference in page.ids, f"{reference} is nowhere"
        for name in ("href", "xlink:href"):
            target = attributes.get(name) or ""
            assert not target.startswith(("http:", "//", "javascript:", "file:")), target
            if target.startswith("#"):
                assert target[1:] in page.ids, f"{target} leads nowhere"
        assert not any(name.startswith("on") for name in attributes), attributes
        assert not (attributes.get("src") or "").startswith(("http", "//"))
        if tag == "img":
            assert attributes["src"].startswith("data:image/png;base64,")
            assert attributes["alt"]
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "iframe", "object", "embed", "base", "plaintext"}
    assert [html["lang"] for html in page.all("html")] == ["en-GB"]
    assert {"header", "main", "footer"} <= tags
    assert len(page.all("main")) == 1
    tables = page.all("table")
    assert len(page.all("caption")) == len(tables)
    assert all(cell.get("scope") in {"col", "row"} for cell in page.all("th"))
    return page
