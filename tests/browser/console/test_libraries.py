"""Operators sign in and run the libraries: look, mend, withdraw, take in and give out tables."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect

from core.domain.operating.deeds import DeedState, WantedDeeds
from core.domain.operating.operators import OperatorRole
from core.domain.records import Conditions, Library, RecordId
from core.services.operating.accounts import ChangeOperator
from keqiao.imports.files import import_file
from tests.browser.console.conftest import NARROW, Console, enter
from tests.factories import make_record

pytestmark = pytest.mark.browser

type SignedIn = Callable[..., Page]
type Picture = Callable[[Page, str], None]

MARKUP = '<img src=x onerror="document.title=1"><b>粗</b> & {{ 1 + 1 }}'
TABLE = "编号,姓名,简介,单位,手机\nZ1,陈工,注塑工艺与翘曲变形分析,青澜模具所,13800001234\n"


@pytest.fixture(autouse=True)
def records(console: Console) -> None:
    """Records that stand in each way; as new for each test."""
    expert = make_record(external_id="E1", title="翘曲变形控制专家", summary=MARKUP)
    shown = [expert, *(make_record(external_id=f"M{n:03}", title=f"第{n}位") for n in range(60))]
    hidden = [
        replace(expert, external_id="W1", title="撤下的专家", withdrawn=True),
        replace(
            expert, external_id="P1", title="没同意的专家", conditions=Conditions(consent=False)
        ),
    ]
    console.site.libraries.store([*shown, *hidden], over=("title", "summary", "withdrawn"))


def found_by_people(console: Console, text: str) -> list[str]:
    """What the libraries' public door finds: the use case that the chat asks as well."""
    answer = httpx2.get(f"{console.base}/records", params={"text": text, "limit": 100}, timeout=30)
    return [one["id"] for one in answer.json()["records"]]


def test_a_wrong_password_leads_nowhere(signed_in: SignedIn, picture: Picture) -> None:
    page = signed_in(None, "/records")
    picture(page, "console-login")
    enter(page, "王芳", "not the password")
    expect(page.get_by_role("alert")).to_have_text("姓名或密码不对，请再试一次。")
    picture(page, "console-login-wrong")
    enter(page, "王芳")
    expect(page.locator("h1")).to_have_text("资料库")
    page.get_by_text("退出登录").click()
    expect(page.locator("#name")).to_be_visible()
    page.goto(page.url.replace("/login", "/records"))
    expect(page.locator("#name")).to_be_visible()


def test_records_are_filtered_searched_and_paged(signed_in: SignedIn, picture: Picture) -> None:
    page = signed_in("李雷", "/records?library=experts&keyword=注塑成型")
    expect(page.locator("a.line")).to_have_count(50)
    picture(page, "console-records")
    expect(page.get_by_text("共 60 条")).to_be_visible()
    page.get_by_text("下一页").click()
    expect(page.get_by_text("第 2 页")).to_be_visible()
    expect(page.locator("a.line")).to_have_count(10)

    page.get_by_label("名称、简介或关键词").fill("没同意")
    page.get_by_role("button", name="查找").click()
    expect(page.locator("a.line")).to_have_count(1)
    expect(page.locator("a.line")).to_contain_text("不公开")

    for standing, title in (("withdrawn", "撤下的专家"), ("private", "没同意的专家")):
        page.goto(page.url.partition("?")[0] + f"?library=experts&standing={standing}")
        expect(page.locator("a.line")).to_have_count(1)
        expect(page.locator("a.line")).to_contain_text(title)
    page.goto(page.url.partition("?")[0] + "?keyword=翘曲变形&near=1")
    expect(page.locator("a.line").first).to_be_visible()
    expect(page.get_by_text("撤下的专家")).to_have_count(0)
    narrow = signed_in("李雷", "/records?library=experts", size=NARROW)
    picture(narrow, "console-records-narrow")
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_reader_changes_nothing(signed_in: SignedIn, console: Console) -> None:
    page = signed_in("李雷", "/records/experts/E1")
    expect(page.locator("h1")).to_have_text("翘曲变形控制专家")
    expect(page.get_by_text(MARKUP)).to_be_visible()
    for name in ("撤下", "修改", "添加一项"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    page.goto(f"{console.base}/console/import")
    expect(page.get_by_text("只能查看，不能导入")).to_be_visible()
    # Whoever loses a right while a page is open loses it on that page, too.
    page = signed_in("王芳", "/records/experts/E1")
    page.get_by_role("button", name="撤下").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    change_role(console, "王芳", "reader")
    try:
        page.get_by_role("dialog").get_by_role("button", name="撤下").click()
        expect(page.locator("#name")).to_be_visible()
    finally:
        change_role(console, "王芳", "operator")
    with console.site.units() as unit:
        assert not unit.records.get(RecordId("experts/E1")).withdrawn


def test_an_edit_survives_the_next_import(
    signed_in: SignedIn, console: Console, tmp_path: Path, picture: Picture
) -> None:
    file = tmp_path / "experts.csv"
    file.write_text(TABLE, encoding="utf-8")
    import_file(file, Library.EXPERTS, bring=console.site.libraries.bring)
    page = signed_in("王芳", "/records/experts/Z1")
    expect(page.get_by_text("13800001234")).to_be_visible()
    page.get_by_role("button", name="修改 简介").click()
    page.get_by_role("dialog").locator("textarea").fill("专做精密注塑")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("人工修改，导入不会覆盖")).to_be_visible()
    import_file(file, Library.EXPERTS, bring=console.site.libraries.bring)
    page.reload()
    expect(page.locator(".value", has_text="专做精密注塑")).to_be_visible()
    picture(page, "console-record")
    expect(page.locator(".rows, .panel").get_by_text("王芳")).to_be_visible()

    page.get_by_role("button", name="撤销人工修改").click()
    expect(page.get_by_text("人工修改，导入不会覆盖")).to_have_count(0)
    import_file(file, Library.EXPERTS, bring=console.site.libraries.bring)
    page.reload()
    expect(page.locator(".value", has_text="注塑工艺与翘曲变形分析")).to_be_visible()


