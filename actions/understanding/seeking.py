"""What a sentence looks for in the libraries: which of them, about what, where."""

import re
from dataclasses import dataclass

from actions.understanding.region import read_region
from actions.understanding.text import fold
from core.domain.records import Library

KINDS: dict[Library, str] = {
    Library.CASES: r"案例|先例",
    Library.EXPERTS: r"专家|人才|教授|学者|院士",
    Library.TEAMS: r"科技服务团|科技服务队|服务团|服务队|服务小分队|团队",
    Library.PROVIDERS: r"服务机构|技术经理人|技术经纪人|第三方机构|中介机构",
    Library.INSTRUMENTS: r"科研仪器|仪器设备|仪器|实验设备|检测设备|设备|测试平台",
    Library.OPENSOURCE: r"开源项目|开源软件|开源库|开源代码|开源的?",
    Library.SCENARIOS: r"应用场景|场景",
    Library.CHAINS: r"产业链",
    Library.PROJECTS: r"科技成果|专利成果|成果|专利|项目库",
}
"""Libraries by the words for what they hold, the longer words first."""

_ANY = "|".join(KINDS.values())
_ASK = (
    r"有没有|有无|有什么|有哪些|哪些|哪里有|哪儿有|有|查一?[下查]?|搜一?[下索]?|检索|"
    r"找一?[下找]?|看一?[下看]?|推荐|介绍|列一?下"
)
_BEGIN = re.compile(
    rf"^(?:请问|请|帮我|帮忙|麻烦|我们?想|想|你们|给我|在|从|咱们?)*"
    rf"(?:(?:{_ANY}|资源)库?(?:里面?|中)?(?={_ASK}))?(?:{_ASK})?"
    r"(?:一?[个些位家]|几[个位家条])?(?:能|会|可以|可)?(?:做|搞|懂|研究|从事|关于|针对|共享)?的?(?:开源的)?"
)
_END = re.compile(
    rf"(?:方面|相关|领域|类似|这块|行业)?(?:有没有|有哪些|有什么|有)?的?(?:成功|类似|典型|共享)?"
    rf"(?:(?:{_ANY}|资源|人|东西)库?(?:里面?|中)?)?"
    r"(?:可以.{0,4}|能.{0,3}|供?参考|有哪些|有没有|有什么|推荐|有|吗|呢|么|没有?|的|啊|呀)*[?。!.]*$"
)
_STRICT = re.compile(
    r"(?:有没有|有无|有什么|有哪些|哪些|查|搜|检索|看看|推荐).{0,24}(?:案例|开源项目|开源软件"
    r"|科研仪器|服务机构|应用场景|科技成果)(?:可以.{0,4}|可?供?参考)?[吗呢么]?[?。!]*$"
    r"|(?:案例|人才|专家|项目|开源|产业链|场景|资源)库里?(?:面|中)?(?:有没有|有什么|有哪些|有)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeking:
    """What is looked for; without a subject, whatever the libraries hold."""

    libraries: tuple[Library, ...]
    subject: str = ""
    region: str = ""


def read_seeking(text: str) -> Seeking:
    """The libraries that are named, and what is left when the asking is taken away."""
    folded = fold(text).strip()
    named = tuple(one for one, words in KINDS.items() if re.search(words, folded))
    read = read_region(folded).region
    region = read.name if read is not None else ""
    rest = folded.replace(read.raw, "", 1) if read is not None and read.raw else folded
    subject = _END.sub("", _BEGIN.sub("", rest)).strip(" ,的")
    return Seeking(libraries=named, subject=subject, region=region)


def seeks_records(text: str) -> bool:
    """Whether the words ask the libraries, and no document."""
    return bool(_STRICT.search(fold(text)))
