"""By which words a question shows how it leans on what was said before it."""

import re
from collections.abc import Callable
from enum import StrEnum

from knowledge.answers.kinds import kind_of
from knowledge.lexicon.lists import generic
from knowledge.lexicon.words import NAMING, normalise, strip_question_words, subject_words


class Cue(StrEnum):
    """How a question leans."""

    TOPIC = "topic"
    CORRECTION = "correction"
    REST = "rest"
    EVIDENCE = "evidence"
    TOTAL = "total"
    DIFFERENCE = "difference"
    OUTCOME = "outcome"
    OTHER = "other"
    CONDITION = "condition"
    PRONOUN = "pronoun"
    LEANING = "leaning"


_CHATTER = re.compile(
    r"^(?:哦+|噢|喔|额+|呃|嗯+|啊|好的?|好吧|行吧?|谢谢(?:你|您)?|多谢|明白了?|知道了|懂了|收到|ok)"
    r"(?:[,，。.!！~ ]+|(?=那|我|应该))"
)
_OTHER = r"(?:别的|话题|其他的?|另外的?|另一个)"
_TOPIC = re.compile(
    rf"^(?:我?(?:换|问|说|聊)(?:一?个|点)?{_OTHER}(?:话题|问题|事)?|另外(?:再)?问(?:一下|个)?"
    r"|(?:顺便|顺带)(?:再)?问(?:一下|个)?|再问(?:你)?(?:一)?个(?:别的|问题)|另一个问题)"
    r"(?:哈|啊|吧)?[,，:：。 ]*"
)
_WRONG = (
    r"(?:不对|不是|不不+|没有|错了|我?(?:说|打|写|搞|弄|问)错了?|更正(?:一下)?|纠正(?:一下)?"
    r"|哦不|啊不)"
)
_MEANT = (
    r"(?:我(?:想|要)?(?:是|其实)?(?:在|想)?(?:问|说|指)的?(?:其实)?(?:的?是|(?=[^,，]{1,12}的$))"
    r"|(?:本来|其实)?(?:想|要)(?:问|说|打听|了解)的(?:其实)?是|我是(?:在|想)?(?:问|说|指)|我要的?是?|(?:其实)?应该(?:是|说)|应是)"
)
_SORRY = r"(?:(?:不好意思|抱歉|对不起|哎呀?|啊|哦)[,，]?(?:我)?(?:刚才|刚刚|刚|上面|前面)?)?"
_CORRECTION = re.compile(
    rf"^(?:{_SORRY}{_WRONG}(?:[,，。!！ 啊呀哈]+|$))*{_SORRY}(?:你(?:理解|搞|弄)错了[,，。 ]*)?"
    rf"(?:其实)?(?:{_MEANT}|是)?问?"
)
_CORRECTS = re.compile(
    rf"^{_SORRY}(?:不是[^,，]{{0,12}}[,，]|(?!没有|不是){_WRONG}|你(?:理解|搞|弄)错"
    rf"|(?!我要(?!的))(?:其实)?{_MEANT})"
)
_INSTEAD = re.compile(
    r"^不是(?P<old>[^,，]{1,12})[,，]\s*(?:我?(?:问|说|指|要)的?)?是?(?P<new>.+)$"
)
_MORE = r"(?:别的|其他的?|其它的?|剩下的?|其余的?|另外的?)"
_WHICH = r"(?:呢|吗|么|没有?|别的|其他|其它|哪些|什么|啥|哪几|哪个|谁)"
_REST = re.compile(
    rf"^那?(?:还有{_WHICH}?|{_MORE}(?:呢|还有|有)|除了?(?:这|上面|以上))"
    rf"(?:[^,，]{{0,6}}(?:{_WHICH}|人|要求|条件|内容))?(?:[,，].{{0,6}})?[?？。]*$"
)
_OF_LISTS = re.compile(r"类别|内容|方面|部分|人员?|成员|条款|事项|单位|活动")
_EVIDENCE = re.compile(
    r"依据|出处|来源|原文|(?:哪个|哪份|什么|哪一个)文件里?(?:说|写|规定|上|的$|$|提)"
    r"|在?哪(?:里|儿)?(?:写|说|规定|提到|看到|来)的|(?:从|打)哪(?:里|儿)?(?:看|来|得)|怎么知道"
    r"|你?确定(?:吗|么|是)|真的(?:吗|假的)|凭什么|^那?为(?:什么|啥|何)(?:呢|啊|呀)?[?？]*$"
    r"|有文件(?:吗|依据)|怎么[写说]的|第几条"
)
_SEVERAL = (
    r"(?:这|那|它们?)?(?:[俩仨]|(?:[两二三四五六七八九]|几|\d|各|全部|所有|这些)"
    r"(?:[个项类种者家支档条]|(?=等))?)?(?:等次|等级|等第|档次|级别|类别|[档级]|子项目?|项目|加数|数字?|数目"
    r"|地方|地区|城市|区域|[市省县区地](?=[加合一总])|[班组奖馆站][\u4e00-\u9fff]?)?"
)
_TOTAL = re.compile(
    rf"^(?:那么?|所以)?{_SEVERAL}(?:它们|全部|全|都|总?共)?"
    r"(?:一共|总共|合计|总计|总的|加起来|全部加起来|总数|合起来|相加|共计|拢共|统共|放一[起块]"
    r"|[加合]在?一[起块儿]+|一[起块]儿?(?=是|有|多少|几|呢)|凑一[起块]|算(?:在|到)?一[起块])"
    r"(?:呢|一共|总共|共|合计|是|有|会有|该有|要|得|能有)*(?:多少|几)?[^,，]?(?:呢|啊|是多少|多少)?[?？。]*$"
)
_DIFFERENCE = re.compile(
    rf"^那?么?(?:之间|中间)?(?:{_SEVERAL}|(?:前|后)(?:面|边|一|头)*(?:这|那)?[个项种者家]?"
    rf"比(?:前|后)(?:面|边|一|头)*(?:这|那)?[个项种者家]?)(?:之间|中间)?(?:相差|差距?|多出?|少|差出)(?:了|是|有|出)?"
    r"(?:多少|几|多大).{0,3}$"
)
_OUTCOME = re.compile(
    r"^(?:那么?|所以|这样|这么说|算下来|照这么?样?)*,?(?:最后|到时候?|将来|以后|建完|全(?:部|都)?(?:建成|建完|组完|完成)|[都全]?算上)?[后了]?,?"
    r"(?P<bound>最多|至多|顶多|最少|至少|起码)?(?:一共|总共|合计|总计|共)?"
    r"(?:会|能|可以|就|将|可能|应该)*(?:一共|总共|共)?(?:有|是|达到?|到)(?:多少|几)[个支家名人位项场次类种]?(?:了|呢|啊)?[?？。]*$"
)
_OTHER_ONE = re.compile(
    r"^(?:那|还有|哦|对)*(?:另外?一?|剩下(?:的?那)?一?|还有一)[位个家支项名人]"
    r"(?:[\u4e00-\u9fff]{0,6}?)(?:的[\u4e00-\u9fff]{1,6})?(?:呢|是谁|是哪[位个家]|是什么|叫(?:什么|啥))?[?？。]*$"
)
_CONDITION = re.compile(
    r"^(?:那么?|但|可|可是|但是)*(?:如果|要是|假如|假设|万一|倘若|若"
    r"|我们?(?:这|单位|公司|学会|中心|团队)?边?(?:只|才|已经|刚|有|没有?|是|不是|差|\d)"
    r"|只有|只来|只?差|已经|刚好)"
)
_THINGS = (
    r"(?:项目|计划|平台|部门|单位|中心|文件|通知|活动|任务|评估|人|机构|库|指南|方案|事|论坛|基金|专栏"
    r"|团队|大赛|会议|奖|工程|指标)"
)
_PRONOUN = re.compile(
    rf"它们?|[他她](?:们)?|(?:这|那|该)(?:个|一?项|份|家|位)?{_THINGS}"
    r"|这个(?=$|是|要|有|谁|怎|什|多|呢|跟|和|[?？])|(?<=[报搞办建])(?:这个|那个)|(?<!是)该(?=项|单位)"
    r"|(?:那|这)?(?:里面|里头|里边|当中|其间)(?!的?钱)|上述|前者|后者|这一?块|这方面"
)
_LEANS = re.compile(
    r"^(?:那么?|还有|另外|然后|再|其(?!他|它)|具体|上面|刚才|刚刚|同样|如果是|换成|要是|换|还要|还能|其中)"
    r"|[^什怎]呢[?？。]*$|的话[?？]*$|同样的|^(?:的|在).{0,8}$"
)
_FEW_WORDS = 3
_CUES = re.compile(
    r"^(?:那么?|还有|换成|换|如果是|然后|另外|再|具体(?:是)?|其中)+|(?:的话|的)?[呢呀啊哈吗]*[?？。!！]*$|^(?:在)"
)
_SUPPOSING = re.compile(
    r"^(?:那么?|但是?|可是?)*(?:如果|要是|假如|假设|万一|倘若|若)?|(?:的话)?呢?[?？]*$"
)
_MAX_CUE = 20
_MAX_CASE = 30


