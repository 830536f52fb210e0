"""What I handed in and how far it is; what matches my needs."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, override

from actions.own_needs.naming import Named, named
from actions.own_needs.offering import show
from actions.own_needs.pending import AsksBack, ask, nothing_asked
from actions.own_needs.telling import (
    button,
    is_over,
    listing,
    missing,
    number_buttons,
    status,
    whole,
    whole_form,
)
from actions.turn import Events, Speech, Turn
from actions.understanding import manners
from core.domain.moves import has_ended
from core.domain.needs import Need
from core.domain.submissions import Submission
from core.services.own_needs.looking import ListNeeds, ListOwn, TraceNeed
from core.services.own_needs.offers import OfferMatches

LISTED = 5
"""How many needs are listed at once."""


class ListNeedsAction(AsksBack):
    """Lists what a person handed in, or tells of the one that is meant."""

    action_name: ClassVar[str] = "action_list_needs"

    def __init__(self, list_own: ListOwn, trace: TraceNeed) -> None:
        self._list_own = list_own
        self._trace = trace

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        own = self._list_own(turn.person)
        if not own:
            speech.say("utter_own_needs_none")
            return []
        meant = named(turn.text, own)
        if meant.unknown:
            return say_no_such(speech, own)
        if len(meant.ones) == 1 or len(own) == 1:
            return self._tell(speech, (meant.ones or tuple(own))[0])
        shown = list(meant.ones or own)[:LISTED]
        speech.say(
            "utter_own_needs_list",
            number_buttons("trace", shown),
            count=len(own),
            shown=len(shown),
            listing=listing(shown),
        )
        return [ask(self.action_name, "which", ones=[one.number for one in shown])]

    @override
    def hear(self, turn: Turn, speech: Speech, asked: Mapping[str, Any]) -> Events | None:
        """A place in the list just shown, or words of a need in it."""
        shown = among(asked, self._list_own(turn.person))
        meant = named(turn.text, shown)
        if manners.asks(turn.text) or meant.unknown or len(meant.ones) != 1:
            return None
        return self._tell(speech, meant.ones[0])

    def _tell(self, speech: Speech, one: Need | Submission) -> Events:
        if isinstance(one, Submission):
            buttons = [] if is_over(one) else [button("withdraw", number=one.number)]
            text = whole_form(one)
            speech.say("utter_own_need", buttons, number=one.number, whole=text)
            return [nothing_asked()]
        return self._tell_need(speech, one)

    def _tell_need(self, speech: Speech, need: Need) -> Events:
        buttons = []
        if not has_ended(need):
            patterns = ("matches_of", "supplement_of", "withdraw")
            buttons = [button(pattern, number=need.number) for pattern in patterns]
        text = whole(need, self._trace(need))
        speech.say("utter_own_need", buttons, number=need.number, whole=text)
        return [nothing_asked()]


class ActsOnOpenNeeds(AsksBack):
    """What is done with the open needs that are meant: those named, else all, newest first."""

    def __init__(self, list_needs: ListNeeds) -> None:
        self._list_needs = list_needs

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        needs = self._list_needs(turn.person)
        meant = named(turn.text, needs)
        refused = refuse(speech, needs, meant)
        if refused is not None:
            return refused
        return self.on_open(turn, speech, open_ones(meant.ones or needs))

    @abstractmethod
    def on_open(self, turn: Turn, speech: Speech, still: Sequence[Need]) -> Events:
        """Serve the turn for the open needs that are meant, of which there is at least one."""


class AskMatchesAction(ActsOnOpenNeeds):
    """Shows what matches the newest open need, or the one named."""

    action_name: ClassVar[str] = "action_ask_matches"

    def __init__(self, list_needs: ListNeeds, offer: OfferMatches) -> None:
        super().__init__(list_needs)
        self._offer = offer

    @override
    def on_open(self, turn: Turn, speech: Speech, still: Sequence[Need]) -> Events:
        return self.offer(speech, still[0])

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


def open_ones[T: Need | Submission](ones: Sequence[T]) -> list[T]:
    """Those to which something may still happen."""
    return [one for one in ones if not is_over(one)]


def among[T: Need | Submission](asked: Mapping[str, Any], ones: Sequence[T]) -> list[T]:
    """Those of a question, in the order in which they were shown."""
    by_number = {one.number: one for one in ones}
    return [by_number[one] for one in asked.get("ones", ()) if one in by_number]


def refuse[T: Need | Submission](
    speech: Speech, ones: Sequence[T], meant: Named[T]
) -> Events | None:
    """Say why nothing can be done about those meant; None when something can."""
    if not ones:
        speech.say("utter_own_needs_none")
        return []
    if meant.unknown:
        return say_no_such(speech, ones)
    if open_ones(meant.ones or ones):
        return None
    if meant.ones:
        return say_ended(speech, meant.ones[0])
    speech.say("utter_own_needs_all_ended")
    return []


def say_no_such(speech: Speech, ones: Sequence[Need | Submission]) -> Events:
    """The person has no such; whether another person has is not told."""
    shown = ones[:LISTED]
    speech.say("utter_own_needs_no_such", count=len(ones), listing=listing(shown))
    return []


def say_ended(speech: Speech, one: Need | Submission) -> Events:
    """Nothing more can happen to it."""
    speech.say("utter_own_need_ended", number=one.number, status=status(one))
    return [nothing_asked()]
