"""Files spoilt at random: told in words, or taken with every use accounted for.

``scripts/benchmarks/spoilt_inputs.py`` does the same to the sample, as often as is asked.
"""

import json
import random

import pytest
from random_spoiling import spoil

from ntgeo.cli.app import app
from ntgeo.cli.door import guarded

FILES = ("areas.geojson", "centroids.csv", "demand.csv", "depots.csv", "deprivation.csv")
MORE_FILES = ("lookup.csv", "population.csv", "postcodes.csv", "scenario.toml", "shifts.csv")
EACH = 3


@pytest.mark.parametrize("file", [*FILES, *MORE_FILES, "sites.csv", "visits.csv"])
def test_a_file_spoilt_at_random_is_told_or_adds_up(borough, capsys, file):
    asked = ["validate", str(borough / "scenario.toml"), "--folder", str(borough), "--json"]
    sound = (borough / file).read_bytes()
    for number in range(EACH):
        chance = random.Random(f"{file}/{number}")  # noqa: S311 - repeatable, not secret
        how = spoil(borough / file, chance)
        capsys.readouterr()
        code = guarded(lambda: app(asked, standalone_mode=False))
        shown = capsys.readouterr()
        assert code in {0, 2, 4}, (how, number, shown.err)
        assert "Traceback" not in shown.err
        (told,) = json.loads(shown.out)["files"]
        if code:
            assert told["faults"] or told["refusals"], (how, number)
            assert all(fault["fix"] for fault in told["faults"]), (how, number)
            assert all("Fix:" in text for text in told["refusals"]), (how, number)
        for item in told["records"]:
            parts = item["kept"] + item["outside"] + item["set_aside"]
            assert parts == pytest.approx(item["total"], abs=1e-6)
        (borough / file).write_bytes(sound)
