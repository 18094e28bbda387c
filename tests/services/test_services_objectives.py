"""Each objective goes all the way: solved, checked, drawn and told."""

import shutil

import pandas as pd
import pytest

from ntgeo import Workspace

QUESTIONS = {
    "max-coverage": "site_count = 3\ntravel_limit_min = 3",
    "set-cover": "travel_limit_min = 6",
    "p-centre": "site_count = 5",
    "kolm-pollak": "site_count = 5\ninequality_aversion = 0.5",
}

PLAINLY = "[siting.explain]\nchanges = false\nnext_best_count = 0\nflips = false\n"
"""What else could be done has tests of its own, and takes longer than the answer."""


@pytest.mark.slow
@pytest.mark.parametrize("objective", QUESTIONS)
def test_a_scenario_may_ask_for_it(repository, tmp_path, objective):
    borough = tmp_path / "borough"
    shutil.copytree(repository / "data" / "sample", borough)
    path = borough / "scenario.toml"
    text = path.read_text().split("\n[siting]")[0]
    path.write_text(
        f'{text}\n[siting]\nobjective = "{objective}"\n{QUESTIONS[objective]}\n{PLAINLY}'
    )
    run = Workspace(tmp_path).run(path)
    assert run.record.siting.status == "optimal"
    assert Workspace(tmp_path).check(run.folder).is_sound
    areas = pd.read_csv(run.folder / "areas.csv")
    assert len(areas) == 130
    is_short = bool(areas["is_unserved"].any())
    assert int(run.record.outcome) == int(is_short)
    if is_short:
        assert areas.loc[areas["is_unserved"], "reason"].notna().all()
