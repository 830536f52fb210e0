"""Several people: names, or how many there are."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar, override

from actions import wording
from actions.forms.draft import Json
from actions.forms.kinds.base import NOTHING, Finding, Heard, Kind
from actions.understanding.numbers import NUMBER, count
from actions.understanding.text import fold

BETWEEN = re.compile(r"[、,，;；\s]+|(?<=[\u4e00-\u9fff])(?:和|还有|以及|跟)(?=[\u4e00-\u9fff])")
NAME = re.compile(r"[\u4e00-\u9fff·]{2,8}(?:[（(][^）)]{1,12}[）)])?|[A-Za-z][A-Za-z .'-]{1,40}")
NO_NAME = re.compile(r"[你您我什么哪吗呢]|怎么|为啥|跳过|取消|知道|不")
HEAD = re.compile(r"^(?:成员|队员|团员|人员|专家)?(?:有|是|包括|包含|为|分别是|[:：\s])+")
MORE = re.compile(r"^(?:还有|再加上?|加上|另外还?有|补充)")
HOW_MANY = re.compile(
    rf"(?:成员|队员|团员|人员|专家)?(?:一共|总共|共|大概|大约|约|有)*(?P<n>{NUMBER})(?:来|多)?(?:个人|人|位|名|个)?[。吧左右]*"
)
COUNTED = re.compile(
    rf"^(?:成员|队员|团员|人员|专家)?(?:一共|总共|共|有)*{NUMBER}(?:个人|人|位|名)[,，:：、；;\s]+"
)
"""The number before the names; the names tell it too."""
IN_ALL = re.compile(
    rf"[,，、;；\s]*(?:一共|总共|合计|共)(?:有)?(?P<n>{NUMBER})(?:个人|人|位|名)[。!！]*$"
)
"""The number behind the names: some are not named."""
MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class People(Kind):
    """Names parted by commas; 还有… adds to them."""

    labelled: ClassVar[bool] = True
    own: ClassVar[bool] = True
    wide: ClassVar[bool] = True

    @override
    def find(self, heard: Heard) -> Finding:
        if not heard.asked:
            return NOTHING
        text = heard.text.strip()
        many = HOW_MANY.fullmatch(fold(text))
        if many and count(many["n"]):
            return Finding(value={"names": [], "count": count(many["n"])})
        adds = MORE.match(text)
        in_all = IN_ALL.search(text)
        names = _names(IN_ALL.sub("", MORE.sub("", text) if adds else text))
        if not names:
            return NOTHING
        if adds and heard.known:
            names = list(dict.fromkeys((*heard.known["names"], *names)))
        told = (count(in_all["n"]) or 0) if in_all else 0
        return Finding(value={"names": names[:MOST], "count": max(told, len(names[:MOST]))})

    @override
    def leaves(self, heard: Heard) -> str:
        return "" if self.find(heard).value else heard.text

    @override
    def show(self, value: Json) -> str:
        words: dict[str, Any] = wording.words()["people"]
        pattern = words["named"] if value["names"] else words["counted"]
        return str(pattern.format(names=wording.join(value["names"]), n=value["count"]))


def _names(text: str) -> list[str]:
    parts = [
        part
        for part in BETWEEN.split(HEAD.sub("", COUNTED.sub("", text)).strip("。.!！ "))
        if part
    ]
    plain = all(NAME.fullmatch(part) and not NO_NAME.search(part) for part in parts)
    return list(dict.fromkeys(parts)) if plain else []
