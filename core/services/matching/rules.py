"""The rules that scoring goes by, from the files beside this module."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from core.domain.matching.matches import Facet, Refusal
from core.domain.matching.rules import Rules, Trades, Weights, folded, trade
from core.domain.records import Library

HERE = Path(__file__).parent


@cache
def standard_rules() -> Rules:
    """The rules of this house."""
    told, words = _read("weights.yml"), _read("words.yml")
    families = {name: frozenset(modes) for name, modes in words["modes"].items()}
    return Rules(
        weights=_weights(told),
        trades=_trades(_read("trades.yml")),
        modes=tuple(families.values()),
        strangers=frozenset(mode for name in words["strangers"] for mode in families[name]),
        finished=frozenset(words["finished"]),
        refusals={
            Refusal(kind): tuple(map(folded, some)) for kind, some in words["refusals"].items()
        },
        exposure={Library(name): int(most) for name, most in told["exposure"].items()},
        synonyms=tuple(_folded(group) for group in words["synonyms"]),
        everyday=tuple(
            (_folded(said), _folded(meant)) for said, meant in _read("everyday.yml")["everyday"]
        ),
    )


def _read(name: str) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return loaded


def _folded(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(folded, words))


def _weights(told: Mapping[str, Any]) -> Weights:
    def side(name: str) -> dict[Facet, float]:
        return {Facet(facet): float(weight) for facet, weight in told[name].items()}

    names = ("unknown", "kin", "family", "told", "about", "trade", "synonyms")
    rest = {name: float(told[name]) for name in names}
    return Weights(version=str(told["version"]), need=side("need"), record=side("record"), **rest)


def _trades(told: Mapping[str, Any]) -> Trades:
    parents: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for name, wider, others in _entries(told["areas"]):
        parents.setdefault(trade(name), set()).update(map(trade, wider))
        names |= {trade(other): trade(name) for other in others}
    held = {name: frozenset(wider) for name, wider in parents.items()}
    return Trades(version=str(told["version"]), parents=held, names=names)


def _entries(
    areas: Mapping[str, Any],
) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Each trade with those it belongs to and its other names."""
    for area, known in areas.items():
        yield area, (), tuple(known.get("also", ()))
        for part, told in known["parts"].items():
            yield part, (area,), tuple(told.get("also", ()))
            for held in told.get("holds", ()):
                yield held, (part,), ()
