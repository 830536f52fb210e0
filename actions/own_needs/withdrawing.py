"""Taking a need back: which one, asked once, then done."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, override

from actions import wording
from actions.own_needs.looking import among, open_ones, refuse, say_ended
from actions.own_needs.naming import named
from actions.own_needs.pending import AsksBack, ask, asked_by, nothing_asked
from actions.own_needs.telling import button, listing, number_buttons, phrase
from actions.turn import Events, Speech, Turn
from actions.understanding import manners
from actions.understanding.text import fold
from core.domain.moves import IllegalMoveError
from core.domain.needs import Need
from core.services.own_needs.looking import ListNeeds
from core.services.own_needs.moving import WithdrawNeed

SURE = re.compile(r"(?:确认|确定|確認|確定)\s*(?:要)?\s*(?:撤回|撤销|撤銷|撤)")
KEEPS = re.compile(r"(?:不|别|別|先不|不要|不用|不想|暂不)(?:要)?(?:撤|取消)|保留|留着")
AGAIN = re.compile(r"[嗯对就]*(?:撤回|撤销|撤)(?:吧|掉|了|它|这个)*[。.!~\s]*")
OTHERWISE = re.compile(r"对接|對接|联系|聯繫|推荐|补充|提醒|退订|感兴趣|改成|改到")
"""Words of an answer to something else."""


class WithdrawNeedAction(AsksBack):
    """Takes back the needs that are meant, after asking once."""

    action_name: ClassVar[str] = "action_withdraw_need"

    def __init__(self, list_needs: ListNeeds, withdraw: WithdrawNeed) -> None:
        self._list_needs = list_needs
        self._withdraw = withdraw

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        needs = self._list_needs(turn.address)
        asked = asked_by(turn, self.action_name)
        if asked.get("step") == "sure" and KEEPS.search(fold(turn.text)):
            return _kept(speech)
        meant = named(turn.text, needs)
        refused = refuse(speech, needs, meant)
        if refused is not None:
            return refused
        if asked.get("step") == "sure" and _repeats(turn, asked, meant.needs):
            return self._take_back(turn, speech, among(asked, needs), str(asked["note"]))
        return self._ask(speech, needs, meant.needs, note=turn.text, alone=not turn.active_form)

    @override
    def hear(self, turn: Turn, speech: Speech, asked: Mapping[str, Any]) -> Events | None:
        """Which one, or yes, or no."""
        text = fold(turn.text)
        needs = self._list_needs(turn.address)
        if OTHERWISE.search(text) or manners.asks(text):
            return None
        meant = among(asked, needs)
        if asked["step"] == "sure":
            sure = manners.affirms(text) or bool(SURE.search(text) or AGAIN.fullmatch(text))
            left = manners.denies(text) or bool(KEEPS.search(text))
        else:
            meant = list(named(text, meant).needs)
            sure, left = bool(meant), False
        if not sure and (left or turn.intent == "cancel_form"):
            return _kept(speech)
        if not sure:
            return None
        note = str(asked["note"])
        if asked["step"] == "sure":
            return self._take_back(turn, speech, meant, note)
        return self._ask(speech, needs, meant, note=note, alone=True)

    def _ask(
        self,
        speech: Speech,
        needs: Sequence[Need],
        meant: Sequence[Need],
        *,
        note: str,
        alone: bool,
    ) -> Events:
        """Ask which, or whether really; within a form a bare no would be said to the form."""
        still = open_ones(meant or needs)
        ids = [need.id for need in still]
        if not meant and len(still) > 1:
            speech.say(
                "utter_withdraw_which", number_buttons("withdraw", still), listing=listing(still)
            )
            return [ask(self.action_name, "which", needs=ids, note=note)]
        sure = button("withdraw_sure")
        if len(still) == 1:
            sure = button("withdraw_sure_of", number=still[0].number)
        buttons = [sure, button("withdraw_not")] if alone else [sure]
        speech.say("utter_withdraw_sure", buttons, listing=listing(still))
        return [ask(self.action_name, "sure", needs=ids, note=note)]

    def _take_back(self, turn: Turn, speech: Speech, needs: Sequence[Need], note: str) -> Events:
        gone, ended = [], []
        for need in needs:
            request = phrase("withdraw_request", number=need.number)
            try:
                gone.append(
                    self._withdraw(need.id, address=turn.address, note=note, request=request)
                )
            except IllegalMoveError as error:
                ended.append(error.need)
        if gone:
            speech.say("utter_withdrawn", numbers=wording.join(need.number for need in gone))
        for need in ended:
            say_ended(speech, need)
        return [nothing_asked()]


def _repeats(turn: Turn, asked: Mapping[str, Any], meant: Sequence[Need]) -> bool:
    """Whether what was asked about is named again, with 确认, or said again in the next turn."""
    if meant and [need.id for need in meant] != list(asked["needs"]):
        return False
    return not meant or SURE.search(fold(turn.text)) is not None


def _kept(speech: Speech) -> Events:
    speech.say("utter_withdraw_kept")
    return [nothing_asked()]
