import subprocess
import sys

import pytest

from ntgeo import demand


def test_every_public_name_is_there_and_listed():
    assert dir(demand) == sorted(demand.__all__)
    for name in demand.__all__:
        assert getattr(demand, name) is not None


def test_an_unknown_name_is_told():
    with pytest.raises(AttributeError, match="forecast"):
        demand.forecast  # noqa: B018 - the look-up is the test


def test_the_regressions_are_not_loaded_before_they_are_asked_for():
    code = "import sys, ntgeo.demand; print('statsmodels' in sys.modules, 'scipy' in sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert done.stdout.split() == ["False", "False"]
