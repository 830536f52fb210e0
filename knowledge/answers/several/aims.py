"""What is asked of several things together, and so of each of them alone."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Aim(StrEnum):
    """What is to be told of the sides together."""

    EACH = "each"
    SAME = "same"
    GAP = "gap"
    MORE = "more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a question about several things asks of them."""

    aim: Aim
    start: int
    """Where the words that ask begin; the things stand before them."""
    each: str
    """What is asked of each alone."""
    matter: str = ""
    """What of them is compared, when it is named: 人数, 名额, 期限."""


_ENDS = r"(?:的|些|一些|一点|点|呀|啊|呢|吗|嘛|么|了|呐)*(?=[,，;；、?？。!！\n]|$)"
_WHICH = r"(?:谁|哪(?:一)?(?:个|边|里|份|家|方|类|项|种|支|场|年|份文件|个文件|头)?)"
_TWO = (
    r"(?:这?(?:两|二|三)(?:个年度|版|届|年|个|者|边|头|份|处|地|方|项|家|类|样)|它们|彼此)?"
    r"(?:之间)?"
)
_GAP = re.compile(
    rf"{_TWO}(?:数量上?|数目|名额|人数)?(?:上|的)?(?:相差|差别|差距|差(?=了?[多几])|增加了?|增长了?|减少了?|多出|多了"
    rf"|(?:[谁哪][^,，]{{0,6}})?(?<![最至])多(?=[多几])|(?<![最至])少(?=[多几]))(?:是|有|了)?(?:多少|多大|几)[^,，。?？]{{0,4}}{_ENDS}"
)
_MORE = re.compile(
    rf"(?:比|,|，)?{_TWO}(?:相比|比起来|比较)?[,，]?{_WHICH}的?(?P<what>[^,，?？多少高低大]{{0,8}}?)(?:要|更|比较|会|得)*"
    rf"(?P<how>多|少|高|低|大|小|长)(?:多少|几[个支家人名场项分])?{_ENDS}"
)
_EARLIER = re.compile(
    rf"{_TWO}[,，]?{_WHICH}(?:文件|计划|通知)?(?:更|是|要|最)*(?:先|早|晚|后)(?P<what>印发|发布|出台|截止|开始|申报|发的?文|发|出)?{_ENDS}"
    rf"|{_TWO}[,，]?{_WHICH}(?:文件|计划|通知)?(?P<what2>印发|发布|出台|截止|开始|申报|发|出)得?(?:更|要)*(?:早|晚|先|后){_ENDS}"
)
_SAME = re.compile(
    rf"(?:比|比较)?[,，]?{_TWO}(?:说的|写的|讲的|说法)?(?:是不是|是否|是|一不)?(?:都|完全)?(?:一样|相同|一致|相等|一致|同一(?:个|套|回事|码事|批|种)|一回事"
    rf"|一个东西|一个意思|对得上|有出入)(?:东西|事情?|意思|数)?(?:的|不|否|没有)*{_ENDS}"
    rf"|{_TWO}(?:有(?:没有)?(?:什么|啥|何|哪些)?|是(?:什么|啥))(?:不同|区别|差别|不一样|差异|出入)(?:之处|的地方)?{_ENDS}"
    rf"|怎么说法不一样|一样不一样{_ENDS}"
    rf"|{_TWO}(?:做个?|来个?|帮我?)?(?:对比|比较|对照|比)(?:一[比下]|下){_ENDS}"
    rf"|{_TWO}(?:有(?:没有|什么|啥|哪些|无)?(?:变化|变动|调整|改动)|变没变|(?:变|改|调整)(?:化)?了?(?:没有?|吗|么)){_ENDS}"
)
_EACH = re.compile(
    r"(?:数量|数目)?(?:上)?[,，]?(?:分别|各自|各(?=[有是要建给占设多少几打准叫要说负做哪组配列写办]|[补拿奖收交罚领拨得批评招报缴][^,，]{0,3}(?:多少|几|什么|哪))|(?<=[^各])各(?=自)|都是(?=[多几哪什谁]))"
)
_MATTER = re.compile(
    r"(?:[,，]|的|在)?(?P<matter>(?:最低|最高|最少|最多|起码|目标|总|具体)?(?:的)?(?:人数|名额|数量|数目|规模|个数|总数|数字"
    r"|目标数|数|分值|分数|期限|日期|侧重|重点|支数|家数)(?:要求|下限|上限)?"
    r"|(?<=的)(?:预算|经费|费用|联系人|电话|邮箱|地址|条件|要求|任务|职责|做法|时间|比例|占比|内容))(?:上|方面|说的)?[,，]?$"
)
_COUNT = re.compile(r"(?:目标|具体)?的?(?:数量|数目|规模|个数|总数|数字|目标数|数|支数|家数)")
_PEOPLE = re.compile(r"(?:最低|最高|最少|最多|起码).*人数|人数.*(?:下限|上限)")
_LEAST = re.compile("最低|最少|起码|下限")
_STRESS = ("重点", "侧重")
"""What documents call the one that people ask about by the other."""

