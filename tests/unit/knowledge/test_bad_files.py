"""Files that would break a reader: refused with one clear line, or read; quickly, either way."""

import io
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.domain.errors import UnreadableFileError
from knowledge.parsing.files import MAX_LINES, read_bytes, read_text, source_name
from knowledge.structure.chunks import chunks
from tests.unit.knowledge.papers import Said, W, archive, docx, paragraph, pdf

SECONDS = 30
"""Far more than any of these takes, far less than a run-away one would."""


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < SECONDS


def text_of(name: str, content: bytes, folder: Path) -> str:
    path = folder / name
    path.write_bytes(content)
    return read_text(path, read_bytes(path))


def zip_bomb() -> bytes:
    return archive({f"word/{n}.xml": b"0" * (100 << 20) for n in range(3)})


def large_part() -> bytes:
    return archive({"word/document.xml": b"<w>" + b" " * (60 << 20)})


def lying_bomb() -> bytes:
    """An archive that declares less than it unpacks to."""
    content = bytearray(archive({"word/document.xml": b"<w>" + b" " * (60 << 20)}))
    honest = (3 + (60 << 20)).to_bytes(4, "little")
    return bytes(content).replace(honest, (100).to_bytes(4, "little"))


def entities() -> bytes:
    steps = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<!DOCTYPE w [<!ENTITY e0 "0123456789">{steps}]>'
    body = f"<w:document {W}><w:body><w:p><w:r><w:t>&e9;</w:t></w:r></w:p></w:body></w:document>"
    return archive({"word/document.xml": declared + body})


def wide_docx() -> bytes:
    cells = "<w:tc><w:p/></w:tc>" * 10_000
    return docx(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>")


def spanning_docx() -> bytes:
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="999999"/></w:tcPr><w:p/></w:tc>'
    return docx(f"<w:tbl><w:tr>{wide}</w:tr></w:tbl>")


def wide_html() -> bytes:
    return ("<table><tr>" + "<td>1</td>" * 10_000 + "</tr></table>").encode()


def long_pdf() -> bytes:
    return pdf([[]] * 10_000)


def locked_pdf() -> bytes:
    """A PDF that says it is encrypted with a password nobody gives."""
    key = "00" * 32
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -44 >>"
    return pdf([[]]).replace(b"/Root 1 0 R", f"/Root 1 0 R {lock} /ID [<00> <00>]".encode())


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.docx", zip_bomb, "unpacks to 300 MB in 3 parts; refused"),
        ("a.docx", large_part, "word/document.xml unpacks to 60 MB; refused"),
        ("a.docx", lying_bomb, "not a readable docx"),
        ("a.docx", entities, "declares entities of its own; refused"),
        ("a.docx", lambda: archive({"a.docx": archive({"b": b"c"})}), "there is no word/document"),
        ("a.docx", lambda: archive({}), "there is no word/document.xml"),
        ("a.docx", lambda: docx(""), "there is no text in the file"),
        ("a.docx", lambda: archive({"word/document.xml": ""}), "not a readable docx"),
        ("a.docx", lambda: b"PK\3\4", "archive is broken"),
        ("a.docx", lambda: archive({"word/vbaProject.bin": b"x"}), "contains macros"),
        ("a.docm", lambda: docx(paragraph("甲")), "contains macros; save it as .docx"),
        ("a.docx", wide_docx, "a table has 501 columns"),
        ("a.docx", spanning_docx, "a table has 999999 columns"),
        ("a.html", wide_html, "a table has 501 columns; the limit is 500, split it"),
        ("a.txt", lambda: b"a\t" * 9_999 + b"b", "a table has 10000 columns"),
        ("a.md", lambda: b"|a" * 10_000 + b"|", "a table has 10000 columns"),
        ("a.txt", lambda: b"1\t2\n" * 1_000_000, r"1,000,000 lines; the limit is 300,000, split"),
        ("a.txt", lambda: b"\0" * 5_000, "the file is empty"),
        ("a.txt", lambda: bytes(range(256)) * 40, "encoding"),
        ("a.pdf", long_pdf, "10000 pages; the limit is 1000, split it"),
        ("a.pdf", locked_pdf, "locked by a password"),
        ("a.pdf", lambda: b"%PDF-1.4\nxref\n0 9\ntrailer << /Root 1 0 R >>", "PDF"),
    ],
)
def test_a_bad_file_is_refused_with_one_line(
    name: str, content: Callable[[], bytes], why: str, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableFileError, match=why) as refused:
        text_of(name, content(), tmp_path)
    assert "\n" not in str(refused.value)
    assert str(refused.value).startswith(f"{name}: ")


def deep_html(depth: int) -> str:
    return "<div>" * depth + "底层的一句话。" + "</div>" * depth + "<p>其后。</p>"


def test_a_page_nested_very_deep_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="too deep"):
        text_of("a.html", deep_html(100_000).encode(), tmp_path)
    page = deep_html(1_500)
    text = text_of("a.html", page.encode(), tmp_path)
    assert text.split() == ["底层的一句话。", "其后。"]


def test_a_broken_table_of_places_does_not_keep_a_pdf_from_being_read(tmp_path: Path) -> None:
    whole = pdf([[Said(60, 700, "申报时间为四月。")]])
    torn = whole.replace(b"startxref\n", b"startxref\n9")
    assert text_of("a.pdf", torn, tmp_path).strip() == "申报时间为四月。"


def test_an_endless_line_is_cut_into_pieces_that_can_be_quoted(tmp_path: Path) -> None:
    text = text_of("a.txt", ("科协服务企业" * 300_000).encode(), tmp_path)
    found = chunks(text)
    assert sum(len(one.quote) for chunk in found for one in chunk.sentences) == len(text)
    assert max(len(chunk.text) for chunk in found) < 3_000


def test_lines_that_never_end_a_sentence_are_joined_in_time(tmp_path: Path) -> None:
    text = text_of("a.txt", ("科协服务企业，\n" * 100_000).encode(), tmp_path)
    assert chunks(text)


def test_a_table_of_many_rows_is_read_in_time(tmp_path: Path) -> None:
    rows = "类别\t名额\n" + "平台\t2 个\n" * 100_000
    assert len(chunks(text_of("a.txt", rows.encode(), tmp_path))) > 1_000
    assert rows.count("\n") < MAX_LINES


@pytest.mark.parametrize("name", ["a\nb.txt", "甲 乙；'\"$(x).txt", "a\udcff.txt", "\u202ea.txt"])
def test_odd_file_names_are_written_in_one_line_of_storable_text(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    assert text_of(name, "通知".encode(), tmp_path) == "通知"
    shown = source_name(path)
    assert shown.encode()
    assert shown.isprintable()
    with pytest.raises(UnreadableFileError) as refused:
        read_bytes(path.with_suffix(".exe"))
    assert str(refused.value).isprintable()


def test_a_docx_with_an_odd_main_part_is_read(tmp_path: Path) -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Type="http://x/officeDocument" Target="/w/d.xml"/></Relationships>'
    )
    body = f"<w:document {W}><w:body>{paragraph('甲')}</w:body></w:document>"
    content = archive({"_rels/.rels": relations, "w/d.xml": body})
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == ["_rels/.rels", "w/d.xml"]
    assert text_of("a.docx", content, tmp_path) == "甲"
