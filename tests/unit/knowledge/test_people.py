"""Persons that a later question only points at, found among the contacts of the documents."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.domain.documents import Exchange
from knowledge.base import IndexedKnowledgeBase
from tests.unit.knowledge.bases import base_of

NOW = datetime(2026, 4, 20, 2, 0, tzinfo=UTC)
NOTICE = """云溪市图书馆关于征集地方文献的通知

一、报送方式

纸质材料寄送至：云溪市书院路8号（梁雨桐收）。

二、联系人

采编部	何远山	0599-8123456
办公室	梁雨桐	0599-8123457
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexedKnowledgeBase]:
    with base_of({"notice.txt": NOTICE}, tmp_path_factory.mktemp("people"), NOW) as base:
        yield base


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("何远山的电话多少", "那个梁老师的呢"),
        ("何远山的电话多少", "另一位呢"),
        ("纸质材料寄到哪里", "收件人电话多少"),
    ],
)
def test_a_person_pointed_at_is_found(
    before: str, question: str, base: IndexedKnowledgeBase
) -> None:
    history = [Exchange(question=before, answer=base.answer(before, now=NOW).text)]
    answer = base.answer(question, now=NOW, history=history)
    assert "0599-8123457" in answer.text
    assert "0599-8123456" not in answer.text
