"""Blocks, headings, chunks and rows; above all: every quote is verbatim."""

import re

from hypothesis import given
from hypothesis import strategies as st

from knowledge.structure.chunks import MAX_CHUNK, Sentence, chunks, headings, sentences
from tests.unit.knowledge.samples import COLUMNS, PLAN


def sentence_with(text: str, source: str = PLAN) -> Sentence:
    return next(one for one in sentences(source) if text in one.text)


def test_every_quote_stands_verbatim_at_its_offsets() -> None:
    for source in (PLAN, COLUMNS):
        for one in sentences(source):
            assert source[one.start : one.end] == one.quote
            assert one.quote.strip()


@given(st.text(alphabet="一二（）1、.\n \t附件：。；“”《》专栏——|-#*甲乙丙", max_size=300))
def test_any_text_is_cut_without_loss_of_place(source: str) -> None:
    last = -1
    for one in sentences(source):
        assert source[one.start : one.end] == one.quote
        if not one.row:
            assert one.start > last
            last = one.start
    for chunk in chunks(source):
        assert chunk.sentences


@given(st.text(alphabet="一二（）1、.\n \t附件：。；，“”《》专栏第条甲乙丙计划合0", max_size=300))
def test_every_character_that_says_something_lies_in_a_quote(source: str) -> None:
    covered: set[int] = set()
    for one in sentences(source):
        covered.update(range(one.start, one.end))
    page_numbers = r"(?m)^[ ]*\d{1,3}[ ]*$"
    dropped = {at for found in re.finditer(page_numbers, source) for at in range(*found.span())}
    missed = [at for at, char in enumerate(source) if char.strip() and at not in covered | dropped]
    assert not missed


def test_a_hard_wrapped_sentence_is_repaired_and_quoted_as_it_stands() -> None:
    found = sentence_with("省科协创新服务中心")
    assert "由省科协创新服务中心负责汇总" in found.text
    assert "创新服\n务中心" in found.quote


def test_an_open_bracket_goes_on_over_the_line_end() -> None:
    assert sentence_with("牵头单位").text == (
        "（牵头单位：企业服务部；配合单位：学会部、各市科协）"
    )


def test_narrow_columns_are_joined_over_gaps_and_page_numbers_are_dropped() -> None:
    texts = [one.text for one in sentences(COLUMNS)]
    assert texts == [
        "云溪省在产业基地召开现场会，总结一年来的工作，部署下一阶段任务。",
        "会议要求各地“三位一体”推进平台建设，全年走访企业120家。",
        "与会代表参观了新材料中试基地，并听取了介绍。",
    ]


def test_what_is_shown_has_no_spaces_around_numbers_and_the_quote_keeps_them() -> None:
    source = "请于 2025 年 5 月 30 日 17:00 前报送，超过 3000 余家。\n\n1 总则\n\n二、其他"
    one = next(iter(sentences(source)))
    assert one.text == "请于2025年5月30日17:00前报送，超过3000余家。"
    assert one.quote == source[one.start : one.end] == source.split("\n", maxsplit=1)[0]
    assert sentence_with("总则", source).text == "1 总则"


def test_a_space_between_a_name_and_a_telephone_stays() -> None:
    source = "联系人：张三 13800000000 李四 0571-88888888 王五。"
    assert sentence_with("张三", source).text == source


def test_a_line_that_begins_with_a_day_is_no_numbered_one() -> None:
    source = "本次活动的报名截止时间为二〇二五年即2025年\n5 月 30 日，逾期不予受理。"
    assert "2025年5月30日，" in sentence_with("逾期", source).text


def test_sections_stand_on_a_stack_of_levels() -> None:
    assert sentence_with("每季度举办").path[-3:] == (
        "二、重点任务",
        "（一）建设服务平台",
        "2、组织路演",
    )
    assert sentence_with("12支专家").path[-2:] == ("（二）优化人才服务", "——选派专家")
    assert sentence_with("每年走访").path[-2:] == ("专栏1 专家服务专项", "（2）开展巡诊")


def test_an_annex_has_no_parent_in_the_main_text() -> None:
    path = sentence_with("项目申报时间").path
    assert path == (
        "附件1",
        "2026年度“科创云溪”项目申报指南",
        "二、申报时间和联系人",
    )


def test_headings_without_numbers_make_sections() -> None:
    source = (
        "服务团管理办法\n\n申报条件\n\n成立三年以上。\n\n1、须有工作制度。\n\n联系方式\n\n"
        "电话：0999-8765432\n"
    )
    paths = {one.text: one.path[-2:] for one in sentences(source)}
    assert paths["成立三年以上。"] == ("申报条件",)
    assert paths["1、须有工作制度。"] == ("申报条件", "1、须有工作制度")
    assert paths["电话：0999-8765432"] == ("联系方式",)
    source = "一、评审\n\n评审程序\n\n专家评审。\n\n评审标准\n\n从优。\n\n二、其他\n\n另行通知。\n"
    paths = {one.text: one.path for one in sentences(source)}
    assert paths["专家评审。"] == ("一、评审", "评审程序")
    assert paths["从优。"] == ("一、评审", "评审标准")
    assert paths["另行通知。"] == ("二、其他",)