_ISSUED = {"发": "印发", "出": "印发", "": "印发", "发文": "印发", "发的文": "印发"}
_COUNT_NAMED = re.compile(r"数量|数目|规模|个数|总数|人数|多少|几[个支家]")
_HOW_MANY = "有多少"
_WHEN = "什么时候"
_BARE_COUNT = re.compile(r"^(?:是|为)几$")
_COUNTED = re.compile(r"多少|几")


def asked_of(text: str) -> Asked | None:
    """What is asked of several things, when the words of a normalised text show that it is."""
    aim, verdict = _verdict(text)
    until = verdict.start() if verdict else len(text)
    each = _EACH.search(text, 0, until) if verdict is None or until else None
    start = each.start() if each else until
    if verdict is None and each is None:
        return None
    said = text[each.end() : until].strip(" ,，、的") if each else ""
    said = _BARE_COUNT.sub(_HOW_MANY, said)
    matter = _MATTER.search(text[:start])
    alone = "" if verdict is None else _alone(aim, verdict)
    if aim is Aim.SAME and not matter and _COUNT_NAMED.search(text[:start]):
        alone = _HOW_MANY
    if matter:
        start = matter.start()
    return Asked(
        aim=aim,
        start=start,
        each=_of_each(matter, said, alone),
        matter=matter["matter"] if matter else "",
    )


def measured(matter: str) -> str:
    """The question for a matter that is only named, by what it is measured in."""
    ask = next((ask for ends, ask in _MEASURED if ends.search(matter)), "")
    return f"{matter}{ask}"


_MEASURED = (
    (re.compile("(?:费|钱|金|金额|补助|补贴|资助|奖励|收费|价)$"), "是多少钱"),
    (re.compile("(?:期|期限|周期|时长)$"), "多久"),
    (re.compile("(?:面积|人数|名额|数量|数|比例|率|额度|分数|分值|学时|额)$"), "是多少"),
)
"""Ends of nouns that name a measure, and how such a thing is asked for."""


def _limited(what: str) -> str:
    """A limit asked for as documents state it: 至少多少人 for 最低人数."""
    return f"至少{_HOW_MANY[1:]}人" if _LEAST.search(what) else f"至多{_HOW_MANY[1:]}人"


def _verdict(text: str) -> tuple[Aim, re.Match[str] | None]:
    for aim, pattern in (
        (Aim.GAP, _GAP),
        (Aim.MORE, _EARLIER),
        (Aim.MORE, _MORE),
        (Aim.SAME, _SAME),
    ):
        found = pattern.search(text)
        if found:
            return aim, found
    return Aim.EACH, None


def _alone(aim: Aim, verdict: re.Match[str]) -> str:
    """What a comparison asks of each alone."""
    if verdict.re is _EARLIER:
        what = verdict["what"] or verdict["what2"] or ""
        return _WHEN + _ISSUED.get(what, what)
    if verdict.re is _MORE:
        return f"{verdict['what'].strip('的')}{_HOW_MANY}"
    return _HOW_MANY if aim is Aim.GAP else ""


def _of_each(matter: re.Match[str] | None, said: str, alone: str) -> str:
    """The question about one: what of it is compared, and how that is asked for."""
    what = matter["matter"].strip("的") if matter else ""
    if what in _STRESS:
        what = _STRESS[0]
    if _PEOPLE.search(what):
        return _limited(what)
    plain = bool(what) and bool(_COUNT.fullmatch(what))
    if plain and (not said or not _COUNTED.search(said) or said.startswith(("是", "有"))):
        return _HOW_MANY if not said or _COUNTED.search(said) else said
    if what and not said:
        return f"{what}是多少" if re.search("[数值限额]", what) else f"{what}是什么"
    return f"{what}{said}" if said else alone
