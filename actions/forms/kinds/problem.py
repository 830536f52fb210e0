"""What an enterprise struggles with, in its own words."""

import re
from dataclasses import dataclass
from typing import ClassVar, override

from actions import wording
from actions.forms.draft import Json
from actions.forms.kinds.base import NOTHING, Finding, Heard, Kind, asks_us, read
from actions.understanding.problem import SIGNS
from core.domain.needs import NeedDraft

WORDS = re.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z]+ +[A-Za-z]+")
"""What a problem in the person's own words has: it is no command and no markup."""
NO_PROBLEM = re.compile(r"^\s*[/／]|[<>{}]|[你您]")
"""A command, markup, what is said to the assistant; a complaint may hold them all the same."""
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
        if heard.reader == "" and said is None and _tells_more(draft):
            # The problem of an opening sentence is what it says beside the trade and the facts.
            said = read(heard.text, heard.at, self.reader).draft.problem
        if heard.reader in {"", self.reader} and not _is_problem(said or "", heard):
            return NOTHING
        if not said:
            return NOTHING
        beside = {"indicators": list(draft.indicators)} if draft.indicators else {}
        return Finding(value={"text": said, **beside})

    @override
    def show(self, value: Json) -> str:
        return wording.problem(str(value["text"]), value.get("indicators", ()))

    @override
    def meaning(self, value: Json) -> str:
        return str(value["text"])


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
