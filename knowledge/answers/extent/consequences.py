"""In which cases something happens: every sentence that states it as what follows from a case."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.answers.evidence import Evidence
from knowledge.answers.extent.sections import leads_in, with_items
from knowledge.answers.question import Question
from knowledge.lexicon.words import normalise
from knowledge.retrieval.passages import Passages

_ASKED = re.compile(
    r"(?:什么|哪些|哪几种|哪种|啥|何种)(?:样的?)?(?:情况|情形|条件|行为|时候)(?:之?下)?"
    r"(?:才?会|就|要|将|可以?|能|应当?|被|把|予以|给)*(?P<what>[\u4e00-\u9fff]{2,10})$"
)
_ACTS = (
    ("取消", "撤销", "摘牌", "撤回", "除名", "清退"),
    ("终止", "停止", "暂停", "中止"),
    ("收回", "追回", "退回", "扣回", "返还"),
    ("约谈",),
    ("通报",),
    ("扣减", "扣除", "核减", "扣分"),
    ("解聘", "辞退", "解除"),
    ("免收", "免除", "免交", "减免"),
    ("延期", "延长"),
    ("退款", "退费", "退还"),
)
"""Acts that a rule attaches to cases; those of a line are one for people."""

_CASE = re.compile(r"(?:的|者|后|之一)[,，:：]?$")
_CLAUSE = re.compile(r"[^,;，；。:：]+[,;，；。:：]?")
_LOOKED_AT = 60
_MOST = 6
_HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a question says that follows: the acts it may be called, and what they are done to."""

    names: Sequence[str]
    thing: str


def act_asked(asked: Question) -> Act | None:
    """What a question asks the cases of; None when it asks for none that rules attach to cases."""
    found = _ASKED.search(asked.text)
    if found is None:
        return None
    what = found["what"]
    for names in _ACTS:
        said = next((one for one in names if one in what), None)
        if said is not None:
            return Act(names=names, thing=what.replace(said, "").strip("被的掉"))
    return None


def stated_cases(
    act: Act, admitted: Iterable[Evidence], passages: Passages
) -> list[Evidence] | None:
    """The cases of the document that states the act of its thing best; None where none does."""
    fit = [
        one
        for one, _ in zip(admitted, range(_LOOKED_AT), strict=False)
        if not one.sentence.row and _states(act, normalise(one.sentence.text))
    ]
    named = [one for one in fit if _of_thing(act.thing, one)]
    if not named:
        return None
    source = named[0].passage.source.id
    own = [one for one in named if one.passage.source.id == source][:_MOST]
    own.sort(key=lambda one: one.sentence.start)
    told = (
        each
        for one in own
        for each in (with_items(one, passages) if leads_in(one.sentence) else [one])
    )
    return list({one.sentence.start: one for one in told}.values())


def _states(act: Act, text: str) -> bool:
    """Whether a clause tells the act behind one that tells a case."""
    cased = False
    names = "|".join(act.names)
    for clause in _CLAUSE.findall(text):
        if re.search(names if cased else f"[的者](?:予以|应当?|将|可以?|要)?(?:{names})", clause):
            return True
        cased = cased or bool(_CASE.search(clause.rstrip(",;，；。:：")))
    return False


def _of_thing(thing: str, one: Evidence) -> bool:
    """Whether what the act is done to is named around a sentence."""
    if not thing:
        return True
    around = normalise(" ".join((one.sentence.text, *one.sentence.path)))
    pairs = [thing[at : at + 2] for at in range(len(thing) - 1)] or [thing]
    return sum(pair in around for pair in pairs) >= _HALF * len(pairs)
