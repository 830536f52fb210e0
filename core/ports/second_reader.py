"""Somebody who reads a need after the readers have, and points at what they left."""

from collections.abc import Mapping, Sequence
from typing import Protocol


class SecondReader(Protocol):
    """Points at words; what the words mean, and whether they count, is for others to say."""

    def quotes(self, text: str, fields: Sequence[str]) -> Mapping[str, str]:
        """By field of a need, the words of `text` that are said to state it.

        Nothing is promised of them. A reader that fails, or takes too long, points at nothing.
        """
        ...
