"""Files made to take a machine down: refused by the command within five seconds and 512 MB.

All are given to one process of its own, which limits its own processor time and memory, and says
what each of them took. Large files are sparse: their size is all that is there.
"""

import gzip
import json
import subprocess
import sys
import zipfile
from itertools import pairwise
from os import truncate

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

PROGRAM = """
import contextlib, io, json, resource, sys
from ntgeo.cli.app import app
from ntgeo.cli.door import guarded

resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
resource.setrlimit(resource.RLIMIT_DATA, (4_000_000_000, 4_000_000_000))
for arguments in json.load(sys.stdin):
    before, words = resource.getrusage(resource.RUSAGE_SELF), io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(words):
        code = guarded(lambda: app(arguments, standalone_mode=False))
    after = resource.getrusage(resource.RUSAGE_SELF)
    took_s = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    status = open("/proc/self/status").read()  # what getrusage tells counts the parent, too
    most_mb = int(status.split("VmHWM:")[1].split()[0]) / 1024
    print(json.dumps([code, words.getvalue(), took_s, most_mb]))
"""
MOST_S, MOST_MB, HUGE_BYTES = 5, 512, 2_200_000_000


def huge(path):
    path.write_bytes(b"site_id,name,easting,northing\n")
    truncate(path, HUGE_BYTES)


def many_rows(path):
    """Ten million short rows: within the limit of bytes, and far beyond that of rows."""
    path.write_bytes(b"site_id,name,easting,northing\n" + b"S,L,430000,570000\n" * 10_000_000)


def deep_list(path):
    path.write_text("[" * 1_000_000)


def deep_layer(path):
    depth = 200_000
    path.write_text('{"type":"FeatureCollection","features":' + "[" * depth + "]" * depth + "}")


def deep_toml(path):
    path.write_text("x = " + "[" * 100_000)


def long_key(path):
    path.write_text(".".join("a" * 100_000) + " = 1\n")


def many_tables(path):
    path.write_text("".join(f"[a{number}]\n" for number in range(10_000)))


def entities(inner: str) -> str:
    names = "abcdefghij"
    grown = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names))
    return f'<?xml version="1.0"?><!DOCTYPE o [<!ENTITY a "aaaaaaaaaa">{grown}]>{inner}'


def entities_in_roads(path):
    node = '<node id="1" version="1" lat="55" lon="-1.5"><tag k="name" v="&j;"/></node>'
    path.write_text(entities(f'<osm version="0.6">{node}</osm>'))


def entities_in_a_graph(path):
    path.write_text(
        entities('<graphml><graph edgedefault="directed"><node id="&j;"/></graph></graphml>')
    )


def packed_roads(path):
    node = b'<node id="1" version="1" lat="55" lon="-1.5"/>' * 22_000
    with gzip.open(path, "wb", compresslevel=6) as stream:
        stream.write(b'<osm version="0.6">')
        for _ in range(300):
            stream.write(node)


def packed_book(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w") as stream:
            for _ in range(300):
                stream.write(b" " * (1 << 20))
        archive.writestr("[Content_Types].xml", "<Types/>")


def packed_parquet(path):
    rows = 1_000_000
    columns = {"LSOA21CD": pa.array(["E01000001"] * rows), "Population": np.ones(rows, np.int64)}
    table = pa.table(columns)
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        for _ in range(30):
            writer.write_table(table)


CASES = [
    ("sites.csv", "sites", huge, "the limit is 2,000 MB"),
    ("demand.csv", "records", huge, "the limit is 2,000 MB"),
    ("areas.geojson", "areas", huge, "the limit is 2,000 MB"),
    ("areas.gpkg", "areas", huge, "the limit is 2,000 MB"),
    ("roads.osm.pbf", "roads", huge, "the limit is 2,000 MB"),
    ("sites.xlsx", "sites", huge, "the limit is 2,000 MB"),
    ("scenario.toml", None, huge, "is too long for a scenario"),
    ("sites.csv", "sites", many_rows, "rows; the limit is 2,000,000"),
    ("demand.csv", "records", many_rows, "rows; the limit is 2,000,000"),
    ("areas.geojson", "areas", deep_list, "is not GeoJSON"),
    ("areas.geojson", "areas", deep_layer, "is not GeoJSON"),
    ("scenario.toml", None, deep_toml, "not valid TOML"),
    ("scenario.toml", None, long_key, "dots; the limit is 1,000"),
    ("scenario.toml", None, many_tables, "lines; the limit is 2,000"),
    ("roads.osm", "roads", entities_in_roads, "cannot be read"),
    ("roads.graphml", "roads", entities_in_a_graph, "document type"),
    ("roads.osm.gz", "roads", packed_roads, "it unpacks to more than"),
    ("sites.xlsx", "sites", packed_book, "would unpack to"),
    ("population.parquet", "population", packed_parquet, "has 30,000,000 rows"),
]


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What the command says of each, in order: exit code, words, seconds, megabytes so far."""
    room = tmp_path_factory.mktemp("hostile")
    asked = []
    for number, (name, kind, write, _) in enumerate(CASES):
        path = room / str(number) / name
        path.parent.mkdir()
        write(path)
        asked.append(["validate", str(path), *(() if kind is None else ("--as", kind))])
    day = room / "day.json"
    day.write_text('{"vehicles":' + "[" * 500_000)
    asked.append(["route", str(day), "--folder", str(room)])
    told = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr[-2000:]
    return [json.loads(line) for line in told.stdout.splitlines()]


@pytest.mark.parametrize("number", range(len(CASES) + 1))
def test_it_is_refused_in_time_and_memory(answers, number):
    code, words, took_s, most_mb = answers[number]
    assert code == 2, words
    assert "Fix:" in words
    assert "Traceback" not in words
    if number < len(CASES):
        assert CASES[number][-1] in words
    assert took_s < MOST_S
    assert most_mb < MOST_MB
