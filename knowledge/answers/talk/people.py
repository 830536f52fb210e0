"""Persons that a question only points at: 周老师, 收件人, by the documents' contacts."""

import re
from collections.abc import Sequence

from core.domain.documents import DocumentId
from knowledge.answers.composition import say
from knowledge.answers.talk.carrying.rivals import taker
from knowledge.lexicon.words import normalise
from knowledge.retrieval.search import Corpus
from knowledge.structure.readings.contacts import read_contacts

_CALLED = re.compile(
    r"(?:[那这][个位])?[老小]?(?P<surname>[\u4e00-\u9fff])"
    r"(?:老师|主任|经理|先生|女士|同志|处长|部长|主席|书记|科长|秘书长)"
)
_TAKES = re.compile(r"(?:收件人|收信人|接收人|收材料的人?)")
_CONTACTS = 8


def named(said: str, answer: str, documents: Sequence[DocumentId], corpus: Corpus) -> str:
    """A question with the full names of those it points at, as far as they are known."""
    text = normalise(said)
    takes = taker(answer)
    if takes and _TAKES.search(text):
        text = _TAKES.sub(takes, text, count=1)
    if _CALLED.search(text) is None:
        return said if text == normalise(said) else text
    known = _contacts(documents, corpus)

    def full(found: re.Match[str]) -> str:
        names = {one for one in known if one.startswith(found["surname"])}
        return names.pop() if len(names) == 1 else found.group()

    called = _CALLED.sub(full, text)
    return said if called == normalise(said) else called


def _contacts(documents: Sequence[DocumentId], corpus: Corpus) -> set[str]:
    """The persons that documents give as their contacts."""
    hits = corpus.search(say("contacts_sought"), limit=_CONTACTS, within=set(documents) or None)
    sentences = [one for hit in hits for one in hit.passage.chunk.sentences]
    return {one.value for one in read_contacts(sentences) if one.name == "contact"}
