"""The sample's day without the richer rules, for tests that bring rules of their own."""

import re
from pathlib import Path

import pandas as pd

_KEPT = {
    "shifts.csv": (
        "shift_id", "staff_id", "start_time", "end_time", "start_depot", "end_depot", "skills",
        "break_min", "break_earliest", "break_latest",
    ),
    "visits.csv": (
        "visit_id", "duration_min", "window_start", "window_end", "window2_start", "window2_end",
        "skills", "priority", "easting", "northing",
    ),
}  # fmt: skip


def make_plain(folder: Path) -> None:
    """Leave of a copy of the sample's day only what every day has."""
    for file, columns in _KEPT.items():
        table = pd.read_csv(folder / file, dtype=str, keep_default_na=False)
        kept = [column for column in columns if column in table.columns]
        table[kept].to_csv(folder / file, index=False, lineterminator="\n")
    scenario = folder / "scenario.toml"
    text = re.sub(r"\n\[rounds\.prices\]\n(?:[^\[].*\n?|\n)*", "\n", scenario.read_text())
    scenario.write_text(text.replace('links = "links.csv"\n', ""))
