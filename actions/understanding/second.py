"""What a second reader points at, and what of that our own readers read in the same words.

It fills what the first reading left empty and nothing else: values stand in the text, mean what
the readers say they mean, and are said of this need.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from actions.understanding.contact import read_contact
from actions.understanding.extract import Reading, read
from actions.understanding.text import clause_around, fold, mask
from core.domain.needs import FIELDS, NeedDraft
from core.ports.second_reader import SecondReader

LEAST = 12
"""Characters of a text from which on there may be more in it than was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReading:
    """A text read again for what is missing; `quotes` are by field of a need, of the text."""

    reader: SecondReader

    def quotes(self, text: str, said_at: datetime) -> Mapping[str, str]:
        """The words that state what the first reading left empty; each is read by itself."""
        first = read(text, said_at)
        fields, shown = _left(first), _impersonal(mask(text, first.aside))
        if not fields or len(shown.strip()) < LEAST:
            return {}
        facts = (first.region.span, first.budget.span, first.deadline.span)
        rest = mask(
            shown, [span for span in facts if span]
        )  # what states one thing states no other
        said = self.reader.quotes(shown, fields)
        return {
            name: said[name]
            for name in fields
            if name in said and _states(name, said[name], rest, said_at)
        }

    def fill(self, draft: NeedDraft, text: str, said_at: datetime) -> NeedDraft:
        """The draft that was read from the text, with what the quotes state."""
        found: dict[str, Any] = {
            name: _value(name, quote, said_at)
            for name, quote in self.quotes(text, said_at).items()
        }
        return replace(draft, **found)


def _left(first: Reading) -> tuple[str, ...]:
    """The fields that are still to be read: not those in doubt, left open on purpose, personal."""
    closed = {
        "contact": True,
        "budget": first.budget.open_price,
        "deadline": first.deadline.no_deadline,
        "modes": first.modes.any_mode,
    }
    missing = (name for name in FIELDS if not getattr(first.draft, name))
    return tuple(name for name in missing if not closed.get(name) and name not in first.ask)


def _impersonal(text: str) -> str:
    """The text without any contact; the reader names one at a time, the one to call."""
    while spans := read_contact(fold(text)).spans:
        text = mask(text, spans)
    return text


def _states(name: str, quote: str, text: str, said_at: datetime) -> bool:
    """Whether words stand in a text and say alone what they say in their clauses."""
    at = text.find(quote)
    value = _value(name, quote, said_at) if quote.strip() and at >= 0 else None
    if not value or name == "problem":
        return bool(value)
    folded = fold(text)
    start = clause_around(folded, at).start
    end = clause_around(folded, at + len(quote) - 1).end
    return bool(value == _value(name, text[start:end], said_at))


def _value(name: str, quote: str, said_at: datetime) -> Any:  # noqa: ANN401 -- each field has its own
    """What the readers make of words that are said to state a field; None when they doubt them."""
    found = read(quote, said_at, asked=name)
    return None if name in found.ask else getattr(found.draft, name)
