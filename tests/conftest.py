"""What every test may ask for, and what none may do."""

import os
import socket
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED_DATA = Path(os.environ.get("NTGEO_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_connect = socket.socket.connect


def _connect_to_loopback_only(self, address):
    if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in _LOOPBACK:
        msg = f"a test tried to reach {address[0]}"
        raise PermissionError(msg)
    return _connect(self, address)


@pytest.fixture(autouse=True)
def _sockets_reach_loopback_only(monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", _connect_to_loopback_only)


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest, so that no process is left with one at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With ``--dist loadfile`` a file stays in one process, and so do all that need the run."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 - only there with xdist

    class FilesAndTheRun(LoadFileScheduling):
        def _split_scope(self, nodeid):
            file = super()._split_scope(nodeid)
            is_of_run = "sample_run" in (config.rootpath / file).read_text(encoding="utf-8")
            return "sample_run" if is_of_run else file

    return FilesAndTheRun(config, log)


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    if not SHARED_DATA.is_dir():
        message = f"open data not found at NTGEO_SHARED_DATA ({SHARED_DATA})"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return SHARED_DATA


@pytest.fixture(scope="session")
def sample_run(repository, tmp_path_factory):
    """One run of the sample borough, shared by every test that only looks at it."""
    from ntgeo import Workspace  # noqa: PLC0415 - tests of import time must not load it

    return Workspace(tmp_path_factory.mktemp("sample")).run(
        repository / "data" / "sample" / "scenario.toml"
    )
