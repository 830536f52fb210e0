"""Descriptions of forms: ours are sound, a site's are added, a bad one is told."""

from pathlib import Path

import pytest

from actions.forms.load import load_forms, read_form
from core.domain.errors import BadInputError

SMALL = """
name: training
title: 培训报名
called: 培训报名
prefix: PX
fields:
  - {name: who, label: 姓名, kind: person, required: true, says: {ask: 请问姓名？}}
"""


def test_every_prefix_and_title_is_of_one_form() -> None:
    forms = load_forms().values()
    for told in ([one.prefix for one in forms], [one.title for one in forms]):
        assert len(set(told)) == len(told)


@pytest.mark.parametrize("form", load_forms().values(), ids=lambda one: one.name)
def test_a_form_begins_with_what_is_required_and_asks_consent_last(form: object) -> None:
    fields = form.fields  # type: ignore[attr-defined] # a Form
    assert fields[0].required
    consents = [n for n, one in enumerate(fields) if type(one.kind).__name__ == "Consent"]
    assert consents in ([], [len(fields) - 1])


def test_a_site_adds_a_form_by_a_file(tmp_path: Path) -> None:
    (tmp_path / "training.yml").write_text(SMALL, encoding="utf-8")
    assert load_forms(tmp_path)["training"].title == "培训报名"
    assert "training" not in load_forms(tmp_path / "none")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("kind: person", "kind: persona"), "no kind is called 'persona'"),
        (("prefix: PX\n", ""), "prefix: Field required"),
        (("prefix: PX", "prefix: PX\ncolour: red"), "colour: Extra inputs"),
        (("says: {ask: 请问姓名？}", "says: {asks: 请问姓名？}"), "says needs an ask"),
        (("prefix: PX", "prefix: PX\nlibrary: experts"), "part: title"),
        (("prefix: PX", "prefix: PX\nlibrary: ghosts"), "library:"),
        (("called: 培训报名", "called: '('"), "unterminated"),
        (("kind: person", "kind: contact, part: details"), "a contact is never part"),
        (("kind: person", "kind: choice"), "listed"),
        (("name: training", "name: [a"), "no YAML"),
        (("fields:", "fields: []\nmore:"), "Extra inputs"),
    ],
)
def test_a_bad_description_says_which_file_and_what_is_wrong(
    change: tuple[str, str], message: str
) -> None:
    with pytest.raises(BadInputError, match=r"^site\.yml: ") as caught:
        read_form("site.yml", SMALL.replace(*change))
    assert message in str(caught.value)


def test_a_form_described_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "again.yml").write_text(SMALL.replace("training", "need"), encoding="utf-8")
    with pytest.raises(BadInputError, match="'need' is described twice"):
        load_forms(tmp_path)
