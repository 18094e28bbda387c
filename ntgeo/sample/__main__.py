"""Write the synthetic sample: ``python -m ntgeo.sample FOLDER [--seed N] [--full]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ntgeo.sample.borough import SEED, write_sample

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the sample and say what was written."""
    parser = argparse.ArgumentParser(prog="python -m ntgeo.sample", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of all chance (default {SEED})")
    parser.add_argument("--full", action="store_true", help="two million service records")
    asked = parser.parse_args(arguments)
    paths = write_sample(asked.folder, seed=asked.seed, full_scale=asked.full)
    for path in paths:
        sys.stdout.write(f"{path.name}: {path.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
