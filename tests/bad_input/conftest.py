"""The borough that bad inputs are planted in, and the list of all cases at the end of a session."""

import csv
import importlib
import os
import shutil
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from argued import ARGUED
from asking import Told, ask, tell
from tiny_borough import write_borough

_NO_TABLE = "bad-inputs.csv not found beside NTGEO_SHARED_DATA"
_CHECKED = pytest.StashKey[list[str]]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A row of the table."""

    area: str
    kind: str
    bad_input: str


def read_cases() -> dict[str, Case]:
    """Return id → case; empty where the table is not at hand."""
    repository = Path(__file__).resolve().parents[2]
    data = Path(os.environ.get("NTGEO_SHARED_DATA", repository.parent / "shared" / "data"))
    table = data.parent / "bad-inputs.csv"
    if not table.is_file():
        return {}
    with table.open(encoding="utf-8-sig", newline="") as stream:
        return {
            row["id"]: Case(area=row["area"], kind=row["class"], bad_input=row["bad_input"])
            for row in csv.DictReader(stream)
        }


@pytest.fixture(scope="session")
def cases() -> dict[str, Case]:
    found = read_cases()
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(_NO_TABLE)
    return found


@pytest.fixture(scope="session")
def _written_borough(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("written") / "borough"
    write_borough(folder)
    return folder


@pytest.fixture
def borough(_written_borough, tmp_path) -> Path:
    """A folder with the tiny borough, to be spoilt."""
    return Path(shutil.copytree(_written_borough, tmp_path / "borough"))


@pytest.fixture(name="ask")
def _ask(request, capsys) -> Callable[..., Told]:
    """Return ``ask(folder, command, *options)``: what ntgeo tells of the scenario."""
    node = request.node
    node.stash[_CHECKED] = []

    def asked(folder: Path, *command: str, **more) -> Told:
        told = ask(folder, command, capsys, **more)
        told.checked = node.stash[_CHECKED]
        return told

    return asked


@pytest.fixture(name="tell")
def _tell(request, capsys, ask) -> Callable[..., Told]:
    """Return ``tell(folder, *arguments)``: what ntgeo tells of a command that is given whole."""
    assert ask is not None

    def told_of(folder: Path, *arguments: str | Path) -> Told:
        told = tell(folder, [str(argument) for argument in arguments], capsys)
        told.checked = request.node.stash[_CHECKED]
        return told

    return told_of


@pytest.fixture(scope="session")
def _readers() -> None:
    """Load what reads files, since that takes longer than what it does."""
    for name in ("services.steps", "sources.vector_file", "roads.files.osm", "roads.files.graphml"):
        importlib.import_module(f"ntgeo.{name}")


@pytest.fixture
def quickly(_readers) -> Iterator[None]:
    """Hold what is hostile to five seconds and a little memory."""
    tracemalloc.start()
    since = time.monotonic()
    yield
    took_s = time.monotonic() - since
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took_s < 5
    assert most_bytes < 100e6


def _ids_of(item: pytest.Item) -> list[str]:
    return [case for mark in item.iter_markers("bad_input") for case in mark.args]


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    """Hold a case to its class: the one of the table, unless the replacement is argued."""
    ids = _ids_of(pyfuncitem)
    pyfuncitem.user_properties.extend(("bad_input", case) for case in ids)
    done = yield
    table = read_cases() if ids else {}
    checked = pyfuncitem.stash.get(_CHECKED, [])
    for case in ids:
        if table and case not in ARGUED:
            assert table[case].kind in checked, f"{case} is not checked as {table[case].kind}"
    return done


def _outcomes(terminalreporter) -> dict[str, str]:
    """Return id → passed, argued (and, where it is tested too, how that ended) or failed."""
    outcome = dict.fromkeys(ARGUED, "argued")
    for kind in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(kind, []):
            for name, case in getattr(report, "user_properties", []):
                if name == "bad_input":
                    ended = "passed" if kind == "passed" else "failed"
                    outcome[case] = f"argued, {ended}" if case in ARGUED else ended
    return outcome


def pytest_terminal_summary(terminalreporter, config):
    """With ``-m bad_input``, list every case by area and class."""
    table = read_cases()
    if "bad_input" not in (config.option.markexpr or "") or not table:
        return
    outcome = _outcomes(terminalreporter)
    groups: dict[tuple[str, str], list[str]] = {}
    for case, row in table.items():
        groups.setdefault((row.area, row.kind), []).append(case)
    terminalreporter.section("bad inputs, by area and class")
    for (area, kind), ids in groups.items():
        terminalreporter.write_line(f"{area} {kind}: {len(ids)} cases")
        for case in ids:
            ended = outcome.get(case, "missing")
            terminalreporter.write_line(f"  {case:<4} {ended:<15} {table[case].bad_input}")
            if case in ARGUED:
                terminalreporter.write_line(f"{'':23}{ARGUED[case]}")
    counts = Counter(outcome.get(case, "missing") for case in table)
    told = ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))
    terminalreporter.write_line(f"{len(table)} cases: {told}")
