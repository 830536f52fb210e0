"""The embedding that needs no download."""

import numpy as np
import pytest

from knowledge.index.embedding.hashed import DIMENSIONS, HashedEmbeddings


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
