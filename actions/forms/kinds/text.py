"""A field in the person's own words: a name, a title, what something is good for."""

import re
from dataclasses import dataclass
from typing import ClassVar, override

from actions.forms.draft import Json
from actions.forms.kinds.base import NOTHING, Finding, Heard, Kind, read
from actions.understanding import manners
from actions.understanding.text import fold

CLAUSE_ENDS = re.compile(r"[,，。；;\n]+")
NO_ANSWER = re.compile(r"^\s*[/／]|[<>{}]|[你您]|^(?:讲|说|唱|来|陪我|给我)(?:个|一个|首|段)")
LETTER = re.compile(r"[^\W\d_]")
BESIDE = 6
"""Characters that a clause may have beside a fact and still be nothing but that fact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Kind):
    """What was answered, without the clauses that tell other fields."""

    labelled: ClassVar[bool] = True
    own: ClassVar[bool] = True

    longest: int = 200
    """Characters; a longer answer is asked to be put shortly."""
    plain: bool = False
    """Whether the whole answer belongs to this field, whatever facts it holds."""

    @override
    def find(self, heard: Heard) -> Finding:
        if not heard.asked:
            return NOTHING
        said = self._parts(heard)[0]
        return Finding(value={"text": said}) if self._is_answer(said, heard.text) else NOTHING

    @override
    def leaves(self, heard: Heard) -> str:
        return self._parts(heard)[1]

    @override
    def in_own_words(self, text: str, times: int) -> Json | None:
        fit = times > 1 and len(text) <= self.longest and not NO_ANSWER.search(text)
        return {"text": text} if fit else None

    @override
    def show(self, value: Json) -> str:
        return str(value["text"])

    def _is_answer(self, said: str, text: str) -> bool:
        if not LETTER.search(said) or len(said) > self.longest or NO_ANSWER.search(text):
            return False
        return not (manners.affirms(said) or manners.denies(said) or manners.asks(said))

    def _parts(self, heard: Heard) -> tuple[str, str]:
        """The answer, and the clauses after its first one that tell facts of other fields."""
        clauses = [part for part in CLAUSE_ENDS.split(heard.text) if part.strip()]
        if self.plain or len(clauses) < 2:  # noqa: PLR2004 -- nothing beside the answer
            return heard.text.strip(), ""
        facts = [part for part in clauses[1:] if _is_fact(part, heard)]
        if not facts:
            return heard.text.strip(), ""
        first = heard.text.find(facts[0])
        return heard.text[:first].strip(" ,，。；;\n"), heard.text[first:]


def _is_fact(clause: str, heard: Heard) -> bool:
    reading = read(clause, heard.at, "")
    draft = reading.draft
    if draft.contact is not None:
        return True
    raws = [one.raw for one in (draft.budget, draft.deadline, draft.region) if one is not None]
    return bool(raws) and len(fold(clause)) - sum(map(len, raws)) <= BESIDE
