"""My needs and how far they are; what matches them."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, override

from actions import wording
from actions.own_needs.naming import Named, named
from actions.own_needs.offering import show
from actions.own_needs.pending import AsksBack, ask, nothing_asked
from actions.own_needs.telling import button, listing, missing, number_buttons, whole
from actions.turn import Events, Speech, Turn
from actions.understanding import manners
from core.domain.moves import has_ended
from core.domain.needs import Need
from core.services.own_needs.looking import ListNeeds, TraceNeed
from core.services.own_needs.offers import OfferMatches

LISTED = 5
"""How many needs are listed at once."""


class ListNeedsAction(AsksBack):
    """Lists a person's needs, or tells of the one that is meant."""

    action_name: ClassVar[str] = "action_list_needs"

    def __init__(self, list_needs: ListNeeds, trace: TraceNeed) -> None:
        self._list_needs = list_needs
        self._trace = trace

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        needs = self._list_needs(turn.address)
        if not needs:
            speech.say("utter_own_needs_none")
            return []
        meant = named(turn.text, needs)
        if meant.unknown:
            return say_no_such(speech, needs)
        if len(meant.needs) == 1 or len(needs) == 1:
            return self._tell(speech, (meant.needs or tuple(needs))[0])
        shown = list(meant.needs or needs)[:LISTED]
        speech.say(
            "utter_own_needs_list",
            number_buttons("trace", shown),
            count=len(needs),
            shown=len(shown),
            listing=listing(shown),
        )
        return [ask(self.action_name, "which", needs=[need.id for need in shown])]

    @override
    def hear(self, turn: Turn, speech: Speech, asked: Mapping[str, Any]) -> Events | None:
        """A place in the list just shown, or words of a need in it."""
        shown = among(asked, self._list_needs(turn.address))
        meant = named(turn.text, shown)
        if manners.asks(turn.text) or meant.unknown or len(meant.needs) != 1:
            return None
        return self._tell(speech, meant.needs[0])

    def _tell(self, speech: Speech, need: Need) -> Events:
        buttons = []
        if not has_ended(need):
            patterns = ("matches_of", "supplement_of", "withdraw")
            buttons = [button(pattern, number=need.number) for pattern in patterns]
        text = whole(need, self._trace(need))
        speech.say("utter_own_need", buttons, number=need.number, whole=text)
        return [nothing_asked()]


class AskMatchesAction(AsksBack):
    """Shows what matches the newest open need, or the one named."""

    action_name: ClassVar[str] = "action_ask_matches"

    def __init__(self, list_needs: ListNeeds, offer: OfferMatches) -> None:
        self._list_needs = list_needs
        self._offer = offer

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        needs = self._list_needs(turn.address)
        meant = named(turn.text, needs)
        refused = refuse(speech, needs, meant)
        if refused is not None:
            return refused
        return self.offer(speech, open_ones(meant.needs or needs)[0])

    @override
    def hear(self, turn: Turn, speech: Speech, asked: Mapping[str, Any]) -> Events | None:
        return None  # it asks nothing: what may be said to matches has intents of its own

    def offer(self, speech: Speech, need: Need) -> Events:
        """Show what matches a need now."""
        matches = self._offer(need)
        if matches:
            show(speech, need, matches)
        else:
            more = "".join(f"\n{line}" for line in missing(need))
            speech.say("utter_own_need_no_matches", number=need.number, missing=more)
        return []


def open_ones(needs: Sequence[Need]) -> list[Need]:
    """Those to which something may still happen."""
    return [need for need in needs if not has_ended(need)]


def among(asked: Mapping[str, Any], needs: Sequence[Need]) -> list[Need]:
    """The needs of a question, in the order in which they were shown."""
    by_id = {need.id: need for need in needs}
    return [by_id[one] for one in asked.get("needs", ()) if one in by_id]


def refuse(speech: Speech, needs: Sequence[Need], meant: Named) -> Events | None:
    """Say why nothing can be done about the needs meant; None when something can."""
    if not needs:
        speech.say("utter_own_needs_none")
        return []
    if meant.unknown:
        return say_no_such(speech, needs)
    if open_ones(meant.needs or needs):
        return None
    if meant.needs:
        return say_ended(speech, meant.needs[0])
    speech.say("utter_own_needs_all_ended")
    return []


def say_no_such(speech: Speech, needs: Sequence[Need]) -> Events:
    """The person has no such need; whether another person has is not told."""
    shown = needs[:LISTED]
    speech.say("utter_own_needs_no_such", count=len(needs), listing=listing(shown))
    return []


def say_ended(speech: Speech, need: Need) -> Events:
    """Nothing more can happen to this need."""
    status = wording.need_status(need.status)
    speech.say("utter_own_need_ended", number=need.number, status=status)
    return [nothing_asked()]
