import zipfile

import pytest

from ntgeo.errors import InputError
from ntgeo.sources.archive import refuse_archive


def zipped(folder, *names):
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return path


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["a.shp", "a.dbf"], r"is an archive \(with a\.shp\), and only unpacked files can be read"),
        (["notes.txt"], "is an archive, and only unpacked files"),
        (["a.shp", "../x.shp"], r'its entry "\.\./x\.shp" leaves its folder'),
        (["a..b/c..shp"], r"is an archive \(with a\.\.b/c\.\.shp\)"),
    ],
)
def test_what_is_in_it_is_told_and_what_is_wrong_with_it(tmp_path, names, says):
    with pytest.raises(InputError, match=says):
        refuse_archive(zipped(tmp_path, *names))
    assert [item.name for item in tmp_path.iterdir()] == ["a.zip"]


@pytest.mark.parametrize("content", [b"PK\x05\x06", b"text", b"PK\x03\x04" + b"\x00" * 40])
def test_what_is_no_archive_is_told(tmp_path, content):
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with pytest.raises(InputError, match="is no ZIP archive, or damaged"):
        refuse_archive(path)


def test_a_list_that_says_to_be_endless_is_not_read(tmp_path):
    path = zipped(tmp_path, "../x.shp")
    content = bytearray(path.read_bytes())
    end = content.rfind(b"PK\x05\x06")
    content[end + 12 : end + 16] = b"\xff\xff\xff\x7f"
    path.write_bytes(bytes(content))
    with pytest.raises(InputError, match="is an archive, and only unpacked"):
        refuse_archive(path)
