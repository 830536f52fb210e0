"""What a document says of itself."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.documents import Document, DocumentFacts, Kind, Level, Reading
from knowledge.structure.readings.titles import kind_of
from tests.unit.knowledge.samples import NOTICE, PLAN, read


def facts_of(name: str, text: str) -> DocumentFacts:
    return read(text, name).facts


def said(document: Document, name: str) -> list[Reading]:
    return [one for one in document.readings if one.name == name]


def test_the_facts_of_a_notice_are_read_from_its_text() -> None:
    assert facts_of(
        "plan", PLAN.replace("云溪", "江苏").replace("云科协", "江科协")
    ) == DocumentFacts(
        title="“科创江苏”行动计划(2026-2028年)",
        issuer="江苏省科学技术协会",
        number="江科协发〔2026〕8号",
        region="江苏",
        level=Level.PROVINCIAL,
        kind=Kind.PLAN,
        year=2026,
        signed_on=date(2026, 3, 5),
        opens_on=date(2026, 4, 1),
        closes_on=date(2026, 4, 30),
        closes_at=time(17, 30),
        expires_on=date(2028, 12, 31),
    )


def test_every_annex_is_a_document_of_its_own() -> None:
    notice, plan, names, call = (part.facts for part in read(NOTICE).parts)
    assert (plan.title, plan.kind) == ("“科创云溪”三年计划（2026-2028年）", Kind.PLAN)
    assert (names.title, names.kind) == ("领导小组成员名单", Kind.LIST)
    assert (call.title, call.kind) == ("2026年度项目申报指南", Kind.CALL)
    assert plan.expires_on == date(2028, 12, 31)
    assert (call.year, call.expires_on) == (2026, date(2026, 12, 31))
    assert (call.opens_on, call.closes_on) == (date(2026, 4, 30), date(2026, 5, 30))
    assert call.closes_at == time(17, 30)
    assert notice.closes_on is plan.closes_on is names.closes_on is None
    assert notice.effective_on == date(2026, 4, 8)
    assert notice.expires_on == date(2029, 4, 7)
    assert {part.issuer for part in (notice, plan, names, call)} == {"云溪市科学技术协会"}
    assert {part.signed_on for part in (plan, names, call)} == {date(2026, 4, 6)}
    assert names.issued_on == date(2026, 4, 8)


def test_parts_follow_each_other_from_the_first_character_to_the_last() -> None:
    parts = read(NOTICE).parts
    assert parts[0].start == 0
    assert parts[-1].end == len(NOTICE)
    assert [part.end for part in parts[:-1]] == [part.start for part in parts[1:]]
    assert NOTICE[parts[3].start :].startswith("2026年度项目申报指南")


@pytest.mark.parametrize(
    ("name", "value", "quote"),
    [
        ("number", "云科协发〔2026〕12号", "云科协发〔2026〕12号"),
        ("signed_on", "2026-04-06", "2026年4月6日"),
        ("issued_on", "2026-04-08", "2026年4月8日印发"),
        ("closes_at", "17:30", "5月30日下午5:30前"),
        ("phone", "0999-8765432", "电话：0999-8765432"),
        ("email", "apply@yunxi.example", "apply@yunxi.example"),
        ("address", "云溪市科学路31-1号606室", "地址：云溪市科学路"),
        ("quota", "至多申报2项", "每个单位至多申报2项"),
        ("quota", "5个", "队伍\t5 个"),
    ],
)
def test_a_reading_comes_with_its_quote(name: str, value: str, quote: str) -> None:
    document = read(NOTICE)
    found = next(one for one in said(document, name) if one.value == value)
    assert quote in document.text[found.start : found.end]


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("云溪省科协关于征集项目的通知\n\n各市科协：\n", "云溪省科协"),
        ("关于征集项目的通知\n\n各市科协：\n\n云溪省科协\n\n2026年1月5日\n", "云溪省科协"),
        (
            "征集通知\n\n联系人：王立、李明，联系电话：0999-8765432\n\n云溪科协\n\n2026年1月5日\n",
            "云溪科协",
        ),
        ("关于征集项目的通知\n\n各市科协：\n", None),
    ],
)
def test_the_issuer_stands_in_the_title_or_above_the_date(text: str, issuer: str | None) -> None:
    assert facts_of("x", text).issuer == issuer


def test_a_contact_is_named_with_what_stands_beside_it() -> None:
    (contact,) = said(read(NOTICE), "contact")
    assert contact.value == "李明"
    assert dict(contact.details) == {"phone": "0999-8765432", "email": "apply@yunxi.example"}
    both = said(read("某通知\n\n联系人：王立、李明  联系电话：0999-8765432\n"), "contact")
    assert [one.value for one in both] == ["王立", "李明"]
    (contact,) = said(read("某通知\n\n省科协学会部\t张 华\t025-83319802\n"), "contact")
    assert (contact.value, contact.details[0]) == ("张华", ("unit", "省科协学会部"))


@pytest.mark.parametrize(
    ("total", "odd"),
    [
        ("合 计\t\t6 个", []),
        ("合 计\t\t7 个", ["7个 ≠ 6个"]),
        ("总计\t\t7 项", []),
        ("丙\t丁\t9 个", []),
    ],
)
def test_a_total_that_is_not_the_sum_of_its_column_is_noted(total: str, odd: list[str]) -> None:
    table = f"名额表\n\n类别\t子项\t名额\n平台\t甲\t2 个\n\t乙\t4 个\n{total}\n"
    assert [one.value for one in said(read(table), "total")] == odd


def test_a_text_without_any_title_is_called_by_its_opening() -> None:
    facts = facts_of("note", "会议在京召开，总结了工作，部署了任务。")
    assert facts.title == "会议在京召开"
    assert facts.year is None
    assert facts.issuer is None


def test_a_single_year_in_the_title_ends_with_that_year() -> None:
    assert facts_of("x", "2025年度重点工作要点\n\n一、任务\n").expires_on == date(2025, 12, 31)


def test_an_impossible_date_is_no_date() -> None:
    assert facts_of("x", "某某办法\n\n2025年13月45日\n").signed_on is None


def test_a_date_in_chinese_numerals_is_read() -> None:
    assert facts_of("x", "某某办法\n\n二〇二五年十二月二十一日\n").signed_on == date(2025, 12, 21)


@pytest.mark.parametrize(
    ("text", "effective", "expires"),
    [
        ("本办法自2026年3月1日起施行，有效期至2028年2月28日。", "2026-03-01", "2028-02-28"),
        ("本办法自发布之日起施行，有效期5年。", "2026-01-05", "2031-01-04"),
        ("本办法自印发之日起30日后施行。", "2026-02-04", "None"),
        ("本办法由科协负责解释。", "None", "None"),
    ],
)
def test_when_rules_are_in_force_is_read(text: str, effective: str, expires: str) -> None:
    facts = facts_of("x", f"科技服务办法\n\n{text}\n\n2026年1月5日\n")
    assert (str(facts.effective_on), str(facts.expires_on)) == (effective, expires)


def test_a_city_is_told_from_its_province() -> None:
    facts = facts_of(
        "x", "关于印发《南通市科技服务办法》的通知\n\n南通市科学技术协会\n2025年1月2日\n"
    )
    assert (facts.region, facts.level, facts.issuer) == ("江苏", Level.CITY, "南通市科学技术协会")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("科技服务团管理办法（试行）", Kind.RULES),
        ("2026年工作要点", Kind.PLAN),
        ("关于组织申报2026年项目的通知", Kind.CALL),
        ("2026年度项目申报指南", Kind.CALL),
        ("项目申报管理办法", Kind.RULES),
        ("关于召开会议的通知", Kind.NOTICE),
        ("入选名单", Kind.LIST),
        ("评估标准（100分）", Kind.STANDARD),
        ("年度报告", Kind.REPORT),
        ("大家好", None),
    ],
)
def test_the_kind_is_told_by_the_title(title: str, kind: Kind | None) -> None:
    assert kind_of(title) is kind


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        ("项目申报时间为2021年4月30日-5月30日。", "2021-05-30"),
        ("网上申报时间：自2024年3月1日9时起至2024年3月31日17时止。", "2024-03-31"),
        ("申报时间自2024年3月1日9时起至4月15日17时，逾期不予受理。", "2024-04-15"),
        ("申报时间：2024年12月20日—1月20日", "2025-01-20"),
        ("申报系统将于2024年6月1日8:00开放，6月30日17:00关闭", "2024-06-30"),
        ("申报截止日期为2024.6.30", "2024-06-30"),
        ("自2024年3月1日起至4月30日止受理申报。", "2024-04-30"),
        ("三、申报时间\n\n2024年3月1日至2024年4月15日。", "2024-04-15"),
        ("（一）网上申报：2024年4月20日9:00至5月29日18:00，在平台上填报。", "2024-05-29"),
        ("每年集中受理一次，受理时间为每年3月1日至4月15日。", "None"),
        ("年度工作总结于次年1月15日前报送。", "None"),
        ("三、实施时间\n\n2024年3月1日至2024年4月15日。", "None"),
        ("请各单位于6月15日前提交申报书。\n\n某某局\n\n2024年5月1日", "2024-06-15"),
        ("仅限2020年12月31日前已建成中心的学会申报。", "None"),
        ("项目实施期限为2024年1月1日至2026年12月31日。", "None"),
    ],
)
def test_the_last_day_of_a_window_is_read(text: str, closes: str) -> None:
    facts = facts_of("通知", f"关于组织申报项目的通知\n\n{text}")
    assert str(facts.closes_on) == closes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "# 云川市科学技术协会 云川市科学技术局\n\n## 关于发布榜单的公告\n\n安徽省云川市榜单。",
            ("关于发布榜单的公告", "云川市科学技术协会", "安徽", "city"),
        ),
        (
            "福建省科协创新服务中心文件\n\n闽科协〔2026〕3号\n\n关于举办培训班的通知",
            ("关于举办培训班的通知", "福建省科协创新服务中心", "福建", "provincial"),
        ),
        (
            "山东省科学技术协会　山东省创业中心\n\n鲁科协〔2026〕9号\n\n关于举办大赛的通知",
            ("关于举办大赛的通知", "山东省科学技术协会", "山东", "provincial"),
        ),
    ],
)
def test_a_letterhead_of_one_body_or_several_is_the_issuer_and_no_title(
    text: str, expected: tuple[str, ...]
) -> None:
    facts = facts_of("x", text)
    assert (facts.title, facts.issuer, facts.region, facts.level) == expected


def test_a_report_of_what_was_reached_does_not_end() -> None:
    facts = facts_of("x", "示例省科协2025年度工作总结报告\n\n一年来，完成了各项任务。")
    assert (facts.year, facts.expires_on) == (2025, None)


@given(
    st.text(
        alphabet="附件一、1（）《计划名单通知2026年3月日自起施行有效期印发：电话申报时间至\t\n ",
        max_size=200,
    )
)
def test_any_text_can_be_read_and_every_quote_lies_in_it(text: str) -> None:
    document = read(text)
    for one in document.readings:
        assert 0 <= one.start < one.end <= len(text)
    ends = [part.end for part in document.parts]
    assert ends == sorted(ends)
