"""Running prose: a sentence is told with what follows it, and quoted verbatim."""

from datetime import UTC, datetime
from pathlib import Path

from core.persistence import SqlUnits, make_engine, migrate
from knowledge.base import IndexedKnowledgeBase
from tests.fakes.clock import FakeClock

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
TEXT = (
    "云溪市图书馆推出夜间开放服务。云溪市图书馆夜间开放服务有三项便民举措。"
    "读者可以凭身份证直接进馆。馆内提供免费热水。周边公交延长到二十二时。"
)


def test_prose_is_told_with_what_follows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'keqiao.db'}"
    migrate(url)
    engine = make_engine(url)
    knowledge = IndexedKnowledgeBase(SqlUnits(engine), tmp_path, FakeClock(NOW))
    file = tmp_path / "library.txt"
    file.write_text(TEXT, encoding="utf-8")
    list(knowledge.ingest([file]))
    answer = knowledge.answer("云溪市图书馆夜间开放服务有哪些便民举措？", now=NOW)
    knowledge.close()
    engine.dispose()
    assert not answer.abstained
    assert "免费热水" in answer.text
    assert [one.quote for one in answer.citations if TEXT[one.start : one.end] != one.quote] == []
