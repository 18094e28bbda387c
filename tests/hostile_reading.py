"""Reads back what a run wrote, as a person or a program would, for comparison with its twin."""

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import browser
import pypdf

PLANT = """
window.planted = [];
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'])
  window[name] = (what) => { window.planted.push(`${name}: ${what}`); };
"""
_SEEN = """
const elements = [...document.querySelectorAll('*')];
const texts = [];
const walk = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const near = walk.currentNode.parentElement;
  if (near && !near.closest('script, style') && walk.currentNode.textContent.trim())
    texts.push(walk.currentNode.textContent);
}
const told = ['alt', 'aria-label', 'placeholder', 'title', 'value'];
for (const element of elements)
  for (const name of told)
    if (element.getAttribute(name)) texts.push(element.getAttribute(name));
return [elements.map((element) => element.tagName.toLowerCase()), texts];
"""
_UNSEEN = re.compile("[\\s\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffd\ud800-\udfff]+")
_IN_PDF = {"/JavaScript", "/JS", "/Launch", "/URI", "/OpenAction", "/AA", "/EmbeddedFile", "/GoToR"}


def canonical(text: str) -> str:
    """Return text as it looks: every run of what shows as no letter is one space."""
    return _UNSEEN.sub(" ", text).strip().casefold()


def squeezed(text: str) -> str:
    """Return text without any space, for media that break lines where they like."""
    return canonical(text).replace(" ", "")


def seen_on(opened, page: Path) -> tuple[Counter, list[str]]:
    """Open a page, use all that it has, and return how many of each element and every text."""
    browser.open_page(opened, page)
    elements, texts = opened.execute_script(_SEEN)
    opened.execute_script(
        "for (const button of document.querySelectorAll('button, summary')) button.click();"
        "for (const choice of document.querySelectorAll('select, input'))"
        " choice.dispatchEvent(new Event('change', {bubbles: true}));"
    )
    assert opened.execute_script("return window.planted") == []
    assert opened.execute_script("return document.scripts.length") == elements.count("script")
    browser.assert_quiet(opened, page)
    return Counter(elements), texts


def pdf_of(path: Path) -> tuple[str, set[str]]:
    """Return the text of a PDF without spaces, and what it could do besides being read."""
    document = pypdf.PdfReader(path)
    keys = set()
    for number in range(1, len(document.xref_objStm or {}) + len(document.xref.get(0, {})) + 1):
        keys |= _keys_of(document.get_object(number))
    text = "".join(page.extract_text() for page in document.pages)
    return squeezed(text.replace("\xad", "")), keys & _IN_PDF


def _keys_of(found) -> set[str]:
    if isinstance(found, dict):
        return {*found}.union(*(_keys_of(value) for value in found.values()))
    if isinstance(found, list):
        return set().union(*map(_keys_of, found))
    return {str(found)} if isinstance(found, str) else set()


def svg_texts(path: Path) -> list[str]:
    """Return the texts of a drawing, which does nothing and refers to nothing outside itself."""
    root = ET.fromstring(path.read_bytes())  # noqa: S314 - it is ours
    for element in root.iter():
        tag = element.tag.rsplit("}", 1)[-1]
        assert tag not in {"script", "foreignObject", "a", "iframe", "animate", "set"}
        for name, value in element.attrib.items():
            short = name.rsplit("}", 1)[-1]
            assert not short.startswith("on")
            assert short != "href" or value.startswith(("#", "data:image/png"))
    return [element.text or "" for element in root.iter() if element.tag.endswith("}text")]