def test_what_is_withdrawn_is_found_by_nobody_until_it_is_there_again(
    signed_in: SignedIn, console: Console
) -> None:
    assert "experts/E1" in found_by_people(console, "翘曲变形控制")
    page = signed_in("王芳", "/records/experts/E1")
    page.get_by_role("button", name="撤下").click()
    page.get_by_label("原因（记入操作记录）").fill("本人要求")
    page.get_by_role("dialog").get_by_role("button", name="撤下").click()
    expect(page.get_by_role("button", name="恢复")).to_be_visible()
    assert "experts/E1" not in found_by_people(console, "翘曲变形控制")
    with console.site.units() as unit:
        newest = unit.deeds.page(None, 1, WantedDeeds(target="experts/E1"))[0]
    assert (newest.what, newest.by, newest.state) == ("withdraw", "王芳", DeedState.DONE)
    assert newest.note == "本人要求"
    page.get_by_role("button", name="恢复").click()
    page.get_by_role("dialog").get_by_role("button", name="恢复").click()
    expect(page.get_by_role("button", name="撤下")).to_be_visible()
    assert "experts/E1" in found_by_people(console, "翘曲变形控制")


def test_a_table_is_checked_then_imported_with_row_numbers(
    signed_in: SignedIn, console: Console, tmp_path: Path, picture: Picture
) -> None:
    file = tmp_path / "experts.csv"
    file.write_text(TABLE.replace("Z1", "I1") + "I2,,没有姓名,某所,\n", encoding="utf-8")
    page = signed_in("王芳", "/import?library=experts")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("可以导入 1 行，有问题 1 行")).to_be_visible()
    expect(page.get_by_text("第 3 行：缺少")).to_be_visible()
    with console.site.units() as unit:
        assert unit.records.find(RecordId("experts/I1")) is None
    page.get_by_role("button", name="导入可用的 1 行").click()
    expect(page.get_by_text("新增 1 行")).to_be_visible()
    picture(page, "console-import")
    with console.site.units() as unit:
        assert unit.records.get(RecordId("experts/I1")).title == "陈工"
        deed = unit.deeds.page(None, 1, WantedDeeds(what="import"))[0]
    assert "experts.csv" in deed.note
    assert "新增 1 行" in deed.note
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"no workbook")
    page.locator("input[type=file]").set_input_files(broken)
    expect(page.get_by_role("alert")).to_be_visible()


def test_an_export_can_be_imported_again_and_calculates_nothing(
    signed_in: SignedIn, console: Console, tmp_path: Path
) -> None:
    one = make_record(
        external_id="X1",
        library=Library.CASES,
        title="=HYPERLINK(1)",
        details={"主讲人": "张三"},
        private={"phone": "13800001234"},
        valid_until=None,
    )
    console.site.libraries.store([one])
    page = signed_in("王芳", "/records?library=cases")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出").click()
    file = tmp_path / "cases.csv"
    download.value.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as handle:
        (row,) = csv.DictReader(handle)
    assert row["名称（title）"] == "\t=HYPERLINK(1)"
    before = console.site.libraries.find.get(RecordId("cases/X1"))
    report = import_file(file, Library.CASES, bring=console.site.libraries.bring)
    assert report.good == 1
    with console.site.units() as unit:
        assert unit.records.get(RecordId("cases/X1")) == before


def change_role(console: Console, name: str, role: str) -> None:
    ChangeOperator(units=console.site.units)(name, role=OperatorRole(role))
