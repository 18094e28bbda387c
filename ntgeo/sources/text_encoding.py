"""Which bytes stand for which letters: UTF-8, UTF-16 or Windows-1252, never guessed silently."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ntgeo.errors import Fault, InputError
from ntgeo.sources.local_file import refuse
from ntgeo.sources.noted import Cleansed

__all__ = ["TextEncoding", "find_encoding", "refuse_disguises"]

_BLOCK_BYTES: Final = 1 << 22
_WORD_BYTES: Final = 24
_NOT_WINDOWS_1252: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_MULTIBYTE: Final = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_WIDE_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WIDEST_MARKS: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_SAVE_AS_UTF_8: Final = 'save it as "CSV UTF-8"'
_DISGUISES: Final = (
    (b"PK\x03\x04", "is an Excel workbook or a ZIP archive", "rename it to .xlsx, or save as CSV"),
    (
        b"\xd0\xcf\x11\xe0",
        "is an old or password-protected Excel workbook",
        'save it without a password as "CSV UTF-8" or .xlsx',
    ),
    (b"%PDF", "is a PDF document", "export the table as CSV"),
    (b"PAR1", "is a Parquet file", "rename it to .parquet, or export it as CSV"),
    (b"\x1f\x8b", "is compressed (gzip)", "unpack it first"),
    (b"SQLite format 3", "is a database or GeoPackage", "export the table as CSV"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEncoding:
    """How the letters of a text file are written.

    Args:
        name: Python's name of the encoding.
        notes: What the user should know of it; empty for plain UTF-8.
    """

    name: str
    notes: tuple[str, ...] = ()


def refuse_disguises(path: Path) -> None:
    """Refuse a text table that is something else by its first bytes.

    Raises:
        InputError: It is a workbook, a web page, a document or an archive.
    """
    with path.open("rb") as stream:
        head = stream.read(1024)
    if head.startswith(_WIDEST_MARKS):
        refuse(path.name, "is UTF-32, which few programs write", _SAVE_AS_UTF_8, "encoding")
    if head.count(0) * 4 > len(head) and not head.startswith(_WIDE_MARKS):
        what = "holds NUL bytes; it may be UTF-16 without a mark"
        refuse(path.name, what, _SAVE_AS_UTF_8, "encoding")
    for magic, what, fix in _DISGUISES:
        if head.startswith(magic):
            refuse(path.name, what + ", not a CSV", fix, "not-a-csv")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        shown = start[:14].decode("ascii", "replace")
        refuse(
            path.name,
            f'is a web page (it starts "{shown}"), not a CSV',
            "sign in where it came from and download it again",
            "not-a-csv",
        )
    if start.startswith((b"<?xml", b'{"', b"{\n", b"{\r", b"[{")):
        refuse(path.name, "is XML or JSON, not a CSV", "export the table as CSV", "not-a-csv")


def find_encoding(path: Path) -> TextEncoding:
    """Tell how a text file is encoded, by its mark or by trying the whole of it.

    Raises:
        InputError: It is neither UTF-8, UTF-16 with a mark, nor Windows-1252; or it mixes two.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
    if head.startswith(_WIDE_MARKS):
        if not _decodes(path, "utf-16"):
            refuse(path.name, "is cut off or damaged (UTF-16)", "export it again", "encoding")
        note = Cleansed("encodings", f"{path.name}: read as UTF-16.")
        return TextEncoding(name="utf-16", notes=(note,))
    if not _decodes(path, "utf-8"):
        return _windows_1252(path, path.read_bytes())
    return TextEncoding(name="utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _windows_1252(path: Path, content: bytes) -> TextEncoding:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        position = error.start
    row = content.count(b"\n", 0, position) + 1
    letters = _MULTIBYTE.findall(content)
    strange = _NOT_WINDOWS_1252.search(_MULTIBYTE.sub(b"", content) if letters else content)
    if letters or strange:
        shown = content[position : position + 2].hex(" ").upper()
        what = (
            f"bytes {shown} are not UTF-8, though the rest of the file is"
            if letters
            else f"bytes {shown} are neither UTF-8 nor Windows-1252"
        )
        fix = 'export the whole file again as "CSV UTF-8"; do not paste files together'
        column = _column_at(content, position)
        raise InputError(
            Fault(file=path.name, row=row, column=column, what=what, fix=fix, code="encoding")
        )
    note = (
        f"{path.name}: read as Windows-1252, because byte 0x{content[position]:02X} in row "
        f'{row:,} is not UTF-8; check that "{_word_at(content, position)}" looks right, or save '
        'the file as "CSV UTF-8".'
    )
    return TextEncoding(name="cp1252", notes=(Cleansed("encodings", note),))


def _column_at(content: bytes, position: int) -> str | None:
    """Return the heading above a byte, if the first line holds headings."""
    first, _, _ = content.partition(b"\n")
    mark = max((b",", b";", b"\t", b"|"), key=first.count)
    before = content[content.rfind(b"\n", 0, position) + 1 : position]
    place = b"".join(before.split(b'"')[::2]).count(mark)
    headings = [part.strip(b'" \r') for part in first.split(mark)]
    return headings[place].decode("utf-8", "replace") if place < len(headings) else None


def _word_at(content: bytes, position: int) -> str:
    near = content[max(0, position - _WORD_BYTES) : position + _WORD_BYTES].decode("cp1252")
    offset = min(position, _WORD_BYTES)
    before = re.split(r"[^\w'’-]", near[:offset])[-1]
    after = re.split(r"[^\w'’-]", near[offset:])[0]
    return before + after
