"""Bytes that no spreadsheet writes, given to each reader for a while by libFuzzer, with Atheris.

    python scripts/benchmarks/fuzz_readers.py                        # lists the readers
    python scripts/benchmarks/fuzz_readers.py visits --minutes 30

Whatever comes in, a reader must return or raise one of ntgeo's own errors, within 10 s and 2 GB.
Atheris guides the changes by the code that they reach. A packed file (XLSX, NPZ) is changed within
its members, and a PBF is written without compression, for changed bytes would else not be unpacked.
It keeps what it found interesting below ``--corpus``, so that the next time goes on from there; a
crash is kept there too. Atheris is needed for this alone, and is no dependency: ``pip install
atheris`` (Linux, Python 3.11 to 3.13).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import atheris

TESTS = Path(__file__).resolve().parents[2] / "tests"
sys.path += [str(TESTS), str(TESTS / "bad_input")]

os.environ["EAGER_IMPORT"] = "1"  # readers are loaded when first used, which would be too late
with atheris.instrument_imports(include=["ntgeo.sources", "ntgeo.roads.files"]):
    from random_spoiling import WRONG_CELLS
    from tiny_borough import CODES, write_borough

    from ntgeo import roads, sources
    from ntgeo.domain.matrix import TravelMode
    from ntgeo.errors import NtgeoError
    from ntgeo.services.travel_files import read_travel
    from ntgeo.sources.scenario_file import read_scenario
    from ntgeo.sources.vector_file import read_features
    from ntgeo.sources.vroom import read_vroom

DAY: Final = date(2026, 11, 24)
LONGEST_BYTES: Final = 8192
LONGEST_WORD: Final = 60
BETWEEN_MEMBERS: Final = b"\n<!-- next member -->\n"
LINKS: Final = "first,second,least_gap_min,greatest_gap_min,staff\nV1,V2,60,240,\nV3,V4,,,same\n"
AWAY: Final = "staff_id,first_day,last_day\nA1,24/11/2026,\nA2,20/11/2026,30/11/2026\n"
RULES: Final = f"lsoa,travel_limit_min,decay_stretch,group\n{CODES[0]},10,,a\n{CODES[1]},,2,a\n"
HAND: Final = "shift_id,visit_id,arrive,begin\nA,V1,09:00,09:05\nB,V2,,\n"
JOURNEYS: Final = (
    "origin_easting,origin_northing,destination_easting,destination_northing,departure,seconds\n"
    "430100,570100,430900,570900,08:15,240\n430100,570100,431900,570900,12:00,300\n"
)
VROOM: Final = {
    "vehicles": [{"id": 1, "start_index": 0, "end_index": 0, "time_window": [0, 9000]}],
    "jobs": [{"id": 1, "location_index": 1, "service": 300}],
    "matrices": {"car": {"durations": [[0, 60], [60, 0]]}},
}


def _read_roads(path: Path) -> object:
    return roads.read_roads(path, mode=TravelMode.CAR)


def _shifts(path: Path) -> object:
    depots = sources.read_depot_table(ROOM / "depots.csv").depots
    return sources.read_shift_table(path, day=DAY, depots=depots)


def _links(path: Path) -> object:
    visits = sources.read_visit_table(ROOM / "visits.csv", day=DAY).visits
    return sources.read_visit_links(path, visits=visits, day=DAY)


READERS: Final[Mapping[str, tuple[str, Callable[[Path], Any]]]] = {
    "scenario": ("scenario.toml", read_scenario),
    "workbook": ("workbook.xlsx", sources.read_table),
    "areas": ("areas.geojson", sources.read_areas),
    "geopackage": ("areas.gpkg", read_features),
    "centroids": ("centroids.csv", sources.read_centroids),
    "population": ("population.csv", sources.read_population),
    "deprivation": ("deprivation.csv", sources.read_deprivation),
    "postcodes": ("postcodes.csv", sources.read_postcodes),
    "lookup": ("lookup.csv", sources.read_lsoa_lookup),
    "records": ("demand.csv", sources.read_records),
    "sites": ("sites.csv", sources.read_site_table),
    "depots": ("depots.csv", sources.read_depot_table),
    "visits": ("visits.csv", lambda path: sources.read_visit_table(path, day=DAY)),
    "shifts": ("shifts.csv", _shifts),
    "links": ("links.csv", _links),
    "absences": ("absences.csv", lambda path: sources.read_absences(path, day=DAY)),
    "area_rules": ("rules.csv", lambda path: sources.read_area_rules(path, CODES)),
    "hand_plan": ("hand.csv", lambda path: sources.read_hand_plan(path, day=DAY)),
    "journeys": ("journeys.csv", sources.read_observed_times),
    "vroom": ("day.json", read_vroom),
    "osm": ("roads.osm", _read_roads),
    "pbf": ("roads.osm.pbf", _read_roads),
    "graphml": ("roads.graphml", _read_roads),
    "matrix": ("travel.npz", read_travel),
}
"""Name → a good file of the borough, from which to start, and its reader."""

ROOM: Final = Path(tempfile.mkdtemp(prefix="fuzz_readers_")) / "borough"


def _write_good_files() -> None:
    """Write a borough small enough to be read a hundred times a second."""
    import geopandas as gpd  # noqa: PLC0415 - slow to load
    import networkx as nx  # noqa: PLC0415 - as above
    import numpy as np  # noqa: PLC0415 - as above
    import openpyxl  # noqa: PLC0415 - as above
    import osmium  # noqa: PLC0415 - as above

    write_borough(ROOM)
    texts = {"links.csv": LINKS, "absences.csv": AWAY, "rules.csv": RULES, "hand.csv": HAND}
    texts |= {"journeys.csv": JOURNEYS, "day.json": json.dumps(VROOM)}
    for name, text in texts.items():
        (ROOM / name).write_text(text)
    demand = (ROOM / "demand.csv").read_text().splitlines(keepends=True)
    (ROOM / "demand.csv").write_text("".join(demand[:20]))
    gpd.read_file(ROOM / "areas.geojson").to_file(ROOM / "areas.gpkg")
    book = openpyxl.Workbook()
    for line in (ROOM / "sites.csv").read_text().splitlines():
        book.worksheets[0].append(line.split(","))
    book.save(ROOM / "workbook.xlsx")
    plain = osmium.io.File(str(ROOM / "roads.osm.pbf"), "pbf,pbf_compression=none")
    with osmium.SimpleWriter(plain) as out:
        for item in osmium.FileProcessor(str(ROOM / "roads.osm")):
            out.add(item)
    graph = nx.MultiDiGraph(crs="epsg:27700")
    for node in range(3):
        graph.add_node(node, x=430_000.0 + 100 * node, y=570_000.0)
        for other in {(node + 1) % 3, (node + 2) % 3}:
            graph.add_edge(node, other, length=100.0, highway="residential", osmid=node)
    nx.write_graphml(graph, ROOM / "roads.graphml")
    np.savez(
        ROOM / "travel.npz",
        origins=np.array(["a"]),
        destinations=np.array(["b"]),
        time_s=np.ones((1, 1)),
        distance_m=np.ones((1, 1)),
        mode=np.array("car"),
        method=np.array("x"),
    )


def _words(good: bytes) -> Path:
    """Write the words of a good file, and wrong cells, as libFuzzer's dictionary."""
    there = re.findall(r"[A-Za-z0-9_:.]{2,24}", good.decode("latin-1"))
    words = [word.encode() for word in dict.fromkeys(there[:200])]
    words += [cell.encode() for cell in WRONG_CELLS if 0 < len(cell) < LONGEST_WORD]
    entries = ("".join(f"\\x{byte:02x}" for byte in word) for word in words)
    path = ROOM / "words.dict"
    path.write_text("".join(f'"{entry}"\n' for entry in entries))
    return path


