"""PDF files: reading order, tables, what stands on every page, scanned pages."""

import importlib.util
import io
from pathlib import Path

import pytest

from core.domain.errors import UnreadableFileError
from knowledge.parsing.pdf.margins import without_margins
from knowledge.parsing.pdf.pages import read_pdf
from knowledge.structure.chunks import sentences
from tests.unit.knowledge.papers import Said, pdf

FONTS = ("wqy-*.tt[cf]", "NotoSansCJK*.tt[cf]", "NotoSansCJK*.otf", "uming.ttc", "simsun.ttc")
"""Names of Chinese fonts, as distributions install them."""
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")


def column(x: float, top: float, text: str, width: int) -> list[Said]:
    pieces = [text[at : at + width] for at in range(0, len(text), width)]
    return [Said(x, top - 14 * at, piece) for at, piece in enumerate(pieces)]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = "云溪省在产业基地召开现场会总结一年来的工作部署下一阶段任务并提出了新的要求" * 4
    right = "与会代表参观了新材料中试基地并听取了介绍大家认为平台建设取得了明显的成效" * 4
    page = [
        Said(120, 760, "云溪省召开现场会总结一年来的工作部署下一阶段的任务"),
        *column(60, 730, left, 20),
        *column(320, 730, right, 20),
    ]
    text = "".join(read_pdf(pdf([page])).split())
    assert left in text
    assert right in text
    assert text.index("云溪省召开现场会") < text.index(left) < text.index(right)


def test_one_column_and_short_fields_stay_as_they_are() -> None:
    page = [Said(60, 700 - 20 * at, "联系人") for at in range(8)]
    page += [Said(340, 700 - 20 * at, f"025-8331980{at}") for at in range(8)]
    lines = read_pdf(pdf([page])).splitlines()
    assert lines[0].split() == ["联系人", "025-83319800"]
    assert len(lines) == 8


def grid(rows: int) -> list[tuple[float, float, float, float]]:
    """Lines of a table of three columns; in the first, rows below the header are one cell."""
    bottom = 700 - 20 * rows
    across = [(60.0, 700 - 20.0 * at, 360.0, 700 - 20.0 * at) for at in (0, 1, rows)]
    across += [(160.0, 700 - 20.0 * at, 360.0, 700 - 20.0 * at) for at in range(2, rows)]
    return [*across, *((x, 700.0, x, float(bottom)) for x in (60, 160, 260, 360))]


def test_a_merged_cell_says_its_value_in_each_row() -> None:
    texts = [("类别", "子项", "名额"), ("平台", "甲", "2个"), ("", "乙", "4个")]
    page = [
        Said(70 + 100 * x, 686 - 20 * y, text)
        for y, row in enumerate(texts)
        for x, text in enumerate(row)
        if text
    ]
    text = read_pdf(pdf([page], grid(3)))
    assert text.splitlines() == ["类别\t子项\t名额", "平台\t甲\t2个", "平台\t乙\t4个"]


def test_what_stands_on_every_page_is_no_text_of_the_document() -> None:
    texts = [f"第{n}章的正文在这里。" for n in range(1, 5)]
    pages = [
        [
            Said(60, 780, "云溪省科协文件汇编"),
            Said(60, 700, f"第{n}章的正文在这里。"),
            Said(290, 20, f"— {n} —"),
        ]
        for n in range(1, 5)
    ]
    assert read_pdf(pdf(pages)).split("\n\n") == texts


def test_a_short_file_keeps_its_first_lines() -> None:
    assert without_margins([["通知", "正文"], ["正文", "3"]]) == [["通知", "正文"], ["正文"]]


def test_a_table_goes_on_over_the_page_break_under_its_headers() -> None:
    def page(rows: list[tuple[str, str, str]]) -> list[Said]:
        return [
            Said(70 + 100 * x, 686 - 20 * y, text)
            for y, row in enumerate(rows)
            for x, text in enumerate(row)
        ]

    header = ("类别", "子项", "名额")
    pages = [page([header, ("平台", "甲", "2个")]), page([header, ("队伍", "乙", "4个")])]
    strokes = [(60.0, 700.0 - 20 * at, 360.0, 700.0 - 20 * at) for at in range(3)]
    strokes += [(x, 700.0, x, 660.0) for x in (60.0, 160.0, 260.0, 360.0)]
    rows = [one for one in sentences(read_pdf(pdf(pages, strokes))) if one.cells]
    assert [one.text for one in rows] == [
        "类别：平台；子项：甲；名额：2个",
        "类别：队伍；子项：乙；名额：4个",
    ]
    assert len({one.table for one in rows}) == 1


def font() -> Path | None:
    return next((path for one in FOLDERS for name in FONTS for path in one.rglob(name)), None)


def scanned(text: list[str], typeface: Path) -> bytes:
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 -- only where there is a font

    page = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(page)
    for at, line in enumerate(text):
        draw.text((120, 150 + 70 * at), line, font=ImageFont.truetype(typeface, 36), fill=20)
    buffer = io.BytesIO()
    page.save(buffer, "PDF", resolution=150)
    return buffer.getvalue()


def test_scanned_pages_are_recognised_where_the_extra_is_installed() -> None:
    typeface = font()
    if importlib.util.find_spec("rapidocr") is None:
        pytest.skip("the extra `ocr` is not installed")
    if typeface is None:
        pytest.skip("no Chinese font on this machine to draw a scanned page with")
    said = ["关于组织申报2026年项目的通知", "申报时间为2026年4月1日至4月30日。"]
    assert read_pdf(scanned(said, typeface)).splitlines() == said


def test_scanned_pages_without_the_extra_are_refused_with_its_name() -> None:
    if importlib.util.find_spec("rapidocr") is not None:
        pytest.skip("the extra `ocr` is installed")
    with pytest.raises(UnreadableFileError, match=r"scanned pages.*keqiao\[ocr\]"):
        read_pdf(pdf([[]]))
