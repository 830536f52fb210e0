"""The door to the answer engine: a question in its conversation, read, scoped and answered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.documents import Answer, Exchange
from knowledge.answers.answering import answer
from knowledge.answers.composition import abstain
from knowledge.answers.question import MAX_CHARS
from knowledge.answers.talk.followups import Manner, Reading, in_conversation
from knowledge.answers.talk.guard import rival_told, unborne
from knowledge.answers.talk.scope import of_titles, only
from knowledge.answers.talk.showing import reckoned, rest_of, shown
from knowledge.retrieval.search import Corpus


def reply(
    question: str, corpus: Corpus, *, now: datetime, history: Sequence[Exchange] = ()
) -> Answer:
    """Answer a question as of `now`, reading `history` for what it leaves unsaid."""
    if len(question) > MAX_CHARS:
        return abstain(question, "too_long")
    found = in_conversation(question, history, _Asking(corpus=corpus, now=now))
    return replace(found, question=question)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """Answers one reading of a question at a time."""

    corpus: Corpus
    now: datetime

    def __call__(self, reading: Reading) -> Answer:
        """Answer a reading, in the manner it asks for."""
        if reading.manner in {Manner.TOTAL, Manner.DIFFERENCE}:
            each = [self._told(text, reading.titles) for text in reading.over]
            return reckoned(reading, each) or self._told(reading.text, reading.titles)
        told = self._told(reading.text, reading.titles)
        if told.abstained:
            return told
        if reading.manner is Manner.EVIDENCE:
            return shown(told)
        if reading.manner is Manner.REST:
            return rest_of(told, self.corpus)
        missing = unborne(reading.must, told) or rival_told(reading.text, told)
        return abstain(reading.text, "subject", missing=missing) if missing else told

    def _told(self, text: str, titles: Sequence[str]) -> Answer:
        within = of_titles(titles, self.corpus.passages.sources)
        return answer(text, only(self.corpus, within), now=self.now)
