"""The name of the person to call: beside the number, introduced, or alone."""

import re
from functools import cache

from actions.understanding.lexicon import (
    not_people,
    relations,
    shy_surnames,
    surnames,
    titles,
)
from actions.understanding.places import names
from actions.understanding.text import Span

LATIN = (
    r"(?!(?:Tel|Phone|Mobile|Mail|Email|Wechat|Contact|Name|Hello|Hi|Dear|Thanks)(?![a-z]))"
    r"(?P<name>[A-Z][a-z]{1,14}(?: ?[\u4e00-\u9fff](?=[\s,。/\d]|$)| [A-Z][a-z]{1,14})?)"
    r"(?![A-Za-z@._\d])"
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
        for pattern in (*_beside(), _LATIN_BESIDE):
            found = found or _first(pattern, head)
        found = found or _behind().match(text, reach.end)
    for pattern in _introduced():
        found = found or _first(pattern, text)
    found = found or _first(_signed(), text)
    if asked or reach:
        found = found or _first(_alone(shy=asked), text)
    return Span(start=found.start("name"), end=found.end("name")) if found else None


def _first(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match whose person is still there."""
    found = (one for one in pattern.finditer(text) if not _gone(text, one["name"]))
    return next((one for one in found if not _is_place(text, one)), None)


def _is_place(text: str, found: re.Match[str]) -> bool:
    """我是安阳的 names a place."""
    head, tail = text[: found.start("name")], text[found.end("name") :]
    return found["name"] in names() and bool(IN.search(head) or OF.match(tail))


def _gone(text: str, name: str) -> bool:
    return any(GONE_AFTER.match(text, at.end()) for at in re.finditer(re.escape(name), text))


def _chars(chars: frozenset[str]) -> str:
    return f"[{''.join(sorted(chars))}]"


IN = re.compile(r"[是在于从自到]$")
OF = re.compile(r"的|人(?![事力])|这边|那边|市|县|区")
"""What stands around the name of a place."""


@cache
def _family(*, shy: bool) -> str:
    """A surname; `shy` when those that are everyday words, or rare, are expected too."""
    single, double = surnames()
    words, rare = shy_surnames()
    single = single | words | rare if shy else single - words
    # 部长孙立伟 is head of a department.
    two = "|".join(
        rf"(?<![部院所校厂局处科队会社站店]){one}" if one[0] == "长" else one
        for one in sorted(double)
    )
    return rf"(?:{two}|{_chars(single)})"


_ONE_GIVEN = r"(?![是在做有的了和要想电手微联你])[\u4e00-\u9fff]"
_GIVEN = rf"(?:{_ONE_GIVEN}){{1,2}}"


@cache
def _forms() -> tuple[str, ...]:
    return tuple(sorted(titles(), key=len, reverse=True))


@cache
def _person(*, shy: bool = False) -> str:
    """A person: with a form of address any surname, else those that are no everyday words."""
    one, any_one = _chars(surnames()[0]), _family(shy=True)
    long = "|".join(form for form in _forms() if len(form) > 1)
    titled = rf"[小老]?{any_one}\s?(?:{'|'.join(_forms())})(?![程业作厂艺])"
    short = "|".join(form for form in _forms() if len(form) == 1)
    asking = rf"(?!{any_one}(?:{short})[问说讲让来管])"
    full = rf"{asking}{_family(shy=shy)}{_GIVEN}(?:\s?(?:{long}))?"
    familiar = (
        rf"(?:[小老]{one}|阿[\u4e00-\u9fff]|{one}生)"
        rf"(?=[\s,。;、:()\d!/{_SPOKEN}你]|电话|手机|微信|就|吧|$)"
    )
    return rf"(?P<name>{_not_people()}(?:{familiar}|{titled}|{full}))"


_SPOKEN = "幺零〇一二三四五六七八九"
"""How a number begins that is spoken."""


@cache
def _not_people() -> str:
    return rf"(?<!师(?=傅))(?!(?:{'|'.join(not_people())}))"


@cache
def _office() -> str:
    """What somebody is, said before the name: 理事长, 产品经理, 侄女."""
    long = (form for form in _forms() if len(form) > 1)
    return rf"(?:{'|'.join((*long, *relations()))})"


_LABEL = (
    r"(?:联[系络]人|联络|经办人?|主办|承办|收件人?|送样人|[报填申](?:报|表|请)?人|代表人?|签[名字]|落款|署名|"
    r"姓名|名字|称呼|负责人|对接人|发件人|咨询人|[Cc]ontact|[Nn]ame|[Ff]rom)(?:\([^()\n]{1,8}\))?"
)
"""What a line of a form calls the person to reach."""


@cache
def _introduced() -> tuple[re.Pattern[str], ...]:
    person, end = (
        _person(),
        rf"(?=[\s,。;、:!()\d/{_SPOKEN}]|电话|手机|微信|邮箱|座机|就|即可|$|联系|负责|敬上|谨上|今年|我们?|是|在|问|你|的(?!助理|秘书|女儿|儿子|老婆|爱人|朋友|同事|手下|下属|人)|吧|哈|啊|来|本人)",
    )
    place = r"采购|部|处|科|车间|办公室|中心|厂办|公司|厂里?|单位|协会|合作社"
    role = rf"(?:[\u4e00-\u9fff]{{0,8}}?(?:{place}|{_office()}))?[的:]?"
    ours = r"我们?的?(?=[\u4e00-\u9fff]{1,3}(?:工|总|经理))"
    introduced = (
        r"(?:我叫|叫[我他她]|本人|鄙人|(?<!们)我是|这边是|联系|找|打给|[你您]打|致电|请与|请跟|由|名叫|叫做|[他她]叫|"
        rf"{ours})(?:一下|我们|我|他|她)?"
    )
    family, forms = _family(shy=True), f"(?:{'|'.join(_forms())})"
    anybody = r"[\u4e00-\u9fff]"
    return (
        re.compile(
            rf"姓(?P<family>{family})[\s,名就]*叫?(?P<name>(?P=family)(?!{forms}){_GIVEN})(?!的){end}"
        ),
        # 姓危危险的危, 姓鹿梅花鹿的鹿: any character, said with a word that it stands in.
        re.compile(
            rf"(?<![同贵百])姓(?P<name>{anybody})(?=,?{anybody}{{1,3}}的(?P=name)|[读,]|{anybody}(?:点|字)水|[水点])"
        ),
        re.compile(
            rf"(?<![同贵])(?:免贵|敝)?姓\s*(?P<name>{family})"
            r"(?=[\s,。;、:!()\d]|电话|手机|微信|$|[的你您他她我打就叫啊哈吧嗯呃])"
        ),
        re.compile(rf"(?:不对|[打写说]错了?|更正)[,]?(?:应该)?[是叫]{person}{end}"),
        re.compile(rf"(?:{_LABEL}|联系我?|我是|我叫|叫我|找|I am|I'm)[\s:/]*{LATIN}"),
        re.compile(
            rf"{_LABEL}(?:/(?:电话|手机|联系方式))?(?:换成|改成|改为|换|改|请?[写填留]|[是为叫:\s])*{_person(shy=True)}{end}"
        ),
        re.compile(
            rf"{_LABEL}[是为:\s]\s*(?:[^\s,。;:]{{1,8}}\s+|(?:我们?的?)?[\u4e00-\u9fff]{{0,3}}{_office()}\s*)?(?P<name>{_not_people()}{family}(?:[所处局院科队行]|{_GIVEN}))(?=[\s,。;、()/\d]|$)"
        ),
        re.compile(rf"{introduced}{role}\s*{person}{end}"),
        re.compile(
            rf"(?:我|他|她|名)叫(?P<name>{family}(?:(?![搞从这那开家厂去就]){_ONE_GIVEN}){{1,2}})"
        ),
        re.compile(rf"[,。]叫(?P<name>{family}{_GIVEN})(?=[\s,。;、]|$)"),
        re.compile(
            r"我叫(?P<name>(?![你您他她它])[\u4e00-\u9fff·]{2,8}?)(?=[\s,。;!\d]|我们|在[^,]|电话|手机|微信|$)"
        ),
        re.compile(
            rf"(?:找|叫我?|联系我?们?|HR|人事)(?:我们)?(?:HR|人事)?(?P<name>({anybody})\2)(?=[\s,。\d]|电话|手机|微信|就|$)"
        ),
        re.compile(
            rf"(?:公司|厂|合作社|农场|研究[院所]|大学|学院|医院|中心)\s+(?P<name>{_not_people()}{_family(shy=False)}{_GIVEN})"
            r"(?=\s*(?:敬上|谨上|20\d\d|$))"
        ),
        re.compile(rf"我(?P<name>{_not_people()}[小老]{_family(shy=False)})(?=[\s,。;!]|$)"),
    )


_REACHED = (
    r"(?:\([^()\d]{1,6}\))?[\s,。;、:()/]*"
    r"(?:的?(?:联系)?(?:电话|手机|手机号|号码|微信|邮箱|座机|tel|TEL|Tel))*"
)


_LATIN_BESIDE = re.compile(rf"(?:^|[\s,。;、:(]){LATIN}{_REACHED}[是为:\s]*$")


@cache
def _signed() -> re.Pattern[str]:
    """A name of its own at the very end, after a dash or words of farewell."""
    return re.compile(
        rf"(?:[—–-]{{2}}(?:来自)?(?:\s*[^\s,。]{{2,12}}\s)?|(?:谢谢|感谢|敬礼|祝好|顺颂商祺|此致|Best|Regards)[!。,]?)\s*\n?\s*(?P<name>{_not_people()}{_family(shy=True)}{_GIVEN})\s*$"
    )


@cache
def _beside() -> tuple[re.Pattern[str], ...]:
    """Right before the number; after a stop, surnames that are everyday words too."""
    stop = r"(?:^|[\s,。;、:!?()\n/])"
    edge = rf"(?:{stop}|[找叫部处科]|{_office()}\s?)"
    return tuple(
        re.compile(rf"{start}{person}{_REACHED}[是为:\s]*$")
        for start, person in ((edge, _person()), (stop, _person(shy=True)))
    )


@cache
def _behind() -> re.Pattern[str]:
    return re.compile(
        rf"[\s,。;、:(]*(?:微信同号)?[\s,、(]*(?:请?找|联系人?|叫)?:?\s*{_person()}(?=[\s,。;、:!)]|本人|收|就|的|$)"
    )


@cache
def _alone(*, shy: bool) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s,。;、:(\n]){_person(shy=shy)}(?:吧|就行)?\s*(?=[\s,。;、)\n]|$)")