def spoken(question: str) -> str:
    """A question without the words of politeness in front of it."""
    text = normalise(question).strip(" ,，。")
    while (bare := _CHATTER.sub("", text, count=1)) != text and bare:
        text = bare
    return text


def cue_of(question: str) -> tuple[Cue | None, str]:
    """How a question leans, if its words show it, and what it says besides."""
    text = spoken(question)
    topic = _TOPIC.match(text)
    if topic and topic.end() < len(text):
        return Cue.TOPIC, text[topic.end() :]
    if _CORRECTS.match(text):
        return Cue.CORRECTION, _CORRECTION.sub("", text, count=1).strip(" ,，。") or text
    cue = next((cue for cue, shows in _SHOWN if shows(text)), None)
    if cue is Cue.CONDITION:
        text = _SUPPOSING.sub("", text)
    return cue, text


def instead(question: str) -> tuple[str, str] | None:
    """What is not meant and what is: 不是重庆，我问的是江苏."""
    found = _INSTEAD.match(normalise(question))
    return (found["old"], found["new"]) if found else None


def without_cues(text: str) -> str:
    """What a leaning question says, without the words by which it leans."""
    bare = _CUES.sub("", text.strip()).strip(" ,，的")
    return bare or text


def without_pronoun(text: str) -> str:
    """A question without the words that point back."""
    return _PRONOUN.sub(" ", without_cues(text)).replace(" 的", " ").strip()


