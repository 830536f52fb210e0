"""One person on several channels: codes given out and said, unbinding, where pushes go."""

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar, override

from actions import wording
from actions.forms.desk import FORM
from actions.turn import Events, Speech, Turn, TurnAction
from actions.understanding import manners
from actions.understanding.text import fold
from core.domain.conversations import Address, Button
from core.domain.people import CODE_LETTERS, CODE_LIFE, Person, Said, shown
from core.services.people.binding import MakeCode, UseCode
from core.services.people.choosing import ChooseChannel, FindPerson
from core.services.people.leaving import Unbind

CODE = re.compile(
    rf"(?<![0-9A-Z])([{CODE_LETTERS}]{{4}})\s*[-—–_ ]?\s*([{CODE_LETTERS}]{{4}})(?![0-9A-Z])"
)
MEANT_AS_CODE = re.compile(r"[A-Z-]*[0-9][0-9A-Z-]{2,}")
"""What somebody wrote who meant to say a code."""
LISTED = re.compile(
    r"哪些|哪几个|什么(?:账号|渠道)|绑定(?:了)?(?:吗|没有?)|绑定(?:的)?(?:情况|列表|关系)|已经?绑定的"
)
LAST = re.compile(r"刚才|刚刚|最近|不是我|撤销")
ALL = re.compile(r"全部|所有|都")
HERE = re.compile(r"这里|这边|本渠道|当前|这个(?:号|渠道|账号)")


class BindAccount(TurnAction):
    """Gives out a code, or hears one; asked which addresses are bound, lists them."""

    action_name: ClassVar[str] = "action_bind_account"

    def __init__(self, make_code: MakeCode, use_code: UseCode, find_person: FindPerson) -> None:
        self._make_code = make_code
        self._use_code = use_code
        self._find_person = find_person

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        text = fold(turn.text).upper()
        code = CODE.search(text)
        if turn.in_group:
            speech.say("utter_bind_not_in_group")
        elif code is not None:
            self._hear(turn, speech, code[1] + code[2])
        elif MEANT_AS_CODE.search(text):
            speech.say("utter_bind_code_unread")
        elif LISTED.search(text) or manners.asks(turn.text):
            self._list(turn, speech)
        else:
            self._give(turn, speech)
        return []

    def _give(self, turn: Turn, speech: Speech) -> None:
        code = self._make_code(turn.address)
        if code is None:
            speech.say("utter_bind_too_many_codes")
        else:
            minutes = CODE_LIFE.seconds // 60
            speech.say("utter_bind_code", code=shown(code), minutes=minutes)

    def _hear(self, turn: Turn, speech: Speech, code: str) -> None:
        if turn.active_form == FORM:
            # What is said from now on is remembered with the other address: no draft may be lost.
            speech.say("utter_bind_form_open")
            return
        said, person = self._use_code(turn.address, code)
        if said is Said.BOUND and person is not None:
            others = [one for one in person.addresses if one != turn.address]
            speech.say(
                "utter_bound",
                [_undo(one) for one in others[:1]],
                others=_channels(others),
                home=channel(person.home),
            )
        else:
            speech.say(f"utter_bind_{said}")

    def _list(self, turn: Turn, speech: Speech) -> None:
        person = self._find_person(turn.address)
        if person is None:
            speech.say("utter_bind_none")
            return
        speech.say(
            "utter_bind_list", listing=_channels(person.addresses), home=channel(person.home)
        )


class UnbindAction(TurnAction):
    """Lets the address that is named stand for itself again, or the one bound last."""

    action_name: ClassVar[str] = "action_unbind_account"

    def __init__(self, unbind: Unbind, find_person: FindPerson) -> None:
        self._unbind = unbind
        self._find_person = find_person

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        person = self._find_person(turn.address)
        if turn.in_group:
            speech.say("utter_bind_not_in_group")
        elif person is None:
            speech.say("utter_unbind_none")
        elif manners.asks(turn.text):
            speech.say("utter_unbind_help", listing=_channels(person.addresses))
        else:
            self._leave(turn, speech, person)
        return []

    def _leave(self, turn: Turn, speech: Speech, person: Person) -> None:
        leaving = _leaving(fold(turn.text), turn.address, person)
        if not leaving:
            speech.say("utter_unbind_no_such", listing=_channels(person.addresses))
            return
        for one in leaving:
            self._unbind(turn.address, one)
        if turn.address in leaving:
            speech.say("utter_unbound_here")
        else:
            speech.say("utter_unbound", others=_channels(leaving))


class ChooseChannelAction(TurnAction):
    """Tells the person at the address that is named from now on."""

    action_name: ClassVar[str] = "action_choose_channel"

    def __init__(self, choose: ChooseChannel, find_person: FindPerson) -> None:
        self._choose = choose
        self._find_person = find_person

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        person = self._find_person(turn.address)
        if turn.in_group:
            speech.say("utter_bind_not_in_group")
        elif person is None:
            speech.say("utter_channel_only_here")
        else:
            self._settle(turn, speech, person)
        return []

    def _settle(self, turn: Turn, speech: Speech, person: Person) -> None:
        text = fold(turn.text)
        named = _named(text, person.addresses)
        if named is None and HERE.search(text) and not _channel_in(text):
            named = turn.address
        if named is None:
            speech.say(
                "utter_channel_which",
                [_to(one) for one in person.addresses],
                listing=_channels(person.addresses),
                home=channel(person.home),
            )
        else:
            self._choose(turn.address, named)
            speech.say("utter_channel_chosen", channel=channel(named))


def channel(address: Address) -> str:
    """What the channel of an address is called."""
    names = _names().get(address.channel)
    return names[0] if names else address.channel


def _names() -> Mapping[str, Sequence[str]]:
    names: Mapping[str, Sequence[str]] = wording.words()["channels"]
    return names


def _channels(addresses: Sequence[Address]) -> str:
    return wording.join(dict.fromkeys(channel(one) for one in addresses))


def _channel_in(text: str) -> str | None:
    """The channel that a text names last: 微信 is part of 企业微信, and one may leave another."""
    lowered = text.lower()
    found = [
        (lowered.rfind(name) + len(name), len(name), one)
        for one, names in _names().items()
        for name in names
        if name in lowered
    ]
    return max(found)[2] if found else None


def _named(text: str, addresses: Sequence[Address]) -> Address | None:
    """The address on the channel that a text names; of several the one bound last."""
    named = _channel_in(text)
    called = _names().get(named or "", ("",))[0]
    there = [one for one in addresses if named and channel(one) == called]
    return there[-1] if there else None


def _leaving(text: str, here: Address, person: Person) -> list[Address]:
    """Who leaves: all, the one named, the one bound last; of more than two, where it is said."""
    others = [one for one in person.addresses if one != here]
    if ALL.search(text):
        return list(person.addresses[:0:-1])
    if _channel_in(text):
        named = _named(text, others) or _named(text, [here])
        return [named] if named else []
    if LAST.search(text) or len(others) == 1:
        return [person.addresses[-1]]
    return [here]


def _undo(other: Address) -> Button:
    text = str(wording.words()["binding"]["undo"]).format(channel=channel(other))
    return Button(title=text, payload=text)


def _to(address: Address) -> Button:
    text = str(wording.words()["binding"]["choose"]).format(channel=channel(address))
    return Button(title=text, payload=text)
