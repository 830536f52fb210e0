"""A newer edition is told by title, issuer and region."""

from core.domain.documents import DocumentEntry, DocumentFacts, DocumentId, Kind
from knowledge.editions import newer_editions
from tests.fakes.clock import START


def entry(source: str, title: str, year: int | None, **facts: str | None) -> DocumentEntry:
    known = {"issuer": "示例省科协", "region": "示例"} | facts
    return DocumentEntry(
        id=DocumentId(source),
        source=source,
        facts=DocumentFacts(title=title, year=year, **known),  # type: ignore[arg-type]
        ingested_at=START,
        editions=0,
    )


def test_a_later_year_supersedes_all_earlier_ones() -> None:
    entries = [
        entry("a", "2024年度项目申报指南", 2024),
        entry("b", "2025 年项目申报指南", 2025),
        entry("c", "2026年度“项目”申报指南", 2026),
    ]
    assert newer_editions(entries) == {"a": "c", "b": "c"}


def test_plans_of_several_years_and_revised_rules_have_editions_too() -> None:
    plans = [
        entry("a", "“科创”行动计划（2021-2023年）", 2021),
        entry("b", "“科创”行动计划(2024—2026年)", 2024),
    ]
    assert newer_editions(plans) == {"a": "b"}
    rules = [entry("a", "服务团管理办法（试行）", 2023), entry("b", "服务团管理办法", 2026)]
    assert newer_editions(rules) == {"a": "b"}


def test_calls_for_one_thing_need_not_be_worded_alike() -> None:
    calls = [
        entry("a", "示例省科协关于开展2025年度科普教育基地申报工作的通知", 2025, kind=Kind.CALL),
        entry("b", "示例省科协关于组织申报2026年度科普教育基地的通知", 2026, kind=Kind.CALL),
        entry("c", "示例省科协关于组织申报2026年度专家工作站的通知", 2026, kind=Kind.CALL),
    ]
    assert newer_editions(calls) == {"a": "b"}


def test_another_issuer_region_title_or_no_year_is_another_document() -> None:
    base = entry("a", "2024年工作要点", 2024)
    for other in (
        entry("b", "2025年工作要点", 2025, issuer="示例市科协"),
        entry("b", "2025年工作要点", 2025, region="别处"),
        entry("b", "2025年工作方案", 2025),
        entry("b", "工作要点", None),
        entry("b", "2024年工作要点", 2024),
    ):
        assert newer_editions([base, other]) == {}


def test_a_short_title_without_an_issuer_says_too_little() -> None:
    entries = [
        entry("a", "2024年要点", 2024, issuer=None),
        entry("b", "2025年要点", 2025, issuer=None),
    ]
    assert newer_editions(entries) == {}


def test_a_note_that_no_longer_holds_is_taken_back() -> None:
    old = entry("a", "2024年工作要点", 2024, superseded_by="gone")
    assert newer_editions([old]) == {"a": None}
    newer = entry("b", "2025年工作要点", 2025)
    noted = entry("a", "2024年工作要点", 2024, superseded_by="b")
    assert newer_editions([noted, newer]) == {}