def pronoun_of(text: str) -> str:
    """The words that point back; empty when there are none."""
    found = _PRONOUN.search(text)
    return found.group() if found else ""


def leans(said: str) -> bool:
    """Whether a question names nothing of its own."""
    return not _own_words(said)


def _own_words(text: str) -> bool:
    """Whether a text names something, beyond what every question about a call could name."""
    words = subject_words(strip_question_words(text))
    return any(
        weight == NAMING and word not in generic() and kind_of(word) is None
        for word, weight in words.items()
    )


def _few(text: str) -> bool:
    return len(subject_words(strip_question_words(text))) <= _FEW_WORDS


_SHOWN: tuple[tuple[Cue, Callable[[str], bool]], ...] = (
    (Cue.EVIDENCE, lambda text: len(text) <= _MAX_CUE and bool(_EVIDENCE.search(text))),
    (Cue.OTHER, lambda text: bool(_OTHER_ONE.match(text))),
    (Cue.OUTCOME, lambda text: bool(_OUTCOME.match(text))),
    (Cue.TOTAL, lambda text: bool(_TOTAL.search(text))),
    (Cue.DIFFERENCE, lambda text: bool(_DIFFERENCE.search(text))),
    (Cue.REST, lambda text: bool(_REST.match(text)) and not _own_words(_OF_LISTS.sub("", text))),
    (Cue.CONDITION, lambda text: len(text) <= _MAX_CASE and bool(_CONDITION.match(text))),
    (Cue.PRONOUN, lambda text: bool(_PRONOUN.search(text))),
    (Cue.LEANING, lambda text: bool(_LEANS.search(text)) and _few(text)),
)
