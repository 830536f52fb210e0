"""Finding records of the libraries: cases, experts, instruments … for what somebody looks for."""

from collections.abc import Sequence
from typing import ClassVar, override

from actions import wording
from actions.policy import AnswerPolicy
from actions.turn import Events, Speech, Turn, TurnAction
from actions.understanding.seeking import Seeking, read_seeking, seeks_records
from core.domain.records import MATCHABLE, Library, Record, Wanted
from core.services.libraries.finding import FindRecords, Found

SHOWN = 5
"""How many are shown at once."""
SEEKABLE = (*MATCHABLE, Library.CHAINS)
"""Events and calls have a list of their own."""


class FindRecordsAction(TurnAction):
    """Shows what the libraries hold; what they do not, the documents may answer."""

    action_name: ClassVar[str] = "action_find_records"

    def __init__(self, find: FindRecords, policy: AnswerPolicy) -> None:
        self._find = find
        self._policy = policy

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        seeking = read_seeking(turn.text)
        first = self._find(
            Wanted(libraries=seeking.libraries or SEEKABLE, region=seeking.region),
            seeking.subject,
            limit=SHOWN,
        )
        found = [*first.records, *self._beside(seeking, SHOWN - len(first.records))]
        name = wording.join(wording.library(one) for one in seeking.libraries)
        name = name or wording.words()["resource"]["any"]
        if found:
            response = _response(first)
            listing = wording.resources(found)
            count = len(found)
            speech.say(
                response,
                topic=seeking.subject,
                name=name,
                count=count,
                shown=count,
                listing=listing,
            )
            return []
        if not seeks_records(turn.text):
            return self._policy.act(turn, speech)
        if seeking.subject:
            speech.say("utter_records_none", topic=seeking.subject, name=name)
        else:
            speech.say("utter_records_empty", name=name)
        return []

    def _beside(self, seeking: Seeking, room: int) -> Sequence[Record]:
        """What libraries that were not named hold on the subject."""
        if not (seeking.subject and seeking.libraries and room > 0):
            return ()
        others = tuple(one for one in SEEKABLE if one not in seeking.libraries)
        wanted = Wanted(libraries=others, region=seeking.region)
        return self._find(wanted, seeking.subject, limit=room).records


def _response(first: Found) -> str:
    """How what was found is said: all of it, the first of it, or only what lies beside."""
    if not first.records:
        return "utter_records_beside"
    return "utter_records_found_some" if first.next else "utter_records_found"
