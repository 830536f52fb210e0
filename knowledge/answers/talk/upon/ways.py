"""The one door to what is reckoned upon an answer just told: each way tried in turn."""

import re
from collections.abc import Callable

from core.domain.documents import Answer
from knowledge.answers.kinds import Kind, kind_of
from knowledge.answers.talk.upon.days import days_to
from knowledge.answers.talk.upon.grades import regraded
from knowledge.answers.talk.upon.portions import portion
from knowledge.answers.talk.upon.reductions import reduced
from knowledge.answers.talk.upon.told import Before

_WAYS: tuple[Callable[[Before, str], Answer | None], ...] = (days_to, regraded, portion, reduced)
_MAY = re.compile(r"多少|几|多久|多长|优惠|便宜|折")
_KINDS = frozenset({None, Kind.MONEY, Kind.NUMBER, Kind.DURATION, Kind.CONDITION})
_LONG = 30


def may_reckon(said: str) -> bool:
    """Whether a question is so worded that it may be reckoned upon the answer before it."""
    return len(said) <= _LONG and bool(_MAY.search(said)) and kind_of(said) in _KINDS


def reckon(told: Before, said: str) -> Answer | None:
    """What a question comes to upon an answer just told; None when no way finds its rule."""
    return next((one for way in _WAYS if (one := way(told, said)) is not None), None)
