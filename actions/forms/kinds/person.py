"""A person's name."""

import re
from dataclasses import dataclass
from typing import ClassVar, override

from actions.forms.draft import Json
from actions.forms.kinds.base import NOTHING, Finding, Heard, Kind, read

NAME = re.compile(r"[\u4e00-\u9fff·]{2,8}|[A-Za-z][A-Za-z .'-]{1,40}")
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
    def show(self, value: Json) -> str:
        return str(value["text"])


def _alone(text: str) -> str | None:
    said = re.sub(r"^(?:我叫|我是|叫|是)|[。.,，!！]$", "", text.strip())
    return said if NAME.fullmatch(said) and not NO_NAME.search(said) else None
