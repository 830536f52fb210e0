"""The administrative divisions: names to places, loaded on first use from regions.tsv."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from actions.understanding.lexicon import area_names

LONGEST = 16
"""Characters of the longest name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A province, a city or a county; municipalities are their own city."""

    province: str | None = None
    city: str | None = None
    county: str | None = None

    @property
    def depth(self) -> int:
        """How many levels are known."""
        return sum(part is not None for part in (self.province, self.city, self.county))

    def within(self, other: "Place") -> bool:
        """Whether this place lies in `other` or is it."""
        pairs = (
            (self.province, other.province),
            (self.city, other.city),
            (self.county, other.county),
        )
        return all(theirs is None or ours == theirs for ours, theirs in pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What a name may mean; `full` when it carries its 省, 市, 区 or 县."""

    places: tuple[Place, ...]
    full: bool


@cache
def names() -> dict[str, Name]:
    """Every full and short name with the places it may mean, widest first."""
    meanings: dict[str, dict[Place, bool]] = {}
    for name, place, full in _rows():
        meanings.setdefault(name, {}).setdefault(place, full)
    return {
        name: Name(places=_widest_first(tuple(places)), full=any(places.values()))
        for name, places in meanings.items()
    }


def name_end(text: str, at: int) -> int:
    """Where the longest name that begins at `at` ends; `at` when none does."""
    known = names()
    return next(
        (end for end in range(min(at + LONGEST, len(text)), at + 1, -1) if text[at:end] in known),
        at,
    )


@cache
def stems() -> dict[str, tuple[Place, ...]]:
    """Names without their ending that are places only right after the place they lie in."""
    found: dict[str, list[Place]] = {}
    for name, place, full in _rows():
        if full and place.county and len(name) > len("新区"):
            found.setdefault(name[:-1], []).append(place)
    return {stem: tuple(places) for stem, places in found.items()}


def _widest_first(places: tuple[Place, ...]) -> tuple[Place, ...]:
    return tuple(sorted(places, key=lambda place: place.depth))


def _rows() -> Iterator[tuple[str, Place, bool]]:
    text = (files("actions.understanding") / "regions.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        province, city, *rest = line.split("\t")
        yield from _city_rows(province, city, rest[0].split() if rest else [])
    for name, parts in area_names().items():
        for province in parts.get("provinces", ()):
            yield name, Place(province=province), True
        if "provinces" not in parts:
            yield name, Place(**parts), True


def _city_rows(province: str, city: str, counties: list[str]) -> Iterator[tuple[str, Place, bool]]:
    full_province = province.split("/", maxsplit=1)[0]
    yield from _both(province, Place(province=full_province))
    full_city = city.split("/", maxsplit=1)[0]
    governed = "直辖" not in full_city
    if governed and full_city != full_province:
        yield from _both(city, Place(province=full_province, city=full_city))
    for county in counties:
        full = county.split("/")[0]
        place = (
            Place(province=full_province, city=full_city, county=full)
            if governed
            else Place(province=full_province, city=full)
        )
        yield from _both(county, place)


def _both(written: str, place: Place) -> Iterator[tuple[str, Place, bool]]:
    full, _, short = written.partition("/")
    yield full, place, True
    short = short or full[:-1]
    if full.endswith("自治州") and short != full:
        yield f"{short}州", place, True
    if len(short) > 1 and short != full:
        yield short, place, False
