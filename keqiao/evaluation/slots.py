"""Whether the slots read from a need are right: hits, false values, misses, inventions.

A label's `*_also` is as right as the label. What is only also right is neither asked for nor held
against the reader.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

type Expect = Mapping[str, Any]
type Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tally:
    """Values hit, given wrongly, missed; `invented` are those given where none was said."""

    hits: int = 0
    wrong: int = 0
    missed: int = 0
    invented: int = 0

    def __add__(self, other: Self) -> "Tally":
        return Tally(
            self.hits + other.hits,
            self.wrong + other.wrong,
            self.missed + other.missed,
            self.invented + other.invented,
        )

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong or missed."""
        return not (self.wrong or self.missed)

    def figures(self) -> dict[str, float | int | None]:
        """Precision, recall, F1 and counts."""
        return {
            "precision": _share(self.hits, self.hits + self.wrong),
            "recall": _share(self.hits, self.hits + self.missed),
            "f1": _share(2 * self.hits, 2 * self.hits + self.wrong + self.missed),
            "invented": self.invented,
        }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def slot_tallies(expect: Expect, given: Given) -> dict[str, Tally]:
    """The tally of every slot of one need."""
    return {name: judge(expect, given) for name, judge in SLOTS.items()}


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _names(wanted: Iterable[str], also: Iterable[str], given: Iterable[str]) -> Tally:
    """Names of a set: a missed one is made good by one that is also right."""
    want, fine, got = set(wanted), set(also), set(given)
    missed = want - got
    made_good = min(len(missed), len(got & fine - want))
    false = got - want - fine
    hits = len(want & got) + made_good
    return Tally(hits, len(false), len(want) - hits, 0 if want else len(false))


def _value(wanted: object, also: Iterable[object], given: object) -> Tally:
    """One value: right when it is the wanted one or one that is also right."""
    right = [wanted, *also]
    if given in right:
        return Tally(hits=1) if given is not None else Tally()
    if given is None:
        return Tally(missed=1)
    if wanted is None:
        return Tally(wrong=1, invented=0 if any(one is not None for one in also) else 1)
    return Tally(wrong=1, missed=1)


def _industry(expect: Expect, given: Given) -> Tally:
    labels = (given["industry"] or {}).get("labels", ())
    return _names(expect["industry"], expect.get("industry_also", ()), labels)


def _modes(expect: Expect, given: Given) -> Tally:
    modes = given["cooperation_mode"] or ()
    return _names(expect["modes"], expect.get("modes_also", ()), modes)


def _ask(expect: Expect, given: Given) -> Tally:
    return _names(expect["ask"], expect.get("ask_also", ()), given["ask"])


def _problem(expect: Expect, given: Given) -> Tally:
    """Every labelled piece stands in the quoted problem, and nothing of another need does."""
    said = _folded(given["problem"] or "")
    pieces = [_folded(one) for one in expect["problem"]]
    hits = sum(piece in said for piece in pieces)
    if said and not pieces:
        return Tally(wrong=1, invented=1)
    leaked = sum(_folded(one) in said for one in expect.get("other_problems", ()))
    return Tally(hits, leaked, len(pieces) - hits)


def _place(one: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    parts = tuple((one or {}).get(level) for level in ("province", "city", "county"))
    return parts if any(parts) else None


def _region(expect: Expect, given: Given) -> Tally:
    also = [_place(one) for one in expect.get("region_also", ())]
    return _value(_place(expect["region"]), also, _place(given["region"]))


def _sum(one: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    if one is None:
        return None
    return one["min"], one["max"], bool(one["approx"]), one.get("currency", "CNY")


def _budget(expect: Expect, given: Given) -> Tally:
    also = [_sum(one) for one in expect.get("budget_also", ())]
    return _value(_sum(expect["budget"]), also, _sum(given["budget"]))


def _deadline(expect: Expect, given: Given) -> Tally:
    day = (given["deadline"] or {}).get("iso")
    return _value(expect["deadline"], expect.get("deadline_also", ()), day)


def _digits(number: str | None) -> str | None:
    return number and "".join(char for char in number if char.isdecimal())


def _phone(expect: Expect, given: Given) -> Tally:
    also = [_digits(one) for one in expect.get("phone_also", ())]
    wanted = expect["contact"]["phone"]
    if wanted and wanted.count("-") > 1:
        also.append(_digits(wanted.rpartition("-")[0]))
    return _value(_digits(wanted), also, _digits(_contact(given, "phone")))


def _name(expect: Expect, given: Given) -> Tally:
    also = expect.get("name_also", ())
    return _value(expect["contact"]["name"], also, _contact(given, "name"))


def _plain(part: str) -> Callable[[Expect, Given], Tally]:
    def judge(expect: Expect, given: Given) -> Tally:
        wanted, got = expect["contact"][part], _contact(given, part)
        return _value(wanted and _folded(wanted), (), got and _folded(got))

    return judge


def _contact(given: Given, part: str) -> str | None:
    value: str | None = (given["contact"] or {}).get(part)
    return value


SLOTS: Mapping[str, Callable[[Expect, Given], Tally]] = {
    "industry": _industry,
    "problem": _problem,
    "region": _region,
    "budget": _budget,
    "deadline": _deadline,
    "modes": _modes,
    "name": _name,
    "phone": _phone,
    "wechat": _plain("wechat"),
    "email": _plain("email"),
    "ask": _ask,
}
"""The judge of every slot."""

CONTACT_PARTS = frozenset({"name", "phone", "wechat", "email"})
"""The slots that are parts of the contact."""
