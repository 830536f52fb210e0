"""Tokens as numbers: what `grams` finds in a text, found in many texts at once.

A Chinese character is its code point, a pair of them two code points side by side, a word of
letters and digits a hash with the highest bit set: 64 bits, and no table of all tokens.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Items = NDArray[np.int32]

_WORD = 1 << 63
_MASK = (1 << 64) - 1
_PRIME = 0x9E3779B97F4A7C15
_SHIFT = 16
"""Bits of a Chinese character; those outside the basic plane are not tokens."""
_BLOCKS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF))
_INNER = (ord("."), ord("%"))
_CACHED = 65_536


@lru_cache(maxsize=_CACHED)
def key_of(token: str) -> int:
    """The number of one token; a token that texts cannot have gets one that no text has."""
    points = list(map(ord, token))
    if len(points) <= 2 and all(_is_han(point) for point in points):  # noqa: PLR2004 -- a pair
        return sum(point << _SHIFT * at for at, point in enumerate(reversed(points)))
    value, power = 0, 1
    for point in points:
        value, power = value + (point + 1) * power, power * _PRIME & _MASK
    return value & _MASK | _WORD


def _is_han(point: int) -> bool:
    return any(first <= point <= last for first, last in _BLOCKS)


def keys_in(texts: Sequence[str]) -> tuple[Keys, Items]:
    """The keys of all tokens in normalised texts, each with the place of its text.

    Repeated tokens are repeated; the order is none in particular.
    """
    joined = "\n".join((*texts, ""))
    encoded = joined.encode("utf-32-le", errors="surrogatepass")
    points = np.frombuffer(encoded, dtype=np.uint32)
    lengths = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts))
    items = np.repeat(np.arange(len(texts), dtype=np.int32), lengths)
    keys, places = _han_keys(points)
    words, starts = _word_keys(points)
    return np.concatenate((keys, words)), items[np.concatenate((places, starts))]


def _han_keys(points: NDArray[np.uint32]) -> tuple[Keys, NDArray[np.int64]]:
    """Keys of characters and pairs, and where each stands."""
    han = np.zeros(len(points), dtype=bool)
    for first, last in _BLOCKS:
        han |= (points >= first) & (points <= last)
    single = np.flatnonzero(han)
    double = np.flatnonzero(han[:-1] & han[1:])
    left = points[double].astype(np.uint64) << np.uint64(_SHIFT)
    keys = np.concatenate((points[single].astype(np.uint64), left | points[double + 1]))
    return keys, np.concatenate((single, double))


def _word_keys(points: NDArray[np.uint32]) -> tuple[Keys, NDArray[np.int64]]:
    """Keys of words of letters and digits (3.5, 60%, h2o), and where each begins."""
    inside = _in_word(points)
    edges = np.flatnonzero(np.diff(inside, prepend=False, append=False))
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    if not len(starts):
        return np.zeros(0, dtype=np.uint64), starts
    at = np.flatnonzero(inside)
    begins = np.cumsum(lengths) - lengths
    within = np.arange(len(at)) - np.repeat(begins, lengths)
    powers = np.full(int(lengths.max()), _PRIME, dtype=np.uint64)
    powers[0] = 1
    parts = (points[at].astype(np.uint64) + np.uint64(1)) * np.cumprod(powers)[within]
    return np.add.reduceat(parts, begins) | np.uint64(_WORD), starts


def _in_word(points: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Letters and digits, dots and percent signs between them, one percent sign behind them."""
    plain = ((points >= ord("0")) & (points <= ord("9"))) | (
        (points >= ord("a")) & (points <= ord("z"))
    )
    after = np.concatenate(([False], plain[:-1]))
    before = np.concatenate((plain[1:], [False]))
    dot, percent = ((points == one) & after for one in _INNER)
    inside: NDArray[np.bool_] = plain | (dot & before) | percent
    return inside
