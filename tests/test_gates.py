"""A gate that lets everything through is no gate: each is tried with a planted violation."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent


@pytest.fixture
def checkout(repository, tmp_path):
    for name in ("ntgeo", "pyproject.toml"):
        source = repository / name
        if source.is_dir():
            skipped = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, tmp_path / name, ignore=skipped)
        else:
            shutil.copy(source, tmp_path / name)
    return tmp_path


def gate(checkout, *command):
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    program, *arguments = command
    return subprocess.run(  # noqa: S603 - our own gates
        [str(BIN / program), *arguments],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("domain/units.py", "import ntgeo.services.question", "imports run one way"),
        ("siting/verify/values.py", "import ntgeo.routing.verify", "imports run one way"),
        ("roads/files/reading.py", "import folium", "folium only in mapping"),
        ("reports/tables_of.py", "import ortools", "OR-Tools only in siting and routing"),
        ("mapping/page.py", "import osmnx", "osmnx and networkx only in roads"),
        ("routing/solve.py", "import pandas", "data frames stay out of the centre"),
        ("siting/verify/values.py", "import ntgeo.siting.solve", "never sees a solver"),
    ],
)
def test_import_contracts_bite(checkout, file, line, contract):
    path = checkout / "ntgeo" / file
    text = path.read_text() if path.exists() else ""
    path.write_text(f"{text}\n{line}\n")
    done = gate(checkout, "lint-imports", "--no-cache")
    assert done.returncode == 1
    broken = [row for row in done.stdout.splitlines() if "BROKEN" in row]
    assert any(contract in row for row in broken), done.stdout


def test_a_new_room_must_be_named_in_the_contracts(checkout):
    (checkout / "ntgeo" / "attic.py").write_text('"""Nothing."""\n')
    done = gate(checkout, "lint-imports", "--no-cache")
    assert done.returncode == 1


@pytest.mark.parametrize(
    "line",
    ["import os, sys", "def f(x): return x", "print(1)", "x = eval('1')"],
)
def test_lint_bites(checkout, line):
    path = checkout / "ntgeo" / "settings.py"
    path.write_text(f"{path.read_text()}\n\n{line}\n")
    assert gate(checkout, "ruff", "check", "--no-cache", "ntgeo/settings.py").returncode == 1
    assert gate(checkout, "ruff", "check", "--no-cache", "ntgeo/errors.py").returncode == 0


def test_types_bite(checkout):
    path = checkout / "ntgeo" / "progress.py"
    path.write_text(f"{path.read_text()}\n\nLENGTH: int = 'long'\n")
    done = gate(checkout, "mypy", "--no-incremental", "ntgeo/progress.py")
    assert done.returncode == 1
    assert "Incompatible types" in done.stdout
