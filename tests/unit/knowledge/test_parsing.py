"""Files of every kind become text, or are refused with one line."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from core.domain.errors import UnreadableFileError
from knowledge.parsing.files import MAX_FILE_BYTES, read_bytes, read_text
from knowledge.parsing.word.numbering import chinese

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NUMBERING = f"""<w:numbering {W}><w:abstractNum w:abstractNumId="77">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>
<w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>
<w:lvlText w:val="（%2）"/></w:lvl>
</w:abstractNum><w:num w:numId="77"><w:abstractNumId w:val="77"/></w:num></w:numbering>"""


def text_of(name: str, content: bytes, folder: Path) -> str:
    path = folder / name
    path.write_bytes(content)
    return read_text(path, read_bytes(path))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_chinese_text_is_decoded_whatever_its_encoding(encoding: str, tmp_path: Path) -> None:
    text = "关于申报项目的通知\n\n申报时间为2026年4月1日。\n"
    assert text_of("a.txt", text.encode(encoding), tmp_path) == text


def test_line_ends_are_made_plain(tmp_path: Path) -> None:
    assert text_of("a.md", "一\r\n二\r三".encode(), tmp_path) == "一\n二\n三"


def test_html_keeps_what_is_visible_and_repeats_spans(tmp_path: Path) -> None:
    page = (
        "<html><head><title>x</title><style>p{}</style></head><body><script>var a</script>"
        "<h1>通知</h1><p>第一段<b>重点</b>。</p><table><tr><th>类别</th><th>名额</th></tr>"
        "<tr><td rowspan=2>平台</td><td>2 个</td></tr><tr><td>4 个</td></tr></table></body></html>"
    )
    text = text_of("a.html", page.encode("gbk"), tmp_path)
    assert "第一段重点。" in text
    assert "平台\t2 个\n平台\t4 个" in text
    assert "var a" not in text


def test_a_docx_says_its_numbers_insertions_and_merged_cells(tmp_path: Path) -> None:
    word = docx.Document()
    root = word.part.numbering_part.element
    for child in parse_xml(NUMBERING):
        root.append(child)
    for level, text in ((0, "总体目标"), (1, "第一项"), (1, "第二项"), (0, "重点任务")):
        paragraph = word.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
        )
    changed = word.add_paragraph("电话：")
    changed._p.append(
        parse_xml(f'<w:ins {W} w:id="1" w:author="a"><w:r><w:t>0999-1234567</w:t></w:r></w:ins>')
    )
    changed._p.append(
        parse_xml(
            f'<w:del {W} w:id="2" w:author="a"><w:r><w:delText>旧号</w:delText></w:r></w:del>'
        )
    )
    table = word.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "平台"
    table.cell(0, 1).text, table.cell(1, 1).text = "2 个", "4 个"
    buffer = io.BytesIO()
    word.save(buffer)
    text = text_of("a.docx", buffer.getvalue(), tmp_path)
    lines = [line for line in text.splitlines() if line]
    assert lines[:4] == ["一、总体目标", "（一）第一项", "（二）第二项", "二、重点任务"]
    assert "电话：0999-1234567" in lines
    assert lines[-2:] == ["平台\t2 个", "平台\t4 个"]


def test_a_pdf_with_a_text_layer_is_read(tmp_path: Path) -> None:
    text = text_of("a.pdf", pdf("BT /F1 12 Tf 72 720 Td (Apply by 30 April) Tj ET"), tmp_path)
    assert text.strip() == "Apply by 30 April"


def broken_docx() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w:document")
    return buffer.getvalue()


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"word/{number}.xml", b"0" * (100 * 1024 * 1024))
    return buffer.getvalue()


def pdf(stream: str) -> bytes:
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
            " /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body = "%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(body)
    body += f"xref\n0 6\n0000000000 65535 f \n{table}"
    body += f"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF"
    return body.encode()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.exe", lambda: b"MZ", "unknown file type"),
        ("a.txt", lambda: b" \n", "empty"),
        ("a.docx", lambda: b"not a zip", "archive is broken"),
        ("a.docx", broken_docx, "not a readable docx"),
        ("a.docx", bomb, "refused"),
        ("a.pdf", lambda: b"%PDF-1.4 rubbish", "PDF"),
        ("a.pdf", lambda: pdf(""), "no text layer"),
        ("a.html", lambda: b"<html><script>1</script></html>", "no text"),
        ("a.txt", lambda: bytes(range(1, 32)) * 50, "encoding"),
    ],
)
def test_what_cannot_be_read_is_refused_with_one_line(
    name: str, content: Callable[[], bytes], why: str, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableFileError, match=why) as refused:
        text_of(name, content(), tmp_path)
    assert "\n" not in str(refused.value)
    assert str(refused.value).startswith(name)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    assert path.stat().st_size > MAX_FILE_BYTES
    with pytest.raises(UnreadableFileError, match="50 MB; the limit is 20 MB"):
        read_bytes(path)


def test_a_missing_file_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="cannot be opened"):
        read_bytes(tmp_path / "none.txt")


def test_chinese_numbers_are_written_as_word_prints_them() -> None:
    assert [chinese(number) for number in (1, 10, 11, 20, 99, 100)] == [
        "一", "十", "十一", "二十", "九十九", "100",
    ]  # fmt: skip
