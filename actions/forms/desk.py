"""The forms as the dialogue keeps them: one open, others put aside, all in Rasa's slots.

Drafts live in the tracker and nowhere else: a turn that fails leaves no trace there, so that it
can be said again, and a draft is never ahead of what its person was told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from actions.forms import engine
from actions.forms.asking import question
from actions.forms.choosing import named_forms, opened_form
from actions.forms.draft import CONFIRM, Draft, State, of_json, to_json
from actions.forms.engine import Said
from actions.forms.form import NEED, Form
from actions.forms.kinds.base import Heard
from actions.forms.labels import begins_with_field
from actions.turn import Events, Turn, set_slot
from actions.understanding import manners
from actions.understanding.second import SecondReading
from actions.understanding.text import fold
from core.domain.records import Record
from core.services.events import ListEvents

FORM = "any_form"
"""The one form that Rasa knows; which it is stands in the draft."""
REQUESTED = "requested_slot"
ANSWER = "form_answer"
"""The slot that Rasa asks for as long as a form is open."""
DRAFT = "form_draft"
ASIDE = "form_aside"
"""Drafts that wait while another form is open, newest first."""
EXPECTED = "form_expected"
"""What the quick replies of the last question say: no classifier may take these for others."""
OPENING = frozenset({"submit_need", "open_form"})
KEPT_ASIDE = 3
CERTAIN = 0.55
"""How sure a meaning has to be to come before an answer to what the form asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """The open draft, and those put aside."""

    draft: Draft
    aside: tuple[Draft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Every form, and what a turn does to the one that is open."""

    forms: Mapping[str, Form]
    list_open: ListEvents
    second: SecondReading | None = None
    """Reads the opening of a need again for what is missing."""

    def form_of(self, draft: Draft) -> Form:
        """The form of a draft; a form that is described no more is the need."""
        return self.forms.get(draft.form) or self.forms[NEED]

    def take(self, turn: Turn) -> Filling:
        """What this turn makes of the open form, or of the one that it opens."""
        draft = draft_of(turn)
        if is_opening(turn) or draft is None or draft.state is not State.OPEN:
            return self._opened(turn)
        form, other = self.form_of(draft), self._other(turn, draft)
        if other is not None:
            return self._begun(other, turn, (draft, *aside_of(turn)))
        return Filling(draft=engine.hear(form, draft, self.said(turn, form)), aside=aside_of(turn))

    def resumed(self, turn: Turn) -> Filling:
        """The form goes on after something else was served in this turn."""
        draft = draft_of(turn) or Draft(form=NEED)
        form = self.form_of(draft)
        return Filling(
            draft=engine.resume(form, draft, self.said(turn, form)), aside=aside_of(turn)
        )

    def left(self, turn: Turn) -> Filling:
        """A cancellation."""
        draft = draft_of(turn) or Draft(form=NEED)
        form = self.form_of(draft)
        return Filling(
            draft=engine.leave(form, draft, self.said(turn, form)), aside=aside_of(turn)
        )

    def after(self, turn: Turn) -> Filling | None:
        """What is gone on with after a form has ended: the draft put aside last."""
        aside = aside_of(turn)
        if not aside:
            return None
        form = self.form_of(aside[0])
        return Filling(draft=engine.come_back(aside[0], self.said(turn, form)), aside=aside[1:])

    def serves(self, turn: Turn) -> Filling | None:
        """What the turn fills, when it plainly answers what the open form asked."""
        draft = draft_of(turn)
        if turn.active_form != FORM or draft is None:
            return None
        told = self.take(turn)
        changed = told.draft.values != draft.values
        if draft.asked == CONFIRM:
            return told if changed or told.draft.state is State.DONE else None
        filled = told.draft.values.get(str(draft.asked)) != draft.values.get(str(draft.asked))
        return told if filled else None

    def answers(self, turn: Turn) -> Filling | None:
        """What the turn fills, when it is rather an answer than what it was understood as.

        An answer that begins with the name of a field is none of the other things that it sounds
        like; any other has to be doubtful as one of these.
        """
        draft = draft_of(turn)
        if turn.active_form != FORM or draft is None or manners.asks(turn.text):
            return None
        form = self.form_of(draft)
        if begins_with_field(form, turn.text):
            told = self.take(turn)
            return told if told.draft.values != draft.values else None
        asked = form.field(draft.asked)
        if asked is None:
            return None
        names_it = asked.called.match(fold(turn.text).strip()) is not None
        return self.serves(turn) if names_it or turn.sure < CERTAIN else None

    def states(self, turn: Turn) -> bool:
        """Whether a turn gives what was asked, read as if it had not been: chatter gives none."""
        draft = draft_of(turn)
        if turn.active_form != FORM or draft is None:
            return False
        asked = self.form_of(draft).field(draft.asked)
        if asked is None:
            return False
        heard = Heard(text=turn.text, at=turn.said_at, asked=asked.kind.labelled)
        return asked.kind.find(heard).value is not None

    def said(self, turn: Turn, form: Form) -> Said:
        """The turn as the engine hears it."""
        return Said(
            text=turn.text, at=turn.said_at, key=turn.key, records=self.records(turn, form)
        )

    def records(self, turn: Turn, form: Form) -> tuple[Record, ...]:
        """The open records that the form can be about."""
        if form.open_library is None:
            return ()
        return tuple(self.list_open(now=turn.said_at, library=form.open_library, limit=50))

    def events(self, filling: Filling, turn: Turn) -> Events:
        """A step as events; Rasa closes the form when nothing is requested any more."""
        draft, form = filling.draft, self.form_of(filling.draft)
        is_open = draft.state is State.OPEN
        asked = question(form, draft, self.records(turn, form)) if is_open else None
        return [
            set_slot(DRAFT, to_json(draft)),
            set_slot(ASIDE, [to_json(one) for one in filling.aside]),
            set_slot(EXPECTED, list(asked.expected) if asked else None),
            set_slot(REQUESTED, ANSWER if is_open else None),
        ]

    def _other(self, turn: Turn, draft: Draft) -> Form | None:
        """The other form that the turn asks for, if it does."""
        if turn.intent not in OPENING:
            return None
        form = self.form_of(draft)
        asked = form.field(draft.asked)
        if asked is not None and asked.kind.answers(turn.text, ()):
            return None
        other = self.meant(turn)
        return other if other is not None and other.name != form.name else None

    def meant(self, turn: Turn) -> Form | None:
        """The form that the turn asks to begin; its bare name does when Rasa understood so."""
        found = named_forms(self.forms.values(), turn.text)
        if turn.intent == "open_form" and len(found) == 1:
            return found[0]
        return opened_form(self.forms.values(), turn.text)

    def _opened(self, turn: Turn) -> Filling:
        stored, aside = draft_of(turn), aside_of(turn)
        if stored is not None and stored.state is State.OPEN:
            aside, stored = (stored, *aside), None
        if stored is not None and stored.heard == turn.key:
            form = self.form_of(stored)
        else:
            form = self.meant(turn) or self.forms[NEED]
        kept = stored if stored is not None and stored.form == form.name else None
        return self._begun(form, turn, aside, kept)

    def _begun(
        self, form: Form, turn: Turn, aside: tuple[Draft, ...], kept: Draft | None = None
    ) -> Filling:
        """A new draft; when its opening says nothing, the one of that form that was put aside."""
        said = self.said(turn, form)
        if self.second is not None and form.name == NEED:
            said = replace(said, quotes=self.second.quotes(turn.text, turn.said_at))
        draft = engine.begin(form, said, kept)
        same = next((one for one in aside if one.form == form.name), None)
        if not draft.values and same is not None:
            draft = engine.come_back(same, said)
            aside = tuple(one for one in aside if one is not same)
        return Filling(draft=draft, aside=aside[:KEPT_ASIDE])


def is_opening(turn: Turn) -> bool:
    """Whether this turn opens the form."""
    return turn.active_form != FORM or FORM in turn.opened


def is_resumed(turn: Turn) -> bool:
    """Whether the form goes on after something else was served in this turn."""
    return not is_opening(turn) and any(name != FORM for name in turn.done)


def draft_of(turn: Turn) -> Draft | None:
    """The draft that the slots hold."""
    return of_json(turn.slots.get(DRAFT))


def aside_of(turn: Turn) -> tuple[Draft, ...]:
    """The drafts put aside."""
    found = (of_json(one) for one in turn.slots.get(ASIDE) or ())
    return tuple(one for one in found if one is not None)


def offer(form: Form, values: Mapping[str, Any], turn: Turn) -> Draft:
    """Facts kept for a form that is not open yet."""
    return replace(Draft(form=form.name, values=values), state=State.OFFERED, heard=turn.key)


def forget() -> Events:
    """No draft is open any more."""
    return [set_slot(DRAFT, None), set_slot(EXPECTED, None)]
