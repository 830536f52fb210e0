"""What scoring goes by: weights, trades and their kinship, ways of working together. Data."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from core.domain.matching.matches import Facet, Refusal
from core.domain.records import Library

_GENERIC = re.compile(r"(?<=..)(?:及相关)?(?:产业|行业|领域)$")
_SPACES = re.compile(r"\s+")


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Text as it is compared: half-width, lower case, without blanks."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text).lower())


@lru_cache(maxsize=20_000)
def trade(name: str) -> str:
    """A trade's name as it is compared: 新能源产业 is 新能源."""
    return _GENERIC.sub("", folded(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trades:
    """Trades and the wider ones that they belong to; `names` leads from other names to them."""

    version: str = ""
    parents: Mapping[str, frozenset[str]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def named(self, name: str) -> str:
        """The trade that a name means; itself when it is not known."""
        key = trade(name)
        return self.names.get(key, key)

    def lineage(self, name: str) -> frozenset[str]:
        """A trade and all wider ones."""
        found, waiting = set[str](), {self.named(name)}
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting |= self.parents.get(one, frozenset())
        return frozenset(found)

    def kin(self, one: str, other: str) -> bool:
        """Whether one of two trades belongs to the other, or both are the same."""
        return self.named(one) in self.lineage(other) or self.named(other) in self.lineage(one)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each facet counts for either side; a version is never changed, only followed."""

    version: str
    need: Mapping[Facet, float]
    """What a need looks for in a record."""
    record: Mapping[Facet, float]
    """What those behind a record look for in a need."""
    unknown: float
    """What a facet counts of which nothing is known."""
    kin: float
    """What a trade counts that belongs to the other, or the other to it."""
    family: float
    """What a way of working together counts that is of the same family."""
    told: float
    """What is left of a facet for which the person declined another match."""
    about: float
    """How far a sum said to be about may be off."""
    trade: float
    """What the name of the need's trade counts beside its own words."""
    synonyms: float
    """What words of the same meaning count beside the need's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All of it: `modes` by family, `synonyms` by meaning."""

    weights: Weights
    trades: Trades = field(default_factory=Trades)
    modes: tuple[frozenset[str], ...] = ()
    strangers: frozenset[str] = frozenset()
    """Ways that help nobody who looks for one of another family."""
    finished: frozenset[str] = frozenset()
    """Ways for which a technology must be ready."""
    synonyms: tuple[tuple[str, ...], ...] = ()
    everyday: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    """What people of a trade say, and what records about it write."""
    refusals: Mapping[Refusal, tuple[str, ...]] = field(default_factory=dict)
    """Words that tell why a match was declined."""
    exposure: Mapping[Library, int] = field(default_factory=dict)
    """For how many needs a week a record of a library is shown at most."""

    def families(self, modes: Iterable[str]) -> set[int]:
        """The families of these ways, by their place."""
        wanted = set(modes)
        return {at for at, family in enumerate(self.modes) if family & wanted}

    def same_meaning(self, text: str) -> list[str]:
        """Words for what `text` says in other words, in the order of the files."""
        said = folded(text)
        found: dict[str, None] = {}
        groups = ((group, group) for group in self.synonyms)
        for words, meant in chain(groups, self.everyday):
            if any(word in said for word in words):
                found |= dict.fromkeys(word for word in meant if word not in said)
        return list(found)
