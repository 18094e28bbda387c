"""Reads back what a run wrote, as a person or a program would, for comparison with its twin."""

import csv
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import browser
import geopandas as gpd
import openpyxl
import pandas as pd
import pantab
import pyogrio
import pypdf
from pyqvd import QvdTable

PLANT = """
window.planted = [];
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'])
  window[name] = (what) => { window.planted.push(`${name}: ${what}`); };
"""
"""Run before anything of a page: what would show a message leaves a mark instead."""
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
_USE = """
for (const button of document.querySelectorAll('button, summary')) button.click();
for (const choice of document.querySelectorAll('select, input'))
  choice.dispatchEvent(new Event('change', {bubbles: true}));
return [window.planted, document.scripts.length];
"""
_UNSEEN = re.compile("[\\s\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffd\ud800-\udfff]+")
_ACTIONS = {"/JavaScript", "/JS", "/Launch", "/URI", "/OpenAction", "/AA", "/EmbeddedFile"}


def canonical(text: str) -> str:
    """Return text as it looks: every run of what shows as no letter is one space."""
    return _UNSEEN.sub(" ", text).strip().casefold()


def squeezed(text: str) -> str:
    """Return text without any space, for media that break lines where they like."""
    return canonical(text).replace(" ", "")


def seen_on(opened, page: Path) -> tuple[Counter, list[str]]:
    """Open a page, return how many of each element and every text, and use all that it has."""
    browser.open_page(opened, page)
    elements, texts = opened.execute_script(_SEEN)
    assert opened.execute_script(_USE) == [[], elements.count("script")]
    browser.assert_quiet(opened, page)
    return Counter(elements), texts


def frames_of(run: Path, kind: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Return every table of a run, and of what may be published, in one kind of file."""
    for path in sorted(run.rglob(f"*.{kind}")):
        name = path.relative_to(run).as_posix()
        for part, frame in _READERS[kind](path):
            yield f"{name} {part}", frame


def _csv(path: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield "", pd.DataFrame(list(csv.reader(stream)))


def _xlsx(path: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    for sheet in openpyxl.load_workbook(path).worksheets:
        cells = list(sheet.iter_rows())
        assert not any(cell.data_type == "f" or cell.hyperlink for row in cells for cell in row)
        yield sheet.title, pd.DataFrame([[cell.value for cell in row] for row in cells])


def hyper_tables(path: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of an extract by name."""
    with tempfile.TemporaryDirectory() as logs:
        frames = pantab.frames_from_hyper(path, process_params={"log_dir": logs})
    return {str(name[-1]): frame for name, frame in frames.items()}


def qvd_tables(path: Path) -> list[tuple[str, pd.DataFrame]]:
    """Return the one table of a file of Qlik."""
    return [("", QvdTable.from_qvd(str(path)).to_pandas())]


def _gpkg(path: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    for layer, _ in pyogrio.list_layers(path):
        if layer != "layer_styles":
            yield layer, pd.DataFrame(pyogrio.read_dataframe(path, layer=layer))


_READERS = {
    "csv": _csv,
    "xlsx": _xlsx,
    "gpkg": _gpkg,
    "qvd": qvd_tables,
    "parquet": lambda path: [("", pd.DataFrame(gpd.read_parquet(path)))],
}


def drawn_texts(path: Path) -> str:
    """Return all texts of a drawing, which does nothing and asks for nothing from outside."""
    root = ET.fromstring(path.read_bytes())  # noqa: S314 - it is ours
    for element in root.iter():
        tag = element.tag.rsplit("}", 1)[-1]
        assert tag not in {"script", "foreignObject", "a", "iframe", "animate", "set"}
        for name, value in element.attrib.items():
            short = name.rsplit("}", 1)[-1]
            assert not short.startswith("on")
            assert short != "href" or value.startswith(("#", "data:image/png"))
    return "".join(element.text or "" for element in root.iter() if element.tag.endswith("}text"))


def xml_of(text: bytes | str) -> list[tuple[str, list[str]]]:
    """Return every element of an XML file with its texts."""
    root = ET.fromstring(text)  # noqa: S314 - it is ours
    return [
        (e.tag, [canonical(e.text or ""), *map(canonical, e.attrib.values())]) for e in root.iter()
    ]


def printed(path: Path) -> str:
    """Return the text of a PDF without spaces; it can do nothing but be read."""
    document = pypdf.PdfReader(path)
    assert not _ACTIONS & _keys_within(document.trailer["/Root"])
    text = "".join(page.extract_text() for page in document.pages)
    return squeezed(text.replace("\xad", ""))


def _keys_within(content) -> set[str]:
    """Return every name that stands in a document, from its root on."""
    names, known, waiting = set(), set(), [content]
    while waiting:
        found = waiting.pop()
        if isinstance(found, pypdf.generic.IndirectObject):
            if found.idnum in known:
                continue
            known.add(found.idnum)
            found = found.get_object()
        if isinstance(found, dict):
            names |= {*found}
            waiting += found.values()
        elif isinstance(found, list):
            waiting += found
        elif isinstance(found, str):
            names.add(str(found))
    return names
