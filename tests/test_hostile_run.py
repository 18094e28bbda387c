"""A whole run, and its sheets for staff, of a town whose every name, note and title is hostile.

Beside it stands the run of the same town with harmless texts: each text of the one, in every page,
table, layer, drawing, print, calendar and track, is what the other shows there in its place.
"""

import csv
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
from browser import browser
from hostile_reading import (
    PLANT,
    canonical,
    drawn_texts,
    frames_of,
    hyper_tables,
    printed,
    qvd_tables,
    seen_on,
    squeezed,
    xml_of,
)
from hostile_town import Town, Words, whole_letters
from ics_reader import events
from mapping.hostile import HOSTILE
from PIL import Image

from ntgeo import Workspace, reports
from ntgeo.reports.calendars import file_name_of
from ntgeo.reports.exports import printable, safe_cell
from ntgeo.reports.page_blocks import page_blocks

pytestmark = pytest.mark.slow

PAGES = (
    *("map.html", "rounds.html", "report.html", "route_sheets.html"),
    *("public/map.html", "public/report.html", "staff/route_sheets.html"),
)
HOW = {
    "csv": safe_cell,
    **dict.fromkeys(("xlsx", "qvd", "gpkg"), printable),
    "parquet": str,
}
"""What each kind of file does to a text."""
FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
RIGHT_TO_LEFT = {*map(chr, range(0x590, 0x700))}
NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]\d+)?")
WARNING = re.compile("holds text that (starts like a formula|looks like a script)")
OF_A_SHIFT = re.compile(r"(calendars|gpx)/")
"""Files that have a name made from the shift's, which is tested by itself."""


@dataclass(frozen=True)
class Twins:
    words: Words
    hostile: Path
    plain: Path

    def files(self, suffix: str):
        """Every file of a kind with its twin."""
        for path in sorted(self.hostile.rglob(f"*{suffix}")):
            name = path.relative_to(self.hostile)
            yield path, self.plain / name


def bad_inputs(repository) -> tuple[str, ...]:
    data = Path(os.environ.get("NTGEO_SHARED_DATA", repository.parent / "shared" / "data"))
    table = data.parent / "bad-inputs.csv"
    if not table.is_file():
        assert not os.environ.get("CI"), "bad-inputs.csv not found beside NTGEO_SHARED_DATA"
        return ()
    with table.open(encoding="utf-8-sig", newline="") as stream:
        return tuple(row["bad_input"] for row in csv.DictReader(stream))


def run_of(town: Town) -> Path:
    """Answer the town's question, print its sheets for staff, and return the folder of both."""
    workspace = Workspace(town.folder)
    run = workspace.run(town.write())
    done = town.folder / "run"
    run.folder.rename(done)
    workspace.print_sheets(done, town.lines(), town.folder / "staff")
    (town.folder / "staff").rename(done / "staff")
    return done


def stand_in(paths, *_):
    """Write files that nobody looks at: the harmless twin's drawings and extracts take long."""
    for path in [paths] if isinstance(paths, Path) else paths:
        if path.suffix == ".png":
            Image.new("RGB", (66, 72)).save(path)
        else:
            path.write_text("<svg/>", encoding="utf-8")


@pytest.fixture(scope="module")
def twins(repository, tmp_path_factory):
    folder, sample = tmp_path_factory.mktemp("hostile"), repository / "data" / "sample"
    words = Words(bad_inputs(repository))
    hostile = run_of(Town(folder / "hostile", sample, words, str))
    with pytest.MonkeyPatch.context() as patched:
        for name in ("draw_siting_picture", "draw_rounds_picture", "write_hyper"):
            patched.setattr(reports, name, stand_in)
        plain = run_of(Town(folder / "plain", sample, words, words.twin))
    return Twins(words, hostile, plain)


@pytest.fixture(scope="module")
def chromium():
    with browser() as opened:
        opened.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": PLANT})
        yield opened


