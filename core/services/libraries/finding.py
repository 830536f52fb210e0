"""Finding records: listed by id and filtered, or by what a text means, best first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from core.domain.errors import BadInputError, NotFoundError
from core.domain.matching.scopes import reaches
from core.domain.records import Record, RecordId, Standing, Wanted
from core.domain.reminders import SHANGHAI
from core.ports.clock import Clock
from core.ports.knowledge_base import KnowledgeBase
from core.ports.repositories import Asked
from core.ports.unit_of_work import Units

MOST = 100
"""Records of one page."""
RECALLED = 1_000
"""How many of those near a text are looked at."""
RELEVANT = 0.3
"""Share of a text's words, by rarity, that a record holds at least to be found by it."""
_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of records; `next` is where the next page begins, empty at the end."""

    records: tuple[Record, ...]
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindRecords:
    """The one way for people to records: what is not current is not found, and not shown."""

    units: Units
    clock: Clock
    knowledge: KnowledgeBase

    def __call__(
        self, wanted: Wanted, text: str = "", *, start: str = "", limit: int = 20
    ) -> Found:
        """A page: by id, or best first when there is a text; `start` is a page's `next`.

        Raises:
            BadInputError: `start` is none that a page gave.
        """
        limit = max(1, min(limit, MOST))
        if text.strip():
            return self._near(wanted, text, start, limit)
        behind = islice(self._behind(wanted, RecordId(start)), limit + 1)
        records = tuple(behind)
        more = len(records) > limit
        return Found(records=records[:limit], next=records[limit - 1].id if more else "")

    def count(self, wanted: Wanted) -> int:
        """How many records there are of what is wanted, whatever page they are on."""
        asked = self._asked(wanted)
        with self.units() as unit:
            return unit.records.count(asked)

    def every(self, wanted: Wanted) -> Iterator[Record]:
        """All of them by id, read page by page."""
        return self._behind(wanted, RecordId(""))

    def get(self, record_id: RecordId) -> Record:
        """One record.

        Raises:
            NotFoundError: there is none that is current.
        """
        with self.units() as unit:
            record = unit.records.find(record_id)
        if record is None or self.standing()(record) is not Standing.CURRENT:
            raise NotFoundError(f"no current record has the id {record_id}")
        return record

    def _near(self, wanted: Wanted, text: str, start: str, limit: int) -> Found:
        if start and not (start.isascii() and start.isdigit() and len(start) < len(str(10**6))):
            raise BadInputError(f"no page begins at {start!r}")
        first = int(start or 0)
        candidates = self.knowledge.recall(text, libraries=wanted.libraries, limit=RECALLED)
        near = [one.record_id for one in candidates if one.terms and one.relevance >= RELEVANT]
        with self.units() as unit:
            known = {one.id: one for one in unit.records.several(near)}
        fits = self._fits(wanted)
        found = [known[one] for one in near if one in known and fits(known[one])]
        end = first + limit
        return Found(records=tuple(found[first:end]), next=str(end) if end < len(found) else "")

    def _behind(self, wanted: Wanted, after: RecordId) -> Iterator[Record]:
        fits, asked = self._fits(wanted), self._asked(wanted)
        while True:
            with self.units() as unit:
                some = unit.records.page(after, _AT_ONCE, asked)
            yield from filter(fits, some)
            if len(some) < _AT_ONCE:
                return
            after = some[-1].id

    def _asked(self, wanted: Wanted) -> Asked:
        now = self.clock.now()
        if not wanted.region:
            return Asked(wanted=wanted, now=now)
        with self.units() as unit:
            scopes = [one for one in unit.records.scopes() if reaches(one, wanted.region)]
        return Asked(wanted=wanted, now=now, scopes=scopes)

    def _fits(self, wanted: Wanted) -> Callable[[Record], bool]:
        """Everything that is asked for, as a look at one record."""
        standing = self.standing()

        def fits(record: Record) -> bool:
            word = wanted.keyword
            return (
                (standing(record) in wanted.standings)
                and (not wanted.libraries or record.library in wanted.libraries)
                and (not wanted.industry or wanted.industry in record.industries)
                and (not wanted.region or reaches(record.region, wanted.region))
                and (not word or word in record.keywords or word in record.title + record.summary)
            )

        return fits

    def standing(self) -> Callable[[Record], Standing]:
        """How records stand now."""
        now = self.clock.now()
        today = now.astimezone(SHANGHAI).date()
        return lambda record: record.standing_at(now, today)
