"""``ntgeo sheets``: addresses are printed for the staff who go, and never enter a run."""

import json

import pypdf
import pytest
import toytown

from ntgeo import Workspace, reports
from ntgeo.domain.solving import SolveLimits
from ntgeo.routing import solve_routing
from ntgeo.services.plan_files import write_rounds


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    problem = toytown.routing_problem()
    plan = solve_routing(problem, SolveLimits(time_limit_s=20))
    write_rounds(folder, problem, plan)
    ways = {
        route.shift: ["", *("Turn left into Mill Lane" for _ in route.stops[1:])]
        for route in plan.routes
    }
    stops = reports.rounds_stops_table(problem, plan, ways)
    reports.write_csv_table(folder / "stops.csv", stops)
    return folder


@pytest.fixture
def lines(tmp_path):
    def write(text):
        path = tmp_path / "lines.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


GOOD = (
    "visit_id,address_line,note,name,nhs_number\n"
    "V1,1 Mill Lane,key safe by the door,Ann Other,9434765919\n"
    "V2,=2 <b>Quay</b>,,Bob Other,9434765870\n"
    "V9,9 Far Away,,Cy Other,\n"
)


def test_sheets_have_addresses_notes_and_the_way(ntgeo, run, lines, tmp_path):
    before = {path: path.read_bytes() for path in run.iterdir()}
    out = tmp_path / "staff" / "today"
    code, shown, _ = ntgeo("sheets", run, "--lines", lines(GOOD), "--out", out)
    assert code == 0
    page = (out / "route_sheets.html").read_text(encoding="utf-8")
    for text in ("1 Mill Lane", "key safe by the door", "Turn left into Mill Lane"):
        assert text in page
    assert "=2 &lt;b&gt;Quay&lt;/b&gt;" in page
    printed = " ".join(p.extract_text() for p in pypdf.PdfReader(out / "route_sheets.pdf").pages)
    assert "1 Mill Lane" in printed
    for text in ("Ann Other", "9434765919", "9 Far Away"):
        assert text not in page + printed + shown
    assert "keep them as you keep case files" in shown
    assert {path: path.read_bytes() for path in run.iterdir()} == before


def test_visits_without_an_address_are_named(ntgeo, run, lines, tmp_path):
    path = lines("visit_id,address_line\nV2,2 Quay\n")
    code, shown, _ = ntgeo("sheets", run, "--lines", path, "--out", tmp_path / "o", "--json")
    assert code == 0
    assert "V1" in json.loads(shown)["without_address"]
    _, shown, _ = ntgeo("sheets", run, "--lines", path, "--out", tmp_path / "o")
    assert "Without an address line, since lines.csv has none: V1" in shown


def test_the_run_itself_takes_no_address(ntgeo, run, lines):
    code, _, told = ntgeo("sheets", run, "--lines", lines(GOOD), "--out", run / "staff")
    assert code == 2
    assert "this folder is within the run" in told
    assert "give a folder that only the staff concerned can open" in told
    assert not (run / "staff").exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("visit_id\nV1\n", "address_line"),
        ("visit_id,address_line\n,1 Mill Lane\nV1,x\n,y\n", "the id is missing"),
        ("visit_id,address_line\nV1,1 Mill Lane\nV1,2 Quay\n", "V1"),
    ],
)
def test_a_faulty_file_is_told_without_its_addresses(ntgeo, run, lines, tmp_path, text, sentence):
    code, _, told = ntgeo("sheets", run, "--lines", lines(text), "--out", tmp_path / "out")
    assert code == 2
    assert sentence in told
    assert "Mill Lane" not in told
    assert not (tmp_path / "out").exists()


def test_ways_that_are_of_another_plan_are_left_out(run, lines, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    for path in run.iterdir():
        (other / path.name).write_bytes(path.read_bytes())
    stops = (other / "stops.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (other / "stops.csv").write_text("".join(stops[:-1]), encoding="utf-8")
    done = Workspace().print_sheets(other, lines(GOOD), tmp_path / "out")
    assert "Turn left" not in done.files[0].read_text(encoding="utf-8")
