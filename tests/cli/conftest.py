"""The command line as a user has it."""

import pytest

from ntgeo.cli.app import app
from ntgeo.cli.door import guarded


@pytest.fixture
def ntgeo(capsys):
    """Return a function that runs a command and gives its exit code, output and errors."""

    def call(*arguments):
        code = guarded(lambda: app([str(part) for part in arguments], standalone_mode=False))
        shown = capsys.readouterr()
        assert "Traceback" not in shown.out + shown.err
        assert "bug in ntgeo" not in shown.err, shown.err
        return code, shown.out, shown.err

    return call


@pytest.fixture(scope="session")
def sample(repository):
    return repository / "data" / "sample"
