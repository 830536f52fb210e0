"""Which segments to write together, so that there are few and each item is seldom rewritten."""

from collections.abc import Sequence
from dataclasses import dataclass

SMALL = 256
"""Segments of up to this many live items are of the lowest tier."""
WIDTH = 4
"""How many segments of one tier become one of the next, which reaches this many times as far."""
_WASTE = 0.25
"""Share of items that no longer count from which on a segment is written anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Items of a segment: all of them, and those that still count."""

    items: int
    live: int


def to_merge(sizes: Sequence[Size]) -> list[int]:
    """Places of the segments that should become one; none when all is well.

    Of the lowest tier that is full, all segments below it join, for they are small against it.
    """
    tiers = [_tier(size.live) for size in sizes]
    for tier in sorted(set(tiers)):
        if tiers.count(tier) >= WIDTH:
            return [at for at, own in enumerate(tiers) if own <= tier]
    return [
        at for at, size in enumerate(sizes) if size.items - size.live > max(_WASTE * size.items, 0)
    ][:1]


def _tier(live: int) -> int:
    tier, reach = 0, SMALL
    while live > reach:
        tier, reach = tier + 1, reach * WIDTH
    return tier
