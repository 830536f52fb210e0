"""Two thousand made-up conversations with the engine of forms, each against a model."""

import random

import pytest

from actions.forms.form import NEED
from actions.forms.load import load_forms
from tests.conversations.generated import Person

CONVERSATIONS = 2000
PARTS = 8


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_is_said_in_whatever_order_nothing_is_lost_or_asked_again(part: int) -> None:
    forms = load_forms()
    others = [name for name in forms if name != NEED] or [NEED]
    for seed in range(part, CONVERSATIONS, PARTS):
        # Every other conversation is about a need; the other forms share the rest.
        name = others[seed // 2 % len(others)] if seed % 2 else NEED
        person = Person(forms[name], random.Random(seed))  # noqa: S311 -- no secret
        try:
            person.talk()
        except AssertionError as wrong:
            lines = "\n".join(person.lines)
            raise AssertionError(f"seed {seed}, form {name}: {wrong}\n{lines}") from wrong
