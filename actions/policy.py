"""Answering questions from the documents."""

import re
from typing import ClassVar, override

from actions import wording
from actions.events import ListEventsAction
from actions.forms.choosing import asks_about, opened_form
from actions.forms.desk import FORM, Desk
from actions.idle import OFFER
from actions.topics import lists_open_things
from actions.turn import Events, Speech, Turn, TurnAction, followup, set_slot
from actions.understanding import manners
from actions.understanding.extract import extract
from actions.understanding.text import fold
from core.domain.conversations import Button
from core.domain.documents import Answer, Exchange
from core.services.conversations import reply_of
from core.services.questions import AnswerQuestion

HOME = re.compile(
    r"(?:我们?|咱们?|本人|公司|我司|企业)(?:公司|企业|厂)?(?:是|在|来自|位于)"
    r"[\u4e00-\u9fff]{2,12}?(?:的|人|这边|这里)?(?:企业|公司|厂)?的?[。.!]?"
)
"""A sentence that may say where somebody is from; that it does, its place shows."""
REMEMBERED = 500
"""Characters of an answer kept for follow-up questions."""


class AnswerPolicy(TurnAction):
    """Answers with citations or abstains; what was meant for others goes to them."""

    action_name: ClassVar[str] = "action_answer_policy"

    def __init__(self, answer: AnswerQuestion, lister: ListEventsAction, desk: Desk) -> None:
        self._answer = answer
        self._lister = lister
        self._desk = desk

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        if self.action_name in turn.done:
            # Once is enough, whatever a policy predicts after something unforeseen.
            return [followup("action_listen")]
        if manners.names_no_subject(turn.text):
            speech.say("utter_policy_what")
            return []
        if lists_open_things(turn.text) or self._lister.tells_more(turn):
            return self._lister.act(turn, speech)
        meant = self._meant_for_form(turn)
        if meant is not None:
            return meant
        answer = self._answer(
            turn.text,
            address=turn.address,
            now=turn.said_at,
            history=history_of(turn),
            key=turn.key,
        )
        speech.reply(reply_of(answer, _buttons(turn, answer)))
        return [
            set_slot("last_question", turn.text),
            set_slot("last_answer", None if answer.abstained else answer.text[:REMEMBERED]),
        ]

    def _meant_for_form(self, turn: Turn) -> Events | None:
        """A statement that fills the asked slot, or that opens the form, is no question."""
        if manners.asks(turn.text):
            return None
        if turn.active_form == FORM:
            filling = self._desk.serves(turn)
            return self._desk.events(filling, turn) if filling else None
        if self._opens(turn):
            return [followup(FORM)]
        return [followup(OFFER)] if _says_where(turn) else None

    def _opens(self, turn: Turn) -> bool:
        """Whether the words begin a form, or tell what an enterprise struggles with."""
        if asks_about(turn.text):
            return False
        if opened_form(self._desk.forms.values(), turn.text):
            return True
        draft = extract(turn.text, turn.said_at)
        return bool(draft.problem and (draft.industry or draft.modes))


def _says_where(turn: Turn) -> bool:
    """Whether somebody begins with where they are from, and says nothing else: 我是安阳的."""
    if history_of(turn) or not HOME.fullmatch(fold(turn.text).strip()):
        return False
    return extract(turn.text, turn.said_at).region is not None


class OutOfScope(TurnAction):
    """Says what cannot be done, unless the turn plainly answers what the form asked."""

    action_name: ClassVar[str] = "action_out_of_scope"

    def __init__(self, lister: ListEventsAction, desk: Desk) -> None:
        self._lister = lister
        self._desk = desk

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        if self._lister.tells_more(turn):
            return self._lister.act(turn, speech)
        if not manners.asks(turn.text) and self._desk.states(turn):
            return self._desk.events(self._desk.take(turn), turn)
        speech.say("utter_out_of_scope")
        return []


def _buttons(turn: Turn, answer: Answer) -> tuple[Button, ...]:
    """What may be said to an answer; nothing where the form asks its own question after it."""
    if answer.abstained:
        title = wording.words()["handoff_button"]
        return (Button(title=title, payload=title),)
    if turn.active_form:
        return ()
    verdicts = wording.words()["verdict_buttons"]
    return tuple(Button(title=title, payload=payload) for title, payload in verdicts.items())


def history_of(turn: Turn) -> tuple[Exchange, ...]:
    """The questions before this one with their answers, for follow-ups."""
    if turn.asked:
        return tuple(Exchange(question=said, answer=told) for said, told in turn.asked)
    question = turn.slots.get("last_question")
    if not question:
        return ()
    return (Exchange(question=question, answer=turn.slots.get("last_answer") or ""),)
