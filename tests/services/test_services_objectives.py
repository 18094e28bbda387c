"""Each objective goes all the way: solved, checked, drawn and told."""

import pandas as pd
import pytest
from tiny_borough import CODES, write_borough

from ntgeo import Workspace

QUESTIONS = {
    "max-coverage": "site_count = 1\ntravel_limit_min = 1",
    "set-cover": "travel_limit_min = 3",
    "p-centre": "site_count = 2",
    "kolm-pollak": "site_count = 2\ninequality_aversion = 0.5",
}


@pytest.mark.parametrize("objective", QUESTIONS)
def test_a_scenario_may_ask_for_it(tmp_path, objective):
    borough = tmp_path / "borough"
    write_borough(borough)
    path = borough / "scenario.toml"
    text = path.read_text().split("\n[siting]")[0]
    path.write_text(f'{text}\n[siting]\nobjective = "{objective}"\n{QUESTIONS[objective]}\n')
    run = Workspace(tmp_path).run(path)
    assert run.record.siting.status == "optimal"
    assert Workspace(tmp_path).check(run.folder).is_sound
    areas = pd.read_csv(run.folder / "areas.csv")
    assert len(areas) == len(CODES)
    is_short = bool(areas["is_unserved"].any())
    assert int(run.record.outcome) == int(is_short)
    assert is_short is (objective == "max-coverage")
    if is_short:
        assert areas.loc[areas["is_unserved"], "reason"].notna().all()
