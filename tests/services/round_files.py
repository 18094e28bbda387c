"""Reads the rounds of a run back from each file that tells them, with that file's own library.

Every reader gives shift → its stops in order, each as a dictionary of what that file tells of it:
``kind, place, arrive, begin, leave`` as the clock says, and ``arrive_s, begin_s, leave_s`` in
seconds since midnight. The day is in winter, when UTC is the time of the United Kingdom.
"""

import json
import re
import tempfile
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import openpyxl
import pandas as pd
import pantab
import pypdf
from ics_reader import events
from pyqvd import QvdTable

TIMES = ("arrive", "begin", "leave")
_GPX = "{http://www.topografix.com/GPX/1/1}"
_WHAT = {"Start at": "start", "Visit": "visit", "Break": "break", "End at": "end"}
_STOP = re.compile(r"^(?:\d+ )?(Start at|Visit|Break|End at)\b ?(.*)$", re.MULTILINE)
_CLOCK = re.compile(r"(?<![–\d:])\d\d:\d\d(?![–\d:])")


def clock(seconds: float) -> str:
    minutes = int(seconds // 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def planned(run: Path) -> dict[str, list[dict]]:
    """Return the rounds as the plan itself has them."""
    plan = json.loads((run / "rounds.json").read_text(encoding="utf-8"))["plan"]
    return {
        route["shift"]: [
            {
                "kind": stop["kind"],
                "place": stop["place"],
                **{f"{time}_s": stop[f"{time}_s"] for time in TIMES},
                **{time: clock(stop[f"{time}_s"]) for time in TIMES},
            }
            for stop in route["stops"]
        ]
        for route in plan["routes"]
    }


def depot_names(run: Path) -> dict[str, str]:
    """Return the id of each depot by its name."""
    problem = json.loads((run / "rounds.json").read_text(encoding="utf-8"))["problem"]
    return {depot["name"]: depot["id"] for depot in problem["depots"]}


def tables(run: Path, kind: str) -> pd.DataFrame:
    """Return the table of stops from one kind of file that has it."""
    return _TABLES[kind](run)


def _hyper(run: Path) -> pd.DataFrame:
    with tempfile.TemporaryDirectory() as logs:
        return pantab.frame_from_hyper(
            run / "tables.hyper", table="stops", process_params={"log_dir": logs}
        )


def _xlsx(run: Path) -> pd.DataFrame:
    sheet = openpyxl.load_workbook(run / "tables.xlsx")["stops"]
    heads, *cells = sheet.iter_rows(values_only=True)
    return pd.DataFrame(cells, columns=heads)


_TABLES = {
    "gpkg": lambda run: gpd.read_file(run / "plan.gpkg", layer="stops"),
    "parquet": lambda run: gpd.read_parquet(run / "stops.parquet"),
    "csv": lambda run: pd.read_csv(run / "stops.csv"),
    "xlsx": _xlsx,
    "hyper": _hyper,
    "qvd": lambda run: QvdTable.from_qvd(str(run / "stops.qvd")).to_pandas(),
}


def in_table(stops: pd.DataFrame) -> dict[str, list[dict]]:
    """Return the rounds of a table of stops, whose rows stand in order of shift and stop."""
    found: dict[str, list[dict]] = {}
    for row in stops.to_dict("records"):
        own = found.setdefault(row["shift_id"], [])
        assert row["stop_number"] == len(own)
        names = [*TIMES, *(f"{time}_s" for time in TIMES)]
        own.append({"kind": row["kind"], "place": row["place_id"], **{n: row[n] for n in names}})
    return found


def in_page(run: Path) -> dict[str, list[dict]]:
    """Return the rounds as the page of route sheets shows them."""
    page = (run / "route_sheets.html").read_text(encoding="utf-8")
    body = ET.fromstring(re.search(r"<body>.*</body>", page, re.DOTALL)[0])  # noqa: S314 - ours
    found = {}
    for sheet in body.iter("section"):
        shift = sheet.findtext("h2").removeprefix("Shift ")
        rows = [row for row in sheet.iter("tr") if row.find("th[@scope='row']") is not None]
        found[shift] = [_stop_of_row(row, depot_names(run)) for row in rows]
    return found


def _stop_of_row(row: ET.Element, depots: dict[str, str]) -> dict:
    head, cells = row.find("th"), row.findall("td")
    number = head.find("span[@class='number']")
    told = (head.text if number is None else number.tail).strip()
    times = ["".join(cell.itertext())[:5] for cell in cells[1:4]]
    return _told(told, times, depots)


def _told(what: str, times: list[str], depots: dict[str, str]) -> dict:
    kind = next(kind for kind in _WHAT if what.startswith(kind))
    place = what.removeprefix(kind).strip()
    stop = {"kind": _WHAT[kind]}
    stop |= {name: time for name, time in zip(TIMES, times, strict=False) if time}
    return stop if kind == "Break" else stop | {"place": depots.get(place, place)}


def in_print(run: Path) -> dict[str, list[dict]]:
    """Return the rounds as the print of the route sheets says them, line by line."""
    pages = pypdf.PdfReader(run / "route_sheets.pdf").pages
    text = "\n".join(page.extract_text() for page in pages)
    found = {}
    for part in text.split("Stops of shift ")[1:]:
        shift, _, rest = part.partition("\n")
        sheet, _, _ = rest.partition("Miles driven:")
        heads = [*_STOP.finditer(sheet)]
        ends = [*(head.start() for head in heads[1:]), len(sheet)]
        found[shift] = []
        for head, end in zip(heads, ends, strict=True):
            times = _CLOCK.findall(sheet[head.start() : end])
            place = re.split(r" \d\d? min,| \d\d:\d\d", head[2])[0]
            found[shift].append(_told(f"{head[1]} {place}", times[:3], depot_names(run)))
    return found


def in_calendars(run: Path) -> dict[str, list[dict]]:
    """Return the visits and breaks of each calendar."""
    found = {}
    for path in sorted((run / "calendars").glob("*.ics")):
        told = events(path.read_bytes().decode("utf-8"))
        shift = told[0]["DESCRIPTION"].partition(";")[0].removeprefix("Shift ")
        found[shift] = [
            {
                **_told(event["SUMMARY"], [], {}),
                **{
                    f"{time}_s": _seconds(event[name], "%Y%m%dT%H%M%SZ")
                    for time, name in (("begin", "DTSTART"), ("leave", "DTEND"))
                },
            }
            for event in told
        ]
    return found


def in_tracks(run: Path) -> dict[str, list[dict]]:
    """Return the stops of each track."""
    found = {}
    for path in sorted((run / "gpx").glob("*.gpx")):
        root = ET.fromstring(path.read_bytes())  # noqa: S314 - it is ours
        shift = root.findtext(f"{_GPX}trk/{_GPX}name").removeprefix("Shift ")
        found[shift] = [
            {
                "kind": point.findtext(f"{_GPX}type"),
                "place": point.findtext(f"{_GPX}name").split(" ", maxsplit=1)[1],
                "begin_s": _seconds(point.findtext(f"{_GPX}time"), "%Y-%m-%dT%H:%M:%SZ"),
            }
            for point in root.iter(f"{_GPX}wpt")
        ]
    return found


def _seconds(text: str, layout: str) -> int:
    at = datetime.strptime(text, layout)  # noqa: DTZ007 - in winter the zone is nought
    return at.hour * 3600 + at.minute * 60 + at.second
