"""Words of an answer: evidence as plain sentences, citations verbatim, notes on validity."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from core.domain.documents import Answer, Citation, DocumentFacts
from knowledge.answers.evidence import Evidence
from knowledge.lexicon.personal import impersonal
from knowledge.retrieval.passages import Passages
from knowledge.structure.headings import mark_of

_APPLYING = re.compile(r"申报|申请|报名|征集|受理|推荐")
_MAX_SHOWN = 400
_PLURAL = 2
_ENDS = ("。", "！", "？", "……")
_SHANGHAI = ZoneInfo("Asia/Shanghai")


@cache
def _wording() -> dict[str, Any]:
    text = (Path(__file__).parent / "wording.yml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


def say(name: str, **values: str) -> str:
    """The sentence of that name (dots lead into groups), filled in."""
    found: Any = _wording()
    for part in name.split("."):
        found = found[part]
    return str(found).format(**values)


def say_date(day: date) -> str:
    """A day as people read it."""
    return say("date", year=str(day.year), month=str(day.month), day=str(day.day))


def cite(evidence: Evidence) -> Citation:
    """The evidence, verbatim."""
    sentence = evidence.sentence
    source = evidence.passage.source
    return Citation(
        document=source.facts.title,
        source=source.source,
        section=" > ".join(sentence.path),
        quote=sentence.quote,
        document_id=source.id,
        start=sentence.start,
        end=sentence.end,
    )


_ANSWERS = re.compile(r"^(?:答|A)\s*[：:]\s*")
"""How an answer begins in a list of questions and answers."""


def plain(evidence: Evidence) -> str:
    """The evidence as people read it: repaired, without its item number."""
    text = " ".join(evidence.sentence.text.split())
    marked = mark_of(text)
    if marked and not evidence.sentence.row:
        text = text[marked.length :].lstrip("：:、 ") or text
    text = _ANSWERS.sub("", text.rstrip("；;：:"))
    if evidence.sentence.row or text.startswith(("（", "(")):
        heading = _heading(evidence)
        text = f"{heading}：{text}" if heading else text
    if len(text) > _MAX_SHOWN:
        text = text[:_MAX_SHOWN] + "……"
    return text if text.endswith(_ENDS) else text + "。"


def _heading(evidence: Evidence) -> str:
    """The nearest heading without its number, for words that do not say what they are about."""
    path = evidence.sentence.path
    if not path:
        return ""
    marked = mark_of(path[-1])
    return path[-1][marked.length :].strip() if marked else path[-1]


def compose(
    question: str,
    chosen: Sequence[Evidence],
    now: datetime,
    *,
    passages: Passages,
    short: str = "",
) -> Answer:
    """An answer from the chosen evidence, the best first; the short answer goes before it."""
    lines: list[str] = []
    for title, group in groupby(chosen, lambda one: one.passage.source.facts.title):
        told = _told(list(group))
        lines.append(say("also" if lines else "answer", document=title, evidence=told))
    if short:
        lines.insert(0, short)
    return Answer(
        question=question,
        text="\n".join(lines),
        citations=tuple(cite(one) for one in chosen),
        notes=notes(chosen, now, passages),
    )


def _told(group: Sequence[Evidence]) -> str:
    """Sentences one after another; items of a list on lines of their own, with their marks."""
    marks = [mark_of(one.sentence.text.strip()) for one in group]
    lines = sum(
        mark is not None or one.sentence.row for one, mark in zip(group, marks, strict=True)
    )
    if lines < _PLURAL:
        return "".join(plain(one) for one in group)
    told = ""
    under = ""
    for one, mark in zip(group, marks, strict=True):
        text = " ".join(one.sentence.text.split())
        heading = _heading(one) if one.sentence.row else ""
        if heading != under and heading:
            told += f"{heading}："
        under = heading
        told += "\n" * (mark is not None or one.sentence.row) + text
    return told if told.endswith(_ENDS) else told.rstrip("；;：:、，") + "。"


def abstain(
    question: str,
    reason: str,
    *,
    missing: str = "",
    nearest: Evidence | None = None,
    whom: str = "",
) -> Answer:
    """No answer: what is not stated, the nearest thing that is, and whom to ask."""
    named = "、".join(impersonal(question, missing.split("、")))
    text = say(f"abstain.{reason if named or not missing else 'nothing_found'}", missing=named)
    citations: tuple[Citation, ...] = ()
    if nearest is not None:
        title = nearest.passage.source.facts.title
        text += "\n" + say("nearest", document=title, evidence=plain(nearest))
        citations = (cite(nearest),)
    if whom:
        text += "\n" + whom
    return Answer(question=question, text=text, abstained=True, reason=reason, citations=citations)


def notes(chosen: Sequence[Evidence], now: datetime, passages: Passages) -> tuple[str, ...]:
    """What has ended, not begun or been replaced of the documents that an answer stands on."""
    today = now.astimezone(_SHANGHAI).date()
    found: dict[str, None] = {}
    for evidence in chosen:
        facts = evidence.passage.source.facts
        text = " ".join((*evidence.sentence.path, evidence.sentence.text))
        name, day = _standing(facts, today, applying=bool(_APPLYING.search(text)))
        if day is not None:
            found[say(name, document=facts.title, date=say_date(day))] = None
        if facts.superseded_by:
            newer = passages.title_of(facts.superseded_by)
            found[say("notes.superseded", document=facts.title, newer=newer)] = None
    return tuple(found)


def _standing(facts: DocumentFacts, today: date, *, applying: bool) -> tuple[str, date | None]:
    """The name of the note that a document needs, and its day; no day when it needs none."""
    if applying and facts.closes_on and facts.closes_on < today:
        return "notes.call_closed", facts.closes_on
    if applying and facts.opens_on and today < facts.opens_on:
        return "notes.not_open", facts.opens_on
    ended = facts.expires_on is not None and facts.expires_on < today
    return "notes.plan_ended", facts.expires_on if ended else None
