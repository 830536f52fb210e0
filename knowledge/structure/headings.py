"""Marks that begin a heading or a numbered item, and the level each stands on."""

import re
from dataclasses import dataclass
from enum import IntEnum

_CN = "[一二三四五六七八九十百零〇]{1,4}"


class Mark(IntEnum):
    """Levels, outermost first: an item closes every open one of its own or a deeper level."""

    ANNEX = 0
    CHAPTER = 10
    TOPIC = 15
    PART = 20
    DASH = 25
    ARTICLE = 28
    CLAUSE = 30
    QUESTION = 35
    POINT = 40
    BOX = 45
    SUBPOINT = 50
    CIRCLED = 60
    CAPTION = 70


_PATTERNS: tuple[tuple[Mark, re.Pattern[str]], ...] = (
    (Mark.ANNEX, re.compile(r"附\s*件\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})?\s*[：:]?\s*$")),
    (Mark.CHAPTER, re.compile(r"#{1,2} (?=\S)")),
    (Mark.PART, re.compile(r"### (?=\S)")),
    (Mark.CLAUSE, re.compile(r"#{4,6} (?=\S)")),
    (Mark.CHAPTER, re.compile(rf"第\s*{_CN}\s*[章编篇]")),
    (Mark.PART, re.compile(rf"(?:第\s*{_CN}\s*节|{_CN}\s*[、．]|{_CN}\.(?!\d))")),
    (Mark.DASH, re.compile(r"(?:——|──|--)\s*(?=\S)")),
    (Mark.PART, re.compile(rf"【\s*(?:{_CN}\s*[、．]\s*)?(?=[^【】]{{2,30}}】\s*$)")),
    (Mark.CLAUSE, re.compile(rf"[（(]\s*{_CN}\s*[）)]")),
    (Mark.QUESTION, re.compile(r"(?:问题?|Q)\s*\d{0,3}\s*[：:]\s*(?=\S)")),
    (Mark.ARTICLE, re.compile(rf"第\s*(?:{_CN}|\d{{1,3}})\s*条")),
    (Mark.POINT, re.compile(r"\d{1,2}\s*(?:、|．|\.(?!\d)|。(?=\D))\s*(?=\S)")),
    (Mark.BOX, re.compile(r"专栏\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})")),
    (Mark.SUBPOINT, re.compile(r"(?:[（(]\s*\d{1,2}\s*[）)]|\d{1,2}\s*[)）])")),
    (Mark.CIRCLED, re.compile(r"[①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳]")),
)
_TITLE_END = re.compile(
    r"(?:通知|计划|指南|方案|办法|要点|名单|意见|规定|标准|一览表|细则|公告|公示|条例|规划|通告|函|报告)"
    r"(?:[（(][^（）()]{1,20}[）)])?\s*[：:]?$"
)
_MAX_TITLE = 60
_MAX_LABEL = 40
_STOP = re.compile(r"[。；;！？]|(?<=\S)[，,：:](?=\S)|(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_TOPIC = re.compile(r"^[\u4e00-\u9fff“”、和与及（）]{2,16}$")
_TOPIC_END = re.compile(
    r"(?:条件|要求|时间|方式|方法|对象|范围|内容|程序|流程|步骤|材料|标准|目标|原则|任务|措施|保障|背景|意义"
    r"|说明|事项|安排|奖励|支持|职责|附则|总则|须知|依据|目的|类别|名额|监督|管理|评审|验收|指导思想)$"
)
_ANSWER = re.compile(r"(?<=[？?。])\s*(?:答|A)\s*[：:]")
_CAPTION = re.compile(r"表\s*[：:]?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A mark at the start of a block and the length of its text, e.g. 「（一）」."""

    mark: Mark
    length: int


def mark_of(text: str) -> Marked | None:
    """The mark a block begins with, or None."""
    for mark, pattern in _PATTERNS:
        found = pattern.match(text)
        if found:
            return Marked(mark=mark, length=found.end())
    return None


def looks_like_title(text: str) -> bool:
    """Whether an unnumbered line reads like the title of a document, annex or table."""
    return len(text) <= _MAX_TITLE and bool(_TITLE_END.search(text)) and "。" not in text


def looks_like_topic(text: str) -> bool:
    """Whether an unnumbered line reads like the heading of a section."""
    bare = text.rstrip("：:")
    return bool(_TOPIC.match(bare) and _TOPIC_END.search(bare))


def is_caption(text: str) -> bool:
    """Whether a title is that of a table inside its section."""
    return bool(_CAPTION.search(text))


def label_of(text: str, marked: Marked) -> tuple[str, int]:
    """The heading of a block and where its body begins (the length when it is all heading)."""
    if marked.mark is Mark.QUESTION:
        answer = _ANSWER.search(text)
        cut = answer.start() if answer else len(text)
        return text[marked.length : cut].strip(), cut
    head = text[marked.length :]
    stop = _STOP.search(head)
    cut = marked.length + (stop.start() if stop else len(head))
    label = text[: min(cut, marked.length + _MAX_LABEL)].rstrip(" ：:")
    if len(text) <= marked.length + _MAX_LABEL and not text.endswith(("。", "；", ";")):
        return text.strip("：:#【】 "), len(text)
    return label.lstrip("# "), cut
