"""Operators look at documents, correct what was read from them, and take them away."""

from dataclasses import dataclass, replace

from core.domain.documents import Document, DocumentEntry, Edit
from core.domain.errors import BadInputError, NotFoundError
from core.domain.readings import check_edit, summed_up
from core.ports.knowledge_base import KnowledgeBase
from core.ports.unit_of_work import UnitOfWork, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDocuments:
    """Every document in its newest edition."""

    units: Units

    def __call__(self) -> list[DocumentEntry]:
        """By source name."""
        with self.units() as unit:
            return unit.documents.entries()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowDocument:
    """One document with everything that was read from it and edited."""

    units: Units

    def __call__(self, source: str) -> Document:
        """Find it by its file name.

        Raises:
            NotFoundError: nothing was ingested under that name.
        """
        with self.units() as unit:
            return _found(unit, source)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditDocument:
    """Set a fact of a document in place of what was read, or take that back."""

    units: Units
    knowledge: KnowledgeBase

    def __call__(self, source: str, edit: Edit) -> Document:
        """Set it; an earlier edit of the same fact gives way.

        Raises:
            BadInputError: no such fact or part, or not a value of it.
            NotFoundError: nothing was ingested under that name.
        """
        check_edit(edit)
        return self._change(source, edit.name, edit.part, (edit,))

    def unset(self, source: str, name: str, part: int = 0) -> Document:
        """Let what was read stand again.

        Raises:
            NotFoundError: no such document, or no such edit of it.
        """
        return self._change(source, name, part, ())

    def _change(self, source: str, name: str, part: int, edits: tuple[Edit, ...]) -> Document:
        with self.units() as unit:
            document = _found(unit, source)
            if part and part >= len(document.parts):
                raise BadInputError(f"{source}: there is no part {part}")
            kept = tuple(one for one in document.edits if (one.name, one.part) != (name, part))
            if not edits and len(kept) == len(document.edits):
                raise NotFoundError(f"{source}: {name} of part {part} was never set")
            document = summed_up(replace(document, edits=kept + edits))
            unit.documents.put(document)
            unit.commit()
        self.knowledge.refresh()
        return document


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveDocument:
    """Take a document away with its earlier editions; citations of it lead nowhere then."""

    units: Units
    knowledge: KnowledgeBase

    def __call__(self, source: str) -> None:
        """Remove it.

        Raises:
            NotFoundError: nothing was ingested under that name.
        """
        with self.units() as unit:
            if not unit.documents.remove(source):
                raise _unknown(source)
            unit.commit()
        self.knowledge.refresh()


def _found(unit: UnitOfWork, source: str) -> Document:
    document = unit.documents.by_source(source)
    if document is None:
        raise _unknown(source)
    return document


def _unknown(source: str) -> NotFoundError:
    return NotFoundError(f"no document was ingested as {source}; `keqiao documents` lists them")
