"""Adding to a submitted need, or correcting it: heard, written, said back."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, override

from actions import wording
from actions.own_needs.hearing import Heard, hear
from actions.own_needs.looking import ActsOnOpenNeeds, among, say_ended
from actions.own_needs.naming import named
from actions.own_needs.offering import show
from actions.own_needs.pending import ask, nothing_asked
from actions.own_needs.telling import listing, number_buttons
from actions.turn import Events, Speech, Turn
from actions.understanding import manners
from actions.understanding.text import fold
from core.domain.conversations import Button
from core.domain.moves import IllegalMoveError
from core.domain.needs import FIELDS, Need
from core.services.own_needs.looking import ListNeeds
from core.services.own_needs.supplements import Supplemented, SupplementNeed

ANOTHER = re.compile(
    r"(?:登记|发布|提交|提|报|填).{0,6}(?:需求|难题|问题)|(?:新的?|另一?个|另外一个)(?:需求|难题)"
)
"""Words that begin a need of its own."""
FIELD_OF_DOUBT = {"phone": "contact"}


class SupplementNeedAction(ActsOnOpenNeeds):
    """Writes what the text says into the need that is meant, and says it back."""

    action_name: ClassVar[str] = "action_supplement_need"

    def __init__(self, list_needs: ListNeeds, supplement: SupplementNeed) -> None:
        super().__init__(list_needs)
        self._supplement = supplement

    @override
    def on_open(self, turn: Turn, speech: Speech, still: Sequence[Need]) -> Events:
        if len(still) > 1:
            buttons = number_buttons("supplement_of", still)
            speech.say("utter_supplement_which", buttons, listing=listing(still))
            numbers = [need.number for need in still]
            return [ask(self.action_name, "which", ones=numbers, text=turn.text)]
        return self._write(turn, speech, still[0])

    @override
    def hear(self, turn: Turn, speech: Speech, asked: Mapping[str, Any]) -> Events | None:
        """Which need, or what to add."""
        needs = self._list_needs(turn.person)
        if asked["step"] == "which":
            meant = named(turn.text, among(asked, needs)).ones
            if len(meant) != 1:
                return None
            return self._write(turn, speech, meant[0], text=str(asked["text"]))
        need = next((need for need in needs if need.id == asked["need"]), None)
        other = manners.asks(turn.text) or ANOTHER.search(fold(turn.text)) is not None
        if need is None or other or turn.intent == "cancel_form":
            return None
        heard = hear(turn.text, turn.said_at, need.draft, asked)
        if not heard.says_something and not heard.doubt:
            return None
        return self._write(turn, speech, need, asked=asked)

    def _write(
        self,
        turn: Turn,
        speech: Speech,
        need: Need,
        *,
        text: str = "",
        asked: Mapping[str, Any] | None = None,
    ) -> Events:
        text = text or turn.text
        heard = hear(text, turn.said_at, need.draft, asked or {})
        if not heard.says_something:
            return self._ask_back(speech, need, heard)
        try:
            done = self._supplement(
                need.id,
                heard.said,
                address=turn.person,
                key=f"supplement:{turn.key}",
                text=text,
            )
        except IllegalMoveError as error:
            return say_ended(speech, error.need)
        events = _say_back(speech, done)
        return [*events, *(self._ask_back(speech, need, heard) if heard.doubt else [])]

    def _ask_back(self, speech: Speech, need: Need, heard: Heard) -> Events:
        if heard.doubt:
            buttons = [Button(title=one, payload=one) for one in heard.options]
            speech.say(f"utter_supplement_{heard.doubt}", buttons, **heard.values)
            asked_for = FIELD_OF_DOUBT.get(heard.doubt, heard.doubt)
            number = heard.values.get("number") if heard.doubt == "budget" else None
            what = {"need": int(need.id), "field": asked_for, "number": number}
            return [ask(self.action_name, "what", **what)]
        if heard.field:
            name = wording.field_name(heard.field)
            speech.say("utter_supplement_field", field=name, number=need.number)
        else:
            speech.say("utter_supplement_what", number=need.number)
        return [ask(self.action_name, "what", need=int(need.id), field=heard.field)]


def _say_back(speech: Speech, done: Supplemented) -> Events:
    draft = done.need.draft
    lines = [wording.field_line(draft, name) for name in _shown(done.changed)]
    if not lines:
        speech.say("utter_supplement_known", number=done.need.number)
        return [nothing_asked()]
    speech.say("utter_supplemented", number=done.need.number, values="\n".join(lines))
    if done.matches:
        show(speech, done.need, done.matches)
    return [nothing_asked()]


def _shown(changed: Sequence[str]) -> list[str]:
    """The fields to say back; indicators are told with the problem they belong to."""
    names = {"problem" if name == "indicators" else name for name in changed}
    return [name for name in FIELDS if name in names]
