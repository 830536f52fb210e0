"""A sum of money, said back as a sum."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, override

from actions import wording
from actions.forms.draft import Doubt, Json
from actions.forms.kinds.base import NOTHING, Finding, Heard, Kind, read
from actions.understanding import manners
from actions.understanding.extract import yuan
from actions.understanding.text import fold
from core.domain.needs import Budget

UNIT_ONLY = re.compile(r"万元?|[wW]|元|块钱?|亿元?|千元?")


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetKind(Kind):
    """A bare number is asked for its unit; 面议 leaves the field open."""

    reader: ClassVar[str] = "budget"
    replaces: ClassVar[bool] = True
    echoed: ClassVar[bool] = True

    @override
    def find(self, heard: Heard) -> Finding:
        reading = read(self._whole(heard), heard.at, heard.reader)
        if reading.draft.budget is not None:
            return Finding(value=_json(reading.draft.budget))
        if reading.budget.open_price and (heard.asked or manners.speaks_of(heard.text, "budget")):
            return Finding(declined=True)
        if heard.asked and reading.modes.any_mode:
            return Finding(declined=True)
        number, hint = reading.budget.unitless, reading.budget.vague
        if hint:
            return Finding(doubt=Doubt(kind="vague", values={"said": hint}))
        return Finding(doubt=Doubt(kind="unit", values={"number": number})) if number else NOTHING

    @staticmethod
    def _whole(heard: Heard) -> str:
        doubt, unit = heard.doubt, heard.text.strip()
        if doubt and doubt.kind == "unit" and UNIT_ONLY.fullmatch(fold(unit)):
            return f"{doubt.values['number']}{unit}"
        return heard.text

    @override
    def options(self, doubt: Doubt) -> tuple[str, ...]:
        if doubt.kind != "unit":
            return ()
        return tuple(f"{doubt.values['number']}{u}" for u in wording.words()["budget_units"])

    @override
    def show(self, value: Json) -> str:
        return wording.money(self.meaning(value))

    @override
    def meaning(self, value: Json) -> Budget:
        return Budget(
            min=_decimal(value["min"]),
            max=_decimal(value["max"]),
            raw=value["raw"],
            approx=value["approx"],
            currency=value["currency"],
        )


def _json(one: Budget) -> dict[str, Any]:
    return {
        "min": yuan(one.min),
        "max": yuan(one.max),
        "raw": one.raw,
        "approx": one.approx,
        "currency": one.currency,
    }


def _decimal(amount: float | None) -> Decimal | None:
    return None if amount is None else Decimal(str(amount))
