"""What a supplement says: facts for the fields of a need, words for its problem, doubts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from actions import wording
from actions.own_needs.naming import without_number
from actions.understanding import manners
from actions.understanding.extract import Reading, read
from actions.understanding.text import fold
from core.domain.needs import FIELDS, Industry, NeedDraft

LEAD = re.compile(
    r"^[^,，:：。;；]{0,16}?(?:补充|補充|更新|完善|修改|改一下|(?:技术)?需求)"
    r"(?:一下|一点|一些|几句|一条|说明|如下|下|点|里|中|的|了|[,，:：。\s])*"
)
"""What announces a supplement, and names the need it is for."""
EMPTY = re.compile(
    r"[的了吧呢啊\s,，。:：]*(?:漏了?|缺|少|有|再加|加|信息|技术)*(?:一个|一条|一点|个|条|点|变化)*"
    r"(?:技术)?(?:指标|要求|内容|信息|情况|材料|说明|变化)?[\s,，。:：]*(?:更新一下|改一下|说一下)?[的了吧呢啊\s,，。!！]*"
)
"""What is left of a text that only says that something is missing."""
VALUE = re.compile(r"^(?:改成|改为|改到|换成|换到|改)")
"""The beginning of a value that no reader knew."""
ONCE = re.compile(r"一(?=[下点些条个])")
"""No number."""
ENOUGH = 4
UNIT = re.compile(r"万元?|[wW]|元|块钱?|亿元?|千元?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What to write into the need, and what to ask back."""

    said: NeedDraft
    doubt: str = ""
    """What was doubtful: region, budget, deadline or phone."""
    values: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[str] = ()
    """The answers to choose from."""
    field: str = ""
    """A field the text wants changed without saying to what."""

    @property
    def says_something(self) -> bool:
        """Whether there is anything to write."""
        return any(getattr(self.said, one.name) for one in fields(NeedDraft))


def hear(text: str, said_at: datetime, known: NeedDraft, asked: Mapping[str, Any]) -> Heard:
    """Read a text in the light of what was asked for; `field` empty when it was anything."""
    field_asked = str(asked.get("field") or "")
    plain = without_number(text).strip()
    if asked.get("number") and UNIT.fullmatch(fold(plain)):
        plain = f"{asked['number']}{plain}"
    reading = read(plain, said_at, asked=field_asked)
    said = _merged(reading.draft, known, plain)
    if field_asked in {"", "problem"}:
        words = _words(plain, said_at, bare=bool(asked))
        told = (name for name in FIELDS if name != "problem" and getattr(said, name))
        if any(manners.speaks_of(words, name) for name in told):
            words = ""  # it is the fact, in a sentence
        said = replace(said, problem=words or None)
    doubt = next(iter(reading.ask), "")
    values, options = _doubtful(reading, doubt)
    heard = Heard(said=said, doubt=doubt, values=values, options=options)
    named = "" if field_asked else manners.named_field(LEAD.sub("", plain))
    if heard.says_something or doubt or not named:
        return heard
    # 预算改成80 says which field, and a reader that knows that sees more.
    again = hear(ONCE.sub("", plain), said_at, known, {"field": named})
    return again if again.says_something or again.doubt else replace(heard, field=named)


def _merged(said: NeedDraft, known: NeedDraft, text: str) -> NeedDraft:
    """A second trade or mode adds to the first, unless the text corrects it."""
    if manners.corrects(text):
        return said
    if said.industry and known.industry and known.industry.raw != said.industry.raw:
        both = (known.industry, said.industry)
        labels = dict.fromkeys(label for one in both for label in one.labels)
        raw = wording.join(one.raw for one in both if one.raw)
        said = replace(said, industry=Industry(labels=tuple(labels), raw=raw))
    if said.modes:
        said = replace(said, modes=tuple(dict.fromkeys((*known.modes, *said.modes))))
    return said


def _words(text: str, said_at: datetime, *, bare: bool) -> str:
    """What the text adds to the problem, in the person's words, beside the facts it states."""
    if not bare:
        text = LEAD.sub("", LEAD.sub("", text))
    words = read(text, said_at, asked="problem").draft.problem or ""
    words = words.strip(" ,，。:：;；\n")
    if len(words) < ENOUGH or EMPTY.fullmatch(words) or VALUE.match(words):
        return ""
    if manners.asks(words) or manners.named_field(words) in set(FIELDS) - {"problem"}:
        return ""
    return words


def _doubtful(reading: Reading, doubt: str) -> tuple[dict[str, str], list[str]]:
    if doubt == "region":
        names = [one.name for one in reading.region.options]
        return {"name": reading.region.ambiguous or "", "options": wording.join(names)}, names
    if doubt == "budget":
        number = reading.budget.unitless or ""
        return {"number": number}, [f"{number}{unit}" for unit in wording.words()["budget_units"]]
    if doubt == "deadline" and reading.deadline.past is not None:
        return {"day": wording.day(reading.deadline.past.on)}, []
    if doubt == "phone":
        return {"number": reading.contact.bad_phone or ""}, []
    return {}, []
