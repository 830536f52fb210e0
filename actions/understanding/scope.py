"""What in a text is not about the need itself: later needs, what is taken back, pleasantries."""

import re

from actions.understanding.text import Span

LATER = re.compile(
    r"(?:^|(?<=[,。;!?、\s:…]))\s{0,3}(?:哦|噢|啊|对了|嗯|那个|然后|再?就是)?[,、\s]{0,3}(?:"
    r"第?[二三四](?:个|件|桩|呢|来|则|嘛)?(?:事情?|问题|需求)?(?:是|呢|就是|,|:|想|,就是)(?!季度|期|线|级|代)|其[二三四]|第[二三四](?:个|件)(?:事|问题|需求)|"
    r"还有(?:个|一个|件|一件|一?桩|点|另外)?(?:别的|小|个)?(?:事儿?|问题|需求|活儿?|情况|想法|要求|一个[是就])(?!没|是不)|"
    r"另(?:问|询|请教|求)|第[二三四](?:件|桩)(?!货)|另外(?:一个|一件|还有|再|也|我们?|我哋|咱们?|俺们?|仲|还)*(?:事儿?|问题|需求|帮|想|要|请|问|打听|留意|咨询|顺便|麻烦|求|找)|"
    r"(?:顺便|顺带|捎带|附带)(?!的)|(?:再|也)(?:帮我?|想|打听)问|再有(?:一个|就是)"
    r")"
)
"""How a second need begins."""
FIRST_AFTER_ALL = re.compile(
    r"(?:先|主要|重点|最急的|优先|首先)(?:说|办|解决|弄|做|搞|来|报|登记|处理|是|把|管)*(?:头一|第一|前一|一)[个件条]|回到(?:第一|正题|前面)|言归正传|说回"
)
CHOSEN = re.compile(
    r"(?:先|优先|最急的?是?|重点是?)(?:说|办|解决|弄|做|搞|来|报|登记|处理|管|帮)*第?(?P<which>[二三23])[个件条]"
)
DISMISSED = re.compile(
    r"不说(?:那个|这个|它)了|(?:跟|和|与)[^,。]{0,5}(?:需求|这事|正事|主题)(?:没|无)关|题外话|扯远了|先不聊|开玩笑|"
    r"(?:刚才|前面|上面|之前|上一?条)[^,。]{0,8}(?:作废|不算|删了|别管|忽略|发错)|发错了|不好意思发错"
)
WISHED = re.compile(
    r"(?:新年|元旦|春节|过年|中秋节?|国庆节?|端午节?|五一|劳动节|元宵节?|节日|周末|清明节?|圣诞)[^,。!?\n]{0,2}(?:快乐|好[呀啊!,。~\s]|愉快|安康)|过年好|拜个?晚?年|早安|晚安"
)
BOX = re.compile(r"(?P<empty>[□☐○◯▢]|\[ ?\]|\( ?\))|(?P<ticked>[☑☒■●√✓✔✅]|\[[xX√✓]\]|\([√✓]\))")
"""A box of a printed form, ticked or not."""
ITEM = re.compile(
    r"(?:^|(?<=[\s,。;:!?]))(?:[(]?(?P<place>[1-9]|[一二三四五六])[、.)]|(?P<ring>[①-⑨]))(?!\d)"
)
ANNOUNCED = re.compile(r"[二两三四五几2-9]\s*[个件条项桩](?:不同的?|小|技术)*(?:需求|难题)")
WISH = re.compile(
    r"\s*(?:还|再|也|又|另外|我们?|公司)*(?:想|要|求|找|问|请|招|咨询|需要?|希望|有没有|谁|哪里|能不能|怎么)"
)
FACTS = r"电话|手机|微信|联系|[地位][址点区于]|[我厂][们子]?在|[^,。;:]{1,8}:"
OF_ALL = re.compile(FACTS)
"""What an item tells that is a fact of the needs above, or its label on a form."""
OF_THE_NEED = re.compile(
    rf"{FACTS}|(?<!薪)(?<!薪资)(?<![\d.])\d+(?:\.\d+)?\s*[万元]|预算|经费|期限|截止|之前|年底"
)
"""The same where nobody says that the items are needs of their own."""
SENTENCE_END = re.compile(r"[。!?\n;]")


def pleasantries(text: str) -> list[Span]:
    """Wishes for a feast and sentences that are taken back, in a folded text."""
    spans = [Span(start=one.start(), end=one.end()) for one in WISHED.finditer(text)]
    for one in DISMISSED.finditer(text):
        start = max((end.end() for end in SENTENCE_END.finditer(text, 0, one.start())), default=0)
        spans.append(Span(start=start, end=one.end()))
    return spans


def unticked(text: str) -> list[Span]:
    """The choices of a printed form that were left empty, where any was ticked."""
    boxes = list(BOX.finditer(text))
    if not any(one["ticked"] for one in boxes):
        return []
    ends = [*(one.start() for one in boxes[1:]), len(text)]
    spans = []
    for box, end in zip(boxes, ends, strict=True):
        line = text.find("\n", box.end())
        stop = min(end, line) if line >= 0 else end
        if box["empty"]:
            spans.append(Span(start=box.start(), end=stop))
    return spans


def later_needs(text: str) -> list[Span]:
    """The parts of a folded text that speak of another need than the first, or the chosen one."""
    starts = [one.start() for one in LATER.finditer(text) if one.start() > FIRST_NEED]
    starts = sorted({*starts, *_listed(text)})
    if not starts:
        return []
    parts = [Span(start=at, end=_part_end(text, at, starts)) for at in starts]
    chosen = CHOSEN.search(text)
    if chosen is None:
        return parts
    place = "二2三3".index(chosen["which"]) // 2
    if place >= len(parts):
        return parts
    return [Span(start=0, end=starts[0]), *parts[:place], *parts[place + 1 :]]


def _listed(text: str) -> list[int]:
    """Where the items of a numbered list begin that are needs of their own, the first apart."""
    items = list(ITEM.finditer(text))
    if len(items) < len("12"):
        return []
    announced = ANNOUNCED.search(text, 0, items[0].start()) is not None
    ends = [*(one.start() for one in items[1:]), len(text)]
    found = []
    for item, end in zip(items[1:], ends[1:], strict=True):
        stop = SENTENCE_END.search(text, item.end())
        said = text[item.end() : min(end, stop.start() if stop else end)]
        own = not OF_ALL.search(said) if announced else not OF_THE_NEED.search(said)
        if own and (announced or WISH.match(said)):
            found.append(item.start())
    return found


FIRST_NEED = 6
"""Characters a first need takes at least: what begins before is the first."""


def _part_end(text: str, at: int, starts: list[int]) -> int:
    """A later need lasts to the end of its sentence, the next one, or the way back."""
    ends = [one for one in starts if one > at]
    for pattern in (SENTENCE_END, FIRST_AFTER_ALL, CHOSEN):
        found = pattern.search(text, at + 1)
        if found:
            ends.append(found.start())
    return min(ends, default=len(text))
