"""Which readings of questions a version of the documents answers, as far as lately asked.

A conversation is read from its beginning on every turn; what was found out on one turn is not
found out again on the next.
"""

from collections import OrderedDict
from datetime import date
from threading import Lock
from weakref import WeakKeyDictionary

from knowledge.answers.scope.filters import admitted_in
from knowledge.answers.talk.followups import Sense
from knowledge.retrieval.passages import Passages
from knowledge.retrieval.search import Corpus

_MOST = 2_048
"""Readings remembered of a version; each is a few hundred bytes."""

_lock = Lock()
_known: WeakKeyDictionary[Passages, OrderedDict[object, bool]] = WeakKeyDictionary()


def remembered(corpus: Corpus, day: date, sense: Sense) -> bool | None:
    """Whether a reading was answered on that day; None when it was not asked lately."""
    with _lock:
        known = _known.get(corpus.passages)
        return known.get((admitted_in(corpus), day, sense)) if known else None


def remember(corpus: Corpus, day: date, sense: Sense, *, answered: bool) -> None:
    """Keep in mind whether a reading was answered; the one asked longest ago is forgotten."""
    key = (admitted_in(corpus), day, sense)
    with _lock:
        known = _known.setdefault(corpus.passages, OrderedDict())
        known[key] = answered
        known.move_to_end(key)
        if len(known) > _MOST:
            known.popitem(last=False)