def test_every_numbered_heading_is_recognised() -> None:
    assert [label for label in headings(PLAN) if not label.startswith("附")] == [
        "一、总体目标",
        "二、重点任务",
        "（一）建设服务平台",
        "1.汇聚资源",
        "2、组织路演",
        "（二）优化人才服务",
        "——选派专家",
        "专栏1 专家服务专项",
        "（1）建立名册",
        "（2）开展巡诊",
        "一、项目类别",
        "二、申报时间和联系人",
    ]


def test_a_row_repeats_its_headers_and_merged_parents() -> None:
    row = sentence_with("乙级")
    assert row.row
    assert row.text == "类别：平台建设；子项：新建平台；子项：乙级；名额（上限）：4个"
    assert row.quote == "平台建设\t新建平台\t甲级\t2 个\n\t\t乙级\t4 个"
    assert row.cells == (
        ("类别", "平台建设"),
        ("子项", "新建平台"),
        ("子项", "乙级"),
        ("名额（上限）", "4个"),
    )


def test_rows_of_one_table_say_so() -> None:
    source = "甲\t乙\n一\t1\n二\t2\n说明。\n丙\t丁\n三\t3\n"
    tables = [one.table for one in sentences(source) if one.row]
    assert tables == [0, 0, 0, source.index("丙"), source.index("丙")]


def test_a_row_of_a_new_parent_does_not_keep_the_old_child() -> None:
    assert sentence_with("改造平台").text == "类别：平台建设；子项：改造平台；名额（上限）：6个"


def test_headers_that_a_page_break_repeats_are_no_row() -> None:
    source = "类别\t子项\t名额\n平台\t甲\t2 个\n\n3\n\n类别\t子项\t名额\n\t乙\t4 个\n"
    rows = [one for one in sentences(source) if one.cells]
    assert [one.text for one in rows] == [
        "类别：平台；子项：甲；名额：2个",
        "类别：平台；子项：乙；名额：4个",
    ]
    assert len({one.table for one in rows}) == 1


def test_headers_of_two_rows_name_a_column_together() -> None:
    source = "类别\t名额\t名额\n类别\t省级\t市级\n平台\t2 个\t4 个\n"
    (row,) = (one for one in sentences(source) if one.cells)
    assert row.cells == (("类别", "平台"), ("名额／省级", "2个"), ("名额／市级", "4个"))


def test_a_table_of_another_width_is_another_table() -> None:
    source = "类别\t名额\n平台\t2 个\n姓名\t单位\t电话\n王立\t科协\t0999\n"
    rows = [one for one in sentences(source) if one.cells]
    assert rows[1].cells == (("姓名", "王立"), ("单位", "科协"), ("电话", "0999"))
    assert rows[0].table != rows[1].table


def test_markdown_tables_are_rows_too() -> None:
    source = "| 类别 | 名额 |\n| --- | --- |\n| 平台 | 4 个 |\n"
    rows = [one.text for one in sentences(source) if one.row]
    assert rows == ["类别、名额", "类别：平台；名额：4个"]


def test_markdown_headings_make_sections() -> None:
    source = "# 办法\n\n## 申报\n\n每年申报一次。\n"
    assert [one.path for one in sentences(source)][-1] == ("申报",)


def test_questions_and_titles_in_lenticular_brackets_are_headings() -> None:
    source = "【一、窗口】\n\n问：几点上班？\n答：九点。\n\n问：电话？答：见官网。\n"
    found = [(one.path[1:], one.text) for one in sentences(source)]
    assert found[0] == ((), "【一、窗口】")
    assert found[1:3] == [(("几点上班？",), "问：几点上班？"), (("几点上班？",), "答：九点。")]
    assert found[-1][0] == ("电话？",)


def test_a_clause_of_a_list_is_a_sentence_but_brackets_are_not_cut() -> None:
    texts = [one.text for one in sentences("甲方负责；乙方配合（含丙方；丁方）。")]
    assert texts == ["甲方负责；", "乙方配合（含丙方；丁方）。"]


def test_chunks_are_short_and_never_reach_from_one_part_into_another() -> None:
    for chunk in chunks(PLAN * 3):
        assert len(chunk.text) <= MAX_CHUNK + 300
        assert len({one.path[:1] for one in chunk.sentences}) == 1
