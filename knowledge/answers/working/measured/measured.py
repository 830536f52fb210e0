"""Whether what a question tells keeps the measured conditions that speak about it.

Each told size is bound to a condition by what it is a size of and by its measure; what is bound
to none says nothing. One that fails decides; where all are kept, the rest is to be confirmed.
"""

import re
from dataclasses import replace
from functools import lru_cache

from core.domain.documents import DocumentId
from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import CHECKS, Case, Worked
from knowledge.answers.working.conditions.subject import (
    LOOKED_AT,
    about_another,
    asks_openly,
    asks_whether,
    part_text,
)
from knowledge.answers.working.measured.binding import Bound, Told, bound, told_of
from knowledge.answers.working.measured.exempt import exempted
from knowledge.answers.working.measured.kinds import kinds_in, kinds_of, named_labels
from knowledge.answers.working.measured.sizes import COUNTED, NUMERALS, comparable
from knowledge.answers.working.measured.terms import Term, terms_of
from knowledge.answers.working.others import to_confirm
from knowledge.answers.working.reading.numbers import plain
from knowledge.answers.working.telling import lines, tell
from knowledge.lexicon.words import NAMING, normalise
from knowledge.retrieval.passages import Passages

_LACKS = re.compile(r"(?:没有?|缺少?|不是|不具备|未能?|尚未)(?P<what>[\u4e00-\u9fff]{2})")
_OTHERWISE = re.compile(r"如果|假如|同时|重复|再报|又报|已经(?:有|建|报|获)|取消|撤销|违")
_CLAIMS = re.compile(r"(?:只|才|都|给|由|要求)[^,]{1,20}[吗么吧]\W*$|是不是|对[吗吧]\W*$|没记错")
_ABLE = re.compile(
    r"能|可以|可否|允许|够|符合|达标|行[吗不]|合格|满足|资格|报得|报名|达得到|达不达|过得|过不"
)
"""What is asked of a case; without it, words such as 只 … 吗 claim what a document says."""

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_PERSON = re.compile(r"生$|人$|员$|师$|方$|户$|商$|国|外籍|海外|兼职|退休")
"""Words for those who apply; of whom a document never speaks, nothing is met."""

_CLAUSE = re.compile(r"[^,;。?!]+")
_READ = 6


def measured(case: Case) -> Worked | None:
    """A verdict on what the question tells of sizes and days, or nothing."""
    told = told_of(case.text, case.today) if _asks(case) else []
    home = _home(case, told) if told else None
    return _decided(case, home, told) if home is not None else None


def _asks(case: Case) -> bool:
    """Whether a question tells of a case, and wants to know whether it passes."""
    claims = _CLAIMS.search(case.text) and not _ABLE.search(case.text)
    return asks_whether(case.asked) and not asks_openly(case.text) and not claims


def _decided(case: Case, home: Evidence, told: list[Told]) -> Worked | None:
    terms = _applying(case, _terms(case.corpus.passages, home.passage.source.id))
    found = [(one, _bound(one, terms, case)) for one in told]
    every = [one for _, each in found for one in each]
    failed = [one for one in every if not one.passes and not one.term.either]
    if failed:
        return _worked(case, home, failed, every, passes=False)
    loose = any(not each and _measurable(one, terms) for one, each in found)
    if not every or loose or not all(one.passes for one in every) or _tells_more(case, home):
        return None
    return _worked(case, home, every, every, passes=True)


def _home(case: Case, told: list[Told]) -> Evidence | None:
    """A sentence of the document that the question is about."""
    best: dict[DocumentId, tuple[float, Evidence]] = {}
    bare = _without(case, told)
    for one in case.look()[:LOOKED_AT]:
        facts, source = one.passage.source.facts, one.passage.source
        if source.id in best or about_another(bare, one):
            continue
        if facts.superseded_by and f"{facts.year}年" not in case.text:
            continue
        title = normalise(f"{facts.title} {facts.issuer or ''} {facts.region or ''}")
        best[source.id] = (_named(case, title) - _unknown(case, one), one)
        if len(best) == _READ:
            break
    ranked = sorted(best.values(), key=lambda each: -each[0])
    return ranked[0][1] if ranked else None


def _named(case: Case, title: str) -> float:
    """How much of a title a question has: its pairs of characters, rare ones for more."""
    pairs = {run[at : at + 2] for run in _HAN.findall(title) for at in range(len(run) - 1)}
    return sum(case.corpus.lexical.rarity(one) for one in pairs if one in case.text)


def _unknown(case: Case, one: Evidence) -> float:
    """How much of what a question names stands nowhere in the document."""
    text = part_text(case, one)
    names = (word for word, weight in case.asked.words.items() if weight == NAMING)
    return sum(case.corpus.lexical.rarity(word) for word in names if word not in text)


