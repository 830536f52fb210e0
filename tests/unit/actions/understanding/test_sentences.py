"""What people write, and what is read from it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.understanding.extract import Reading, read
from core.domain.needs import Contact

SAID_AT = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
SENTENCES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "sentences.yml").read_text(encoding="utf-8")
)


def _found(reading: Reading, field: str) -> Any:
    draft = reading.draft
    past = reading.deadline.past
    readers: dict[str, Callable[[], Any]] = {
        "problem": lambda: draft.problem,
        "industry": lambda: draft.industry and list(draft.industry.labels),
        "modes": lambda: list(draft.modes) or None,
        "region": lambda: draft.region and draft.region.name,
        "budget": lambda: draft.budget and [draft.budget.min, draft.budget.max],
        "approx": lambda: draft.budget and draft.budget.approx,
        "deadline": lambda: draft.deadline and draft.deadline.on.isoformat(),
        "past": lambda: past and past.on.isoformat(),
        "contact": lambda: draft.contact,
        "bad_phone": lambda: reading.contact.bad_phone,
    }
    return readers[field]()


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda one: one["text"])
def test_a_sentence_is_read_as_it_is_meant(sentence: dict[str, Any]) -> None:
    expected = {field: value for field, value in sentence.items() if field != "text"}
    if expected.get("contact"):
        expected["contact"] = Contact(**expected["contact"])

    reading = read(sentence["text"], SAID_AT)

    assert {field: _found(reading, field) for field in expected} == expected


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda one: one["text"])
def test_every_raw_value_stands_in_the_text(sentence: dict[str, Any]) -> None:
    text = sentence["text"]

    draft = read(text, SAID_AT).draft

    for value in (draft.budget, draft.deadline, draft.region):
        assert value is None or value.raw in text
    assert draft.problem is None or draft.problem in text