def test_every_text_is_somewhere_in_the_town(twins):
    used = {text for row in twins.words.rows for text in row}
    assert used == {whole_letters(text).strip() for text in HOSTILE}
    assert len(used) > 60


def test_every_file_stays_in_its_folder_and_is_named_alike(twins):
    names = {
        kind: {path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file()}
        for kind, run in (("hostile", twins.hostile), ("plain", twins.plain))
    }
    allowed = re.compile(r"(public/|staff/|gpx/|calendars/)?[\w-]+\.\w+", re.ASCII)
    assert all(allowed.fullmatch(name) for name in names["hostile"])
    of_shifts = {kind: {n for n in names[kind] if n.endswith((".ics", ".gpx"))} for kind in names}
    assert len(of_shifts["hostile"]) == len(of_shifts["plain"]) == 2 * len(twins.words.rows)
    assert names["hostile"] - of_shifts["hostile"] == names["plain"] - of_shifts["plain"]
    assert {path.name for path in twins.hostile.parent.iterdir()} >= {"run", "scenario.toml"}


def without_warnings(elements, seen):
    """What a page shows but for notes that some texts look like a formula or a script."""
    warnings = [text for text in seen if WARNING.search(text)]
    elements["li"] -= len(warnings)
    return elements, [text for text in seen if text not in warnings]


@pytest.mark.browser
@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_nothing_and_shows_every_text_as_its_twin_does(twins, chromium, page):
    elements, seen = without_warnings(*seen_on(chromium, twins.hostile / page))
    harmless, twin = seen_on(chromium, twins.plain / page)
    assert elements == harmless
    assert len(seen) == len(twin)
    meant = [twins.words.hostile(text) for text in twin]
    all_seen, all_meant = squeezed("".join(seen)), squeezed("".join(meant))
    for shown, text, harmless_text in zip(seen, meant, twin, strict=True):
        if text == harmless_text or OF_A_SHIFT.match(text):
            continue
        if "…" in shown:
            assert squeezed(shown.partition("…")[0]) in all_meant
        else:
            assert squeezed(text) in all_seen, text
    ours = [text for row in twins.words.rows for text in row]
    assert all(squeezed(text) in all_seen for text in ours)


@pytest.mark.parametrize("kind", HOW)
def test_a_table_holds_every_text_and_number_as_its_twin_does(twins, kind):
    frames, others = (dict(frames_of(run, kind)) for run in (twins.hostile, twins.plain))
    assert frames.keys() == others.keys()
    assert len(frames) > 6
    texts = 0
    for name, twin in others.items():
        found = frames[name]
        assert found.shape == twin.shape, name
        for column in range(found.shape[1]):
            for cell, other in zip(found.iloc[:, column], twin.iloc[:, column], strict=True):
                if not isinstance(other, str):
                    assert (pd.isna(cell) and pd.isna(other)) or cell == other, name
                    continue
                text = twins.words.hostile(other)
                texts += text != other
                assert cell == (other if text == other else HOW[kind](text)), name
    assert texts > 300


@pytest.mark.parametrize("folder", ["", "public"])
def test_tableau_and_qlik_have_the_same_tables(twins, folder):
    run = twins.hostile / folder
    extract = hyper_tables(run / "tables.hyper")
    assert {f"{name}.qvd" for name in extract} == {path.name for path in run.glob("*.qvd")}
    for name, found in extract.items():
        ((_, other),) = qvd_tables(run / f"{name}.qvd")
        assert list(found.columns) == list(other.columns)
        for column in found.columns:
            for cell, same in zip(found[column], other[column], strict=True):
                assert (pd.isna(cell) and pd.isna(same)) or cell == same, (name, column)


def test_no_cell_of_a_table_of_text_is_a_formula(twins):
    for name, frame in frames_of(twins.hostile, "csv"):
        for cell in frame.to_numpy().ravel():
            assert NUMBER.fullmatch(cell) or not FORMULA.match(cell), (name, cell)