def _without(case: Case, told: list[Told]) -> Case:
    """The question without the clauses that only tell of sizes: they name no call."""
    kept = [
        one
        for one in _CLAUSE.findall(case.text)
        if CHECKS.search(one) or not any(each.said in one for each in told)
    ]
    return replace(case, asked=replace(case.asked, text=",".join(kept)))


@lru_cache(maxsize=16)
def _terms(passages: Passages, document: DocumentId) -> tuple[Term, ...]:
    """The measured conditions of a document."""
    return tuple(
        term
        for number in passages.numbers(document)
        for sentence in passages[number].chunk.sentences
        for term in terms_of(passages[number], sentence)
    )


def _applying(case: Case, terms: tuple[Term, ...]) -> list[Term]:
    """The conditions that hold for the class and the sort of unit that the question names."""
    groups: dict[tuple[str, ...], set[str]] = {}
    for one in terms:
        if one.label:
            groups.setdefault(one.group, set()).add(one.label)
    chosen = {
        group: named_labels(case.text, [*labels, *(group if labels <= set(group) else ())])
        for group, labels in groups.items()
    }
    asker = kinds_in(case.text)
    kept = []
    for one in terms:
        named = chosen.get(one.group, set()) if one.label else set()
        of = kinds_of(one)
        if (named and one.label not in named) or (of and asker and not of & asker):
            continue
        kept.append(one)
    return kept


def _bound(told: Told, terms: list[Term], case: Case) -> list[Bound]:
    """The conditions that speak best of what is told; none where they do not agree on it."""
    found = [each for one in terms if (each := bound(told, one, case.today)) is not None]
    relaxed = [one for one in found if one.term.relaxed]
    found = [one for one in found if not one.term.relaxed]
    if not found:
        return []
    best = max(one.score for one in found)
    chosen = [one for one in found if one.score == best]
    if any(one.passes is None for one in chosen):
        return []
    places = {one.term.clause for one in chosen}
    if len(places) > 1 and len({one.passes for one in chosen}) > 1:
        return []
    stricter = relaxed and not all(one.passes for one in chosen)
    return (
        relaxed_of(relaxed, case) if stricter else chosen[:2] if len(places) == 1 else chosen[:1]
    )


def relaxed_of(relaxed: list[Bound], case: Case) -> list[Bound]:
    """The limits that take the place of the rule for those whom the question names."""
    named = kinds_in(case.text)
    return [one for one in relaxed if kinds_in(one.term.clause) & named]


def _measurable(told: Told, terms: list[Term]) -> bool:
    """Whether a condition of the same measure may have been meant."""
    size = told.size
    return size is not None and any(
        one.sort is not None and comparable(one.sort, size.sort) for one in terms
    )


def _tells_more(case: Case, home: Evidence) -> bool:
    """Whether the question tells of something else that may stand against it."""
    text = part_text(case, home)
    unknown = [one for one in case.unnamed(home) if one not in text]
    if _OTHERWISE.search(case.text) or any(_PERSON.search(one) for one in unknown):
        return True
    passages = case.corpus.passages
    forbidden = " ".join(
        normalise(sentence.text)
        for number in passages.numbers(home.passage.source.id)
        for sentence in passages[number].chunk.sentences
        if re.search(r"不得|不予|禁止", sentence.text)
    )
    text = re.sub(r"有没有|能不能|行不行|没问题|是不是", "", case.text)
    return any(one["what"] not in forbidden for one in _LACKS.finditer(text))


def _worked(
    case: Case, home: Evidence, deciding: list[Bound], every: list[Bound], *, passes: bool
) -> Worked:
    exempt = None if passes else exempted(case, home, [one.term for one in deciding])
    if exempt is not None:
        rule, said = exempt
        return Worked(text=tell("can") + said, rules=(rule,))
    shown = [*deciding, *(one for one in every if one not in deciding)]
    rules = dict.fromkeys(_evidence(home, one.term) for one in deciding)
    told = lines(dict.fromkeys(_said(one) for one in shown))
    verdict = tell("meets" if passes else "fails")
    rest = to_confirm(case, next(iter(rules)))
    return Worked(text=verdict + told + rest, rules=tuple(rules))


def _evidence(home: Evidence, term: Term) -> Evidence:
    return replace(home, passage=term.passage, sentence=term.sentence)


def _said(one: Bound) -> str:
    """What was told beside the limit, with the difference where things are counted."""
    size, term = one.told.size, one.term
    limit, given = term.clause, one.told.said
    if one.passes or size is None or size.sort not in COUNTED:
        return tell(f"measured.{'kept' if one.passes else 'broken'}", given=given, limit=limit)
    unit = given.lstrip(NUMERALS)
    return tell(
        f"count.{'short' if term.least else 'over'}",
        given=given,
        limit=limit,
        gap=plain(abs(size.value - term.value)) + (term.unit if unit == "个" else unit),
        sum=" − ".join(plain(each) for each in sorted((size.value, term.value), reverse=True)),
    )
