"""What is read from a text around handoffs: who asks, enough of it, a liaison's command."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from core.domain.desks import DeskKind
from core.domain.handoffs import HandoffId

_KINDS = "|".join(
    f"(?P<{kind}>{words})"
    for kind, words in {
        DeskKind.AGENCY: r"(?:服务|代理|检测|评估|转移)机构|技术经理人|中介|孵化器|事务所",
        DeskKind.UNIVERSITY: r"高校|大学|学院|院校|研究[院所]|科研(?:院所|机构)|课题组|实验室",
        DeskKind.SOCIETY: r"学会|(?<!技术)协会|研究会",
        DeskKind.ENTERPRISE: r"企业|公司|集团|(?<=[我本敝])[司厂]|工厂|厂家|合作社",
    }.items()
)
_KIND = re.compile(_KINDS)
_ASKED = re.compile(
    rf"(?:找|转|接|联系|要)(?:一下|到)?(?:你们)?的?(?:{_KINDS})的?"
    r"(?:联络员|联络台|人工|工作人员|客服|窗口|负责人)"
)
_SELF = re.compile(
    rf"(?:我们?|咱们?|本)(?:这边|这里|这儿)?[^，。！？；,.!?;找对接系与和跟向请帮求想]{{0,10}}?(?:{_KINDS})"
)

_END = re.compile(
    r"(?:[结結]束|退出|取消|停止|不要|不用|不需要|不找)[转轉]?人工(?:服务|客服|了|吧)*|回到?助手|找助手"
)
_NEVER_MIND = re.compile(
    r"(?:算了|不用|不需要|不[转轉]|不等|不找|没事)了?(?:吧|谢谢|谢了|多谢|,)*"
)
_AGAIN = re.compile(
    r"(?:请|帮我|给我|我要|我想|还是)*(?:[转轉]接?|找|接|叫|要)?(?:一下)?"
    r"(?:人工|真人|客服|工作人员)(?:客服|服务)?(?:呢|吗|在吗|在不在)?"
)
_TAIL = re.compile(r"[\s。!.~?…]+$")

_COMMAND = re.compile(
    r"(?:@\S+\s+)?(?P<verb>回[复覆]|接手?|交[还還]|列表)\s*(?:[#第]|受理号)?\s*"
    r"(?P<number>\d{1,18})?号?(?:\s+|[:,，：]\s*)?(?P<text>.*)",
    re.DOTALL,
)
_VERBS = {"接": "take", "回": "reply", "交": "return", "列": "list"}


class Wish(StrEnum):
    """What a person whose conversation is in other hands wants of the house."""

    END = "end"
    NEVER_MIND = "never_mind"
    AGAIN = "again"


class Verb(StrEnum):
    """What a liaison can tell the house to do."""

    TAKE = "take"
    REPLY = "reply"
    RETURN = "return"
    LIST = "list"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A liaison's command; the number is 0 where it needs none."""

    verb: Verb
    number: HandoffId
    text: str = ""


def wish_of(text: str) -> Wish | None:
    """What the whole text says, if it is one of these."""
    plain = _TAIL.sub("", unicodedata.normalize("NFKC", text).strip())
    for pattern, wish in ((_END, Wish.END), (_NEVER_MIND, Wish.NEVER_MIND), (_AGAIN, Wish.AGAIN)):
        if pattern.fullmatch(plain):
            return wish
    return None


def command_of(text: str) -> Command | None:
    """The command that a text of a desk is, unclear when it lacks a part.

    Words that only begin like one (接下来怎么办) are none.
    """
    found = _COMMAND.fullmatch(text.strip())
    if found is None:
        return None
    verb, rest = Verb(_VERBS[found["verb"][0]]), found["text"].strip()
    if found["number"] is None:
        plain = Verb.LIST if verb is Verb.LIST else Verb.UNCLEAR
        return None if rest else Command(verb=plain, number=HandoffId(0))
    if verb is Verb.LIST or (rest and verb is not Verb.REPLY):
        return None
    if verb is Verb.REPLY and not rest:
        verb = Verb.UNCLEAR
    return Command(verb=verb, number=HandoffId(int(found["number"])), text=rest)


def desk_named(text: str) -> DeskKind | None:
    """The kind of desk a text asks for by name."""
    return _kind(_ASKED.search(text))


def own_kind(text: str) -> DeskKind | None:
    """What the writer says to be."""
    return _kind(_SELF.search(text))


def only_kind(text: str) -> DeskKind | None:
    """The one kind a text speaks of; None when it speaks of several or none."""
    kinds = {found.lastgroup for found in _KIND.finditer(text)}
    return DeskKind(str(kinds.pop())) if len(kinds) == 1 else None


def _kind(found: re.Match[str] | None) -> DeskKind | None:
    return None if found is None else DeskKind(str(found.lastgroup))
