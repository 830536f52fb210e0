"""The door to the answer engine: a question in its conversation, read, scoped and answered."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.documents import Answer, DocumentId, Exchange
from knowledge.answers.answering import answer
from knowledge.answers.composition import abstain
from knowledge.answers.kinds import Kind, kind_of
from knowledge.answers.question import MAX_CHARS, understand
from knowledge.answers.scope.editions import edition_of, of_edition, with_years
from knowledge.answers.scope.filters import OnceCorpus, of_titles, only, scope_of, title_unheld
from knowledge.answers.scope.guard import call_unheld, rival_told, unborne
from knowledge.answers.scope.mentions import documents_named, parts_named
from knowledge.answers.scope.validity import real_or_planned, standing
from knowledge.answers.several.aims import Aim
from knowledge.answers.several.comparing import Told, borne, compared, names_all, same_name
from knowledge.answers.several.coordinated import Side, to_the_point
from knowledge.answers.several.sides import sides_of
from knowledge.answers.talk.conversation import in_conversation, so_far
from knowledge.answers.talk.followups import Manner, Sense, Talk
from knowledge.answers.talk.memory import remember, remembered
from knowledge.answers.talk.people import named
from knowledge.answers.talk.showing import beside, reckoned, rest_of, shown
from knowledge.answers.talk.upon.told import Before
from knowledge.answers.talk.upon.ways import reckon
from knowledge.answers.working.work import judge, work, work_on
from knowledge.lexicon.words import normalise, subject_words
from knowledge.lexicon.years import full_years
from knowledge.retrieval.search import Corpus


def reply(
    question: str, corpus: Corpus, *, now: datetime, history: Sequence[Exchange] = ()
) -> Answer:
    """Answer a question as of `now`, with `history` for what it leaves unsaid."""
    if len(question) > MAX_CHARS:
        return abstain(question, "too_long")
    corpus = OnceCorpus(corpus)

    def known(year: int) -> bool:
        return corpus.lexical.frequency(str(year)) > 0

    said = full_years(question, known)
    before = [replace(one, question=full_years(one.question, known)) for one in history]
    current = of_edition(said, corpus, now.year)
    found = _replied(said, current, now, before)
    if found.abstained and current is not corpus:
        found = _replied(said, corpus, now, before)
    return replace(found, question=question)


def _replied(question: str, corpus: Corpus, now: datetime, history: Sequence[Exchange]) -> Answer:
    asking = _Asking(corpus=corpus, now=now)
    talk = so_far(history, asking.answers, asking.named, year=now.year)
    worked = work_on(question, talk.whole, corpus, now=now)
    if worked is None and not history and not title_unheld(question, corpus):
        worked = judge(question, corpus, now=now)
    if worked is not None:
        return worked
    return replace(in_conversation(question, talk, asking, asking.named), question=question)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """Answers one sense of a question at a time."""

    corpus: Corpus
    now: datetime

    def __call__(self, sense: Sense) -> Answer:
        """Answer a sense, in the manner it asks for."""
        found = self._asked(sense)
        remember(self.corpus, self.now.date(), sense, answered=not found.abstained)
        return found

    def answers(self, sense: Sense) -> bool:
        """Whether a sense is answered; asked only if it was not asked lately."""
        known = remembered(self.corpus, self.now.date(), sense)
        return known if known is not None else not self(sense).abstained

    def _asked(self, sense: Sense) -> Answer:
        within = of_titles(sense.titles, self.corpus.passages.sources)
        if sense.manner is Manner.UPON:
            return self._upon(sense, within)
        if sense.over:
            return self._reckoned(sense, within)
        if sense.manner is Manner.WORKED:
            return self._worked(sense.text, within) or abstain(sense.text, "nothing_found")
        return self._shown(sense, self._told(sense.text, within))

    def _upon(self, sense: Sense, within: set[DocumentId] | None) -> Answer:
        """What a question comes to upon the answer to the one before it."""
        before = Before(
            question=sense.over[0],
            corpus=self.corpus,
            now=self.now,
            ask=lambda text: self._told(text, within),
        )
        return reckon(before, sense.text) or abstain(sense.text, "nothing_found")

    def _shown(self, sense: Sense, told: Answer) -> Answer:
        """What was told, in the manner that a sense asks for."""
        if told.abstained:
            return told
        if sense.manner is Manner.EVIDENCE:
            return shown(told)
        if sense.manner is Manner.REST:
            return rest_of(told, self.corpus)
        if sense.manner is Manner.BESIDE:
            near = beside(told, sense.must, self.corpus)
            return near or abstain(sense.text, "nothing_found")
        missing = unborne(sense.must, told)
        return abstain(sense.text, "subject", missing=missing) if missing else told

    def named(self, said: str, talk: Talk) -> str:
        """A question with the full names of the persons that it points at."""
        within = of_titles(talk.titles, self.corpus.passages.sources) or set()
        return named(said, talk.answer, tuple(within), self.corpus)

    def _reckoned(self, sense: Sense, within: set[DocumentId] | None) -> Answer:
        """Several questions reckoned with: by a rule over all of them, else by their figures."""
        if sense.manner is not Manner.OUTCOME:
            asks = _SUM if sense.manner is Manner.TOTAL else _GAP
            worked = self._worked("、".join(sense.over) + asks, within)
            if worked is not None:
                return worked
        each = [self._told(text, within) for text in sense.over]
        return reckoned(sense, each) or self._stated(sense, within, each)

    def _stated(
        self, sense: Sense, within: set[DocumentId] | None, each: Sequence[Answer]
    ) -> Answer:
        """A sum as a document states it; what tells one of the parts again is none."""
        told = self._told(sense.text, within)
        parts = {(one.document_id, one.start) for part in each for one in part.citations}
        again = all((one.document_id, one.start) in parts for one in told.citations)
        return abstain(sense.text, "nothing_found") if again else told

    def _worked(self, text: str, within: set[DocumentId] | None) -> Answer | None:
        whole = only(self.corpus, within)
        return work(text, understand(text, self.now.year), whole, now=self.now)

    def _told(self, text: str, within: set[DocumentId] | None) -> Answer:
        """A question of one thing or of several, told apart; what has a rule is worked out."""
        unheld = title_unheld(text, self.corpus)
        if unheld:
            return abstain(text, "title", missing=unheld)
        worked = self._worked(text, within)
        if worked is not None:
            return worked
        sides = sides_of(with_years(text, self.corpus, self.now.year), self.now.year)
        if sides is None:
            one = self._of_edition(text, within)
            return self._elsewhere(text, within, one) if one.reason in _OF_STATE else one
        if sides.aim is Aim.EACH and kind_of(text) is not Kind.NUMBER:
            together = self._one(to_the_point(normalise(text)), within)
            if names_all(together, [one.label for one in sides.each]):
                return together
        told = [
            Told(label=one.label, question=one.text, answer=self._side(one)) for one in sides.each
        ]
        return compared(text, sides.aim, borne(told))

    def _side(self, side: Side) -> Answer:
        """One of several things, asked in its own scope; if need be with nothing of the others."""
        first = self._in_state(side.text)
        if not first.abstained or not side.bare:
            return first
        bare = self._in_state(side.bare)
        return first if bare.abstained else bare

    def _in_state(self, text: str) -> Answer:
        """What was reached and what is aimed at, each from a document that tells it."""
        sources = self.corpus.passages.sources
        titles = parts_named(text, sources, self.now.year)
        told = self._one(text, None, titles) if titles else None
        if told is None or told.abstained:
            told = self._of_edition(text, None)
        if told.reason not in _OF_STATE:
            return told
        again = self._elsewhere(text, None, told)
        if again.abstained and documents_named(text, self.now.year):
            again = self._one(_REALLY.sub("", text), None)
        return told if again.abstained else again

    def _elsewhere(self, text: str, within: set[DocumentId] | None, told: Answer) -> Answer:
        """What other documents say, where those asked tell a target for what was reached."""
        every = within or {one.id for one in self.corpus.passages.sources}
        others = every - {one.document_id for one in told.citations}
        again = self._one(text, others) if others else told
        return told if again.abstained else again

    def _of_edition(self, text: str, within: set[DocumentId] | None) -> Answer:
        """A question of one thing, asked of the edition that its year calls if there is one."""
        bare, edition = edition_of(text, self.corpus, self.now.year)
        told = self._one(bare, edition) if edition else None
        return self._one(text, within) if told is None or told.abstained else told

    def _one(
        self, text: str, within: set[DocumentId] | None, titles: frozenset[str] = frozenset()
    ) -> Answer:
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
        told = self._checked(scope.text, named, titles)
        if told.abstained and scope.general and named:
            told = self._checked(scope.text, named | scope.general, titles)
        if told.abstained and scope.text != text:
            again = self._checked(text, named, titles)
            told = told if again.abstained else again
        return told if named else self._alike(scope.text, told)

    def _checked(
        self,
        text: str,
        named: frozenset[DocumentId] | None,
        titles: frozenset[str] = frozenset(),
    ) -> Answer:
        """An answer that bears out what the question demands of it."""
        asked = _FILLERS.sub("", text)
        if len(subject_words(_WHOM.sub("", asked))) <= 1:
            asked = _WHOM.sub("联系人是谁", asked)
        asked = _MAILED.sub(r"\1发到哪个邮箱", asked)
        told = answer(asked, only(self.corpus, named, titles), now=self.now)
        if told.abstained:
            return told
        missing = rival_told(text, told) or call_unheld(text, told, self.corpus)
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


_REALLY = re.compile("实际上?|真正")
"""Of a document that is named: what it says, whatever that is called."""

_OF_STATE = frozenset({"only_target", "only_actual"})
_SUM, _GAP = " 一共多少", " 相差多少"
_FILLERS = re.compile(r"实际上?|截至目前|到目前为止|到底|究竟")
_MAILED = re.compile(
    r"(电子(?:版|件|稿|材料|申报书)?[^,，]{0,8}?)(?:发|交|报|传|投)(?:到|往|给)?哪(?:里|儿)?(?!个)"
)
_WHOM = re.compile(r"(?:该)?(?:找|问|联系|咨询)谁(?:问|联系|咨询|打听)?|(?<!是)谁负责联系")
_COLLECTIVE = re.compile(r"[两三四五六七八九十][\u4e00-\u9fff](?=[是指包有都到究的里分])")
"""A name for several things together: 三库, 五会."""

_LOOKED_AT = 8
_MOST = 3
