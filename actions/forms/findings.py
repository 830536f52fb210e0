"""What one text says of all fields of a form: each field hears its part of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from actions.forms.draft import CONFIRM, DECLINED, Doubt, Draft, Json
from actions.forms.form import NEED, Field, Form
from actions.forms.kinds.base import NOTHING, Finding, Heard
from actions.forms.kinds.region import RegionKind
from actions.forms.labels import named, segments, without
from actions.understanding import manners
from actions.understanding.text import Span, fold, mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The values that change, the first doubt, and whether something known was said again."""

    filled: Mapping[str, Json] = field(default_factory=dict)
    doubt: Doubt | None = None
    repeats: bool = False


def find(form: Form, draft: Draft, said: Heard) -> Found:
    """Read a text for every field of the form.

    On the summary nothing is asked for; a sum or a day beside its field's name answers for it.
    """
    findings = dict(_findings(form, draft, said))
    if draft.asked == CONFIRM and all(one == NOTHING for one in findings.values()):
        findings |= {
            one.name: one.kind.find(_heard(one, draft, said, said.text))
            for one in form.speaks_of(said.text)
            if one.kind.echoed
        }
    accepted = _accepted(form, draft, said.text, findings)
    filled = {name: findings[name].value or DECLINED for name in accepted}
    filled = {name: value for name, value in filled.items() if draft.values.get(name) != value}
    return Found(
        filled=filled,
        doubt=_doubt(findings, filled),
        repeats=any(
            findings[one.name].value and one.name in draft.known
            for one in form.fields
            if one.kind.heard_again or findings[one.name].value == draft.known.get(one.name)
        ),
    )


def reread(form: Form, quotes: Mapping[str, str], at: datetime) -> dict[str, Json]:
    """What the fields read in words that were pointed at, each by itself, as answers to it."""
    found = {
        one.name: one.kind.find(
            Heard(text=quotes[one.kind.reader], at=at, asked=True, reader=one.kind.reader)
        )
        for one in form.fields
        if one.kind.reader in quotes
    }
    return {name: one.value for name, one in found.items() if one.value}


def _findings(form: Form, draft: Draft, said: Heard) -> list[tuple[str, Finding]]:
    asked = form.field(draft.asked)
    labelled = segments(form, said.text)
    rest = without(form, said.text, labelled)
    if asked is None and form.name != NEED:
        rest = mask(rest, _name_of(form, rest))
    if asked is not None and isinstance(asked.kind, RegionKind):
        rest = mask(rest, _names_of_others(form, asked, rest))
    corrects = manners.corrects(said.text)
    found: list[tuple[str, Finding]] = []
    left = rest
    if asked is not None and asked.name not in labelled:
        left = asked.kind.leaves(_heard(asked, draft, said, rest))
    for one in form.fields:
        own = labelled.get(one.name)
        if own is not None:
            heard = _heard(one, draft, said, own.of(said.text).strip())
        elif asked is not None and one.name == asked.name:
            heard = _heard(one, draft, said, rest)
        else:
            heard = Heard(
                text=left,
                at=said.at,
                reader=asked.kind.reader if asked is not None else "",
                opening=draft.asked is None,
                corrects=corrects,
                doubt=_doubt_of(draft, one),
                known=draft.known.get(one.name),
                records=said.records,
            )
        found.append((one.name, one.kind.find(heard) if heard.text.strip() else NOTHING))
    return found


def _name_of(form: Form, text: str) -> list[Span]:
    """Where an opening names its form: words such as 科技服务 in 科技服务团 are no facts."""
    found = form.called.finditer(fold(text))
    return [Span(start=hit.start(), end=hit.end()) for hit in found]


def _names_of_others(form: Form, asked: Field, text: str) -> list[Span]:
    """Where a text names fields that were not asked for: 合作方式 is not in the city of 合作."""
    folded = fold(text)
    return [
        Span(start=hit.start(), end=hit.end())
        for one in form.fields
        if one is not asked
        for hit in one.called.finditer(folded)
    ]


def _heard(one: Field, draft: Draft, said: Heard, text: str) -> Heard:
    """The text as the field that it answers for hears it."""
    return Heard(
        text=text,
        at=said.at,
        asked=True,
        reader=one.kind.reader,
        opening=draft.asked is None,
        corrects=manners.corrects(said.text),
        doubt=_doubt_of(draft, one),
        known=draft.known.get(one.name),
        records=said.records,
    )


def _doubt_of(draft: Draft, one: Field) -> Doubt | None:
    return draft.doubt if draft.doubt and draft.doubt.field == one.name else None


def _accepted(form: Form, draft: Draft, text: str, findings: Mapping[str, Finding]) -> list[str]:
    told = [one for one in form.fields if findings[one.name].value or findings[one.name].declined]
    labelled = segments(form, text)
    accepted = [
        one.name
        for one in told
        if one.name in labelled
        or _adds(draft, one, findings[one.name])
        or _accepts(form, draft, one, text)
    ]
    asked = form.field(draft.asked)
    if asked and asked.kind.own and asked.name not in labelled and manners.corrects(text):
        # 刚才说错了，预算是八万: a word on what is known is no answer to what is asked.
        others = [name for name in accepted if name in draft.known and name != asked.name]
        accepted = others or accepted
    if not accepted and (asked is None or not asked.kind.own):
        # Said for no other reason than to be heard: a second word on what is known.
        accepted = [one.name for one in told if one.kind.heard_again]
    return accepted


def _adds(draft: Draft, one: Field, found: Finding) -> bool:
    known = draft.known.get(one.name)
    return known is not None and found.value is not None and one.kind.adds(known, found.value)


def _accepts(form: Form, draft: Draft, one: Field, text: str) -> bool:
    """Whether what was found for a field replaces what is known of it."""
    asked = draft.asked
    if one.name not in draft.values or asked is None or one.name == asked or one.kind.replaces:
        return True
    if one.kind.own:
        return asked == CONFIRM and named(form, text) == one.name
    return asked == CONFIRM or manners.corrects(text)


def _doubt(findings: Mapping[str, Finding], filled: Mapping[str, Json]) -> Doubt | None:
    """The first thing in the text that has to be asked back."""
    for name, one in findings.items():
        if one.doubt is not None and (one.value is None or name in filled):
            return Doubt(
                kind=one.doubt.kind,
                field=name,
                values=one.doubt.values,
                options=one.doubt.options,
            )
    return None
