"""Whether a text, by its words alone, asks the documents something."""

import re

from knowledge.lexicon.words import normalise

_ASKING = re.compile(
    r"[?？]|吗|呢$|多少|(?<![好十])几(?![十百千])|什么|哪|谁|怎么|怎样|如何|是否|能否|可否|何时|啥|咋|多久|多大|多高"
    r"|有没有|能不能|可不可以|是不是|要不要|会不会"
)
_FOR_THE_BOT = re.compile(
    r"提醒|订阅|退订|取消|登记|提交|路演|活动|培训班|想找|求助|急需|人工|客服"
    r"|(?:我们|我司|我公司|本公司|厂里|公司).{0,12}(?:做|生产|需要|希望|遇到|想)"
)


def reads_as_question(text: str) -> bool:
    """Whether the documents, not the dialogue, should answer; in doubt it is the dialogue's."""
    simplified = normalise(text)
    return bool(_ASKING.search(simplified)) and not _FOR_THE_BOT.search(simplified)
