"""Taking back what was handed in: which one, asked once, then done."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, override

from actions import wording
from actions.own_needs.looking import among, open_ones, refuse, say_ended
from actions.own_needs.naming import NUMBER, named
from actions.own_needs.pending import AsksBack, ask, asked_by, nothing_asked
from actions.own_needs.telling import button, called, listing, number_buttons, phrase
from actions.turn import Events, Speech, Turn
from actions.understanding import manners
from actions.understanding.text import fold
from core.domain.errors import ConflictError
from core.domain.moves import IllegalMoveError
from core.domain.needs import Need
from core.domain.submissions import Submission, SubmissionStatus
from core.services.own_needs.looking import ListOwn
from core.services.own_needs.moving import WithdrawNeed
from core.services.submissions import DecideSubmission

SURE = re.compile(r"(?:确认|确定|確認|確定)\s*(?:要)?\s*(?:撤回|撤销|撤銷|撤)")
KEEPS = re.compile(r"(?:不|别|別|先不|不要|不用|不想|暂不)(?:要)?(?:撤|取消)|保留|留着")
AGAIN = re.compile(r"[嗯对就]*(?:撤回|撤销|撤)(?:吧|掉|了|它|这个)*[。.!~\s]*")
OF_NEEDS = re.compile(r"需求|难题")
OTHERWISE = re.compile(r"对接|對接|联系|聯繫|推荐|补充|提醒|退订|感兴趣|改成|改到")
"""Words of an answer to something else."""


class WithdrawNeedAction(AsksBack):
    """Takes back what is meant, after asking once."""

    action_name: ClassVar[str] = "action_withdraw_need"

    def __init__(
        self, list_own: ListOwn, withdraw: WithdrawNeed, decide: DecideSubmission
    ) -> None:
        self._list_own = list_own
        self._withdraw = withdraw
        self._decide = decide

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        own = self._own(turn)
        asked = asked_by(turn, self.action_name)
        if asked.get("step") == "sure" and KEEPS.search(fold(turn.text)):
            return _kept(speech)
        meant = named(turn.text, own)
        refused = refuse(speech, own, meant)
        if refused is not None:
            return refused
        if asked.get("step") == "sure" and _repeats(turn, asked, meant.ones):
            return self._take_back(turn, speech, among(asked, own), str(asked["note"]))
        return self._ask(speech, own, meant.ones, note=turn.text, alone=not turn.active_form)

    @override
    def hear(self, turn: Turn, speech: Speech, asked: Mapping[str, Any]) -> Events | None:
        """Which one, or yes, or no."""
        text = fold(turn.text)
        own = self._list_own(turn.person)
        if OTHERWISE.search(text) or manners.asks(text):
            return None
        meant = among(asked, own)
        if asked["step"] == "sure":
            sure = manners.affirms(text) or bool(SURE.search(text) or AGAIN.fullmatch(text))
            left = manners.denies(text) or bool(KEEPS.search(text))
        else:
            meant = list(named(text, meant).ones)
            sure, left = bool(meant), False
        if not sure and (left or turn.intent == "cancel_form"):
            return _kept(speech)
        if not sure:
            return None
        note = str(asked["note"])
        if asked["step"] == "sure":
            return self._take_back(turn, speech, meant, note)
        return self._ask(speech, own, meant, note=note, alone=True)

    def _own(self, turn: Turn) -> list[Need | Submission]:
        """What may be meant: needs alone when the text speaks of needs and names nothing else."""
        own = self._list_own(turn.person)
        needs = [one for one in own if isinstance(one, Need)]
        of_needs = OF_NEEDS.search(fold(turn.text)) and not NUMBER.search(fold(turn.text))
        return [*needs] if needs and of_needs else own

    def _ask(
        self,
        speech: Speech,
        own: Sequence[Need | Submission],
        meant: Sequence[Need | Submission],
        *,
        note: str,
        alone: bool,
    ) -> Events:
        """Ask which, or whether really; within a form a bare no would be said to the form."""
        still = open_ones(meant or own)
        numbers = [one.number for one in still]
        if not meant and len(still) > 1:
            speech.say(
                "utter_withdraw_which", number_buttons("withdraw", still), listing=listing(still)
            )
            return [ask(self.action_name, "which", ones=numbers, note=note)]
        sure = button("withdraw_sure")
        if len(still) == 1:
            sure = button("withdraw_sure_of", number=still[0].number)
        buttons = [sure, button("withdraw_not")] if alone else [sure]
        speech.say(_sure(still), buttons, listing=listing(still))
        return [ask(self.action_name, "sure", ones=numbers, note=note)]

    def _take_back(
        self, turn: Turn, speech: Speech, ones: Sequence[Need | Submission], note: str
    ) -> Events:
        gone: list[Need] = []
        for one in ones:
            if isinstance(one, Submission):
                self._take_back_form(turn, speech, one, note)
                continue
            request = phrase("withdraw_request", number=one.number)
            try:
                gone.append(
                    self._withdraw(one.id, address=turn.person, note=note, request=request)
                )
            except IllegalMoveError as error:
                say_ended(speech, error.need)
        if gone:
            speech.say("utter_withdrawn", numbers=wording.join(need.number for need in gone))
        return [nothing_asked()]

    def _take_back_form(self, turn: Turn, speech: Speech, one: Submission, note: str) -> None:
        try:
            self._decide(one.id, SubmissionStatus.WITHDRAWN, note=note, by=turn.person)
        except ConflictError:
            refused = replace(one, status=SubmissionStatus.REFUSED)
            say_ended(speech, refused)
            return
        speech.say("utter_withdrawn_form", title=called(one), number=one.number)


def _sure(ones: Sequence[Need | Submission]) -> str:
    forms = any(isinstance(one, Submission) for one in ones)
    return "utter_withdraw_form_sure" if forms else "utter_withdraw_sure"


def _repeats(turn: Turn, asked: Mapping[str, Any], meant: Sequence[Need | Submission]) -> bool:
    """Whether what was asked about is named again, with 确认, or said again in the next turn."""
    if meant and [one.number for one in meant] != list(asked["ones"]):
        return False
    return not meant or SURE.search(fold(turn.text)) is not None


def _kept(speech: Speech) -> Events:
    speech.say("utter_withdraw_kept")
    return [nothing_asked()]
