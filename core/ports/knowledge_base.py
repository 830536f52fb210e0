"""Documents and records, found by meaning."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from core.domain.documents import Answer, Exchange, IngestOutcome, IngestStep
from core.domain.matching.matches import Candidate, NeedCandidate
from core.domain.records import Library, Record

IngestTold = Callable[[IngestStep, int, int], None]
"""Hears of long work: the step, how many documents are done, and of how many."""


def unheard(_step: IngestStep, _done: int, _all: int) -> None:
    """Nobody listens."""


class KnowledgeBase(Protocol):
    """Answers from documents with citations, and recalls records for matching."""

    def ingest(
        self, files: Iterable[Path], *, told: IngestTold = unheard
    ) -> Iterator[IngestOutcome]:
        """Store files as documents and index them; yields one outcome a file, in order.

        A file of a known name is a newer edition: the earlier one can still be read, and is no
        longer searched; operators' edits stay. An unchanged file costs nothing. The
        index readers use changes only once, after the last file; `told` hears of that.
        """
        ...

    def refresh(self) -> bool:
        """Index what the database holds, if the index holds anything else; True when it did."""
        ...

    def index_records(self, records: Iterable[Record]) -> None:
        """Make what `recall` knows of these records what the database holds of them.

        A withdrawn one is recalled no more. Records that `recall` knows as they are cost nothing,
        so that a repeat mends what a crash left undone.
        """
        ...

    def reads_as_question(self, text: str) -> bool:
        """Whether `text` asks the documents something; a need or an order does not."""
        ...

    def answer(self, question: str, *, now: datetime, history: Sequence[Exchange] = ()) -> Answer:
        """Answer from the documents with verbatim citations, or abstain and say why."""
        ...

    def recall(
        self,
        text: str,
        *,
        libraries: Sequence[Library] = (),
        limit: int = 50,
        also: Mapping[str, float] | None = None,
    ) -> list[Candidate]:
        """Records whose text is near `text`, best first; all libraries when none is named.

        `also` are words searched beside it, each with what it counts against the text's own.
        """
        ...

    def recall_needs(self, record: Record, *, limit: int = 50) -> list[NeedCandidate]:
        """Needs that a record may help with, best first; for no eyes but those of matching."""
        ...
