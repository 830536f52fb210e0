"""The two uses of a language model: a follow-up made whole, and an answer said more plainly."""

import logging
import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core.domain.documents import Answer, Exchange
from knowledge.answers.talk.leaning import Cue, cue_of, leans
from knowledge.lexicon.lists import lines, regions
from knowledge.lexicon.words import NAMING, normalise, strip_question_words, subject_words
from knowledge.rewording.checks import Ground, fault_of, uncovered
from knowledge.rewording.claims import clauses, digits_of, plain
from knowledge.rewording.masking import Masks
from knowledge.rewording.model import REST_S, PatientModel
from knowledge.rewording.orders import gives_orders
from knowledge.rewording.words import say

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

log = logging.getLogger(__name__)

_TURNS = 3
_TURN_CHARS = 300
_QUESTION_CHARS = 500
_QUOTE_CHARS = 1_000
_WHOLE_CHARS = 120
_HEAD_CHARS = 60
_KEPT = 0.8
"""Share of our first line that the reply must say before the line may go."""

_WORKED = re.compile(r"[=＝×÷+＋−《]")
"""Signs of a first line that shows a calculation or a document: it stays."""

_LOST = {"nothing_found", "unreadable"}
"""Reasons of abstentions that a completed question may mend."""

Answering = Callable[[str, Sequence[Exchange]], Answer]
"""The documents' own answer to a question with its history."""


class Rewording:
    """Answers through the documents; a language model words the reply, and its word is checked.

    Whatever fails, is late or does not pass a check leaves the answer as it was.
    """

    def __init__(self, chat: "BaseChatModel", *, timeout_s: float, rest_s: float = REST_S) -> None:
        """`timeout_s` is what a person waits at most for both uses together."""
        self._model = PatientModel(chat, rest_s=rest_s)
        self._timeout_s = timeout_s

    def answer(self, question: str, history: Sequence[Exchange], answering: Answering) -> Answer:
        """The documents' answer, worded by the model where that passes."""
        found = answering(question, history)
        ends = time.monotonic() + self._timeout_s
        if history and _is_lost(found):
            whole = self.completed(question, history, ends)
            again = answering(whole, ()) if whole else found
            if not again.abstained:
                found = replace(again, question=question)
        return found if found.abstained else self.reworded(found, ends)

    def completed(self, question: str, history: Sequence[Exchange], ends: float) -> str | None:
        """A follow-up with what it leaves unsaid; None when the model's word does not pass."""
        masks, said = Masks(), history[-_TURNS:]
        turns = (
            say("completing", "turn", question=one.question, answer=one.answer[:_TURN_CHARS])
            for one in said
        )
        reply = self._ask(
            "completing", masks, ends, conversation="\n".join(turns), question=question
        )
        whole = masks.show(reply) if reply else None
        if whole is None or not _is_faithful(whole, question, said):
            _note("completing", None if reply is None else "unfaithful")
            return None
        _note("completing", "")
        return whole

    def reworded(self, found: Answer, ends: float) -> Answer:
        """The answer with the model's sentence before it, or as it was."""
        masks = Masks()
        ground = Ground(
            answer=found.text,
            evidence=tuple(
                text for one in found.citations for text in (one.quote, one.document, one.section)
            ),
        )
        passages = (
            say(
                "wording",
                "passage",
                document=one.document,
                section=one.section,
                quote=one.quote[:_QUOTE_CHARS],
            )
            for one in found.citations
        )
        if gives_orders(ground.text):
            _note("wording", "orders in the evidence")
            return found
        reply = self._ask(
            "wording",
            masks,
            ends,
            question=found.question[:_QUESTION_CHARS],
            evidence="\n".join(passages),
            answer=_impersonal(found),
        )
        if reply is None:
            _note("wording", None)
            return found
        shown = masks.show(reply)
        fault = "marks" if shown is None else fault_of(shown, ground)
        _note("wording", fault or "")
        if shown is None or fault:
            return found
        return replace(found, text=f"{shown}\n{_rest(found.text, shown)}".rstrip())

    def check(self) -> None:
        """Ask the model for a word.

        Raises:
            UnavailableError: it does not answer.
        """
        self._model.check(self._timeout_s)

    def close(self) -> None:
        """Wait for nothing more; the next question may ask again."""
        self._model.close()

    def _ask(self, use: str, masks: Masks, ends: float, **parts: str) -> str | None:
        hidden = {name: masks.hide(text) for name, text in parts.items()}
        user = say(use, "user", mark=secrets.token_hex(4), **hidden)
        return self._model.ask(say(use, "system"), user, ends)


def _is_lost(found: Answer) -> bool:
    """Whether nothing was found because a question may lean on what was said before.

    One that stands by itself and is not answered by the documents stays so.
    """
    if not found.abstained or len(found.question) > _QUESTION_CHARS:
        return False
    cue, said = cue_of(found.question)
    return cue not in {None, Cue.TOPIC} or leans(said) or found.reason in _LOST


def _impersonal(found: Answer) -> str:
    """The lines of an answer that repeat nothing personal of its question."""
    masks = Masks()
    masks.hide(found.question)
    return "\n".join(line for line in found.text.splitlines() if not masks.touches(line))


def _rest(text: str, reply: str) -> str:
    """Our own text without a first line that the reply says in full."""
    first, _, rest = text.partition("\n")
    if not rest or len(first) > _HEAD_CHARS or _WORKED.search(first):
        return text
    pairs = [pair for clause in clauses(first) for pair in clause.pairs]
    kept = sum(pair in plain(reply) for pair in pairs)
    said = kept >= _KEPT * len(pairs) and digits_of(first) <= digits_of(reply)
    return rest if said else text


def _is_faithful(whole: str, question: str, said: Sequence[Exchange]) -> bool:
    """Whether a completed question asks what was said, all that is asked now, and no more."""
    text, asked = plain(whole), plain(question)
    known = plain("\n".join([question, *(one.question + "\n" + one.answer for one in said)]))
    places = [name for name in regions() if name in asked]
    denied = [any(one.denies for one in clauses(each)) for each in (text, asked)]
    return (
        len(whole) <= _WHOLE_CHARS
        and "\n" not in whole.strip()
        and text != asked
        and digits_of(text) <= digits_of(known)
        and digits_of(asked) <= digits_of(text)
        and all(name in known for name in regions() if name in text)
        and all(name in text for name in (*places, *_named(asked)))
        and denied[0] == denied[1]
        and not uncovered(text, known, lines("questions"))
    )


def _named(asked: str) -> list[str]:
    """The things a question names."""
    found = subject_words(strip_question_words(normalise(asked)))
    return [word for word, weight in found.items() if weight == NAMING]


def _note(use: str, fault: str | None) -> None:
    """For operators: what became of a use, without a word of it."""
    if fault is None:
        log.info("%s by the language model: no reply", use)
    elif fault:
        log.info("%s by the language model: thrown away (%s)", use, fault)
    else:
        log.info("%s by the language model: used", use)
