"""What is not a table of demand at all, by its bytes."""

import pytest
from asking import refused


@pytest.mark.bad_input("D01")
def test_a_file_of_no_bytes(borough, ask):
    (borough / "demand.csv").write_bytes(b"")
    told = ask(borough, "demand")
    refused(told, "is empty (0 bytes)", "Fix: export it again", file="demand.csv")
