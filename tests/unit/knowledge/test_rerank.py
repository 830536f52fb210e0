"""The order of candidates: from collections written here to hits."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from knowledge.retrieval.corpus import build_corpus
from knowledge.retrieval.search import LARGE, Corpus
from tests.unit.knowledge.collections import write_collection

WAGES = "用人单位拖欠劳动报酬的，劳动者可以向劳动行政部门投诉，也可以申请劳动争议仲裁。"
RENT = "承租人应当按照约定的期限支付租金；出租人应当按照约定返还押金。"
CALL = "云溪市科技计划项目的申报时间为4月30日至5月30日，由市科学技术局受理。"

Opened = Callable[[Mapping[str, str]], Corpus]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """Indexes texts by id, without a semantic half."""

    def indexed(texts: Mapping[str, str]) -> Corpus:
        others = {f"other {at}": f"【甲】{at:04}" for at in range(LARGE)}
        path = write_collection(tmp_path, {**texts, **others})
        return build_corpus(path, tmp_path / "index", semantic=False).corpus

    return indexed


def found(corpus: Corpus, question: str, limit: int = 10) -> list[str]:
    """The ids found, best first."""
    return [hit.passage.source.source for hit in corpus.search(question, limit=limit)]


def test_lay_words_find_what_is_written_in_official_ones(opened: Opened) -> None:
    corpus = opened({"rent": RENT, "wages": WAGES, "call": CALL})
    assert found(corpus, "老板欠薪不给怎么办")[0] == "wages"
    assert found(corpus, "房东不还给我怎么办")[0] == "rent"


def test_a_document_of_the_region_asked_about_comes_first(opened: Opened) -> None:
    corpus = opened(
        {
            "south": "江苏省科技项目申报通知。申报时间为5月，企业可以申报科技项目。",
            "west": "四川省科技项目申报通知。申报时间为6月，企业可以申报科技项目。",
        }
    )
    assert found(corpus, "四川省企业科技项目申报时间是什么时候")[0] == "west"
    assert found(corpus, "江苏省企业科技项目申报时间是什么时候")[0] == "south"


@pytest.mark.parametrize("question", ["", "？？", "zzzz qqqq", "鑫垚犇骉麤"])
def test_what_no_document_knows_finds_nothing(question: str, opened: Opened) -> None:
    assert found(opened({"rent": RENT, "wages": WAGES}), question) == []


def test_nothing_is_found_among_nothing(opened: Opened) -> None:
    assert found(opened({}), "拖欠劳动报酬怎么投诉") == []


def test_one_candidate_is_the_best_there_is(opened: Opened) -> None:
    hits = opened({"wages": WAGES}).search("拖欠劳动报酬向哪个部门投诉", limit=5)
    assert [hit.score for hit in hits] == [1.0]


def test_equal_texts_keep_their_order_every_time(opened: Opened) -> None:
    corpus = opened(dict.fromkeys(("a", "b", "c"), WAGES))
    orders = {tuple(found(corpus, "拖欠劳动报酬向哪个部门投诉")) for _ in range(3)}
    assert orders == {("a", "b", "c")}


def test_scores_fall_and_stay_above_zero_behind_those_looked_at(opened: Opened) -> None:
    texts = {str(at): f"{CALL}第{at}批项目{'另行通知。' * (at % 7)}" for at in range(60)}
    hits = opened(texts).search("云溪市科技计划项目的申报时间是什么时候", limit=60)
    scores = [hit.score for hit in hits]
    assert len(scores) == len(texts)
    assert scores == sorted(scores, reverse=True)
    assert 0 < scores[-1] <= scores[0] == 1.0


def test_what_is_open_can_be_read_when_its_files_were_swept_away(
    opened: Opened, tmp_path: Path
) -> None:
    corpus = opened({"rent": RENT, "wages": WAGES})
    shutil.rmtree(tmp_path / "index")
    assert found(corpus, "拖欠劳动报酬向哪个部门投诉")[0] == "wages"


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="only Linux tells")
def test_texts_are_not_mapped_into_memory(opened: Opened) -> None:
    corpus = opened({"rent": RENT, "wages": WAGES})
    assert found(corpus, "拖欠劳动报酬向哪个部门投诉")
    mapped = Path("/proc/self/maps").read_text(encoding="utf-8")
    assert "items.npy" in mapped
    assert ".jsonl" not in mapped
