"""Whom to ask: the people of sentences and documents with their telephones and e-mail."""

from collections.abc import Iterable

from core.domain.documents import Reading
from knowledge.answers.composition import say
from knowledge.retrieval.passages import Passage, Source
from knowledge.retrieval.search import Corpus
from knowledge.structure.chunks import Sentence
from knowledge.structure.readings.contacts import read_contacts

_LOOKED_AT = 6
_MOST = 3
"""More people than this are a register, not whom to ask."""


def contacts_of(sentences: Iterable[Sentence], name: str) -> list[str]:
    """What sentences give of that name (`phone`, `email`), each with its person if there is one.

    A person with several telephones has them all.
    """
    readings = list(read_contacts(list(sentences)))
    people = [(one, _reach(one, name)) for one in readings if one.name == "contact"]
    told = [
        say("typed_contact", person=one.value, reach="、".join(reach))
        for one, reach in people
        if reach
    ]
    named = {each for _, reach in people for each in reach}
    alone = [one.value for one in readings if one.name == name and one.value not in named]
    return list(dict.fromkeys([*told, *alone]))


def contact_passages(source: Source, corpus: Corpus) -> list[Passage]:
    """The passages of a document that are likeliest to name contacts, in its order."""
    hits = corpus.search(say("contacts_sought"), limit=_LOOKED_AT, within={source.id})
    return sorted((hit.passage for hit in hits), key=lambda one: one.number)


def whom_to_ask(source: Source, corpus: Corpus) -> str:
    """A line that names the people of a document; empty when it names none, or very many."""
    passages = contact_passages(source, corpus)
    sentences = [sentence for one in passages for sentence in one.chunk.sentences]
    people = contacts_of(sentences, "phone")
    if not 0 < len(people) <= _MOST:
        return ""
    return say("whom_to_ask", document=source.facts.title, people="；".join(people))


def _reach(contact: Reading, name: str) -> list[str]:
    return [value for key, value in contact.details if key == name]
