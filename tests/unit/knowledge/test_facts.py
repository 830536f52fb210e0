"""What a document says of itself."""

from datetime import date

from core.domain.documents import DocumentFacts, Level
from knowledge.structure.facts import facts_of
from tests.unit.knowledge.samples import PLAN


def test_the_facts_of_a_notice_are_read_from_its_text() -> None:
    assert facts_of(
        "plan", PLAN.replace("云溪", "江苏").replace("云科协", "江科协")
    ) == DocumentFacts(
        title="“科创江苏”行动计划(2026-2028年)",
        issuer="江苏省科学技术协会",
        number="江科协发〔2026〕8号",
        region="江苏",
        level=Level.PROVINCIAL,
        year=2026,
        signed_on=date(2026, 3, 5),
        closes_on=date(2026, 4, 30),
        expires_on=date(2028, 12, 31),
    )


def test_a_text_without_any_title_is_called_by_its_opening() -> None:
    facts = facts_of("note", "会议在京召开，总结了工作，部署了任务。")
    assert facts.title == "会议在京召开"
    assert facts.year is None
    assert facts.issuer is None


def test_a_single_year_in_the_title_ends_with_that_year() -> None:
    assert facts_of("x", "2025年度重点工作要点\n\n一、任务\n").expires_on == date(2025, 12, 31)


def test_an_impossible_date_is_no_date() -> None:
    assert facts_of("x", "某某办法\n\n2025年13月45日\n").signed_on is None


def test_a_city_is_told_from_its_province() -> None:
    facts = facts_of(
        "x", "关于印发《南通市科技服务办法》的通知\n\n南通市科学技术协会\n2025年1月2日\n"
    )
    assert (facts.region, facts.level, facts.issuer) == ("江苏", Level.CITY, "南通市科学技术协会")
