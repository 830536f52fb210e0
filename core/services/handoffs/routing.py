"""Which desk a person is led to, and why."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.domain.conversations import Address
from core.domain.desks import Asker, Desk, DeskKind, Desks, Ground
from core.domain.needs import NeedDraft, Region
from core.ports.unit_of_work import UnitOfWork
from core.services.handoffs.reading import desk_named, only_kind, own_kind

type ReadRegion = Callable[[str], Region | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseDesk:
    """Read who asks from what was said and what is stored, and choose by it.

    What is said now counts before the stored need, and that before what was said earlier; who
    has stored a need speaks for an enterprise. The same words choose the same desk.
    """

    desks: Desks
    words: Mapping[str, str]
    read_region: ReadRegion

    def __call__(
        self, unit: UnitOfWork, address: Address, text: str, before: Sequence[str]
    ) -> tuple[Desk, str]:
        """The desk and the reason, given the text and the person's earlier ones, newest first."""
        need = next(iter(unit.needs.of(address)), None)
        draft = need.draft if need else None
        kind, kind_from = self._kind(text, before, draft)
        region, region_from = self._region(text, before, draft)
        asker = Asker(kind=kind, kind_from=kind_from, region=region, region_from=region_from)
        desk, fit = self.desks.choose(asker)
        why = self.words["why"].format(
            fit=self.words[f"fit_{fit}"],
            kind=self.words[f"kind_{kind}"],
            kind_from=self.words[f"from_{kind_from}"],
            region=region.name if region else self.words["region_none"],
            region_from=self.words[f"from_{region_from}"],
        )
        return desk, why

    def _kind(
        self, text: str, before: Sequence[str], draft: NeedDraft | None
    ) -> tuple[DeskKind, Ground]:
        readings = (
            (desk_named(text), Ground.ASKED),
            (own_kind(text), Ground.SELF),
            (_first(own_kind, before), Ground.SELF),
            (only_kind(text), Ground.SAID),
            (DeskKind.ENTERPRISE if draft else None, Ground.NEED),
        )
        return next(
            ((kind, ground) for kind, ground in readings if kind),
            (DeskKind.ENTERPRISE, Ground.NONE),
        )

    def _region(
        self, text: str, before: Sequence[str], draft: NeedDraft | None
    ) -> tuple[Region | None, Ground]:
        said = self.read_region(text)
        if said:
            return said, Ground.SAID
        if draft and draft.region:
            return draft.region, Ground.NEED
        earlier = _first(self.read_region, before)
        return (earlier, Ground.BEFORE) if earlier else (None, Ground.NONE)


def _first[T](read: Callable[[str], T | None], texts: Iterable[str]) -> T | None:
    return next((found for text in texts if (found := read(text))), None)
