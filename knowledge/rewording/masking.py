"""Personal data leaves the house as marks, and comes back only as what it was."""

import re
from collections.abc import Iterator
from functools import cache

from knowledge.lexicon.personal import PATTERNS, PIECES
from knowledge.lexicon.words import segmenter
from knowledge.rewording.words import words

_CUE = r"联系人|联络人|联络员|姓名|名字|法人代表|法定代表人|法人|负责人|经办人|我叫|我是|本人"
_FORGED = re.compile(r"【(?=[^【】]{1,6}\d+】)")
_MARK = re.compile(r"【[^【】\d]{1,6}\d+】")


class Masks:
    """The marks of one question to the model; a thing has the same mark wherever it stands."""

    def __init__(self) -> None:
        self._marks: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def hide(self, text: str) -> str:
        """The text with marks in place of personal data."""
        text = _FORGED.sub("［", text)
        for kind, pattern in PATTERNS:
            for known in dict.fromkeys(found[0] for found in pattern.finditer(text)):
                text = text.replace(known, self._mark(kind, known))
        for name in dict.fromkeys(_names(text)):
            text = text.replace(name, self._mark("person", name))
        for known, mark in self._marks.items():
            text = text.replace(known, mark)
        return text

    def show(self, text: str) -> str | None:
        """The text with what was hidden; None when it holds a mark that was never given."""
        for known, mark in self._marks.items():
            text = text.replace(mark, known)
        return None if _MARK.search(text) else text

    def touches(self, text: str) -> bool:
        """Whether a text holds a thing that was hidden, or a piece of one."""
        pieces = (piece for known in self._marks for piece in PIECES.findall(known))
        return any(piece in text for piece in pieces)

    def _mark(self, kind: str, known: str) -> str:
        if known not in self._marks:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            name = words()["masks"][kind]
            self._marks[known] = f"【{name}{self._counts[kind]}】"
        return self._marks[known]


@cache
def _name_pattern() -> re.Pattern[str]:
    surnames = words()["surnames"]
    end = r"(?=$|[^\u4e00-\u9fff]|电话|手机|邮箱|联系|同志|老师|先生|女士|经理|主任|来自|公司)"
    return re.compile(
        rf"(?:{_CUE})(?:是|为|叫)?[:： ]*"
        rf"(?P<name>(?:欧阳|[{surnames}])[\u4e00-\u9fff·]{{1,3}}?){end}"
    )


def _names(text: str) -> Iterator[str]:
    """Names behind words that announce one; a common word in their place is none."""
    for found in _name_pattern().finditer(text):
        name = found["name"]
        parts = segmenter().cut(name)
        if len(parts) > 1 or parts[0][1].startswith(("nr", "x")):
            yield name
