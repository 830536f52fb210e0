"""The lexical index and the embedding that needs no download."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.index.embedding.hashed import DIMENSIONS, HashedEmbeddings
from knowledge.index.lexical import LexicalIndex, build_lexical
from knowledge.index.versions import DamagedIndexError, Versions
from knowledge.lexicon.words import grams

TEXTS = ("科技服务队建设", "院士协同创新中心", "技术经理人培训", "科技服务团")


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    build_lexical(tmp_path, (grams(text) for text in TEXTS))
    return LexicalIndex(tmp_path)


def test_the_item_that_shares_most_scores_best(index: LexicalIndex) -> None:
    scores = index.scores(grams("科技服务队"))
    assert int(np.argmax(scores)) == 0
    assert scores[0] > scores[3] > 0
    assert scores[2] < scores[3]


def test_a_token_may_weigh_more_in_the_query(index: LexicalIndex) -> None:
    once, twice = index.scores({"院士": 1.0}), index.scores({"院士": 2.0})
    assert twice[1] == pytest.approx(2 * once[1])


def test_rare_tokens_say_more_and_unknown_ones_most(index: LexicalIndex) -> None:
    assert index.rarity("科技") < index.rarity("院士") < index.rarity("没有") == 1.0
    assert index.frequency("科技") == 2


def test_an_empty_collection_can_be_searched(tmp_path: Path) -> None:
    build_lexical(tmp_path, [])
    assert LexicalIndex(tmp_path).scores(["科技"]).size == 0


def test_equal_texts_have_equal_vectors_and_like_ones_are_near() -> None:
    embeddings = HashedEmbeddings()
    same, like, other = map(
        np.array, embeddings.embed_documents(["科技服务队建设", "组建科技服务队", "食堂的菜单"])
    )
    assert same.shape == (DIMENSIONS,)
    assert np.linalg.norm(same) == pytest.approx(1.0)
    assert embeddings.embed_query("科技服务队建设") == pytest.approx(list(same))
    assert same @ like > same @ other + 0.2


def test_a_text_of_nothing_has_a_vector_too() -> None:
    assert len(HashedEmbeddings().embed_query("")) == DIMENSIONS


def test_a_version_is_current_only_once_it_is_whole(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    assert versions.current() is None
    before = versions.stamp()
    with versions.lock():
        first = versions.publish(lambda folder: _fill(folder, "one"))
    assert versions.stamp() != before
    found = versions.current()
    assert found == first
    assert found.notes == {"name": "one"}


def test_an_altered_version_is_noticed(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    version = versions.publish(lambda folder: _fill(folder, "one"))
    (version.folder / "data").write_text("two")
    with pytest.raises(DamagedIndexError, match="altered"):
        versions.current()


def _fill(folder: Path, name: str) -> dict[str, str]:
    (folder / "data").write_text(name)
    return {"name": name}
