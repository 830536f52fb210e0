"""A whole number within bounds."""

import re
from dataclasses import dataclass
from typing import ClassVar, override

from actions.forms.draft import Doubt, Json
from actions.forms.kinds.base import NOTHING, Finding, Heard, Kind
from actions.understanding.numbers import NUMBER, count
from actions.understanding.text import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Kind):
    """The one number of the answer."""

    labelled: ClassVar[bool] = True
    own: ClassVar[bool] = True

    least: int = 0
    most: int = 1_000_000
    unit: str = ""

    @override
    def find(self, heard: Heard) -> Finding:
        if not heard.asked:
            return NOTHING
        values = [count(said) for said in re.findall(NUMBER, fold(heard.text))]
        found = [one for one in values if one is not None]
        if len(found) != 1:
            return NOTHING
        if not self.least <= found[0] <= self.most:
            values_of = {"least": str(self.least), "most": str(self.most), "unit": self.unit}
            return Finding(doubt=Doubt(kind="bounds", values=values_of))
        return Finding(value={"number": found[0]})

    @override
    def leaves(self, heard: Heard) -> str:
        return "" if self.find(heard) != NOTHING else heard.text

    @override
    def answers(self, text: str, records: object) -> bool:
        return re.fullmatch(NUMBER, fold(text).strip()) is not None

    @override
    def show(self, value: Json) -> str:
        return f"{value['number']}{self.unit}"
