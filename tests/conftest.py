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
    """With ``--dist loadgroup`` a file stays in one process, and so does all that needs the run."""
    for item in items:
        is_of_run = "sample_run" in getattr(item, "fixturenames", ())
        name = "sample_run" if is_of_run else item.nodeid.split("::")[0]
        item.add_marker(pytest.mark.xdist_group(name))


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