def test_styles_of_layers_are_well_formed(twins):
    styles = pyogrio.read_dataframe(twins.hostile / "plan.gpkg", layer="layer_styles")
    twin = pyogrio.read_dataframe(twins.plain / "plan.gpkg", layer="layer_styles")
    for found, other in zip(styles["styleQML"], twin["styleQML"], strict=True):
        assert xml_of(found) == as_hostile(twins, xml_of(other))


def as_hostile(twins, elements):
    return [
        (tag, [canonical(twins.words.hostile(text)) for text in texts]) for tag, texts in elements
    ]


@pytest.mark.parametrize("name", ["map.svg", "rounds.svg", "public/map.svg"])
def test_a_drawing_is_text_and_shapes_only(twins, name):
    drawn = squeezed(drawn_texts(twins.hostile / name))
    scenario = json.loads((twins.hostile / "run.json").read_text(encoding="utf-8"))
    assert squeezed(scenario["title"]) in drawn
    for row in twins.words.rows:
        assert squeezed(" ¦ ".join(row)) in drawn


@pytest.mark.parametrize("name", ["report.pdf", "public/report.pdf", "staff/route_sheets.pdf"])
def test_a_print_says_every_text_and_does_nothing(twins, name):
    shown = printed(twins.hostile / name)
    blocks = page_blocks((twins.plain / name).with_suffix(".html").read_text(encoding="utf-8"))
    used = set(re.findall(r"zq\d{3}qz", str(blocks)))
    assert len(used) > 70
    for text in map(twins.words.hostile, used):
        is_rightward = not set(text) & RIGHT_TO_LEFT
        for word in re.findall(
            "[!-\u024f]+" if is_rightward else "[\u0590-\u06ff]", squeezed(text)
        ):
            assert word in shown, text  # other letters the font may lack, and say so


def test_a_calendar_has_no_line_that_its_twin_has_not(twins):
    for row in twins.words.rows:
        shift = " ¦ ".join(row)
        harmless = " ¦ ".join(map(twins.words.twin, row))
        found, twin = (
            events((run / "calendars" / f"{file_name_of(name)}.ics").read_bytes().decode())
            for run, name in ((twins.hostile, shift), (twins.plain, harmless))
        )
        assert len(found) == len(twin) == 1
        for event, other in zip(found, twin, strict=True):
            assert list(event) == list(other)
            for name, value in other.items():
                assert canonical(event[name]) == canonical(twins.words.hostile(value))


def test_a_track_has_no_element_that_its_twin_has_not(twins):
    for row in twins.words.rows:
        names = (" ¦ ".join(row), " ¦ ".join(map(twins.words.twin, row)))
        found, twin = (
            xml_of((run / "gpx" / f"{file_name_of(name)}.gpx").read_bytes())
            for run, name in zip((twins.hostile, twins.plain), names, strict=True)
        )
        assert found == as_hostile(twins, twin)


def test_the_record_and_the_plans_hold_every_text_as_it_is(twins):
    scenario = (twins.hostile / "scenario.toml").read_text(encoding="utf-8")
    record = json.loads((twins.hostile / "run.json").read_text(encoding="utf-8"))
    twin = json.loads((twins.plain / "run.json").read_text(encoding="utf-8"))
    assert record["scenario_toml"] == scenario
    assert record["title"] == twins.words.hostile(twin["title"])
    assert record["notes"] == list(map(twins.words.hostile, twin["notes"]))
    files = [item["file"] for item in record["inputs"]]
    assert files == [twins.words.hostile(item["file"]) for item in twin["inputs"]]
    for name in ("siting.json", "rounds.json"):
        found, other = (
            json.loads((run / name).read_text(encoding="utf-8"))
            for run in (twins.hostile, twins.plain)
        )
        assert found["problem"] == meant_in(twins, other["problem"])


def meant_in(twins, value):
    if isinstance(value, str):
        return twins.words.hostile(value)
    if isinstance(value, dict):
        return {meant_in(twins, key): meant_in(twins, item) for key, item in value.items()}
    if isinstance(value, list):
        return [meant_in(twins, item) for item in value]
    return value
