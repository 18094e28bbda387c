"""The sample's files spoilt at random, one change at a time, and what ``ntgeo validate`` says.

    python scripts/benchmarks/spoilt_inputs.py --count 2000 --seed 1

Each answer must be a refusal that teaches (exit code 2 or 4, a fix, no traceback), or an
acceptance. Where a file was accepted without a word about it, its totals as ntgeo read them must be
those of a plain reading by Python's own ``csv`` and ``json``: a difference that nobody was told of
is what this looks for. No answer may take over 10 s. Prints a JSON line for each failure and one
with the counts; ends with 1 where there was any.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import faulthandler
import io
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, Final

from pyproj import Geod

from ntgeo import sources
from ntgeo.cli.app import app
from ntgeo.cli.door import guarded

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests" / "bad_input"))

from random_spoiling import spoil

SAMPLE: Final = Path(__file__).resolve().parents[2] / "data" / "sample"
MOST_S: Final = 10
_MAY_DIFFER: Final = {"km2": 0.25}
STUCK_S: Final = 120
LINKS: Final = 4612
"""Of the sample's roads."""
DAY: Final = date(2026, 11, 24)
WANTED: Final = ("library", "community centre", "school")
"""The kinds of site that the sample's scenario asks for."""
Totals = dict[str, float]


def _sums(rows: Iterable[Mapping[str, str]], **columns: str) -> Totals:
    """Return the rows and the sum of columns, by a plain reading; blank cells are nothing."""
    there = list(rows)
    return {"rows": len(there)} | {
        name: sum(float(row[column]) for row in there if row[column].strip())
        for name, column in columns.items()
        if column in there[0]
    }


