"""Everybody's interests, found by the words of a record: a few are looked at, not all."""

from collections.abc import Iterable, Iterator

from core.domain.records import Record
from core.domain.subscriptions import Interest
from core.ports.unit_of_work import UnitOfWork

type Place = tuple[str, str]
"""Where a word has to stand (`text`, `region`, `organiser`), and the word."""

TEXT, REGION, ORGANISER = "text", "region", "organiser"
BETWEEN = "\x00"
"""Stands between texts, and in no stored word."""


class Interests:
    """Interests by key, each filed under the words of that one of its conditions that is rarest.

    A record that meets an interest holds one of those words. Whether it meets the whole, the
    interest itself says. Kept between looks, renewed by what came and went.
    """

    def __init__(self) -> None:
        self._stamp: tuple[int, int] | None = None
        self._known: dict[str, Interest] = {}
        self._filed: dict[Place, set[str]] = {}
        self._unrestricted: set[str] = set()
        self._lengths: dict[str, set[int]] = {TEXT: set(), REGION: set(), ORGANISER: set()}

    def renew(self, unit: UnitOfWork) -> None:
        """Know exactly the interests that somebody has now."""
        stamp = unit.subscriptions.stamp()
        if stamp == self._stamp:
            return
        keys = unit.subscriptions.keys()
        for key in self._known.keys() - keys:
            self._forget(key)
        new = unit.subscriptions.interests(sorted(keys - self._known.keys()))
        for key, interest in new.items():
            self._file(key, interest)
        self._stamp = stamp

    def asking_for(self, record: Record) -> list[str]:
        """The keys of the interests that ask for a record."""
        near = set(self._unrestricted)
        for place in self._words_of(record):
            near |= self._filed.get(place, set())
        return sorted(key for key in near if self._known[key].asks_for(record))

    def _file(self, key: str, interest: Interest) -> None:
        self._known[key] = interest
        conditions = list(_conditions(interest))
        if not conditions:
            self._unrestricted.add(key)
            return
        for place in min(conditions, key=self._crowd):
            self._filed.setdefault(place, set()).add(key)
            self._lengths[place[0]].add(len(place[1]))

    def _crowd(self, condition: Iterable[Place]) -> int:
        return max(len(self._filed.get(place, ())) for place in condition)

    def _forget(self, key: str) -> None:
        for condition in _conditions(self._known.pop(key)):
            for place in condition:
                self._filed.get(place, set()).discard(key)
        self._unrestricted.discard(key)

    def _words_of(self, record: Record) -> Iterator[Place]:
        """Every piece of the record's texts that is as long as some word."""
        region = record.region or ""
        texts = {
            TEXT: (
                record.details.get("kind", ""),
                record.title,
                region,
                *record.industries,
                *record.keywords,
            ),
            REGION: (region,),
            ORGANISER: (record.details.get("organiser", ""), record.organisation or ""),
        }
        for where, some in texts.items():
            text = BETWEEN.join(some)
            for length in self._lengths[where]:
                pieces = {text[at : at + length] for at in range(len(text) - length + 1)}
                yield from ((where, piece) for piece in pieces)


def _conditions(interest: Interest) -> Iterator[tuple[Place, ...]]:
    """What has to stand in a record: of each condition one."""
    for words in (interest.kinds, interest.industries):
        if words:
            yield tuple((TEXT, word) for word in words)
    if interest.region:
        yield (TEXT, interest.region), *((REGION, place) for place in interest.places)
    if interest.keyword:
        yield ((TEXT, interest.keyword),)
    if interest.organiser:
        yield ((ORGANISER, interest.organiser),)
