"""What becomes of a form that is done: a need, or a submission."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions import wording
from actions.forms.asking import phrase
from actions.forms.draft import Draft, is_declined
from actions.forms.form import Form
from actions.own_needs.offering import match_buttons
from actions.turn import Turn
from core.domain.conversations import Reply, ReplyKind
from core.domain.needs import FIELDS, NeedDraft
from core.services.needs import SubmitNeed

TO_MATCH = ("industry", "region", "modes", "budget", "deadline")
"""What makes matching better when it is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Stores a draft once and says what came of it."""

    submit_need: SubmitNeed

    def __call__(self, form: Form, draft: Draft, turn: Turn) -> list[Reply]:
        """Store; what is raised means that nothing was said to be stored."""
        return self._need(form, draft, turn)

    def _need(self, form: Form, draft: Draft, turn: Turn) -> list[Reply]:
        need = need_of(form, draft.values)
        done = self.submit_need(need, address=turn.address, key=str(draft.key))
        said = phrase(form, "stored", number=done.need.number)
        missing = [name for name in TO_MATCH if not getattr(done.need.draft, name)]
        if missing:
            fields = wording.join(map(wording.field_name, missing))
            said = f"{said}\n{phrase(form, 'to_match_better', fields=fields)}"
        replies = [Reply(kind=ReplyKind.NOTICE, text=said)]
        if done.matches:
            listed = wording.matches(done.matches, done.need.draft)
            text = phrase(form, "matches", matches=listed)
            buttons = match_buttons(len(done.matches))
            replies.append(Reply(kind=ReplyKind.CARD, text=text, buttons=buttons))
        else:
            replies.append(Reply(kind=ReplyKind.NOTICE, text=phrase(form, "no_matches")))
        return replies


def need_of(form: Form, values: Mapping[str, Any]) -> NeedDraft:
    """The need that the values of its form mean; declined fields stay empty."""
    meant = {
        one.name: one.kind.meaning(values[one.name])
        for one in form.fields
        if one.name in FIELDS and one.name in values and not is_declined(values[one.name])
    }
    indicators = values.get("problem", {}).get("indicators", ())
    return NeedDraft(**meant, indicators=tuple(indicators))
