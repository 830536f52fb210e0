"""The door to the answer engine: a question in its conversation, read, scoped and answered."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.documents import Answer, DocumentId, Exchange
from knowledge.answers.answering import answer
from knowledge.answers.composition import abstain
from knowledge.answers.question import MAX_CHARS, understand
from knowledge.answers.scope.comparing import Told, compared, same_name
from knowledge.answers.scope.filters import of_titles, only, scope_of, title_unheld
from knowledge.answers.scope.guard import rival_told, unborne
from knowledge.answers.scope.sides import sides_of
from knowledge.answers.scope.validity import real_or_planned, standing
from knowledge.answers.talk.followups import Manner, Sense, in_conversation
from knowledge.answers.talk.showing import reckoned, rest_of, shown
from knowledge.answers.working.work import work, work_on
from knowledge.lexicon.words import subject_words
from knowledge.retrieval.search import Corpus


def reply(
    question: str, corpus: Corpus, *, now: datetime, history: Sequence[Exchange] = ()
) -> Answer:
    """Answer a question as of `now`, with `history` for what it leaves unsaid."""
    if len(question) > MAX_CHARS:
        return abstain(question, "too_long")
    worked = work_on(question, corpus, now=now, history=history)
    if worked is not None:
        return worked
    found = in_conversation(question, history, _Asking(corpus=corpus, now=now))
    return replace(found, question=question)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """Answers one sense of a question at a time."""

    corpus: Corpus
    now: datetime

    def __call__(self, sense: Sense) -> Answer:
        """Answer a sense, in the manner it asks for."""
        within = of_titles(sense.titles, self.corpus.passages.sources)
        if sense.manner in {Manner.TOTAL, Manner.DIFFERENCE}:
            each = [self._told(text, within) for text in sense.over]
            return reckoned(sense, each) or self._told(sense.text, within)
        told = self._told(sense.text, within)
        if told.abstained:
            return told
        if sense.manner is Manner.EVIDENCE:
            return shown(told)
        if sense.manner is Manner.REST:
            return rest_of(told, self.corpus)
        missing = unborne(sense.must, told)
        return abstain(sense.text, "subject", missing=missing) if missing else told

    def _told(self, text: str, within: set[DocumentId] | None) -> Answer:
        """A question of one thing or of several, told apart; what has a rule is worked out."""
        whole = only(self.corpus, within)
        unheld = title_unheld(text, self.corpus)
        if unheld:
            return abstain(text, "title", missing=unheld)
        worked = work(text, understand(text, self.now.year), whole, now=self.now)
        if worked is not None:
            return worked
        sides = sides_of(text, self.now.year)
        if sides is None:
            return self._one(text, within)
        told = [
            Told(label=one.label, question=one.text, answer=self._one(one.text, None))
            for one in sides.each
        ]
        return compared(text, sides.aim, told)

    def _one(self, text: str, within: set[DocumentId] | None) -> Answer:
        """A question of one thing, asked of the documents that may answer it."""
        scope = scope_of(text, self.corpus.passages.sources, self.now.year)
        if scope.missing:
            return abstain(text, "edition", missing=scope.missing)
        named = scope.documents
        if within is not None:
            named = frozenset(within & named if named else within) or named
        stands = standing(text, only(self.corpus, named), named, self.now)
        if stands is not None:
            return stands
        told = self._checked(scope.text, named)
        if told.abstained and scope.general and named:
            told = self._checked(scope.text, named | scope.general)
        if told.abstained and scope.text != text:
            again = self._checked(text, named)
            told = told if again.abstained else again
        return told if named else self._alike(scope.text, told)

    def _checked(self, text: str, named: frozenset[DocumentId] | None) -> Answer:
        """An answer that bears out what the question demands of it."""
        asked = _FILLERS.sub("", text)
        if len(subject_words(_WHOM.sub("", asked))) <= 1:
            asked = _WHOM.sub("联系人是谁", asked)
        asked = _MAILED.sub(r"\1发到哪个邮箱", asked)
        told = answer(asked, only(self.corpus, named), now=self.now)
        if told.abstained:
            return told
        missing = rival_told(text, told)
        if missing:
            return abstain(text, "subject", missing=missing)
        return real_or_planned(text, told, self.corpus)

    def _alike(self, text: str, told: Answer) -> Answer:
        """The answer; beside it what other documents list under the same name."""
        name = _COLLECTIVE.search(text)
        if told.abstained or name is None:
            return told
        hits = self.corpus.search(name.group(), limit=_LOOKED_AT)
        ids = dict.fromkeys(hit.passage.source.id for hit in hits)
        each = [self._checked(text, frozenset({one})) for one in ids]
        found = [
            Told(label=f"《{one.citations[0].document}》", question=text, answer=one)
            for one in each
            if not one.abstained and name.group() in _surroundings(one)
        ]
        return same_name(text, found[:_MOST]) or told


def _surroundings(answer: Answer) -> str:
    first = answer.citations[0]
    return "".join(f"{first.section}{first.quote}".split())


_FILLERS = re.compile(r"实际上?|截至目前|到目前为止|到底|究竟")
_MAILED = re.compile(
    r"(电子(?:版|件|稿|材料|申报书)?[^,，]{0,8}?)(?:发|交|报|传|投)(?:到|往|给)?哪(?:里|儿)?(?!个)"
)
_WHOM = re.compile(r"(?:该)?(?:找|问|联系|咨询)谁(?:问|联系|咨询|打听)?|(?<!是)谁负责联系")
_COLLECTIVE = re.compile(r"[两三四五六七八九十][\u4e00-\u9fff](?=[是指包有都到究的里分])")
"""A name for several things together: 三库, 五会."""

_LOOKED_AT = 8
_MOST = 3
