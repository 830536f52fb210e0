"""Wanting a match, or not: said once, kept with its reason, handed to operators."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, override

from actions import wording
from actions.own_needs.looking import AskMatchesAction, say_ended
from actions.own_needs.naming import NUMBER, named, without_number
from actions.own_needs.pending import AsksBack, ask, asked_by, nothing_asked
from actions.own_needs.telling import button, phrase
from actions.turn import Events, Speech, Turn
from actions.understanding import manners
from actions.understanding.numbers import HANZI, count
from actions.understanding.picking import ALL, NOT_THERE, by_title, placed
from actions.understanding.text import fold
from core.domain.conversations import Button
from core.domain.errors import NotFoundError
from core.domain.moves import IllegalMoveError
from core.domain.needs import Need, NeedId
from core.domain.records import Record, RecordId
from core.services.own_needs.offers import AcceptMatch, DeclineMatches, LastOffer, Offer

NTH = re.compile(rf"(?:对接|對接|联系|选|要|和)\s*(\d{{1,2}}|{HANZI})(?!\d|[个条年月日万元])")
PERSON = re.compile(
    r"(?:^|联系|聯繫|对接|對接|找|跟|和|与|约|见|要|选|请|对|把)(?:一下)?([\u4e00-\u9fff]{1,3}?)"
    r"(?:教授|老师|老師|院士|博士|研究员|工程师|主任|所长|专家)"
)
"""Somebody called by name."""
SOMEBODY = re.compile(r"^[这那該该此个位名们的几哪其]")
"""这位教授 is nobody's name."""
REASON = re.compile(
    r"远|遠|外地|距离|贵|貴|价格|价钱|报价|收费|太高|费用|不对口|不對口|不相关|不匹配|方向|不对路|没关系|不搭|不符|用不上|领域|行业|"
    r"已?解决|找到了|找好了|有人了|合作过|因为|由于|没资质|太小|太大|太慢|来不及|原因|信不过|不专业"
)
SOLVED = re.compile(r"解决|解決|找到了|找好了|有人了")
NEITHER = re.compile(r"[都全]不|[这那]些|一个都|[这那]几|全部|所有")


class _AnswersMatches(AsksBack):
    """What both answers share: which of the matches shown is meant."""

    def __init__(self, last_offer: LastOffer, matches: AskMatchesAction) -> None:
        self._last_offer = last_offer
        self._matches = matches

    def _offer(self, turn: Turn) -> Offer | None:
        """What was shown last; None when the text names another need."""
        offer = self._last_offer(turn.person)
        numbered = NUMBER.search(fold(turn.text)) is not None
        if offer is None or (numbered and not named(turn.text, [offer.need]).ones):
            return None
        return offer

    def _show_first(self, turn: Turn, speech: Speech) -> Events:
        """Show matches, so that places mean something; a place said so far is none of a need."""
        number = NUMBER.search(fold(turn.text))
        return self._matches.act(replace(turn, text=number[0] if number else ""), speech)

    def _shown(self, turn: Turn) -> list[str]:
        offer = self._offer(turn)
        return titles_of(offer) if offer else []


class AcceptMatchAction(_AnswersMatches):
    """Hands the wish to be brought together to the operators."""

    action_name: ClassVar[str] = "action_accept_match"

    def __init__(
        self, last_offer: LastOffer, matches: AskMatchesAction, accept: AcceptMatch
    ) -> None:
        super().__init__(last_offer, matches)
        self._accept = accept

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        offer = self._offer(turn)
        if offer is None:
            return self._show_first(turn, speech)
        titles = titles_of(offer)
        at = which(turn.text, titles)
        if NOT_THERE in at:
            speech.say("utter_match_no_such", count=len(titles))
            return []
        if not at:
            buttons = [button("accept_nth", n=n + 1) for n in range(len(titles))]
            speech.say("utter_accept_which", buttons, titles=_numbered(titles))
            return [ask(self.action_name, "which")]
        return self._begin(turn, speech, offer, at=at)

    @override
    def hear(self, turn: Turn, speech: Speech, asked: Mapping[str, Any]) -> Events | None:
        """Which one is wanted."""
        at = which(turn.text, self._shown(turn), alone=False)
        return self.act(turn, speech) if at and not manners.asks(turn.text) else None

    def _begin(self, turn: Turn, speech: Speech, offer: Offer, *, at: Sequence[int]) -> Events:
        need, records = offer.need, [offer.records[one] for one in at]
        try:
            for record in records:
                request = _request(need, record)
                need = self._accept(need.id, record.id, address=turn.person, request=request)
        except IllegalMoveError as error:
            return say_ended(speech, error.need)
        except NotFoundError:
            speech.say("utter_match_gone")
            return self._matches.offer(speech, need)
        titles = wording.join(record.title for record in records)
        contact = need.draft.contact
        if contact is None:
            speech.say("utter_match_accepted_contact", titles=titles, number=need.number)
            return [ask("action_supplement_need", "what", need=int(need.id), field="contact")]
        told = wording.contact(contact)
        speech.say("utter_match_accepted", titles=titles, number=need.number, contact=told)
        return [nothing_asked()]