def _loosen(packed: Path) -> bytes:
    """Give the members of a ZIP file one after another."""
    with zipfile.ZipFile(packed) as archive:
        return BETWEEN_MEMBERS.join(archive.read(name) for name in archive.namelist())


def _packer(good: Path) -> Callable[[Path, bytes], None]:
    """Give what writes changed members as a ZIP file that is whole."""
    with zipfile.ZipFile(good) as archive:
        names = archive.namelist()

    def pack(path: Path, loose: bytes) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name, member in zip(names, loose.split(BETWEEN_MEMBERS), strict=False):
                archive.writestr(name, member)

    return pack


def _target(
    reader: Callable[[Path], Any], path: Path, write: Callable[[Path, bytes], object]
) -> Callable[[bytes], None]:
    def target(content: bytes) -> None:
        write(path, content)
        try:
            reader(path)
        except NtgeoError:
            return

    return target


def main() -> None:
    """Fuzz one reader, or list them."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("reader", nargs="?", choices=READERS)
    asked.add_argument("--minutes", type=float, default=30)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--corpus", type=Path, default=Path(tempfile.gettempdir()) / "ntgeo_fuzz")
    options = asked.parse_args()
    if options.reader is None:
        print("\n".join(READERS))
        return
    # libosmium leaves a file open whose first block it cannot read.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    _write_good_files()
    name, reader = READERS[options.reader]
    reader(ROOM / name)
    corpus = options.corpus / options.reader
    corpus.mkdir(parents=True, exist_ok=True)
    packed = zipfile.is_zipfile(ROOM / name)
    good = _loosen(ROOM / name) if packed else (ROOM / name).read_bytes()
    (corpus / "good").write_bytes(good)
    write = _packer(ROOM / name) if packed else Path.write_bytes
    tried = ROOM / f"tried{''.join(Path(name).suffixes)}"
    print(json.dumps({"reader": options.reader, "began": time.strftime("%H:%M:%S")}), flush=True)
    limits = [f"-max_total_time={round(60 * options.minutes)}", f"-seed={options.seed}"]
    longest = max(LONGEST_BYTES, 2 * len(good))
    limits += [f"-max_len={longest}", "-timeout=10", "-rss_limit_mb=2048"]
    limits += ["-len_control=0", "-print_final_stats=0", f"-dict={_words(good)}"]
    kept = [f"-artifact_prefix={corpus}{os.sep}", str(corpus)]
    atheris.Setup([sys.argv[0], *limits, *kept], _target(reader, tried, write))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
