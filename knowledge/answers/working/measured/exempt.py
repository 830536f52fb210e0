"""Those whom a condition does not hold for, because a document says so."""

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import Case
from knowledge.answers.working.measured.terms import Term
from knowledge.answers.working.telling import tell
from knowledge.lexicon.words import normalise

_EXEMPT = re.compile(
    r"(?P<who>[^,;。:]{2,30}?)(?:可以?|均|一律)?不受(?P<what>[^,;。:]{2,12}?)(?:的)?(?:限制|约束|要求)"
)
_NOT = re.compile(r"(?:不是|没有?|非|不算|又不是)[^,]{0,4}$")
_PARTS = re.compile(r"[、和及或与]")


def exempted(case: Case, home: Evidence, terms: Sequence[Term]) -> tuple[Evidence, str] | None:
    """The sentence that exempts the one who asks from what fails, with its words."""
    passages = case.corpus.passages
    for number in passages.numbers(home.passage.source.id):
        for sentence in passages[number].chunk.sentences:
            for one in _EXEMPT.finditer(normalise(sentence.text)):
                named = [who for who in _PARTS.split(one["who"]) if who and _is(who, case.text)]
                what = one["what"]
                if named and all(what in f"{each.about}{each.clause}" for each in terms):
                    rule = replace(home, passage=passages[number], sentence=sentence)
                    return rule, tell("measured.exempt", who=named[0], what=what)
    return None


def _is(who: str, text: str) -> bool:
    """Whether a question names somebody as one of those, and does not deny it."""
    at = text.find(who)
    return at >= 0 and not _NOT.search(text[:at])
