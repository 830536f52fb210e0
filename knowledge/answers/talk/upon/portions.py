"""An instalment of the amount just told: 头一笔, 签完合同那笔, by what its document pays when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.domain.documents import Answer
from knowledge.answers.composition import say
from knowledge.answers.talk.carrying.swaps import named_in
from knowledge.answers.talk.upon.told import Before, Rule, amount, rules, worked, yuan
from knowledge.answers.working.reading.numbers import number, percent, quantities

_ASKS = re.compile(r"[拿付拨发领笔款批期]|到[账手]|给")
_HOW_MUCH = re.compile(r"多少|几[万千百元块]|几成")
_PAID = re.compile(r"支付|拨付|拨款|付款|拨|付|发放|兑现|给付|下达|到账|兑付")
_CLAUSE = re.compile(r"[,;:。]")
_FIRST = re.compile(
    r"[头首][一]?[笔次期批付款]|第一[笔次期批]|预付|先(?=[拨付给拿到])|一开始|起初"
)
_LAST = re.compile(r"最后|末[笔次期批]|[尾余]款|剩下|其余|余下")
_NTH = re.compile(r"第(?P<at>[二三四五六])[笔次期批]")
_EMPTY = re.compile("[后的了,完再给支付拨款发放时能笔次期批那第个年度一多少拿]")
_LEAST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A share of a whole and when it is paid."""

    when: str
    share: Fraction


def portion(told: Before, said: str) -> Answer | None:
    """How much of the amount told an instalment is; None when nothing says its share."""
    if not _ASKS.search(said) or not _HOW_MUCH.search(said):
        return None
    whole = amount(told)
    for rule in (
        rules(told, f"{told.question}{said} {say('upon.portions_sought')}") if whole else ()
    ):
        parts = _parts(rule.text) if whole and _pays(told.question, whole, rule.text) else []
        part = _meant(said, parts) if parts else None
        if whole and part:
            return _told(told, whole, part, rule)
    return None


def _pays(question: str, whole: Fraction, text: str) -> bool:
    """Whether a rule pays the amount told: it states that one and no other, or what it is for."""
    stated = {one.value for one in quantities(text) if one.unit == "元"}
    return whole in stated if stated else any(name in text for name in named_in(question))


def _told(told: Before, whole: Fraction, part: _Part, rule: Rule) -> Answer:
    text = say(
        "upon.portion",
        when=part.when,
        whole=yuan(whole),
        share=percent(part.share),
        value=yuan(whole * part.share),
    )
    return worked(told, text, [rule])


def _parts(text: str) -> list[_Part]:
    """The instalments of a sentence: shares that are paid and make up the whole."""
    found: list[_Part] = []
    for clause in _CLAUSE.split(text):
        shares = [one for one in quantities(clause) if one.unit == "%"]
        if len(shares) == 1 and _PAID.search(clause):
            when = _PAID.sub("", clause[: shares[0].start]).strip()
            found.append(_Part(when=when, share=shares[0].value))
    return found if len(found) >= _LEAST and sum(one.share for one in found) == 1 else []


def _meant(said: str, parts: Sequence[_Part]) -> _Part | None:
    """The instalment that a question names, by its occasion or its number."""
    shared = [len(set(_EMPTY.sub("", one.when)) & set(said)) for one in parts]
    most = max(shared)
    if most >= _LEAST and shared.count(most) == 1:
        return parts[shared.index(most)]
    nth = _NTH.search(said)
    at = int(number(nth["at"]) or 0) - 1 if nth else None
    if at is None and _FIRST.search(said):
        at = 0
    if at is None and _LAST.search(said):
        at = len(parts) - 1
    return parts[at] if at is not None and at < len(parts) else None
