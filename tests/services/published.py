"""Every figure of an area, a service or a decile that can be read in a folder of published files.

A figure is the count behind it, worked out as an attacker would: a rate by the residents, a
difference by the expectation. ``None`` is a figure that is withheld.
"""

import json
import math
import re
from html.parser import HTMLParser
from typing import NamedTuple

import geopandas as gpd
import pandas as pd


class Figure(NamedTuple):
    """A count that can be read, and where.

    ``about`` is an area or ``decile N``; ``slack`` is how far the count may be from what its digits
    say.
    """

    file: str
    what: str
    about: str
    service: str
    count: float | None
    slack: float = 1e-6


def figures_in(folder):
    """Read every file that tells figures."""
    yield from _of_tables({path.name: pd.read_csv(path) for path in folder.glob("*.csv")})
    book = pd.read_excel(folder / "tables.xlsx", sheet_name=None)
    yield from _of_tables({f"tables.xlsx {name}.csv": sheet for name, sheet in book.items()})
    layers = {
        "plan.gpkg areas.csv": gpd.read_file(folder / "plan.gpkg", layer="areas"),
        "plan.gpkg allocations.csv": gpd.read_file(folder / "plan.gpkg", layer="allocations"),
        "parquet areas.csv": gpd.read_parquet(folder / "areas.parquet"),
        "parquet allocations.csv": gpd.read_parquet(folder / "allocations.parquet"),
    }
    yield from _of_tables(layers)
    residents = pd.read_csv(folder / "demand.csv").set_index(["lsoa", "service"])["population"]
    expected = pd.read_csv(folder / "demand.csv").set_index(["lsoa", "service"])["expected"]
    yield from _of_map((folder / "map.html").read_text(encoding="utf-8"), residents, expected)
    yield from _of_report((folder / "report.html").read_text(encoding="utf-8"))


def _number(cell):
    """A figure as a table or a page tells it; ``None`` where it is withheld."""
    text = str(cell).replace(",", "").replace("−", "-").replace("%", "")
    try:
        number = float(text)
    except ValueError:
        return None
    return None if math.isnan(number) else number


def _count(kind, row):
    """The count behind a cell of a table."""
    number = _number(row[kind])
    if number is None:
        return None
    if kind in {"rate_per_1000", "people_per_1000"}:
        return number * row["population"] / 1000
    if kind == "difference":
        return row["expected"] - number
    if kind == "observed_share":
        return number * row["expected"]
    return number


def _of_tables(tables):
    for file, table in tables.items():
        kind = file.split(" ")[-1]
        rows = table.to_dict("records")
        if kind == "demand.csv":
            told = ["count", "people", "rate_per_1000", "people_per_1000", "difference"]
            for row in rows:
                for what in [*told, "observed_share"]:
                    yield Figure(file, what, row["lsoa"], row["service"], _count(what, row))
        elif kind == "use_by_decile.csv":
            for row in (row for row in rows if row["areas"]):
                about = f"decile {row['imd_decile']:.0f}"
                for what in ("count", "rate_per_1000"):
                    yield Figure(file, what, about, row["service"], _count(what, row))
        elif kind in {"areas.csv", "allocations.csv"}:
            for row in rows:
                yield Figure(file, "demand", row["lsoa"], "advice", _count("demand", row))


def _of_map(page, residents, expected):
    """What the map's source says of each area, measure by measure, and its table of areas."""
    found = re.search(r'id="ntgeo-data">(.*?)</script>', page, re.DOTALL)
    data = json.loads(found[1])
    for measure in data["measures"]:
        named = re.fullmatch(r"(Use|Expected less observed use): (.*)", measure["label"])
        if named is None:
            continue
        for area, text in zip(data["areas"]["ids"], measure["plan"]["texts"], strict=True):
            yield _mapped("map.html source", named, area, text, residents, expected)
    for table in tables_in(page):
        for named in (re.fullmatch(r"(Use|Expected less.*use): (.*)", head) for head in table[0]):
            if named is None:
                continue
            column = table[0].index(named[0])
            for row in table[1:]:
                area = next(cell for cell in row if cell.startswith("X010"))
                yield _mapped("map.html table", named, area, row[column], residents, expected)


def _mapped(file, named, area, text, residents, expected):
    number, what, service = _number(text), named[1], named[2]
    key = (area, service)
    if number is None:
        return Figure(file, what, area, service, None)
    if what == "Use":
        return Figure(
            file, what, area, service, number * residents[key] / 1000, 0.051 * residents[key] / 1000
        )
    return Figure(file, what, area, service, expected[key] - number, 0.051)


def _of_report(page):
    for table in tables_in(page):
        for row in table[1:]:
            cells = dict(zip(table[0], row, strict=False))
            if "Uses" in cells and cells["Areas"] != "0":
                about = f"decile {cells['Deprivation decile']}"
                yield Figure("report.html", "Uses", about, cells["Service"], _number(cells["Uses"]))
            elif "Observed" in cells:
                about = cells.get("Area code") or f"decile {cells['Deprivation decile']}"
                shown = _number(cells["Observed"])
                yield Figure("report.html", "Observed", about, "advice", shown)


class _Tables(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tables, self.cell = [], None

    def handle_starttag(self, tag, _attrs):
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.cell = ""

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data

    def handle_endtag(self, tag):
        if tag in {"td", "th"} and self.cell is not None:
            self.tables[-1][-1].append(" ".join(self.cell.split()))
            self.cell = None


def tables_in(page):
    """Rows of cells of each table of a page that has any."""
    parser = _Tables()
    parser.feed(page)
    return [table for table in parser.tables if table]
