"""What holds for the package as a whole."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import ntgeo

HEAVY = ("ortools", "osmnx", "folium", "networkx", "geopandas", "matplotlib", "statsmodels")


def python(code, **environment):
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    return done.stdout.strip()


def test_import_loads_no_heavy_library():
    loaded = json.loads(python("import json, sys, ntgeo; print(json.dumps(sorted(sys.modules)))"))
    assert [name for name in HEAVY if name in loaded] == []


def test_the_check_loads_no_solver(sample_run):
    code = (
        "import json, sys\n"
        "from ntgeo.services.check_run import check_run\n"
        "from pathlib import Path\n"
        f"assert check_run(Path({str(sample_run.folder)!r})).is_sound\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    loaded = json.loads(python(code))
    assert [name for name in loaded if name.split(".")[0] in {"ortools", "numba"}] == []
    assert not [name for name in loaded if name in {"ntgeo.siting.solve", "ntgeo.routing.solve"}]


def test_every_public_name_is_there():
    for name in ntgeo.__all__:
        assert getattr(ntgeo, name) is not None
    with pytest.raises(AttributeError, match="no attribute"):
        _ = ntgeo.nothing


@pytest.mark.parametrize(
    "room",
    ["sources", "sample", "demand", "roads", "siting", "routing", "mapping", "reports"],
)
def test_every_public_name_of_a_room_is_there(room):
    module = __import__(f"ntgeo.{room}", fromlist=["__all__"])
    for name in module.__all__:
        assert getattr(module, name) is not None


def source_files(repository):
    return [*(repository / "ntgeo").rglob("*.py"), *(repository / "scripts").rglob("*.py")]


def test_no_file_is_long(repository):
    lengths = {path: len(path.read_text().splitlines()) for path in source_files(repository)}
    assert {str(path): n for path, n in lengths.items() if n > 400} == {}


def test_the_lock_pins_every_dependency_with_hashes_and_names_no_index(repository):
    import tomllib  # noqa: PLC0415

    lock = (repository / "requirements.lock").read_text()
    assert "://" not in lock
    assert "--index" not in lock
    pinned = {line.split("==")[0] for line in lock.splitlines() if "==" in line}
    project = tomllib.loads((repository / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {w.split(">")[0].split("=")[0].lower().replace("_", "-") for w in wanted}
    assert names - pinned == set()
    pins = [block for block in lock.replace("\\\n", " ").splitlines() if "==" in block]
    assert all("--hash=sha256:" in block for block in pins)


def test_nothing_committed_holds_a_path_of_a_machine(repository):
    listed = subprocess.run(
        ["git", "ls-files"],  # noqa: S607
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    home = str(Path.home())
    for name in listed.stdout.splitlines():
        path = repository / name
        if path.suffix in {".py", ".md", ".toml", ".csv", ".json", ".html", ".css", ".js", ".sh"}:
            text = path.read_text(encoding="utf-8")
            assert str(repository) not in text, name
            assert home + "/" not in text, name
