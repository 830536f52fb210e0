"""Yes or no in front of the evidence, where a question claims something that it states.

The claim is compared with one sentence: its number, its year, the one it names of a set of
contrasts, and at last all of its names. What that does not decide is quoted without a verdict.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from knowledge.answers.composition import say
from knowledge.answers.evidence import Evidence
from knowledge.answers.question import Question
from knowledge.answers.weighing.years import years_in
from knowledge.answers.working.reading.numbers import Bound, Quantity, alike, quantities
from knowledge.lexicon.lists import contrasts, generic, synonyms
from knowledge.lexicon.words import NAMING, normalise, strip_question_words, subject_words

_TAIL = re.compile(
    r"[,，]?(?:我)?(?:是不是(?:这样|真的)?|对不对|对[吗吧么]|没记?错吧?|是[吗吧么]|是(?:这样|真的)(?:的)?[吗吧么]?"
    r"|有没有(?:这|那)?回事)[?？。!！~ ]*$"
)
_CLAIMS = re.compile(
    rf"{_TAIL.pattern}|是不是|真(?:的)?这么|(?:只|才|就|是|都|给|由|要求)[^,，]{{1,20}}(?:[吗吧]|(?<![什怎多])么)[?？]*$"
)
_HEARD = re.compile(
    r"(?:我|我们)?(?:印象里|印象中|记得|听人讲|听人说|听说|据说|好像|以为|看到说|说是|是不是)"
)
_ABLE = re.compile(
    r"能|可以|可否|允许|够|来得及|有没有|要不要|需不需要|会不会|还|行吗|行不|怎|什么|哪|谁|多少|几(?!乎)|如何|啥"
)
_DENIES = re.compile(r"不|没|未|无(?!人机|锡)|非|除|禁")
_ALONE = re.compile(r"只|仅|才|唯一|光是")
_FEW = re.compile(r"[只仅光]")
_EVERY = re.compile(r"全都|全部|统统|一个不[落少]|都|所有|每[个家支]")
_COVERS = re.compile(r"全覆盖|全部|所有|均|都|各[个省市县区家]|应.尽.")
_STRONG = (
    (_EVERY, _COVERS),
    (
        re.compile(r"头一[批个家]|首[批个]|第一[批个]|最早"),
        re.compile(r"首[批个家]|第一[批个]|率先"),
    ),
)
"""Claims of all or of the first, and how documents state them."""

_PLAN = re.compile(r"[一二三四五六七八九十]年(?:专项|行动|计划|规划)")
_STEM = 2
_THING = 3
_YEAR_THEN = re.compile(
    r"(?:到|在|等|是|于)?(?P<year>20\d{2})年(?:底|末)?(?:才|就|起|开始|以后)|(?:是|在|到|于)(?P<set>20\d{2})年(?=[^,]{0,16}[的吗吧么对])"
)
_CLAUSE = re.compile(r"[,;。!?]")
_REFUSES = re.compile(r"不(?!少于|低于|超过|断|同|限)|未(?!来)|没有|尚|禁止")
_TWO = 2
_DATES = frozenset({"年月", "月", "日"})
_LEAST_NAMED = 2


def premise(asked: Question, found: Sequence[Evidence]) -> str:
    """Yes or no to a claim, or nothing where one sentence does not decide it."""
    claim = claim_of(asked.text)
    if not claim or not found:
        return ""
    denied = next(filter(None, (denial(asked, one) for one in found)), "")
    if denied:
        return denied
    return say("premise.yes") if _borne(claim, found[0]) else ""


def denial(asked: Question, evidence: Evidence) -> str:
    """No, with what is stated in place of the claimed; empty where nothing is."""
    claim = claim_of(asked.text)
    text = normalise(evidence.sentence.text)
    if not claim or evidence.sentence.row:
        return ""
    said = (
        _other_contrast(claim, text, _around(evidence))
        or _other_year(claim, text)
        or _other_count(claim, text)
    )
    return say("premise.no", said=said) if said else ""


def claim_of(text: str) -> str:
    """What a normalised question claims and wants confirmed; empty where it claims nothing."""
    if not _CLAIMS.search(text):
        return ""
    claim = _HEARD.sub("", _TAIL.sub("", text)).strip(" ,，?？。!！吗么吧")
    return "" if _ABLE.search(claim) else claim


def _names(claim: str, without: str = "") -> list[str]:
    bare = strip_question_words(claim.replace(without, " ") if without else claim)
    words = subject_words(_EVERY.sub(" ", _ALONE.sub(" ", bare)))
    return [
        word
        for word, weight in words.items()
        if weight == NAMING and word not in generic() and not re.fullmatch(r"20\d{2}年?", word)
    ]


def _said(word: str, text: str) -> bool:
    return any(one in text for one in (word, *synonyms().get(word, ())))


def _around(evidence: Evidence) -> str:
    title = evidence.passage.source.facts.title
    return normalise(" ".join((evidence.sentence.text, *evidence.sentence.path, title)))


def _other_contrast(claim: str, text: str, around: str) -> str:
    """The other of a set of contrasts that is stated of the same names."""
    for words in contrasts():
        claimed = _longest(words, claim)
        stated = {one for one in words if one in _only_longest(words, text)}
        if len(claimed) != 1 or not stated or claimed & stated or len(stated) > 1:
            continue
        names = _names(claim, without=next(iter(claimed)))
        here = [one for one in names if _said(one, text)]
        if here and all(_said(one, around) for one in names):
            return stated.pop()
    return ""


def _longest(words: Sequence[str], text: str) -> set[str]:
    return set(_only_longest(words, text))


def _only_longest(words: Sequence[str], text: str) -> list[str]:
    """The words of a set that stand in a text, none inside a longer one: 副组长, not 组长."""
    found: list[str] = []
    for word in sorted(words, key=len, reverse=True):
        if word in text:
            found.append(word)
            text = text.replace(word, " ")
    return found


def _other_year(claim: str, text: str) -> str:
    """The year of the clause that states what is claimed of another year."""
    said = _YEAR_THEN.search(claim)
    if said is None:
        return ""
    year = int(said["year"] or said["set"])
    names = _names(claim.replace(said.group(), " "))
    known = [one for one in names if _said(one, text)]
    stated = years_in(text)
    if not known or len(stated) != 1 or year in stated or len(known) < len(names) - 1:
        return ""
    return f"{next(iter(stated))}年"


def _other_count(claim: str, text: str) -> str:
    """What is stated in place of the one number of a claim, of the same names."""
    claimed = _counts(claim)
    if len(claimed) != 1:
        return ""
    stated = [one for one in quantities(text) if _measured_alike(one, claimed[0])]
    if len(stated) > 1:
        thing = claim[claimed[0].end :][:_THING]
        stated = [one for one in stated if thing and text[one.end :].startswith(thing)]
    named = _names(claim[: claimed[0].start] + " " + claim[claimed[0].end :])
    if len(stated) != 1 or not named or _agrees(claimed[0], stated[0], claim):
        return ""
    if not any(_said(one, text) for one in named):
        return ""
    if not all(_said(one[:_STEM], text) for one in named):
        return ""
    return stated[0].said


def _runs(text: str) -> list[str]:
    """The neighbouring clauses of a sentence, two by two: what is said of one thing."""
    clauses = [one for one in _CLAUSE.split(text) if one]
    return [text] if len(clauses) < _TWO else [" ".join(pair) for pair in pairwise(clauses)]


def _all_said(names: Sequence[str], run: str) -> bool:
    return not _REFUSES.search(run) and all(_said(one, run) for one in names)


def _counts(claim: str) -> list[Quantity]:
    """The numbers that a claim gives; 一批 and 三年计划 are none."""
    return [
        one
        for one in quantities(_EVERY.sub(",", _PLAN.sub(",", claim)))
        if one.unit not in _DATES and not one.said.startswith("一")
    ]


def _measured_alike(one: Quantity, other: Quantity) -> bool:
    return one.unit == other.unit or (
        "个" not in {one.unit, other.unit} and alike(one.unit, other.unit)
    )


def _agrees(claimed: Quantity, stated: Quantity, claim: str) -> bool:
    if claimed.value == stated.value:
        return not (_FEW.search(claim) and stated.bound is Bound.LEAST)
    reached = stated.bound is Bound.LEAST and claimed.value > stated.value
    within = stated.upper is not None and stated.value <= claimed.value <= stated.upper
    return reached or within or stated.bound is Bound.ABOUT


def _borne(claim: str, evidence: Evidence) -> bool:
    """Whether one sentence says all that is claimed, and neither denies nor narrows anything."""
    text = normalise(evidence.sentence.text)
    around = _around(evidence)
    plain = not (_DENIES.search(_EVERY.sub("", claim)) or _ALONE.search(claim))
    if not plain or any(
        said.search(claim) and not stated.search(text) for said, stated in _STRONG
    ):
        return False
    names = _names(claim)
    if (
        not years_in(claim) <= years_in(around)
        or len(names) < _LEAST_NAMED
        or not all(_said(one, around) for one in names)
    ):
        return False
    near = [one for one in names if _said(one, text)]
    counts = {one.value for one in quantities(text)}
    told = [one.value for one in _counts(claim)]
    together = any(_all_said(near, run) for run in _runs(text))
    return (
        together
        and (len(near) >= _LEAST_NAMED or len(near) * 2 >= len(names))
        and all(one in counts for one in told)
    )