class DeclineMatchAction(_AnswersMatches):
    """Keeps matches from coming back, and the reason; it is asked for once."""

    action_name: ClassVar[str] = "action_decline_match"

    def __init__(
        self, last_offer: LastOffer, matches: AskMatchesAction, decline: DeclineMatches
    ) -> None:
        super().__init__(last_offer, matches)
        self._decline = decline

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        asked = asked_by(turn, self.action_name)
        offer = self._offer(turn)
        titles = titles_of(offer) if offer else []
        at = which(turn.text, titles, alone=False)
        if asked.get("step") == "why" and not at and _says_why(turn.text):
            return self._keep(turn, speech, asked, turn.text)
        if offer is None:
            return self._show_first(turn, speech)
        if NEITHER.search(fold(turn.text)) or (not at and len(titles) == 1):
            at = list(range(len(titles)))
        if NOT_THERE in at:
            speech.say("utter_match_no_such", count=len(titles))
            return []
        reason = _reason(turn.text) or str(asked.get("reason") or "")
        if not at:
            buttons = _decline_buttons(len(titles))
            speech.say("utter_decline_which", buttons, titles=_numbered(titles))
            return [ask(self.action_name, "which", reason=reason)]
        return self._refuse(turn, speech, offer, at=at, reason=reason)

    @override
    def hear(self, turn: Turn, speech: Speech, asked: Mapping[str, Any]) -> Events | None:
        """Which one is not wanted, or why."""
        if asked["step"] == "why":
            if manners.asks(turn.text):
                return None
            return self._keep(turn, speech, asked, turn.text)
        at = which(turn.text, self._shown(turn), alone=False)
        return self.act(turn, speech) if at else None

    def _refuse(
        self, turn: Turn, speech: Speech, offer: Offer, *, at: Sequence[int], reason: str
    ) -> Events:
        records = [offer.records[one] for one in at]
        what = {"need": int(offer.need.id), "records": [str(one.id) for one in records]}
        if reason:
            return self._keep(turn, speech, what, reason)
        try:
            self._store(turn, what, "")
        except IllegalMoveError as error:
            return say_ended(speech, error.need)
        reasons = wording.words()["own_needs"]["reasons"]
        buttons = [Button(title=title, payload=payload) for title, payload in reasons.items()]
        titles = wording.join(record.title for record in records)
        speech.say("utter_declined_why", buttons, titles=titles)
        return [ask(self.action_name, "why", **what)]

    def _keep(self, turn: Turn, speech: Speech, what: Mapping[str, Any], reason: str) -> Events:
        try:
            need = self._store(turn, what, reason)
        except IllegalMoveError as error:
            return say_ended(speech, error.need)
        if SOLVED.search(fold(reason)):
            buttons = [button("withdraw", number=need.number), button("more")]
            speech.say("utter_declined_solved", buttons)
        else:
            speech.say("utter_declined", [button("more")])
        return [nothing_asked()]

    def _store(self, turn: Turn, what: Mapping[str, Any], reason: str) -> Need:
        records = [RecordId(one) for one in what["records"]]
        need_id = NeedId(what["need"])
        return self._decline(need_id, records, address=turn.person, reason=reason)


def which(text: str, titles: Sequence[str], *, alone: bool = True) -> list[int]:
    """Positions (from 0) of the matches meant; the only one needs no name, if `alone` says so."""
    folded = fold(without_number(text))
    at = placed(folded, titles)
    for found in NTH.findall(folded):
        number = count(found)
        if number is not None:
            at.append(number - 1 if 1 <= number <= len(titles) else NOT_THERE)
    if not at and ALL.search(folded):
        at = list(range(len(titles)))
    names = {found[0] for found in PERSON.findall(folded) if not SOMEBODY.match(found)}
    if not at:
        at = [one for one in by_title(folded, titles) if _called(titles[one], names)]
    if not at and alone and len(titles) == 1 and _called(titles[0], names):
        at = [0]
    return sorted(set(at))


def _called(title: str, names: set[str]) -> bool:
    """Whether a title holds the name that was said, if one was."""
    return not names or any(name in title for name in names)


def _numbered(titles: Sequence[str]) -> str:
    return "\n".join(f"{n}. {title}" for n, title in enumerate(titles, start=1))


def _decline_buttons(count: int) -> list[Button]:
    nth = [button("decline_nth", n=n) for n in range(1, count + 1)]
    return [*nth, button("decline_all")]


def titles_of(offer: Offer) -> list[str]:
    """What was shown, in its order."""
    return [record.title for record in offer.records]


def _request(need: Need, record: Record) -> str:
    return phrase(
        "match_request",
        number=need.number,
        title=record.title,
        record=record.id,
        contact=wording.field_value(need.draft, "contact"),
        problem=wording.field_value(need.draft, "problem"),
    )


def _says_why(text: str) -> bool:
    return REASON.search(fold(text)) is not None


def _reason(text: str) -> str:
    """The person's words, when they say why."""
    return text if _says_why(text) else ""
