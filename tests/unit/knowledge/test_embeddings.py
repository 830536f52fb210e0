"""Embeddings by three makers: a folder with a real graph, an endpoint over HTTP, the default."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding
from pydantic import SecretStr

from core.domain.errors import BadInputError, UnavailableError
from knowledge.index.embedding.choice import EmbeddingSettings, open_embeddings
from knowledge.index.embedding.hashed import HashedEmbeddings
from knowledge.index.embedding.identity import fingerprint_of, is_learned
from tests.fakes.model_folder import WIDTH, make_model_folder, write
from tests.fakes.openai import DIMENSIONS, FakeOpenAI

SENTENCES = ["组建专家服务队，每支不少于6人", "项目申报时间为四月", "食堂的菜单"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_model_folder(tmp_path / "small-zh", SENTENCES)


def opened(folder: Path, instruction: str | None = None) -> object:
    return open_embeddings(EmbeddingSettings(folder=folder, instruction=instruction))


def near(one: list[float], other: list[float]) -> float:
    return float(np.dot(one, other))


def test_nothing_set_means_the_embedded_default() -> None:
    assert open_embeddings(EmbeddingSettings()) is None
    assert not is_learned(HashedEmbeddings())
    assert fingerprint_of(HashedEmbeddings()).endswith("/256")


def test_an_embedding_of_another_make_is_told_by_name_and_dimension() -> None:
    embeddings = DeterministicFakeEmbedding(size=12)
    assert fingerprint_of(embeddings) == "DeterministicFakeEmbedding/12"
    assert is_learned(embeddings)


@pytest.mark.parametrize("place", ["model.onnx", "onnx/model.onnx"])
def test_a_folder_with_a_graph_gives_vectors_of_length_one(tmp_path: Path, place: str) -> None:
    folder = make_model_folder(tmp_path / "small-zh", SENTENCES, place=place)
    embeddings = open_embeddings(EmbeddingSettings(folder=folder))
    assert embeddings is not None
    rows = embeddings.embed_documents([*SENTENCES, "服务队", ""] * 20)
    assert {len(row) for row in rows} == {WIDTH}
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0)
    assert near(rows[0], rows[3]) > near(rows[2], rows[3])
    assert embeddings.embed_query(SENTENCES[0]) == pytest.approx(rows[0], abs=1e-6)
    assert fingerprint_of(embeddings).startswith("small-zh-")
    assert is_learned(embeddings)
    assert embeddings.embed_documents([]) == []


def test_padding_does_not_change_a_vector(folder: Path) -> None:
    embeddings = open_embeddings(EmbeddingSettings(folder=folder))
    assert embeddings is not None
    (alone,) = embeddings.embed_documents(["服务队"])
    beside = embeddings.embed_documents(["服务队", "项目申报时间为四月" * 30])[0]
    assert beside == pytest.approx(alone, abs=1e-6)


def test_pooling_is_the_one_that_the_folder_names(tmp_path: Path) -> None:
    rows = {}
    for pooling in ("mean_tokens", "cls_token", "max_tokens"):
        folder = make_model_folder(tmp_path / pooling, SENTENCES, pooling=pooling)
        embeddings = open_embeddings(EmbeddingSettings(folder=folder))
        assert embeddings is not None
        rows[pooling] = embeddings.embed_documents(["服务队", "食堂"])
    # The graph knows no context: what stands first is the same in every text.
    assert rows["cls_token"][0] == pytest.approx(rows["cls_token"][1])
    assert rows["mean_tokens"][0] != pytest.approx(rows["mean_tokens"][1])
    assert rows["max_tokens"][0] != pytest.approx(rows["mean_tokens"][0])


def test_pooling_in_the_newer_spelling(folder: Path) -> None:
    write(folder / "1_Pooling" / "config.json", {"pooling_mode": "cls"})
    embeddings = open_embeddings(EmbeddingSettings(folder=folder))
    assert embeddings is not None
    first, second = embeddings.embed_documents(["服务队", "食堂"])
    assert first == pytest.approx(second)


def test_a_graph_that_pools_itself_is_taken_at_its_word(tmp_path: Path) -> None:
    folder = make_model_folder(tmp_path / "small", SENTENCES, pooled=True)
    embeddings = open_embeddings(EmbeddingSettings(folder=folder))
    assert embeddings is not None
    assert len(embeddings.embed_query("服务队")) == WIDTH


def test_the_instruction_stands_before_questions_only(folder: Path) -> None:
    write(folder / "config_sentence_transformers.json", {"prompts": {"query": "食堂的菜单"}})
    with_own = open_embeddings(EmbeddingSettings(folder=folder))
    without = open_embeddings(EmbeddingSettings(folder=folder, instruction=""))
    assert with_own is not None
    assert without is not None
    assert with_own.embed_query("服务队") == pytest.approx(
        without.embed_documents(["食堂的菜单服务队"])[0], abs=1e-6
    )
    assert with_own.embed_documents(["服务队"]) == without.embed_documents(["服务队"])


def test_a_model_that_is_swapped_in_its_folder_is_another(folder: Path) -> None:
    before = open_embeddings(EmbeddingSettings(folder=folder))
    make_model_folder(folder, [*SENTENCES, "多一句不同的话"])
    after = open_embeddings(EmbeddingSettings(folder=folder))
    assert before is not None
    assert after is not None
    assert fingerprint_of(before) != fingerprint_of(after)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "tokenizer.json").unlink(), "没有 tokenizer.json"),
        (lambda folder: (folder / "tokenizer.json").write_text("{}"), "tokenizer.json 无法读取"),
        (
            lambda folder: (folder / "model.onnx").write_text("version https://git-lfs"),
            "Git LFS",
        ),
        (
            lambda folder: write(
                folder / "1_Pooling" / "config.json", {"pooling_mode_lasttoken": True}
            ),
            "池化方式 pooling_mode_lasttoken",
        ),
        (lambda folder: (folder / "1_Pooling" / "config.json").write_text("{"), "无法读取"),
        (
            lambda folder: write(
                folder / "modules.json", [{"type": "sentence_transformers.models.Dense"}]
            ),
            "Dense",
        ),
        (lambda folder: (folder / "model.onnx").unlink(), "没有可用的向量模型"),
    ],
)
def test_a_folder_that_cannot_be_used_says_why_at_the_start(
    folder: Path, spoil: object, said: str
) -> None:
    assert callable(spoil)
    spoil(folder)
    with pytest.raises(BadInputError, match=said):
        opened(folder)


def test_a_missing_folder_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="KEQIAO_EMBEDDING_FOLDER"):
        opened(tmp_path / "nowhere")


def test_a_folder_without_a_graph_wants_the_extra(folder: Path) -> None:
    if importlib.util.find_spec("sentence_transformers") is not None:
        pytest.skip("sentence-transformers is installed here")
    (folder / "model.onnx").unlink()
    write(folder / "modules.json", [{"type": "sentence_transformers.models.Transformer"}])
    with pytest.raises(BadInputError, match=r"keqiao\[models\]"):
        opened(folder)


def test_a_folder_of_sentence_transformers_is_loaded(tmp_path: Path) -> None:
    sentence_transformers = pytest.importorskip(
        "sentence_transformers", reason="the extra `models` is not installed"
    )
    words = sentence_transformers.models.BoW(vocab=["服务队", "菜单"])
    folder = tmp_path / "bow"
    sentence_transformers.SentenceTransformer(modules=[words]).save(str(folder))
    embeddings = open_embeddings(EmbeddingSettings(folder=folder))
    assert embeddings is not None
    assert len(embeddings.embed_query("服务队")) == 2


def remote(server: FakeOpenAI, key: str | None = None) -> EmbeddingSettings:
    return EmbeddingSettings(
        url=server.url, model="small", key=SecretStr(key) if key else None, instruction="问："
    )


def test_an_endpoint_is_asked_in_batches_for_texts_not_tokens() -> None:
    with FakeOpenAI(key="k-1") as server:
        embeddings = open_embeddings(remote(server, "k-1"))
        assert embeddings is not None
        rows = embeddings.embed_documents([f"第{number}段" for number in range(150)])
        assert [len(batch) for batch in server.embedded] == [64, 64, 22]
        assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0)
        assert fingerprint_of(embeddings) == f"small/{DIMENSIONS}"
        embeddings.embed_query("服务队")
        embeddings.embed_query("服务队")
        assert server.embedded[3:] == [["问：服务队"]]


def test_an_endpoint_that_stumbles_is_asked_again_for_documents() -> None:
    with FakeOpenAI(embedding_statuses=[503, 429]) as server:
        embeddings = open_embeddings(remote(server))
        assert embeddings is not None
        assert len(embeddings.embed_documents(["一"])) == 1
        assert len(server.embedded) == 3


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (401, "拒绝了密钥", BadInputError),
        (403, "拒绝了密钥", BadInputError),
        (404, "没有这个地址或模型 small", BadInputError),
        (400, "拒绝了请求（400）", UnavailableError),
        (500, "拒绝了请求（500）", UnavailableError),
    ],
)
def test_a_refusal_of_an_endpoint_is_told(status: int, said: str, kind: type[Exception]) -> None:
    with FakeOpenAI(embedding_statuses=[status]) as server:
        embeddings = open_embeddings(remote(server, "wrong"))
        assert embeddings is not None
        with pytest.raises(kind, match=said) as caught:
            embeddings.embed_query("服务队")
    assert "wrong" not in str(caught.value)


def test_an_endpoint_that_is_down_is_told() -> None:
    with FakeOpenAI() as server:
        settings = remote(server)
    embeddings = open_embeddings(settings)
    assert embeddings is not None
    with pytest.raises(UnavailableError, match="没有应答"):
        embeddings.embed_query("服务队")


@pytest.mark.parametrize("row", [[], [float("nan")] * 4, ["a", "b"], [[1.0]]])
def test_an_answer_that_is_no_vector_is_refused(row: list[float]) -> None:
    with FakeOpenAI(embed=lambda _: row) as server:
        embeddings = open_embeddings(remote(server))
        assert embeddings is not None
        with pytest.raises(UnavailableError, match="不是向量"):
            embeddings.embed_query("服务队")


def test_a_model_that_changes_its_dimension_is_refused() -> None:
    with FakeOpenAI() as server:
        embeddings = open_embeddings(remote(server))
        assert embeddings is not None
        embeddings.embed_query("服务队")
        server.embed = lambda _: [1.0, 2.0]
        with pytest.raises(BadInputError, match="2 维"):
            embeddings.embed_documents(["项目"])


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (EmbeddingSettings(url="http://127.0.0.1:1/v1"), "KEQIAO_EMBEDDING_MODEL"),
        (EmbeddingSettings(url="127.0.0.1:1", model="m"), "http://"),
        (EmbeddingSettings(url="http://a/v1", folder=Path("b"), model="m"), "只能设置一个"),
    ],
)
def test_settings_that_do_not_fit_together_are_named(
    settings: EmbeddingSettings, said: str
) -> None:
    with pytest.raises(BadInputError, match=said):
        open_embeddings(settings)


def test_a_key_is_not_shown() -> None:
    settings = EmbeddingSettings(url="http://a/v1", model="m", key=SecretStr("hunter2"))
    assert "hunter2" not in repr(settings)
