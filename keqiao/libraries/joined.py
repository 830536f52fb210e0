"""The use cases of the libraries, joined."""

from dataclasses import dataclass, field
from pathlib import Path

from core.ports.clock import Clock
from core.ports.knowledge_base import KnowledgeBase
from core.ports.unit_of_work import Units
from core.ports.wakeups import Wakeups
from core.services.libraries.bringing import BringRecords
from core.services.libraries.editing import EditRecord
from core.services.libraries.finding import FindRecords
from core.services.libraries.following import FollowSource
from core.services.records import StoreRecords
from keqiao.libraries.pulling import PullSources
from scheduler.words import EventWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Libraries:
    """What can be done with records, each use case made when it is asked for."""

    home: Path
    units: Units
    clock: Clock
    knowledge: KnowledgeBase
    wakeups: Wakeups
    words: EventWords = field(default_factory=EventWords.load)

    @property
    def store(self) -> StoreRecords:
        """Records into the libraries."""
        return StoreRecords(
            units=self.units,
            clock=self.clock,
            knowledge=self.knowledge,
            wakeups=self.wakeups,
            report_change=self.words.change,
        )

    @property
    def bring(self) -> BringRecords:
        """Rows of a table into the libraries."""
        return BringRecords(units=self.units, store_records=self.store)

    @property
    def edit(self) -> EditRecord:
        """An operator's hand on a record."""
        return EditRecord(units=self.units, store_records=self.store)

    @property
    def find(self) -> FindRecords:
        """Records listed, filtered and searched."""
        return FindRecords(units=self.units, clock=self.clock, knowledge=self.knowledge)

    @property
    def pull(self) -> PullSources:
        """What sources outside hold, into the libraries."""
        follow = FollowSource(units=self.units, store_records=self.store)
        return PullSources(home=self.home, units=self.units, clock=self.clock, follow=follow)
