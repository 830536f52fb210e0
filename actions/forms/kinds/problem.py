"""What an enterprise struggles with, in its own words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, override

from actions import wording
from actions.forms.draft import Json
from actions.forms.kinds.base import NOTHING, Finding, Heard, Kind, asks_us, read
from actions.understanding.problem import SIGNS, is_trade
from core.domain.needs import NeedDraft

WORDS = re.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z]+ +[A-Za-z]+")
"""What a problem in the person's own words has: it is no command and no markup."""
NO_PROBLEM = re.compile(r"^\s*[/／]|[<>{}]|[你您]")
"""A command, markup, what is said to the assistant; a complaint may hold them all the same."""
NAME = re.compile(
    r"[\d零一二两三四五六七八九十百千万点正负]|[大小高低]于|不|至少|要求?|得|能|需|控制|做到|达到|在|是|为|[<>≥≤±]"
)
"""What ends the name of an indicator: its number, or words before that."""
MANY = 3
"""Facts of a need beside its problem; so many are not said without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem(Kind):
    """The sentence that states the problem; asked for or at the opening, any sentence may."""

    reader: ClassVar[str] = "problem"
    own: ClassVar[bool] = True

    @override
    def find(self, heard: Heard) -> Finding:
        draft = heard.read().draft
        said = draft.problem
        if heard.known and not heard.asked and draft.indicators:
            return Finding(value=_with_indicators(heard.known, draft.indicators))
        if heard.reader == "" and said is None and _tells_more(draft) and not is_trade(heard.text):
            # The problem of an opening sentence is what it says beside the trade and the facts.
            said = read(heard.text, heard.at, self.reader).draft.problem
        if heard.reader in {"", self.reader} and not _is_problem(said or "", heard):
            return NOTHING
        if not said:
            return NOTHING
        beside = {"indicators": list(draft.indicators)} if draft.indicators else {}
        return Finding(value={"text": said, **beside})

    @override
    def adds(self, known: Json, value: Json) -> bool:
        return bool(known["text"] == value["text"])

    @override
    def show(self, value: Json) -> str:
        return wording.problem(str(value["text"]), value.get("indicators", ()))

    @override
    def meaning(self, value: Json) -> str:
        return str(value["text"])


def _with_indicators(known: Json, said: Sequence[str]) -> dict[str, Any]:
    """The known problem with one more indicator; 耐温800度 takes the place of 耐温600度."""
    names = {_name_of(one) for one in said} - {""}
    before = [one for one in known.get("indicators", ()) if _name_of(one) not in names]
    return {**known, "indicators": list(dict.fromkeys((*before, *said)))}


def _name_of(indicator: str) -> str:
    return NAME.split(indicator, maxsplit=1)[0]


def _tells_more(draft: NeedDraft) -> bool:
    """Whether a sentence tells a trade, or enough of a need that it has to hold the problem."""
    facts = (draft.region, draft.modes, draft.budget, draft.deadline, draft.contact)
    return draft.industry is not None or sum(map(bool, facts)) >= MANY


def _is_problem(said: str, heard: Heard) -> bool:
    if not WORDS.search(said):
        return False
    if asks_us(said) and heard.read().draft.industry is None and not SIGNS.search(said):
        return False
    complains = read(heard.text, heard.at, "").draft.problem is not None
    return complains or not NO_PROBLEM.search(said)
