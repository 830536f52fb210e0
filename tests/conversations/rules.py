"""What holds in every conversation, and what a script asks of its turns."""

import re
from collections.abc import Iterator

from core.domain.conversations import Reply, ReplyKind
from tests.conversations.playing import OPEN, Heard, Played

OWN = {"answer", "abstain", "question", "confirm", "card"}
"""Kinds of replies that a bot gives that is not silent."""
FAILED = ("没有办成", "没能", "稍后再试", "请稍后")
BETWEEN = re.compile("继续吗|确定不")
"""Asked about the form itself; what it asked before is asked again afterwards."""
CLOSES = re.compile(r"KQ-\d{4}-\d{6}|已取消|已登记|已提交")
"""A form ended here: what is asked afterwards belongs to the next one."""


def broken_rules(played: Played) -> Iterator[str]:
    """What was not as it has to be, in any conversation."""
    for heard in played.heard:
        yield from _of_turn(heard)
    for by in {one.by for one in played.heard}:
        yield from _asked_twice([one for one in played.heard if one.by == by])


def _of_turn(heard: Heard) -> Iterator[str]:
    where = f"{heard.text!r}"
    if not heard.replies and not heard.turn.silent:
        yield f"{where}: no reply"
    for reply in heard.replies:
        if not reply.text.strip():
            yield f"{where}: an empty reply"
        if any(word in reply.text for word in FAILED):
            yield f"{where}: failed with {reply.text!r}"
    yield from _at_most_one_question(heard)


def _at_most_one_question(heard: Heard) -> Iterator[str]:
    where = f"{heard.text!r}"
    texts = [one.text for one in heard.replies]
    if len(set(texts)) < len(texts):
        yield f"{where}: says the same twice"
    asked = [one for one in heard.replies if one.kind in OPEN]
    if len(asked) > 1:
        yield f"{where}: {len(asked)} questions in one turn"
    for one in asked:
        if one.kind is ReplyKind.QUESTION and _own_words(one, heard).count("？") > 1:
            yield f"{where}: two questions in {one.text!r}"


def _own_words(reply: Reply, heard: Heard) -> str:
    return reply.text.replace(heard.text, "")


def _asked_twice(heard: list[Heard]) -> Iterator[str]:
    """A question may be said again while it is open; once another was asked it is over."""
    over: set[str] = set()
    current = ""
    for one in heard:
        if one.turn.reopens or CLOSES.search(one.said):
            over, current = set(), ""
        question = one.open
        if question is None or question.kind is not ReplyKind.QUESTION:
            continue
        asked = question.text.strip().splitlines()[-1]
        if BETWEEN.search(asked):
            continue
        if asked in over:
            yield f"{one.text!r}: asks again {asked!r}"
        if current and asked != current:
            over.add(current)
        current = asked


def unmet_wishes(played: Played) -> Iterator[str]:
    """What a script asked of a turn and did not get."""
    for heard in played.heard:
        if not heard.turn.answers:
            yield from _unmet(heard, played.numbers)


def _unmet(heard: Heard, numbers: list[str]) -> Iterator[str]:
    turn, where = heard.turn, f"{heard.text!r}"
    yield from (f"{where}: {wrong}" for wrong in _wrong_kinds(heard))
    said = heard.said
    for number, named in enumerate(numbers, 1):
        said = said.replace(named, f"{named} {{number:{number}}}")
    yield from (f"{where}: does not hear {word!r}" for word in turn.hears if word not in said)
    yield from (f"{where}: hears {word!r}" for word in turn.never if word in said)


def _wrong_kinds(heard: Heard) -> Iterator[str]:
    turn, kinds = heard.turn, [str(reply.kind) for reply in heard.replies]
    if turn.kind and (not kinds or kinds[-1] not in turn.kind):
        yield f"the last reply is {kinds[-1:]}, not {turn.kind}"
    if turn.has_kind and turn.has_kind not in kinds:
        yield f"no {turn.has_kind} among {kinds}"
    if turn.back_to_question and heard.open is None:
        yield "nothing is asked any more"
    if turn.silent and OWN & set(kinds):
        yield "the bot speaks while a person has the conversation"
