"""Files that cannot be a table: one clear line each, and nothing is lost."""

import zipfile
from pathlib import Path

import pytest

from core.domain.records import Library
from tests.integration.importing.tables import imported, stored, text, workbook


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A site that holds one expert."""
    place = tmp_path / "var"
    imported(place, "experts", text(tmp_path / "good.csv", "姓名,单位", "周启明,某大学"))
    return place


def refused(home: Path, path: Path, why: str, library: str = "experts") -> None:
    said, refusal = imported(home, library, path)
    assert why in refusal
    assert "\n" not in refusal
    assert said == {}
    assert [one.title for one in stored(home, Library.EXPERTS)] == ["周启明"]


def test_a_header_alone_is_said_plainly(home: Path, tmp_path: Path) -> None:
    refused(home, text(tmp_path / "a.csv", "姓名,单位"), "只有表头")
    refused(home, workbook(tmp_path / "a.xlsx", [["姓名", "单位"]]), "只有表头")


def test_an_empty_file_is_said_plainly(home: Path, tmp_path: Path) -> None:
    empty = tmp_path / "a.csv"
    empty.touch()
    refused(home, empty, "文件是空的")
    refused(home, workbook(tmp_path / "a.xlsx", []), "表头里没有")


def test_a_table_without_a_name_column_says_which_columns_it_has(
    home: Path, tmp_path: Path
) -> None:
    refused(home, text(tmp_path / "a.csv", "甲,乙", "1,2"), "读到的列是：甲、乙")


def test_too_many_columns_are_refused(home: Path, tmp_path: Path) -> None:
    head = ["姓名", "单位", *(f"指标{n}" for n in range(298))]
    refused(home, workbook(tmp_path / "a.xlsx", [head, ["李", "某所"]]), "有 300 列，最多 100 列")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(home: Path, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["姓名"], ["李"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.bin", b"0" * 120_000_000)
    refused(home, path, "不像正常的表格")


def test_a_file_of_another_kind_than_its_name_is_named(home: Path, tmp_path: Path) -> None:
    book = workbook(tmp_path / "a.xlsx", [["姓名"], ["李"]])
    renamed = book.rename(tmp_path / "a.csv")
    refused(home, renamed, "内容是 xlsx")
    old = tmp_path / "b.xlsx"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    refused(home, old, "旧版 xls 或加了密码")
    legacy = tmp_path / "c.xls"
    legacy.write_bytes(b"x")
    refused(home, legacy, "另存为 xlsx")


def test_a_file_too_large_is_refused_unread(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as handle:
        handle.truncate(1_000_000_000)  # sparse: it takes no room
    refused(home, path, "文件有 1000 MB，超过 200 MB")


def test_a_library_that_is_none_is_answered_with_those_there_are(
    home: Path, tmp_path: Path
) -> None:
    refused(home, text(tmp_path / "a.csv", "姓名", "李"), "人才库", library="planets")


def test_a_truncated_workbook_is_refused(home: Path, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["姓名"], *([f"李{n}"] for n in range(500))])
    path.write_bytes(path.read_bytes()[:-700])
    refused(home, path, "不是可读的 xlsx")
