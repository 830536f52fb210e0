"""Over how many things, or over which, a question asks for a sum."""

import re

from knowledge.answers.working.reading.numbers import number

_COUNT = re.compile(r"[俩仨]|[两二三四五六七八九](?=[个项类种者家支档条等])|\d(?=[个项类种家支])")
_PAIRS = {"俩": "二", "仨": "三"}
_AND = re.compile(r"[和跟与、加,]|还有|以及")
_ADDS = re.compile(
    r"(?:都|全)?(?:加|合|放|算|凑)(?:在|到)?(?:一?[起块]儿?|起来|总)(?:来|算)?"
    r"|一共|总共|合计|总计|共计|相加|之和"
)
_AROUND = re.compile(
    r"^(?:那么?|再)|[两二三四](?:个|者|档|类|项|家)[\u4e00-\u9fff]{0,2}$"
    r"|(?:是|有|能|要|给)*(?:多少|几)[\u4e00-\u9fff]?|[呢啊?？。]+$"
)
_PAIR = 2
_NAME = 8


def several(said: str) -> int:
    """Over how many things a question reckons: 2 of 这俩; 0 when it does not say."""
    found = _COUNT.search(said)
    return int(number(_PAIRS.get(found.group(), found.group())) or 0) if found else 0


def together(said: str) -> list[str]:
    """The names over which a question sums: C档, D档 of C档和D档加一起呢; none for others."""
    names = [
        one for one in _AND.split(_AROUND.sub("", _ADDS.sub("", said.rstrip("呢啊?？。")))) if one
    ]
    short = len(names) >= _PAIR and max(map(len, names)) <= _NAME
    return names if short and _ADDS.search(said) else []
