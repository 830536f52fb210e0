"""The name of the person to call: beside the number, introduced, or alone."""

import re
from functools import cache

from actions.understanding.lexicon import not_people, relations, surnames, titles
from actions.understanding.text import Span

LATIN = (
    r"(?!(?:Tel|Phone|Mobile|Mail|Email|Wechat|Contact|Name|Hello|Hi|Dear|Thanks)(?![a-z]))"
    r"(?P<name>[A-Z][a-z]{1,14}(?: [A-Z][a-z]{1,14})?)(?![A-Za-z@._\d])"
)
"""A name in Latin letters, as it is written: Kevin, Lily Wu."""
GONE = r"(?:已经?|早就?|刚|上个?月|去年)?(?:离职|辞职|走了|调走|调岗|退休|不干了|不管|不在了)"
"""What tells that a person is not the one to call any more."""
GONE_AFTER = re.compile(rf"[\s,]*{GONE}")


def read_name(text: str, *, reach: Span | None, asked: bool) -> Span | None:
    """The person beside the number to call, else the one who is introduced, else one alone."""
    found = None
    if reach:
        head = text[: reach.start]
        found = _first(_beside(), head) or _first(_LATIN_BESIDE, head)
        found = found or _behind().match(text, reach.end)
    for pattern in _introduced():
        found = found or _first(pattern, text)
    if asked or reach:
        found = found or _first(_alone(), text)
    return Span(start=found.start("name"), end=found.end("name")) if found else None


def _first(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match whose person is still there."""
    return next((one for one in pattern.finditer(text) if not _gone(text, one["name"])), None)


def _gone(text: str, name: str) -> bool:
    return any(GONE_AFTER.match(text, at.end()) for at in re.finditer(re.escape(name), text))


@cache
def _family() -> str:
    single, double = surnames()
    return rf"(?:{'|'.join(double)}|[{''.join(sorted(single))}])"


_ONE_GIVEN = r"(?![是在做有的了和要想电手微联你])[\u4e00-\u9fff]"
_GIVEN = rf"(?:{_ONE_GIVEN}){{1,2}}"


@cache
def _forms() -> tuple[str, ...]:
    return tuple(sorted(titles(), key=len, reverse=True))


@cache
def _person() -> str:
    one = f"[{''.join(sorted(surnames()[0]))}]"
    family = _family()
    long = "|".join(form for form in _forms() if len(form) > 1)
    titled = rf"[小老]?{family}\s?(?:{'|'.join(_forms())})(?![程业作厂艺])"
    full = rf"{family}{_GIVEN}(?:{long})?"
    familiar = (
        rf"(?:[小老]{one}|阿[\u4e00-\u9fff]|{one}生)(?=[\s,。;、:()\d!]|电话|手机|微信|就|吧|$)"
    )
    return rf"(?P<name>{_not_people()}(?:{familiar}|{titled}|{full}))"


@cache
def _not_people() -> str:
    return rf"(?<!师(?=傅))(?!(?:{'|'.join(not_people())}))"


@cache
def _office() -> str:
    """What somebody is, said before the name: 理事长, 产品经理, 侄女."""
    long = (form for form in _forms() if len(form) > 1)
    return rf"(?:{'|'.join((*long, *relations()))})"


@cache
def _introduced() -> tuple[re.Pattern[str], ...]:
    person, end = (
        _person(),
        r"(?=[\s,。;、:!()\d]|电话|手机|微信|邮箱|座机|就|即可|$|联系|负责|敬上|谨上|今年|我们?|是|在|你|的(?!助理|秘书|女儿|儿子|老婆|爱人|朋友|同事|手下|下属|人)|吧|哈|啊|来|本人)",
    )
    role = rf"(?:[\u4e00-\u9fff]{{0,4}}(?:采购|部|处|科|车间|办公室|中心|厂办|{_office()}))?[的:]?"
    ours = r"我们?的?(?=[\u4e00-\u9fff]{1,3}(?:工|总|经理))"
    introduced = (
        r"(?:我叫|叫[我他她]|本人|鄙人|(?<!们)我是|这边是|联系|找|打给|致电|请与|请跟|由|名叫|叫做|[他她]叫|"
        rf"{ours})(?:一下|我们|我|他|她)?"
    )
    family, forms = _family(), f"(?:{'|'.join(_forms())})"
    return (
        re.compile(
            rf"姓(?P<family>{family})[\s,名就]*叫?(?P<name>(?P=family)(?!{forms}){_GIVEN})(?!的){end}"
        ),
        re.compile(
            rf"(?<![同贵])(?:免贵|敝)?姓\s*(?P<name>{family})"
            r"(?=[\s,。;、:!()\d]|电话|手机|$|[的你您他她我打就叫啊哈吧])"
        ),
        re.compile(rf"(?:不对|[打写说]错了?|更正)[,]?(?:应该)?[是叫]{_person()}{end}"),
        re.compile(
            r"(?:[Cc]ontact|[Nn]ame|联系人?我?|对接人?|我是|我叫|叫我|找|I am|I'm)\s*:?\s*" + LATIN
        ),
        re.compile(
            rf"(?:联[系络]人|经办人|收件人|姓名|名字|称呼|负责人|对接人)(?:换成|改成|改为|换|改|请?[写填留]|[是为叫:\s])*{person}{end}"
        ),
        re.compile(rf"{introduced}{role}\s*{person}{end}"),
        re.compile(
            rf"(?:我|他|她|名)叫(?P<name>{family}(?:(?![搞从这那开家厂去就]){_ONE_GIVEN}){{1,2}})"
        ),
        re.compile(
            rf"(?:公司|厂|合作社|农场|研究[院所]|大学|学院|医院|中心)\s+(?P<name>{_not_people()}{family}{_GIVEN})"
            r"(?=\s*(?:敬上|谨上|20\d\d|$))"
        ),
        re.compile(rf"我(?P<name>{_not_people()}[小老]{family})(?=[\s,。;!]|$)"),
    )


_REACHED = r"[\s,。;、:()]*(?:的?(?:联系)?(?:电话|手机|手机号|号码|微信|邮箱|座机|tel|TEL|Tel))*"


_LATIN_BESIDE = re.compile(rf"(?:^|[\s,。;、:(]){LATIN}{_REACHED}[是为:\s]*$")


@cache
def _beside() -> re.Pattern[str]:
    edge = rf"(?:^|[\s,。;、:!?()\n找叫部处科]|{_office()}\s?)"
    return re.compile(rf"{edge}{_person()}{_REACHED}[是为:\s]*$")


@cache
def _behind() -> re.Pattern[str]:
    return re.compile(
        rf"[\s,。;、:(]*(?:微信同号)?[\s,、(]*(?:请?找|联系人?|叫)?:?\s*{_person()}(?=[\s,。;、:!)]|本人|收|就|的|$)"
    )


@cache
def _alone() -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s,。;、:(\n]){_person()}(?:吧|就行)?\s*(?=[\s,。;、)\n]|$)")
