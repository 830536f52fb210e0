"""Subscribing to what is new, stopping, and listing what is subscribed to."""

import re
from collections.abc import Sequence
from typing import ClassVar, override

from actions.subscriptions import words
from actions.subscriptions.many import TO_MANY, ToMany
from actions.subscriptions.quiet import QuietKeeper
from actions.subscriptions.wishes import Wish, interests_of, read_wishes
from actions.turn import Events, Speech, Turn, TurnAction
from actions.understanding import manners
from actions.understanding.picking import NOT_THERE, placed
from actions.understanding.quiet import is_about_quiet, read_quiet
from actions.understanding.rhythm import read_rhythm
from actions.understanding.text import fold
from core.domain.records import Library
from core.domain.subscriptions import Rhythm, Subscription
from core.services.subscriptions import ListSubscriptions, Subscribe, Unsubscribe

LISTED = re.compile(
    r"^(?:(?:看看?|查看?|查一下|显示|列出)?(?:我的|我有?哪些|有哪些|我有什么|已有的?)订阅(?:的|了|呢|吗|列表)?"
    r"|我?(?:都|已经|还)*(?:订阅|关注|订)(?:了|过)?(?:什么|哪些|啥)[^,。]{0,6})[?。!]*$"
)
"""Asks what is subscribed to; it changes nothing."""
STOPS = re.compile(r"退订|退訂|取消(?:订阅|关注|推送)|(?:订阅|推送)[^,。]{0,3}(?:取消|停|退|关)")

AND = re.compile(r"[和、与跟及]|还有")
"""One thing and another: each is meant by itself when nothing is about both."""


class ListSubscriptionsAction(TurnAction):
    """Lists a person's subscriptions with their rhythm, and the quiet hours."""

    action_name: ClassVar[str] = "action_list_subscriptions"

    def __init__(self, list_subscriptions: ListSubscriptions) -> None:
        self._list_subscriptions = list_subscriptions

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        mine, quiet = self._list_subscriptions(turn.person)
        if mine:
            speech.say(
                "utter_subscriptions_list",
                words.stop_buttons(len(mine)),
                count=len(mine),
                listing=words.listing(mine),
            )
        else:
            speech.say("utter_subscriptions_none")
        if quiet:
            speech.say("utter_quiet_shown", hours=words.quiet(quiet))
        return []

    def all(self, turn: Turn) -> list[Subscription]:
        """What the person has subscribed to, as it is numbered in the list."""
        return self._list_subscriptions(turn.person)[0]


class SubscribeAction(TurnAction):
    """Subscribes to what the text names, in the rhythm it names, and says both back."""

    action_name: ClassVar[str] = "action_subscribe"

    def __init__(
        self,
        subscribe: Subscribe,
        lister: ListSubscriptionsAction,
        quiet: QuietKeeper,
        to_many: ToMany,
    ) -> None:
        self._subscribe = subscribe
        self._to_many = to_many
        self._lister = lister
        self._quiet = quiet

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        if is_about_quiet(turn.text):
            return self._quiet.act(turn, speech)
        if LISTED.search(fold(turn.text).strip()):
            return self._lister.act(turn, speech)
        if TO_MANY.search(fold(turn.text)):
            self._to_many.take(turn, speech)
            return []
        wishes, reading = read_wishes(turn.text), read_rhythm(turn.text)
        if reading.unknown:
            speech.say("utter_subscription_rhythms")
        elif manners.asks(turn.text) and not wishes:
            speech.say("utter_subscription_help")
        else:
            mine = self._lister.all(turn) if reading.rhythm and not wishes else []
            if mine and reading.rhythm:
                self._change(turn, speech, mine, reading.rhythm)
            else:
                self._begin(turn, speech, wishes, reading.rhythm)
        return []

    def _begin(
        self, turn: Turn, speech: Speech, wishes: Sequence[Wish], rhythm: Rhythm | None
    ) -> None:
        made = self._subscribe(turn.person, interests_of(wishes), rhythm=rhythm)
        if len(made) > 1:
            listing = words.listing(one for one, _ in made)
            speech.say("utter_subscribed_several", count=len(made), listing=listing)
            return
        ((one, new),) = made
        response = "utter_subscribed" if new else "utter_subscribed_already"
        speech.say(response, topic=words.what(one.interest), rhythm=words.rhythm(one.rhythm))

    def _change(
        self, turn: Turn, speech: Speech, mine: list[Subscription], rhythm: Rhythm
    ) -> None:
        """Another rhythm for those named by their places, for what was just made, or for all."""
        named = placed(turn.text, mine)
        if NOT_THERE in named:
            _say_no_such(speech, mine)
            return
        meant = [mine[at] for at in named]
        if not meant and self.action_name in turn.before:
            meant = [one for one in mine if one.created_at == mine[-1].created_at]
        interests = [one.interest for one in meant or mine]
        made = self._subscribe(turn.person, interests, rhythm=rhythm)
        listing = words.listing(one for one, _ in made)
        speech.say("utter_subscription_changed", listing=listing)


