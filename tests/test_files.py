import hashlib

import pytest

from ntgeo.files import parse_json, replaced, sha256_of, write_text


def test_a_file_is_written_whole(tmp_path):
    path = tmp_path / "deep" / "plan.csv"
    write_text(path, "Siân\n")
    assert path.read_bytes() == "Siân\n".encode()
    assert sha256_of(path) == hashlib.sha256("Siân\n".encode()).hexdigest()
    assert [item.name for item in path.parent.iterdir()] == ["plan.csv"]


def test_on_an_error_the_old_file_stays_and_nothing_else(tmp_path):
    path = tmp_path / "plan.csv"
    write_text(path, "good")

    def spoil():
        with replaced(path) as temporary:
            temporary.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        spoil()
    assert path.read_text() == "good"
    assert [item.name for item in tmp_path.iterdir()] == ["plan.csv"]


def test_the_temporary_file_keeps_the_suffix(tmp_path):
    with replaced(tmp_path / "plan.gpkg") as temporary:
        assert temporary.suffix == ".gpkg"
        assert temporary.parent == tmp_path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_without_half_a_letter_is_read_as_it_stands(encoding):
    text = '{"name": ["Siân \\ud83c\\udfe5", 1.5, null], "\\ud800": {"a": ["x\\udfffy"]}}'
    found = parse_json(text.encode(encoding))
    assert found == {"name": ["Siân 🏥", 1.5, None], "\ufffd": {"a": ["x\ufffdy"]}}


@pytest.mark.parametrize("content", [b"", b"{", b'"\xff"', b'"\xed\xa0\x80"'])
def test_what_is_no_json_is_refused(content):
    with pytest.raises(ValueError):  # noqa: PT011 - of the two kinds that the decoders raise
        parse_json(content)
