"""A person's name."""

import re
from dataclasses import dataclass
from typing import ClassVar, override

from actions.forms.draft import Json
from actions.forms.kinds.base import NOTHING, Finding, Heard, Kind, read
from actions.understanding.lexicon import surnames

NAME = re.compile(r"[\u4e00-\u9fff·]{2,8}|[A-Za-z][A-Za-z .'-]{1,40}")
LONGEST = 4
"""Characters of a Chinese name; longer ones have a dot, or are taken when they are said again."""
NO_NAME = re.compile(r"[你您我什么哪吗呢]|怎么|为啥|跳过|取消|知道|不|的$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Kind):
    """The name that stands beside a phone number or alone."""

    reader: ClassVar[str] = "contact"
    labelled: ClassVar[bool] = True
    own: ClassVar[bool] = True

    @override
    def find(self, heard: Heard) -> Finding:
        if heard.asked:
            found = read(heard.text, heard.at, self.reader).draft.contact
            name = (found.name if found else None) or _alone(heard.text)
        else:
            found = read(heard.text, heard.at, "").draft.contact
            name = found.name if found else None
        return Finding(value={"text": name}) if name else NOTHING

    @override
    def in_own_words(self, text: str, times: int) -> Json | None:
        fit = times > 1 and NAME.fullmatch(text) and not NO_NAME.search(text)
        return {"text": text} if fit else None

    @override
    def show(self, value: Json) -> str:
        return str(value["text"])


def _alone(text: str) -> str | None:
    said = re.sub(r"^(?:我叫|我是|叫|是)|[。.,，!！]$", "", text.strip())
    return said if NAME.fullmatch(said) and is_name(said) else None


def is_name(said: str) -> bool:
    """Whether a word looks like somebody's name."""
    if NO_NAME.search(said):
        return False
    single, double = surnames()
    plain = len(said) <= LONGEST and (said[0] in single or said[:2] in double)
    return plain or "·" in said or said.isascii()
