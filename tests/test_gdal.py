import re
import subprocess
import sys
from pathlib import Path


def test_gdal_is_loaded_without_the_drivers_that_reach_out():
    """In a process of its own, since GDAL reads this only once, and what writes comes first."""
    code = """if True:
        import importlib, sys
        importlib.import_module(sys.argv[1])
        from ntgeo.gdal import DRIVERS_LEFT_OUT, pyogrio
        there = pyogrio.list_drivers()
        assert not set(DRIVERS_LEFT_OUT) & set(there), there
        assert {"GPKG", "ESRI Shapefile"} <= set(there)
    """
    command = [sys.executable, "-c", code, "ntgeo.reports.exports"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_loads_gdal_but_by_this_door():
    room = Path(__file__).resolve().parents[1] / "ntgeo"
    loads = re.compile(r"^\s*(import|from) (pyogrio|fiona|osgeo)\b", re.MULTILINE)
    files = [path for path in room.rglob("*.py") if loads.search(path.read_text(encoding="utf-8"))]
    assert [path.relative_to(room).as_posix() for path in files] == ["gdal.py"]
