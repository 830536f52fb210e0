"""What becomes of a form that is done: a need with its matches, or a submission."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from actions import wording
from actions.forms.asking import phrase
from actions.forms.draft import Draft, is_declined
from actions.forms.form import NEED, Field, Form, Part
from actions.own_needs.offering import match_buttons
from actions.turn import Turn
from actions.understanding.contact import read_contact
from actions.understanding.text import fold
from core.domain.conversations import Reply, ReplyKind
from core.domain.needs import FIELDS, NeedDraft
from core.domain.records import Record
from core.domain.submissions import Entry, FilledForm
from core.services.needs import SubmitNeed
from core.services.submissions import SubmitForm

REACHES = re.compile(r"[0-9@A-Za-z]")
"""What a phone number, a WeChat name or an address has, and a Chinese name has not."""
MOST_NUMBERS = 20
TO_MATCH = ("industry", "region", "modes", "budget", "deadline")
"""What makes matching better when it is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Stores a draft once and says what came of it."""

    submit_need: SubmitNeed
    submit_form: SubmitForm

    def __call__(self, form: Form, draft: Draft, turn: Turn) -> list[Reply]:
        """Store; what is raised means that nothing was said to be stored."""
        return (
            self._need(form, draft, turn) if form.name == NEED else self._form(form, draft, turn)
        )

    def _need(self, form: Form, draft: Draft, turn: Turn) -> list[Reply]:
        need = need_of(form, draft.values)
        done = self.submit_need(need, address=turn.person, key=str(draft.key))
        said = phrase(form, "stored", number=done.need.number)
        missing = [name for name in TO_MATCH if not getattr(done.need.draft, name)]
        if missing:
            fields = wording.join(map(wording.field_name, missing))
            said = f"{said}\n{phrase(form, 'to_match_better', fields=fields)}"
        replies = [Reply(kind=ReplyKind.NOTICE, text=said)]
        if done.matches:
            listed = wording.matches(done.matches, done.need.draft)
            text = phrase(form, "matches", matches=listed)
            buttons = match_buttons(len(done.matches))
            replies.append(Reply(kind=ReplyKind.CARD, text=text, buttons=buttons))
        else:
            replies.append(Reply(kind=ReplyKind.NOTICE, text=phrase(form, "no_matches")))
        return replies

    def _form(self, form: Form, draft: Draft, turn: Turn) -> list[Reply]:
        filled = filled_form(form, draft)
        done = self.submit_form(filled, address=turn.person, key=str(draft.key))
        replies = [Reply(kind=ReplyKind.CARD, text=_result(form, draft))] if form.levels else []
        text = phrase(form, "stored", number=done.number)
        return [*replies, Reply(kind=ReplyKind.NOTICE, text=text)]


def need_of(form: Form, values: Mapping[str, Any]) -> NeedDraft:
    """The need that the values of its form mean; declined fields stay empty."""
    meant = {
        one.name: one.kind.meaning(values[one.name])
        for one in form.fields
        if one.name in FIELDS and one.name in values and not is_declined(values[one.name])
    }
    indicators = values.get("problem", {}).get("indicators", ())
    return NeedDraft(**meant, indicators=tuple(indicators))


def filled_form(form: Form, draft: Draft) -> FilledForm:
    """What was filled in, and the record that it makes, if it goes to a library."""
    known = draft.known
    entries = tuple(
        Entry(
            name=one.name,
            label=one.label,
            shown=one.kind.show(known[one.name]),
            value=known[one.name],
        )
        for one in form.fields
        if one.name in known
    )
    return FilledForm(
        form=form.name,
        title=form.title,
        prefix=form.prefix,
        entries=entries,
        record=_record(form, draft),
    )


def _record(form: Form, draft: Draft) -> Record | None:
    if form.library is None:
        return None
    told = list(_parts(form, draft))

    def shown(part: Part) -> list[str]:
        return [public(field.kind.show(value)) for field, value in told if field.part is part]

    def listed(part: Part, name: str) -> tuple[str, ...]:
        return tuple(word for field, value in told if field.part is part for word in value[name])

    trades = [value["raw"] for field, value in told if field.part is Part.INDUSTRIES]
    return Record(
        library=form.library,
        external_id="",
        title=wording.join(shown(Part.TITLE)),
        summary="\n".join(shown(Part.SUMMARY)),
        organisation=wording.join(shown(Part.ORGANISATION)) or None,
        industries=listed(Part.INDUSTRIES, "labels"),
        keywords=tuple(word for raw in trades for word in raw.split("、") if word),
        modes=listed(Part.MODES, "names"),
        region=wording.join(shown(Part.REGION)) or None,
        source=form.title,
        details={
            field.label: public(field.kind.show(value))
            for field, value in told
            if field.part is Part.DETAILS
        },
    )


def public(text: str) -> str:
    """The text without phone numbers, WeChat names and addresses that were written into it."""
    for _ in range(MOST_NUMBERS):
        spans = [span for span in read_contact(fold(text)).spans if REACHES.search(span.of(text))]
        if not spans:
            break
        first = min(spans, key=lambda span: span.start)
        text = text[: first.start] + text[first.end :]
    return text.strip(" ，,。；;：:")


def _parts(form: Form, draft: Draft) -> Iterator[tuple[Field, Mapping[str, Any]]]:
    known = draft.known
    for one in form.fields:
        if one.part is not None and one.name in known:
            yield one, known[one.name]


def _result(form: Form, draft: Draft) -> str:
    total = sum(one.kind.score(draft.values.get(one.name, {})) for one in form.fields)
    level = [one for one in form.levels if total >= one.least][-1]
    return phrase(
        form,
        "result",
        total=total,
        most=sum(one.kind.best for one in form.fields),
        level=level.name,
        text=level.text,
    )