class SetQuietHours(TurnAction):
    """Quiet hours, unless the text asks for a rhythm: 新材料的项目每天早上九点发我一次就行."""

    action_name: ClassVar[str] = "action_set_quiet_hours"

    def __init__(self, quiet: QuietKeeper, subscribe: SubscribeAction) -> None:
        self._quiet = quiet
        self._subscribe = subscribe

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        silent = is_about_quiet(turn.text) or not read_quiet(turn.text).empty
        if not silent and read_rhythm(turn.text).rhythm:
            return self._subscribe.act(turn, speech)
        return self._quiet.act(turn, speech)


class UnsubscribeAction(TurnAction):
    """Stops what is named by place or by words, or everything, at once."""

    action_name: ClassVar[str] = "action_unsubscribe"

    def __init__(
        self,
        unsubscribe: Unsubscribe,
        lister: ListSubscriptionsAction,
        quiet: QuietKeeper,
        to_many: ToMany,
    ) -> None:
        self._unsubscribe = unsubscribe
        self._to_many = to_many
        self._lister = lister
        self._quiet = quiet

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        if is_about_quiet(turn.text) and not STOPS.search(fold(turn.text)):
            return self._quiet.act(turn, speech)
        if LISTED.search(fold(turn.text).strip()):
            return self._lister.act(turn, speech)
        if TO_MANY.search(fold(turn.text)):
            self._to_many.refuse(turn, speech)
            return []
        wishes = read_wishes(turn.text)
        if manners.asks(turn.text) and not wishes:
            speech.say("utter_subscription_help")
            return []
        self._stop(turn, speech, wishes)
        return []

    def _stop(self, turn: Turn, speech: Speech, wishes: Sequence[Wish]) -> None:
        mine = self._lister.all(turn)
        named = placed(turn.text, mine)
        if not mine:
            self._unsubscribe(turn.person)
            speech.say("utter_unsubscribed_none")
        elif NOT_THERE in named:
            _say_no_such(speech, mine)
        elif named or wishes:
            self._stop_some(turn, speech, mine, _meant(turn.text, mine, named, wishes))
        else:
            gone = self._unsubscribe(turn.person)
            speech.say("utter_unsubscribed_all", listing=words.listing(gone, rhythms=False))

    def _stop_some(
        self,
        turn: Turn,
        speech: Speech,
        mine: list[Subscription],
        meant: list[tuple[Subscription, tuple[Library, ...]]],
    ) -> None:
        if not meant:
            speech.say("utter_unsubscribed_no_such", listing=words.listing(mine))
            return
        for one, libraries in meant:
            self._unsubscribe(turn.person, [one.id], libraries=libraries)
        listing = words.listing((one for one, _ in meant), rhythms=False)
        left = self._lister.all(turn)
        if left:
            speech.say("utter_unsubscribed", listing=listing, left=words.listing(left))
        else:
            speech.say("utter_unsubscribed_all", listing=listing)


def _meant(
    text: str, mine: list[Subscription], named: list[int], wishes: Sequence[Wish]
) -> list[tuple[Subscription, tuple[Library, ...]]]:
    """Those at the places, or those about what a wish names, with the libraries to stop."""
    if named:
        return [(mine[at], ()) for at in dict.fromkeys(named)]
    found: dict[Subscription, tuple[Library, ...]] = {}
    for wish in wishes:
        wanted = [interest.words for interest in wish.interests()]
        about = _about(mine, wanted, wish.libraries)
        if not about and AND.search(text):
            about = _about(mine, [frozenset({word}) for words in wanted for word in words], ())
        found |= dict.fromkeys(about, () if wish.kinds else wish.libraries)
    return list(found.items())


def _about(
    mine: list[Subscription], wanted: Sequence[frozenset[str]], libraries: Sequence[Library]
) -> list[Subscription]:
    """Those that are about all words of one of the wanted, and of one of the libraries if any."""
    return [
        one
        for one in mine
        if any(words <= one.interest.words for words in wanted)
        and (not libraries or set(libraries) & set(one.interest.libraries))
    ]


def _say_no_such(speech: Speech, mine: list[Subscription]) -> None:
    speech.say("utter_subscription_no_such", count=len(mine), listing=words.listing(mine))
