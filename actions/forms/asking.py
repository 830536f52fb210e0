"""What a form says: its question in the words that fit, what it noted, its summary."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from actions import wording
from actions.forms.draft import CONFIRM, RETURN, Doubt, Draft
from actions.forms.form import Field, Form
from core.domain.conversations import Button, Reply, ReplyKind
from core.domain.records import Library, Record

ASK = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question by its name, such as budget or budget.unit, and as people read it."""

    name: str
    reply: Reply
    expected: tuple[str, ...] = ()
    """What the quick replies for a field say: answers, whatever else they look like."""


@cache
def words() -> Mapping[str, Any]:
    """The words that all forms share."""
    text = (files("actions.forms") / "words.yml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = yaml.safe_load(text)
    return loaded


def phrase(form: Form, name: str, **values: object) -> str:
    """A sentence in the form's own words, or in those all forms share."""
    return str(form.words.get(name) or words()[name]).format(title=form.title, **values)


def nothing_open(form: Form, library: Library) -> Reply:
    """No record is open that the form could be about; to be told of the next one is offered."""
    name = wording.library(library)
    buttons = tuple(
        Button(title=one["title"], payload=one["payload"].format(library=name))
        for one in words()["closed_buttons"]
    )
    return Reply(kind=ReplyKind.NOTICE, text=phrase(form, "closed", library=name), buttons=buttons)


def told(form: Form, draft: Draft) -> Reply | None:
    """What this turn changed, so that a slip is seen at once; the summary shows all of it."""
    if draft.asked in {CONFIRM, RETURN}:
        return None
    shown = [one for one in form.fields if one.name in draft.noted and one.name in draft.known]
    if not shown:
        return None
    values = "\n".join(line(one, draft) for one in shown)
    return Reply(kind=ReplyKind.NOTICE, text=phrase(form, "noted", values=values))


def question(form: Form, draft: Draft, records: tuple[Record, ...] = ()) -> Question:
    """The draft's question."""
    if draft.leaving:
        shown = wording.join(one.label for one in form.fields if one.name in draft.known)
        text = phrase(form, "leave", fields=shown)
        return _question("leave", text, _listed("leave_buttons"))
    if draft.asked == RETURN:
        shown = "\n".join(line(one, draft) for one in form.fields if one.name in draft.known)
        text = phrase(form, "return" if shown else "return_empty", values=shown)
        return _question(RETURN, text, _listed("return_buttons"))
    asked = form.field(draft.asked)
    if asked is None:
        return _card(form, draft)
    return _field_question(form, asked, draft, records)


def summary(form: Form, draft: Draft) -> str:
    """Every field, a line each."""
    return "\n".join(line(one, draft) for one in form.fields)


def line(one: Field, draft: Draft) -> str:
    """预算：80万元."""
    value = draft.known.get(one.name)
    shown = one.kind.show(value) if value else wording.words()["unsaid"]
    return str(wording.words()["field_line"]).format(name=one.label, value=shown)


def _card(form: Form, draft: Draft) -> Question:
    variant = draft.doubt.kind if draft.doubt else ""
    if variant == "modify":
        buttons = [
            Button(title=str(words()["change_title"]).format(label=one.label), payload=payload)
            for one in form.fields
            if (payload := str(words()["change_payload"]).format(label=one.label))
        ]
        return _question("confirm.modify", phrase(form, "modify"), buttons)
    name = "confirm_unclear" if variant else "confirm"
    text = phrase(form, name, summary=summary(form, draft))
    buttons = _listed("confirm_buttons")
    reply = Reply(kind=ReplyKind.CONFIRM, text=text, buttons=tuple(buttons))
    return Question(name=f"{CONFIRM}.{variant}" if variant else CONFIRM, reply=reply)


def _field_question(
    form: Form, asked: Field, draft: Draft, records: tuple[Record, ...]
) -> Question:
    doubt = draft.doubt if draft.doubt and draft.doubt.field == asked.name else None
    variant = doubt.kind if doubt else ASK
    values = {**(doubt.values if doubt else {}), "label": asked.label}
    text = _said(form, asked, variant).format(**values)
    payloads = _payloads(asked, doubt, records)
    buttons = [Button(title=one, payload=one) for one in payloads]
    name = asked.name if variant == ASK else f"{asked.name}.{variant}"
    return replace(_question(name, text, buttons), expected=tuple(payloads))


def _said(form: Form, asked: Field, variant: str) -> str:
    """The field's own words for a variant, else what all forms say, else its question."""
    shared = {**words()["doubts"], **form.words}
    return asked.says.get(variant) or str(shared.get(variant) or asked.says[ASK])


def _payloads(asked: Field, doubt: Doubt | None, records: tuple[Record, ...]) -> list[str]:
    options = asked.kind.options(doubt) if doubt else ()
    if options:
        return list(options)
    return [*asked.kind.choices(records), *asked.quick]


def _question(name: str, text: str, buttons: Iterable[Button]) -> Question:
    return Question(
        name=name, reply=Reply(kind=ReplyKind.QUESTION, text=text, buttons=tuple(buttons))
    )


def _listed(name: str) -> list[Button]:
    return [Button(title=one["title"], payload=one["payload"]) for one in words()[name]]
