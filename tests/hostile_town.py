"""A small town whose every name, note and title is hostile, and its twin with harmless ones.

Both are the sample borough cut down: 20 areas, sites, depots, shifts and visits. Each visit takes
the skills of one shift, so that every text is used in both plans alike. Texts that matter at the
start of a cell, or as the whole of it, stand alone; others share cells.
"""

import csv
import json
import re
from collections.abc import Callable
from itertools import cycle, pairwise
from pathlib import Path

import osmium
from mapping.hostile import HOSTILE

ROWS = 20
UNKNOWN_SKILL = "wings"
_BETWEEN = " ¦ "
_ALONE = (
    *("=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "-->", "__proto__", "constructor", "]]>"),
    *("${alert(1)}", "{{7*7}}", "javascript:alert(1)", "שלום עולם"),
)
_TITLE = (
    "=cmd|' /C calc'!A0",
    *("</title><h1>x", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>"),
    *("${alert(1)}", "`${alert(1)}`", "{{7*7}}", "\\';alert(1);//", "line\u2028separator"),
    *("override\u202eevil\u202c", "שלום עולם"),
)
_TWIN = re.compile(r"zq(\d{3})qz", re.IGNORECASE)
_RULES = """
[siting]
objective = "p-median"
site_count = 6
{zones}
[siting.explain]
flips = false
next_best_count = 1

[rounds]
day = 2026-11-24
is_replay = true
time_limit_s = 2
explain = {{ changes = false }}
"""


class Words:
    """Texts to be spread over the town, each with a harmless twin that sorts in the same place."""

    def __init__(self, more: tuple[str, ...] = ()) -> None:
        fit = [whole_letters(text).strip() for text in HOSTILE]
        others = sorted((text for text in fit if text not in _ALONE), key=lambda text: ";" in text)
        shared, left = ROWS - len(_ALONE), len(others)
        cuts = [left * row // shared for row in range(shared + 1)]
        self.rows = [*([text] for text in _ALONE), *(others[a:b] for a, b in pairwise(cuts))]
        self.more = [[text.strip() for text in more[row::ROWS]] for row in range(ROWS)]
        parts = {part for text in fit for part in (*parts_of(text), *skills_of(text))}
        self._sorted = sorted({*fit, *parts, UNKNOWN_SKILL}.union(*self.more))
        self._place = {text: place for place, text in enumerate(self._sorted)}

    def twin(self, text: str) -> str:
        """Return the harmless twin of a text."""
        return f"zq{self._place[text]:03d}qz" if text in self._place else text

    def hostile(self, text: str) -> str:
        """Return a text with every twin replaced by what it stands for."""
        return _TWIN.sub(lambda found: self._sorted[int(found[1])], text)


def whole_letters(text: str) -> str:
    """Return text as a file can hold it; only in JSON may a letter be half."""
    return text.replace("\ud800", "\ufffd")


def parts_of(text: str) -> list[str]:
    return [part for piece in text.split(";") if (part := piece.strip())]


def skills_of(text: str) -> list[str]:
    return [part.casefold() for part in parts_of(text)]


class Town:
    """Writes the files of a scenario; ``say`` turns each text into what is written."""

    def __init__(self, folder: Path, sample: Path, words: Words, say: Callable[[str], str]) -> None:
        self.folder, self.sample, self.say = folder, sample, say
        folder.mkdir(parents=True)
        self.rows = words.rows
        self.ids = [_BETWEEN.join(map(say, row)) for row in self.rows]
        both = zip(self.rows, words.more, strict=True)
        self.names = [_BETWEEN.join(map(say, [*row, *more])) for row, more in both]
        self.all = _BETWEEN.join(self.ids)
        usable = [text for row in self.rows for text in row if not {"/", "\x00"} & set(text)]
        self._file_names = [say(text) for text in usable]
        self._files = 0

    def write(self) -> Path:
        """Write all, and return the scenario."""
        streets = self._roads()
        codes, areas = self._areas()
        tables = {
            "boundaries": areas,
            **{name: self._of_areas(name, codes) for name in ("centroids", "population")},
            "deprivation": self._of_areas("deprivation", codes),
        }
        day = {
            name: getattr(self, f"_{name}")() for name in ("depots", "visits", "shifts", "links")
        }
        path = self.folder / "scenario.toml"
        records, sites = self._records(codes), self._sites()
        kinds = ", ".join(map(_quoted, self.ids))
        lines = [
            'id = "hostile"',
            f"title = {_quoted(self._title())}",
            f"description = {_quoted(_BETWEEN.join(self.names))}",
            'exports = ["parquet", "hyper", "qvd"]',
            f"sources = [{', '.join(map(_quoted, self.ids))}]",
            *("[areas]", *(f"{key} = {_quoted(file)}" for key, file in tables.items())),
            *("[demand]", f"service = {_quoted(self.all)}", 'weight = "expected"'),
            *("[[demand.records]]", f"file = {_quoted(records)}"),
            *("[roads]", 'network = "roads.osm.pbf"'),
            *(line for row, way in enumerate(streets) for line in self._change(row, way)),
            *("[[sites.files]]", f"file = {_quoted(sites)}", f"where = {{ type = [{kinds}] }}"),
            _RULES.format(zones=f"zone_minimums = {{ {_quoted(self.ids[5])} = 1 }}"),
            *(f"{key} = {_quoted(file)}" for key, file in day.items()),
        ]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def lines(self) -> Path:
        """Write address lines and notes for the sheets of staff."""
        notes = reversed(self.names)
        rows = [list(row) for row in zip(self.ids, self.names, notes, strict=True)]
        self._csv("lines.csv", ["visit_id", "address_line", "note"], rows)
        return self.folder / "lines.csv"

    def _title(self) -> str:
        return " ".join(map(self.say, _TITLE))

    def _change(self, row: int, way: int) -> list[str]:
        return [
            "[[roads.changes]]",
            'kind = "slow"',
            f"title = {_quoted(self.ids[row])}",
            f"ways = [{way}]",
            "most_mph = 5",
        ]

    def _file(self, kind: str) -> str:
        self._files += 1
        return f"{self._file_names[3 * self._files]}.{kind}"

    def _csv(self, file: str, headings: list[str], rows: list[list[object]]) -> str:
        """Write a table with a line break in its first row, which is noted in both towns alike."""
        first, *others = rows
        with (self.folder / file).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerows([[*headings, "remark"], [*first, "two\nlines"]])
            writer.writerows([*row, ""] for row in others)
        return file

    def _sampled(self, name: str) -> list[dict[str, str]]:
        with (self.sample / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    def _areas(self) -> tuple[set[str], str]:
        borough = json.loads((self.sample / "areas.geojson").read_text(encoding="utf-8"))
        features = borough["features"][:ROWS]
        for row, feature in enumerate(features):
            properties = feature["properties"]
            properties |= dict.fromkeys(("LSOA21NM", "WD24NM"), self.names[row])
        file = self._file("geojson")
        content = json.dumps({"type": "FeatureCollection", "features": features})
        half = content.replace("\\ufffd", "\\ud800")
        (self.folder / file).write_text(half, encoding="utf-8")
        return {feature["properties"]["LSOA21CD"] for feature in features}, file

    def _of_areas(self, name: str, codes: set[str]) -> str:
        rows = [row for row in self._sampled(name) if {*row.values()} & codes]
        for row, text in zip(rows, self.names, strict=True):
            row |= {key: text for key in row if key.casefold() in {"lsoa21nm", "lsoa21_name"}}
        return self._csv(self._file("csv"), [*rows[0]], [[*row.values()] for row in rows])

    def _records(self, codes: set[str]) -> str:
        rows = [
            ["", self.all, row["lsoa"], row["age"]]
            for row in self._sampled("records")
            if row["lsoa"] in codes and row["service"] == "library visits"
        ]
        rows += [["", self.say(text), *rows[0][2:]] for text in ("+1+1", "__proto__")]
        rows.append(["", self.all, self.say("{{7*7}}"), "30"])
        headings = ["record_id", "service", "lsoa", "age"]
        return self._csv(self._file("csv"), headings, rows)

    def _sites(self) -> str:
        rows = []
        for row, place in enumerate(self._sampled("sites")[:ROWS]):
            status = "existing" if row % 4 == 0 else "candidate"
            spot = [place[axis] for axis in _AXES]
            name = self.ids[row]
            rows.append([name, name, name, status, name, *spot])
        headings = ["site_id", "name", "type", "status", "zone", *_AXES]
        return self._csv(self._file("csv"), headings, rows)

    def _depots(self) -> str:
        rows = [
            [f"D {name}", self.ids[-row], *(place[axis] for axis in _AXES)]
            for row, (name, place) in enumerate(zip(self.ids, self._sampled("sites"), strict=False))
        ]
        return self._csv(self._file("csv"), ["depot_id", "name", *_AXES], rows)

    def _skills(self, row: int) -> str:
        return ";".join(map(self.say, skills_of(";".join(self.rows[row]))))

    def _visits(self) -> str:
        sampled = self._sampled("visits")
        rows = []
        for row, visit in enumerate(self.ids):
            where = [sampled[row][axis] for axis in _AXES]
            usual = "" if ";" in "".join(self.rows[row]) else visit
            rows.append([visit, 30, self._skills(row), usual, visit, *where])
            rows.append(
                [
                    f"{visit} U",
                    30,
                    f"{self._skills(row)};{self.say(UNKNOWN_SKILL)}",
                    usual,
                    visit,
                    *where,
                ]
            )
        headings = ["visit_id", "duration_min", "skills", "usual_staff", "address_id"]
        return self._csv(self._file("csv"), [*headings, *_AXES], rows)

    def _shifts(self) -> str:
        rows = [
            [shift, shift, "08:00", "16:00", f"D {shift}", self._skills(row)]
            for row, shift in enumerate(self.ids)
        ]
        headings = ["shift_id", "staff_id", "start_time", "end_time", "start_depot", "skills"]
        return self._csv(self._file("csv"), headings, rows)

    def _links(self) -> str:
        rows = [[self.ids[at], self.ids[at + 1], 0] for at in range(0, ROWS, 2)]
        return self._csv(self._file("csv"), ["first", "second", "least_gap_min"], rows)

    def _roads(self) -> list[int]:
        """Write the roads with names of ours, and return a way of each of them."""
        ways: dict[str, int] = {}
        streets = [";".join(map(self.say, parts_of(";".join(row)))) for row in self.rows]
        names = cycle(name.replace("\x00", " ") for name in streets)  # a tag ends at a NUL
        with osmium.SimpleWriter(str(self.folder / "roads.osm.pbf"), overwrite=True) as writer:
            for item in osmium.FileProcessor(str(self.sample / "roads.osm.pbf")):
                tags = dict(item.tags)
                if item.is_way() and "highway" in tags and "name" in tags:
                    tags["name"] = next(names)
                    ways.setdefault(tags["name"], item.id)
                writer.add(item.replace(tags=tags))
        return list(ways.values())[:ROWS]


_AXES = ("easting", "northing")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
