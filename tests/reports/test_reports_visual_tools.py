import pandas as pd
import pantab
import pytest
from mapping.hostile import HOSTILE
from pyqvd import QvdTable

from ntgeo.errors import DataUnavailableError
from ntgeo.reports import visual_tools
from ntgeo.reports.exports import printable
from ntgeo.reports.rounds_tables import rounds_stops_table, unmade_table
from ntgeo.reports.siting_tables import siting_areas_table, siting_sites_table
from ntgeo.reports.visual_tools import require_exports, write_hyper, write_qvd


@pytest.fixture
def tables(siting, rounds, areas):
    problem, plan = siting
    return {
        "sites": siting_sites_table(problem, plan),
        "areas": siting_areas_table(problem, plan, areas),
        "stops": rounds_stops_table(*rounds),
        "odd": pd.DataFrame(
            {
                "count": pd.array([1, None, 30], dtype="Int64"),
                "withheld": pd.array([None, None, None], dtype="Int64"),
                "shown": ["fewer than 5", 12, None],
                # A frame cannot hold half a letter at all.
                "note": [" ".join(HOSTILE).encode("utf-8", "ignore").decode(), "", None],
                "is_open": [True, False, True],
                "share": [0.1, float("nan"), 1.0],
            }
        ),
        "empty": unmade_table(*rounds),
    }


def plain(frame):
    """Cells as text and numbers that any format can hold: missing, flags and kinds made alike."""
    found = pd.DataFrame(frame).reset_index(drop=True)
    columns = {}
    for name, column in found.items():
        kind = column.dtype
        is_number = pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_bool_dtype(kind)
        if is_number and column.notna().any():
            columns[name] = [None if pd.isna(cell) else round(float(cell), 9) for cell in column]
        else:
            columns[name] = ["" if pd.isna(cell) else printable(str(cell)) for cell in column]
    return pd.DataFrame(columns)


def test_tableau_reads_the_same_tables(tmp_path, tables, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "tables.hyper"
    write_hyper(path, tables)
    # not even the log of Tableau's engine, which repeats what it is told
    assert [item.name for item in tmp_path.iterdir()] == ["tables.hyper"]
    read = pantab.frames_from_hyper(path, process_params={"log_dir": str(tmp_path)})
    assert {key[-1] for key in read} == set(tables)
    for (_, name), frame in read.items():
        pd.testing.assert_frame_equal(plain(frame), plain(tables[name]), check_dtype=False)


def test_qlik_reads_the_same_tables(tmp_path, tables):
    for name, frame in tables.items():
        path = tmp_path / f"{name}.qvd"
        write_qvd(path, frame)
        read = QvdTable.from_qvd(str(path)).to_pandas()
        pd.testing.assert_frame_equal(plain(read), plain(frame), check_dtype=False)


def test_a_file_that_cannot_be_written_leaves_the_one_before(tmp_path, tables, monkeypatch):
    for write, path, what in (
        (write_hyper, tmp_path / "tables.hyper", {"odd": tables["odd"]}),
        (write_qvd, tmp_path / "odd.qvd", tables["odd"]),
    ):
        write(path, what)
        before = path.read_bytes()
        with monkeypatch.context() as patched:
            patched.setattr(visual_tools, "_typed", lambda _: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                write(path, what)
        assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 2


def test_what_is_not_installed_is_told_before_any_work(monkeypatch):
    require_exports(["parquet", "hyper", "qvd"])
    monkeypatch.setattr(visual_tools, "find_spec", lambda _: None)
    require_exports(["parquet"])
    with pytest.raises(DataUnavailableError, match=r"pantab: it writes .* \"ntgeo\[hyper\]\""):
        require_exports(["hyper"])
