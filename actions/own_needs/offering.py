"""Showing matches with what may be said to them."""

from collections.abc import Sequence

from actions import wording
from actions.own_needs.telling import button
from actions.turn import Speech
from core.domain.conversations import Button
from core.domain.matching.matches import Match
from core.domain.needs import Need


def show(speech: Speech, need: Need, matches: Sequence[Match]) -> None:
    """Show matches with quick replies."""
    speech.say(
        "utter_own_need_matches",
        match_buttons(len(matches)),
        number=need.number,
        matches=wording.matches(matches, need.draft),
    )


def match_buttons(count: int) -> tuple[Button, ...]:
    """What may be said to so many matches."""
    wanted = (button("accept_nth", n=n) for n in range(1, count + 1))
    return (*wanted, button("decline"))
