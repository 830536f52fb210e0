"""Subscribing to topics of events, and stopping."""

import re
from typing import ClassVar, override

from actions import wording
from actions.topics import read_topics
from actions.turn import Events, Speech, Turn, TurnAction
from actions.understanding import manners
from actions.understanding.industry import read_industry
from actions.understanding.text import fold
from core.services.subscriptions import Subscribe, Unsubscribe

FILLER = re.compile(
    r"请|不想|收到|接收|收|停止|停掉|停|关掉|关闭|打扰|骚扰|别|帮我|给我|麻烦|我想|我要|想要|想|要|订阅|关注|退订|取消|不再|不要|再|推送|通知|提醒|告诉|发|了解|知道|一下|以后|今后|将来|如果|"
    r"有|新的?|相关|方面|关于|类|的|活动|消息|信息|资讯|内容|动态|时候?|就|都|我|所有|全部|任何|一切|什么|吧|了|啊|哦|[\s,。!?、:“”\"']"
)
LISTED = re.compile(
    r"^(?:(?:看看?|查看?|查一下|显示)?(?:我的|我有?哪些|有哪些|我有什么)订阅(?:的|了|呢|吗)?"
    r"|我?(?:都|已经|还)*订阅(?:了|过)?(?:什么|哪些|啥)[^,。]{0,6})[?。!]*$"
)
"""Asks what is subscribed to; it subscribes to nothing."""
LONGEST = 20


def asks_about(text: str) -> bool:
    """Whether the text asks what is subscribed to, or how to, and names no topic."""
    folded = fold(text).strip()
    if LISTED.search(folded):
        return True
    return manners.asks(folded) and not read_topics(folded, ()).groups


def topics_of(text: str) -> list[str]:
    """The topics a text names: several trades are several; the empty one is everything."""
    industry = read_industry(fold(text)).industry
    trades = industry.raw.split("、") if industry else []
    return trades if len(trades) > 1 else [topic_of(text)]


def topic_of(text: str) -> str:
    """The one topic a text names: the narrowest word wins; empty for everything."""
    folded = fold(text)
    words = [word for group in read_topics(folded, ()).groups for word in group[:1]]
    if words:
        # Kinds come first and are the widest; a field or place says more.
        return words[-1]
    return FILLER.sub("", folded)[:LONGEST]


class SubscribeAction(TurnAction):
    """Subscribes to the topic the text names, or to all events."""

    action_name: ClassVar[str] = "action_subscribe"

    def __init__(self, subscribe: Subscribe) -> None:
        self._subscribe = subscribe

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        if asks_about(turn.text):
            speech.say("utter_subscription_help")
            return []
        topics = topics_of(turn.text)
        new = [self._subscribe(turn.address, topic=topic) for topic in topics]
        response = "utter_subscribed" if any(new) else "utter_subscribed_already"
        speech.say(response, topic=wording.join(topics) or wording.words()["everything"])
        return []


class UnsubscribeAction(TurnAction):
    """Stops one topic, or all, at once."""

    action_name: ClassVar[str] = "action_unsubscribe"

    def __init__(self, unsubscribe: Unsubscribe) -> None:
        self._unsubscribe = unsubscribe

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        if asks_about(turn.text):
            speech.say("utter_subscription_help")
            return []
        topics = topics_of(turn.text)
        topic = wording.join(topics)
        removed = sum(self._unsubscribe(turn.address, topic=one or None) for one in topics)
        if removed and topic:
            speech.say("utter_unsubscribed", topic=topic)
        elif removed:
            speech.say("utter_unsubscribed_all")
        else:
            speech.say("utter_unsubscribed_none", topic=topic or wording.words()["everything"])
        return []
