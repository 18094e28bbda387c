import os

import pytest

from ntgeo.errors import (
    DataUnavailableError,
    DuplicateIdError,
    Fault,
    InputError,
    MissingColumnError,
)
from ntgeo.sources.local_file import check_local_file, raise_faults, unchanged


def test_an_ordinary_file_comes_in(write):
    path = write("a.csv", "x\n1\n")
    assert check_local_file(str(path)) == path


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/a.csv",
        "https:/example.org/a.csv",
        "/vsicurl/http://example.org/a.csv",
        "/vsizip/a.zip/a.shp",
        "zip://a.zip!a.shp",
        "s3://bucket/a.csv",
        "GeoJSON:/etc/passwd",
    ],
)
def test_addresses_and_archives_are_refused(address):
    with pytest.raises(InputError, match="only files on this computer") as caught:
        check_local_file(address)
    assert caught.value.faults[0].code == "not-a-local-file"


def test_link_pipe_and_folder_are_refused(write, tmp_path):
    (tmp_path / "link.csv").symlink_to(write("a.csv", "x\n"))
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    for name in ("link.csv", "pipe.csv", "folder.csv"):
        with pytest.raises(InputError, match=f"{name}: is not a regular file"):
            check_local_file(tmp_path / name)


def test_missing_file_is_data_unavailable(tmp_path):
    with pytest.raises(DataUnavailableError, match=r"gone\.csv: there is no such file"):
        check_local_file(tmp_path / "gone.csv")


def test_empty_file_says_so(write):
    with pytest.raises(InputError, match=r"a\.csv: is empty \(0 bytes\)\. Fix: export it again"):
        check_local_file(write("a.csv", b""))


def test_a_file_that_changes_while_read_is_refused(write):
    path = write("a.csv", "x\n1\n")
    with pytest.raises(InputError, match="changed while it was being read"), unchanged(path):
        path.write_text("x\n1\n2\n", encoding="utf-8")


def test_faults_of_one_kind_raise_that_kind():
    missing = Fault(file="a", what="w", fix="f", code="missing-column")
    twice = Fault(file="a", what="w", fix="f", code="duplicate-id")
    raise_faults([])
    with pytest.raises(MissingColumnError):
        raise_faults([missing, missing])
    with pytest.raises(DuplicateIdError):
        raise_faults([twice])
    with pytest.raises(InputError) as caught:
        raise_faults([missing, twice])
    assert type(caught.value) is InputError
    assert len(caught.value.faults) == 2