def _plain_rows(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig")
    first = text.splitlines()[0]
    delimiter = max(",;\t", key=first.count)
    rows = [
        row for row in csv.reader(io.StringIO(text, newline=None), delimiter=delimiter) if any(row)
    ]
    headings = [heading.strip().casefold() for heading in rows[0]]
    rows = [row if any(row[len(headings) :]) else row[: len(headings)] for row in rows]
    return [dict(zip(headings[::-1], row[::-1], strict=True)) for row in rows[1:]]


def _minutes(clock: str) -> float:
    hours, _, minutes = clock.partition(":")
    return 60 * float(hours) + float(minutes)


def _plain_table(path: Path) -> Totals:
    rows = _plain_rows(path)
    if path.stem == "sites":
        rows = [row for row in rows if row["type"].strip().casefold() in WANTED]
    places = {"east": "easting", "north": "northing"}
    columns: dict[str, dict[str, str]] = {
        "records": {},
        "centroids": places,
        "postcodes": places,
        "depots": places,
        "links": {"gap": "least_gap_min"},
        "visits": {"minutes": "duration_min"} | places,
        "sites": {"capacity": "capacity", "cost": "fixed_cost_gbp"} | places,
        "population": {"people": "total"} | {f"age_{n}": str(n) for n in range(90)},
        "deprivation": {"score": "imd_score", "rank": "imd_rank", "decile": "imd_decile"},
        "shifts": {"pay": "pay_gbp_per_hour"},
    }
    found = _sums(rows, **columns[path.stem])
    if path.stem == "shifts":
        spans = [_minutes(row["end_time"]) - _minutes(row["start_time"]) for row in rows]
        found["minutes"] = sum(span % (24 * 60) for span in spans)
    return found


def _plain_layer(path: Path) -> Totals:
    features = json.loads(path.read_bytes())["features"]
    geod = Geod(ellps="WGS84")
    area = 0.0
    for feature in features:
        for ring in feature["geometry"]["coordinates"]:
            area += geod.polygon_area_perimeter([c[0] for c in ring], [c[1] for c in ring])[0]
    return {"rows": len(features), "km2": round(abs(area) / 1e6, 1)}


def _read_places(found: Any) -> Totals:
    return {
        "rows": len(found),
        "east": sum(place.location.easting_m for place in found),
        "north": sum(place.location.northing_m for place in found),
    }


def _read_frame(frame: Any, **columns: str) -> Totals:
    there = {name: column for name, column in columns.items() if column in frame}
    return {"rows": len(frame)} | {name: frame[column].sum() for name, column in there.items()}


def _read_visits(path: Path) -> Totals:
    visits = sources.read_visit_table(path, day=DAY).visits
    return _read_places(visits) | {"minutes": sum(visit.service_s for visit in visits) / 60}


def _read_shifts(path: Path) -> Totals:
    depots = sources.read_depot_table(path.with_name("depots.csv")).depots
    shifts = sources.read_shift_table(path, day=DAY, depots=depots).shifts
    return {
        "rows": len(shifts),
        "minutes": sum(shift.hours.end_s - shift.hours.start_s for shift in shifts) / 60,
        "pay": sum(shift.costs.pay_gbp_per_hour for shift in shifts),
    }


def _read_sites(path: Path) -> Totals:
    sites = sources.read_site_table(path, where={"type": WANTED}).sites
    return _read_places(sites) | {
        "capacity": sum(site.capacity or 0 for site in sites),
        "cost": sum(site.fixed_cost_gbp or 0 for site in sites),
    }


def _read_links(path: Path) -> Totals:
    visits = sources.read_visit_table(path.with_name("visits.csv"), day=DAY).visits
    links = sources.read_visit_links(path, visits=visits, day=DAY).read
    gaps = (getattr(link, "least_gap_s", None) or 0 for link in links)
    return {"rows": len(links), "gap": sum(gaps) / 60}


def _read_population(path: Path) -> Totals:
    ages = {f"age_{n}": f"age_{n}" for n in range(90)}
    return _read_frame(sources.read_population(path).frame, people="population", **ages)


def _read_layer(path: Path) -> Totals:
    frame = sources.read_areas(path).frame
    return {"rows": len(frame), "km2": round(frame.area.sum() / 1e6, 1)}


_PLACES: Final = {"east": "easting_m", "north": "northing_m"}
READ: Final[Mapping[str, Callable[[Path], Totals]]] = {
    "areas": _read_layer,
    "records": lambda path: {"rows": sources.read_records(path).source_rows},
    "centroids": lambda path: _read_frame(sources.read_centroids(path).read, **_PLACES),
    "postcodes": lambda path: _read_frame(sources.read_postcodes(path).read, **_PLACES),
    "depots": lambda path: _read_places(sources.read_depot_table(path).depots),
    "links": _read_links,
    "visits": _read_visits,
    "sites": _read_sites,
    "population": _read_population,
    "deprivation": lambda path: _read_frame(
        sources.read_deprivation(path).frame,
        score="imd_score",
        rank="imd_rank",
        decile="imd_decile",
    ),
    "shifts": _read_shifts,
}


def _silent_differences(path: Path, told: Mapping[str, Any]) -> list[str]:
    """Return how totals of a file that was accepted without a word differ from a plain reading."""
    records = told["records"][0] if told["records"] else None
    if records is not None:
        parts = records["kept"] + records["outside"] + records["set_aside"]
        if abs(parts - records["total"]) > 1e-6:  # noqa: PLR2004
            return [f"{records} do not add up"]
    if _is_spoken_of(path.name, told):
        return []
    if path.suffix == ".pbf":
        (rows,) = (item["rows"] for item in told["inputs"] if item["file"] == path.name)
        return [] if rows == LINKS else [f"{rows} links of {LINKS}"]
    if path.stem not in READ:
        return []
    read = READ[path.stem](path)
    try:
        plain = _plain_layer(path) if path.suffix == ".geojson" else _plain_table(path)
    except (ValueError, KeyError, TypeError, IndexError, csv.Error) as error:
        return [f"read as {read}, where a plain reading fails: {error!r}"]
    return [
        f"{name}: read {read[name]}, plainly {value}"
        for name, value in plain.items()
        if name in read and abs(read[name] - value) > _MAY_DIFFER.get(name, 0.01)
    ]


def _is_spoken_of(file: str, told: Mapping[str, Any]) -> bool:
    own = [note for item in told["inputs"] if item["file"] == file for note in item["notes"]]
    aside = [fault for fault in told["set_aside"] if fault["file"] == file]
    return bool(own or aside or any(file in note for note in told["notes"]))


def _asked(folder: Path) -> tuple[int, str, str, float]:
    out, err = io.StringIO(), io.StringIO()
    asked = ["validate", str(folder / "scenario.toml"), "--json", "--folder", str(folder.parent)]
    began = time.monotonic()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = guarded(lambda: app(asked, standalone_mode=False))
    return code, out.getvalue(), err.getvalue(), time.monotonic() - began


def _faults_of(path: Path, code: int, out: str, err: str, took_s: float) -> list[str]:
    found = [f"took {took_s:.1f} s"] if took_s > MOST_S else []
    if "Traceback" in out + err or code not in {0, 2, 4}:
        return [*found, f"exit code {code}: {err[-600:]}"]
    told = json.loads(out)
    if "files" not in told:
        return [*found, *(() if "Fix:" in err else [f"refused without a fix: {out[-300:]}"])]
    told = told["files"][0]
    if code == 0:
        return [*found, *_silent_differences(path, told)]
    unfixed = [fault for fault in told["faults"] if not fault["fix"]]
    unfixed += [text for text in told["refusals"] if "Fix:" not in text]
    if unfixed or not (told["faults"] or told["refusals"]):
        found.append(f"refused without a fix: {unfixed}")
    return found


def _prepare() -> None:
    """Give this process a copy of the sample, and read it once, so that all is loaded."""
    faulthandler.enable()
    room = Path(tempfile.mkdtemp(prefix="spoilt_inputs_"))
    _prepare.folder = room / "sample"  # type: ignore[attr-defined]
    shutil.copytree(SAMPLE, room / "sample")
    code, _, err, _ = _asked(room / "sample")
    if code:
        raise SystemExit(err)


def _try(task: tuple[int, int]) -> tuple[str, str, int, float, list[str]]:
    """Spoil one file, validate, and put it back; return file, how, exit code, seconds, faults."""
    seed, number = task
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 - repeatable, not secret
    folder: Path = _prepare.folder  # type: ignore[attr-defined]
    path = folder / chance.choice(sorted(file.name for file in SAMPLE.iterdir()))
    faulthandler.dump_traceback_later(STUCK_S, exit=True)
    try:
        how = spoil(path, chance)
        answer = _asked(folder)
        return path.name, how, answer[0], answer[3], _faults_of(path, *answer)
    finally:
        faulthandler.cancel_dump_traceback_later()
        shutil.copy2(SAMPLE / path.name, path)


def main(given: list[str] | None = None) -> int:
    """Spoil, ask and print what came of it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=2000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--first", type=int, default=0, help="Number of the first change.")
    asked.add_argument("--workers", type=int, default=2)
    options = asked.parse_args(given)
    codes: Counter[int] = Counter()
    failed, longest_s = 0, 0.0
    tasks = [(options.seed, options.first + number) for number in range(options.count)]
    with ProcessPoolExecutor(options.workers, initializer=_prepare) as pool:
        for task, (file, how, code, took_s, faults) in zip(
            tasks, pool.map(_try, tasks), strict=True
        ):
            codes[code] += 1
            longest_s = max(longest_s, took_s)
            if faults:
                failed += 1
                line = {"number": task[1], "file": file, "how": how, "code": code, "faults": faults}
                print(json.dumps(line, ensure_ascii=False), flush=True)
    counts = {"changes": len(tasks), "accepted": codes[0], "refused": codes[2] + codes[4]}
    print(json.dumps({**counts, "failed": failed, "longest_s": round(longest_s, 1)}))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
