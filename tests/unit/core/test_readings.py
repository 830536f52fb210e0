"""The summary of a document follows from its readings and the operators' edits."""

from dataclasses import replace
from datetime import date, time

import pytest

from core.domain.documents import (
    Document,
    DocumentFacts,
    Edit,
    Kind,
    Level,
    Part,
    Reading,
    Standing,
    standing_of,
)
from core.domain.errors import BadInputError
from core.domain.readings import check_edit, summed_up
from tests.factories import make_document


def said(name: str, value: str, part: int = 0) -> Reading:
    return Reading(name=name, value=value, start=0, end=1, part=part)


def document() -> Document:
    bare = DocumentFacts(title="annex")
    return make_document(
        facts=DocumentFacts(title="file name"),
        readings=(
            said("closes_on", "2026-05-30", 2),
            said("closes_at", "17:00", 2),
            said("expires_on", "2028-12-31", 1),
            said("expires_on", "2026-12-31", 2),
            said("title", "通知"),
            said("issuer", "示例市科协"),
            said("level", "city"),
            said("kind", "call", 2),
            said("phone", "0999-1234567", 2),
        ),
        parts=tuple(Part(start=at, end=at + 1, facts=bare) for at in range(3)),
    )


def test_each_part_has_its_own_dates_and_shares_who_issued_it() -> None:
    made = summed_up(document())
    assert made.facts.title == "通知"
    assert made.facts.closes_on == date(2026, 5, 30)
    notice, plan, call = (part.facts for part in made.parts)
    assert notice.closes_on is plan.closes_on is None
    assert (plan.expires_on, call.expires_on) == (date(2028, 12, 31), date(2026, 12, 31))
    assert (call.closes_at, call.kind) == (time(17), Kind.CALL)
    assert plan.issuer == call.issuer == "示例市科协"
    assert call.level is Level.CITY
    assert plan.title == "annex"


def test_an_edit_stands_in_place_of_what_was_read() -> None:
    edits = (Edit(name="closes_on", value="2026-06-15"), Edit(name="issuer", value="别处"))
    made = summed_up(replace(document(), edits=edits))
    assert made.facts.closes_on == made.parts[2].facts.closes_on == date(2026, 6, 15)
    assert made.parts[1].facts.closes_on is None
    assert {part.facts.issuer for part in made.parts} == {"别处"}
    unset = summed_up(replace(made, edits=()))
    assert unset.facts.closes_on == unset.parts[2].facts.closes_on == date(2026, 5, 30)
    assert unset.facts.issuer == "示例市科协"


def test_an_edit_of_a_part_is_about_that_part_alone() -> None:
    edits = (Edit(name="expires_on", value="2030-01-01", part=1),)
    made = summed_up(replace(document(), edits=edits))
    assert [part.facts.expires_on for part in made.parts] == [
        None,
        date(2030, 1, 1),
        date(2026, 12, 31),
    ]


def test_a_newer_edition_is_not_forgotten() -> None:
    made = document()
    made = summed_up(replace(made, facts=replace(made.facts, superseded_by="b.txt")))
    assert made.facts.superseded_by == "b.txt"


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("colour", "red", "no such fact"),
        ("phone", "1", "no such fact"),
        ("year", "next", "2026"),
        ("closes_on", "30/5/2026", "2026-11-21"),
        ("closes_at", "5pm", "17:00"),
        ("level", "village", "national"),
        ("kind", "song", "plan"),
        ("title", " ", "unset"),
    ],
)
def test_an_edit_that_is_no_fact_is_refused(name: str, value: str, why: str) -> None:
    with pytest.raises(BadInputError, match=why):
        check_edit(Edit(name=name, value=value))


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        ({}, Standing.CURRENT),
        ({"expires_on": date(2026, 1, 1)}, Standing.CURRENT),
        ({"expires_on": date(2025, 12, 31)}, Standing.EXPIRED),
        ({"closes_on": date(2025, 12, 31)}, Standing.EXPIRED),
        ({"closes_on": date(2025, 1, 1), "expires_on": date(2027, 1, 1)}, Standing.CURRENT),
        ({"superseded_by": "b.txt", "expires_on": date(2025, 1, 1)}, Standing.SUPERSEDED),
    ],
)
def test_whether_a_document_holds(facts: dict[str, object], standing: Standing) -> None:
    made = replace(DocumentFacts(title="x"), **facts)  # type: ignore[arg-type]
    assert standing_of(made, date(2026, 1, 1)) is standing
