"""A yes to what is written out; nothing is published without it."""

import re
from dataclasses import dataclass
from typing import override

from actions.forms.draft import Doubt, Json
from actions.forms.kinds.base import NOTHING, Finding, Heard, Kind
from actions.understanding import manners
from actions.understanding.text import fold
from core.domain.records import Record

YES = re.compile(
    r"(?:我|本人|我们)?(?:已阅读并?)?(?:完全)?(?:同意|愿意|授权|允许)(?:公开|登记|授权|的|了|了吧)?[。.!！]?"
)
NO = re.compile(
    r"(?:我|本人|我们)?(?:不|暂不|先不)(?:同意|愿意|授权|想|公开)(?:公开|登记)?[。.!！]?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Kind):
    """Agreed to, with the moment and the words that were agreed to."""

    text: str
    """What is agreed to."""
    yes: str
    no: str

    @override
    def find(self, heard: Heard) -> Finding:
        if not heard.asked:
            return NOTHING
        said = fold(heard.text).strip()
        if NO.fullmatch(said) or manners.denies(said) or manners.skips(said):
            return Finding(doubt=Doubt(kind="refused"))
        if YES.fullmatch(said) or (manners.affirms(said) and not manners.submits(said)):
            agreed = {"agreed": self.text, "at": heard.at.isoformat(), "shown": self.yes}
            return Finding(value=agreed)
        return NOTHING

    @override
    def answers(self, text: str, records: tuple[Record, ...]) -> bool:
        said = fold(text).strip()
        return any(pattern.fullmatch(said) for pattern in (YES, NO)) or manners.skips(text)

    @override
    def leaves(self, heard: Heard) -> str:
        return "" if self.find(heard) != NOTHING else heard.text

    @override
    def choices(self, records: tuple[Record, ...]) -> tuple[str, ...]:
        return (self.yes, self.no)

    @override
    def show(self, value: Json) -> str:
        return str(value["shown"])
